"""What stops the reading of one question.

NotReadable
"""

from __future__ import annotations

from tp.domain.problem import Code


class NotReadable(Exception):
    """One question cannot be read. Never leaves the package.

    `at` is where: an offset in the file's text, or the line's number where the format goes by lines.
    """

    def __init__(self, code: Code, at: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.at = at
        self.message = message
