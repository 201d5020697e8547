"""Python source, written line by line. What comes from outside gets into it as a checked name or a constant."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

INDENT = "    "
GRAPHQL_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,100}")


BUILTINS = {"__import__": __import__}
"""Generated code imports nothing; what it calls may be written in C, and that imports by its caller's builtins."""


class Constants:
    """The namespace of generated code: what it cannot spell it takes from here, by a name with a number."""

    def __init__(self, fixed: dict[str, Any]) -> None:
        self.namespace: dict[str, Any] = {"__builtins__": BUILTINS, **fixed}
        self._names: dict[tuple[str, int], str] = {}
        self._count = 0

    def name(self, prefix: str, value: Any) -> str:
        """Return the name under which generated code finds a value."""
        key = (prefix, id(value))
        name = self._names.get(key)
        if name is None:
            self._count += 1
            name = self._names[key] = f"{prefix}{self._count}"
            self.namespace[name] = value  # and keeps it, so that its id stays its own
        return name

    def text(self, text: str) -> str:
        """Return an expression for a name of the document or the schema: spelt out when it is one."""
        return f'"{text}"' if GRAPHQL_NAME.fullmatch(text) else self.name("TEXT", text)


def is_attribute(name: str) -> bool:
    """Tell whether a name can be written behind a dot, or as a keyword."""
    return name.isascii() and name.isidentifier() and not keyword.iskeyword(name)


def comment(text: str) -> str:
    """Return text of any origin as a comment of one line."""
    return "# " + re.sub(r"[^ -~]", "?", text)[:120]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value goes: under a key of an object (`waiting`: the variable of what waits in it), or in a list."""

    steps: tuple[str, ...]
    key: str = ""
    waiting: str = ""
    list: str = ""

    @property
    def path(self) -> str:
        """Return the expression of the value's path."""
        return f"path + ({', '.join(self.steps)},)" if self.steps else "path"


class Lines:
    """The lines of a function. `before` come ahead of all that is written.

    `blocks` counts what Python allows twenty of: loops and `try`s within each other.
    """

    def __init__(self) -> None:
        self.before: dict[str, None] = {}
        self.written: list[str] = []
        self._numbers = count(1)
        self.depth = 0
        self.blocks = 0

    def line(self, text: str) -> None:
        self.written.append(INDENT * self.depth + text)

    def begin_with(self, text: str) -> None:
        """Have the function begin with a line, once."""
        self.before[text] = None

    def variable(self, prefix: str) -> str:
        """Return a name that nothing else in the function has."""
        return f"{prefix}{next(self._numbers)}"

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write a compound statement's head, then its body, deeper."""
        counts = head.startswith(("for ", "try"))
        self.line(head)
        self.depth += 1
        self.blocks += counts
        yield
        self.depth -= 1
        self.blocks -= counts
