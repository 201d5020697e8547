"""What a student answered, in canonical form."""

from __future__ import annotations

from tp.domain.value import Frozen


class Response(Frozen):
    """Exactly one field is set, by the question's type.

    `options`: one id (SINGLE_CHOICE), a sorted set (MULTIPLE_CHOICE), a sequence (ORDER). `text`: NUMERIC as
    typed, TEXT, ESSAY. `matrix`: row id to sorted column ids (MATRIX_MATCH).
    """

    options: tuple[str, ...] | None = None
    text: str | None = None
    matrix: dict[str, tuple[str, ...]] | None = None
