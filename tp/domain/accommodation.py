"""A student's standing right to other conditions: test defaults, then groups, then the student, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from tp.domain.problem import Code, PathStep, Problem
from tp.domain.value import Frozen, Marks

MAX_TIME_FACTOR = 10
MAX_EXTRA_MINUTES = 24 * 60
MAX_EXTENSION_MINUTES = 7 * 24 * 60


class Accommodation(Frozen):
    """`None` in a field says nothing about it and leaves what an earlier layer said.

    `time_factor` multiplies the duration (3/2 is half as much again), `extra_minutes` are added to it,
    `extension_minutes` move the window's close for this student, `past_window` lets extra time run past it.
    """

    time_factor: Marks | None = None
    extra_minutes: int | None = None
    extension_minutes: int | None = None
    past_window: bool | None = None


class Conditions(Frozen):
    """Accommodations resolved: what holds for one attempt."""

    time_factor: Marks = Fraction(1)
    extra_minutes: int = 0
    extension_minutes: int = 0
    past_window: bool = False


def resolve(layers: Iterable[Accommodation]) -> Conditions:
    """Merge layers, the later one winning field by field."""
    said: dict[str, object] = {}
    for layer in layers:
        said.update(layer.model_dump(exclude_none=True))
    return Conditions.model_validate(said)


def check_accommodation(accommodation: Accommodation, path: tuple[PathStep, ...] = ()) -> list[Problem]:
    """Return the fields that are out of range; an accommodation never takes time away."""
    return [
        Problem(Code.INVALID, (*path, name), f"must be between {least} and {most}")
        for name, value, least, most in (
            ("timeFactor", accommodation.time_factor, 1, MAX_TIME_FACTOR),
            ("extraMinutes", accommodation.extra_minutes, 0, MAX_EXTRA_MINUTES),
            ("extensionMinutes", accommodation.extension_minutes, 0, MAX_EXTENSION_MINUTES),
        )
        if value is not None and not least <= value <= most
    ]
