"""What a service raises for what a user asked.

TestPlatformError
├── Refused       the input is at fault; carries every problem, each with its code and place
├── NotFound      the id names nothing that this scope can see: missing and foreign are the same
└── PurgeDelayed  not everything of a tenant could be removed yet
"""

from __future__ import annotations

from collections.abc import Iterable

from tp.domain.problem import Code, PathStep, Problem


class TestPlatformError(Exception):
    """Anything that a service raises on purpose."""


class Refused(TestPlatformError):
    """Nothing was changed; `problems` say why, at least one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{p.code}: {p.message}" for p in self.problems))

    @classmethod
    def because(cls, code: Code, path: tuple[PathStep, ...], message: str) -> Refused:
        """Refuse for a single reason."""
        return cls([Problem(code, path, message)])


class NotFound(TestPlatformError):
    """`path` leads to the input field that held the id."""

    def __init__(self, id: str, path: tuple[PathStep, ...] = ("id",)) -> None:
        super().__init__(f"nothing here is named {id!r}")
        self.id = id
        self.path = path


class PurgeDelayed(TestPlatformError):
    """`reason`: what another service says, or that it says nothing."""

    def __init__(self, slug: str, reason: str) -> None:
        super().__init__(f"not everything of {slug!r} is deleted yet, servers go on with it: {reason}")
        self.slug = slug
        self.reason = reason
