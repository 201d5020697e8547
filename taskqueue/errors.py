"""What the task queue raises for what a caller asked.

TaskQueueError
├── Refused             the input is at fault; carries every problem with its place
│   ├── UnknownType     no handler has this type
│   └── PayloadTooLarge the payload as JSON is over the limit
├── NotFound            the id or name is nothing that this caller can see: missing and foreign are the same
├── IdempotencyConflict the idempotency key was used before, with other content
└── WrongState          the task's state does not allow it
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from taskqueue.contract import PAYLOAD_BYTES, TaskState

PathStep = str | int


@dataclass(frozen=True, slots=True)
class Problem:
    """`path` leads to the field at fault, by its names on the wire."""

    path: tuple[PathStep, ...]
    code: str
    message: str


class TaskQueueError(Exception):
    """Anything that the task queue raises on purpose."""


class Refused(TaskQueueError):
    """Nothing was changed; `problems` say why, at least one."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{problem.code}: {problem.message}" for problem in self.problems))

    @classmethod
    def because(cls, code: str, path: tuple[PathStep, ...], message: str) -> Refused:
        """Refuse for a single reason."""
        return cls([Problem(path, code, message)])

    def below(self, step: PathStep) -> Refused:
        """Return the same for input that lies in another."""
        return Refused(Problem((step, *each.path), each.code, each.message) for each in self.problems)


class UnknownType(Refused):
    def __init__(self, type: str) -> None:
        super().__init__([Problem(("type",), "UNKNOWN_TYPE", f"no handler does tasks of the type {type!r}")])
        self.type = type


class PayloadTooLarge(Refused):
    def __init__(self, size: int) -> None:
        message = f"{size} bytes as JSON are over the limit of {PAYLOAD_BYTES}"
        super().__init__([Problem(("payload",), "PAYLOAD_TOO_LARGE", message)])
        self.size = size


class NotFound(TaskQueueError):
    def __init__(self, id: str) -> None:
        super().__init__(f"nothing here is named {id!r}")
        self.id = id


class IdempotencyConflict(TaskQueueError):
    """`task_id` is the task that the key was used for."""

    def __init__(self, task_id: str) -> None:
        super().__init__("the idempotency key was used before, with other content")
        self.task_id = task_id


class WrongState(TaskQueueError):
    def __init__(self, task_id: str, state: TaskState, wanted: str) -> None:
        super().__init__(f"a task that is {state} cannot be {wanted}")
        self.task_id = task_id
        self.state = state
