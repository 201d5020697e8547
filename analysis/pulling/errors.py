"""What reading from the test platform may end in.

SourceError
├── SourceUnreachable  no answer, one that says "later", or a stream that was cut too often
├── SourceCorrupt      a list is not what its end says that it is
├── Regraded           marks were being changed while they were read
├── Gone               a test is not there
└── SourceRefused      the test platform will not answer
"""

from __future__ import annotations


class SourceError(Exception):
    """Anything that reading from the test platform raises."""


class SourceUnreachable(SourceError):
    def __init__(self, reason: str) -> None:
        super().__init__(f"the test platform cannot be reached: {reason}")


class SourceCorrupt(SourceError):
    def __init__(self, path: str, what: str) -> None:
        super().__init__(f"{path}: {what}")


class Regraded(SourceError):
    def __init__(self, test_id: str) -> None:
        super().__init__(f"the marks of {test_id} were being changed")
        self.test_id = test_id


class Gone(SourceError):
    def __init__(self, test_id: str) -> None:
        super().__init__(f"there is no test {test_id}")
        self.test_id = test_id


class SourceRefused(SourceError):
    """`status` of HTTP and `detail`, as it told them."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"the test platform refused ({status}): {detail}")
        self.status = status
        self.detail = detail
