"""How a command fails: one line on standard error, and a status that is not zero."""

from __future__ import annotations

from pydantic import ValidationError

from tp.errors import Refused


class Failure(Exception):
    """A command cannot do what was asked; the message is the line to print."""


def sentence(error: BaseException) -> str:
    """Return an expected error as one line."""
    if isinstance(error, ValidationError):
        problems = error.errors(include_input=False, include_url=False)
        return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problems)
    if isinstance(error, Refused):
        return "; ".join(f"{'.'.join(map(str, p.path))}: {p.message}".lstrip(": ") for p in error.problems)
    return " ".join(str(error).split()) or type(error).__name__
