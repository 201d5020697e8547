"""What calling another service may end in.

TaskQueueError
├── QueueUnreachable   no answer, or one that says "later": the same request may be sent again
├── TaskRefused        the request will be refused whenever it is sent
└── KeyConflict        the idempotency key stands for a task of other content

AnalysisError
├── AnalysisUnreachable  no answer in time, or one that says "later", or that makes no sense
└── AnalysisRefused      the request will be refused whenever it is sent
"""

from __future__ import annotations


class TaskQueueError(Exception):
    """Anything that the task queue's client raises."""


class QueueUnreachable(TaskQueueError):
    """`reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the task queue cannot be reached: {reason}")
        self.reason = reason


class TaskRefused(TaskQueueError):
    """`status` of HTTP and `detail`, as the queue told them."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"the task queue refused ({status}): {detail}")
        self.status = status
        self.detail = detail


class KeyConflict(TaskQueueError):
    def __init__(self, key: str) -> None:
        super().__init__(f"the key {key!r} stands for another task")
        self.key = key


class AnalysisError(Exception):
    """Anything that the client of the analysis platform raises."""


class AnalysisUnreachable(AnalysisError):
    """`reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the analysis platform cannot be reached: {reason}")
        self.reason = reason


class AnalysisRefused(AnalysisError):
    """`status` of HTTP and `detail`, as it told them."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"the analysis platform refused ({status}): {detail}")
        self.status = status
        self.detail = detail
