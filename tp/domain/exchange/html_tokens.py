"""HTML cut into tokens in linear time.

The standard library's parser needs quadratic time for `<a <a <a …` and is therefore not used: a `<` or `>` inside
an attribute's value, which exporters write as an entity, ends the tag here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAG = re.compile(r"<([^<>]*+)>")
_NAME = re.compile(r"(/?)([A-Za-z][A-Za-z0-9:_-]*+)")
_ATTRIBUTE = re.compile(r"""(?<![^\s"'/])([^\s"'=/]++)\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"']++)""")

SKIPPED = frozenset(
    {"script", "style", "template", "iframe", "object", "noscript", "svg", "math", "head", "title"}
)
"""Elements that go with their content."""

_OTHERS = """
a abbr address article aside audio b base big blockquote body br button canvas caption center cite code col
colgroup dd del details dfn div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header
hr html i img input ins kbd label legend li link main mark meta nav ol option p param picture pre q s samp section
select small source span strike strong sub summary sup table tbody td textarea tfoot th thead time tr tt u ul var
video wbr"""
KNOWN = SKIPPED | frozenset(_OTHERS.split())


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Open:
    name: str
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Close:
    name: str


def tokens(text: str, *, strict: bool) -> Iterator[Text | Open | Close]:
    """Cut `text` into tokens. Comments and declarations are left out.

    Unless `strict`, only what is an element of HTML or has attributes is a tag: `x<y and z>w` is text, and so is
    a `<` after a backslash.
    """
    done = at = 0
    last_comment = text.rfind("-->")
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<!--", at) and at < last_comment - 3:
            token, end = None, text.find("-->", at + 4) + 3
        else:
            token, end = _token(text, at, strict)
        if end == at:
            at += 1
            continue
        if done < at:
            yield Text(text[done:at])
        if token is not None:
            yield token
        if isinstance(token, Open) and token.name in SKIPPED:
            end = _after(token.name, text, end)
        done = at = end
    if done < len(text):
        yield Text(text[done:])


def _token(text: str, at: int, strict: bool) -> tuple[Open | Close | None, int]:
    """Return the token at `at` and its end; the end is `at` when there is none."""
    if not strict and at > 0 and text[at - 1] == "\\":
        return None, at
    found = _TAG.match(text, at)
    if not found:
        return None, at
    inside = found[1]
    if inside.startswith(("!", "?")) and not inside.startswith("!--"):
        return None, found.end()
    name = _NAME.match(inside)
    if not name:
        return None, at
    tag, rest = name[2].lower(), inside[name.end() :]
    if not strict and not _is_tag(tag, rest):
        return None, at
    if name[1]:
        return Close(tag), found.end()
    return Open(tag, {key.lower(): value.strip("\"'") for key, value in _ATTRIBUTE.findall(rest)}), found.end()


def _is_tag(name: str, rest: str) -> bool:
    if "=" in rest:
        return True
    return name in KNOWN and rest.strip(" \t\n/") == ""


def _after(name: str, text: str, start: int) -> int:
    found = re.compile(f"</{name}[^<>]*+>", re.IGNORECASE | re.ASCII).search(text, start)
    return found.end() if found else len(text)
