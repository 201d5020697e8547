"""What the analysis platform raises.

AnalysisError
├── NotFound             nothing that this caller can see has this id: missing and foreign are the same
├── IdempotencyConflict  the idempotency key was used before, with other content
├── NotReady             the report is not made yet, or has failed
├── QueueUnreachable     the task queue gives no answer, or says "later": the same request may be sent again
└── QueueRefused         the task queue will refuse the request whenever it is sent
"""

from __future__ import annotations

from analysis.contract import ReportState


class AnalysisError(Exception):
    """Anything that the analysis platform raises on purpose."""


class NotFound(AnalysisError):
    def __init__(self, id: str) -> None:
        super().__init__(f"nothing here is named {id!r}")
        self.id = id


class IdempotencyConflict(AnalysisError):
    """`report_id` is the report that the key was used for."""

    def __init__(self, report_id: str) -> None:
        super().__init__("the idempotency key was used before, with other content")
        self.report_id = report_id


class NotReady(AnalysisError):
    def __init__(self, report_id: str, state: ReportState) -> None:
        super().__init__(f"a report that is {state} has nothing to show")
        self.report_id = report_id
        self.state = state


class QueueUnreachable(AnalysisError):
    """`reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__("the task queue is not to be reached; send the same request again")
        self.reason = reason


class QueueRefused(AnalysisError):
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"the task queue refused ({status}): {detail}")
        self.status = status
        self.detail = detail
