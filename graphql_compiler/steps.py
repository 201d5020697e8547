"""Where in the response a value is: bare steps while all goes well, a linked path for those who ask."""

from __future__ import annotations

from graphql.pyutils import Path


class Step(str):
    """A response name that knows of which type its field is."""

    __slots__ = ("typename",)
    typename: str

    def __new__(cls, name: str, typename: str) -> Step:
        step = super().__new__(cls, name)
        step.typename = typename
        return step


Steps = tuple[Step | int, ...]
"""From the root: the fields' response names and the indices in lists."""


def of_field(steps: Steps) -> Steps:
    """Return where the field is whose list, if it is one, a value is in."""
    end = len(steps)
    while end and not isinstance(steps[end - 1], Step):
        end -= 1
    return steps[:end]


def listed(steps: Steps) -> list[str | int]:
    """Return the path as errors carry it."""
    return [str(step) if isinstance(step, str) else step for step in steps]


def linked(steps: Steps) -> Path:
    """Return the path as `info.path` has it."""
    path = None
    for step in steps:
        path = Path(path, str(step), step.typename) if isinstance(step, Step) else Path(path, step, None)
    assert path is not None
    return path
