"""Responses as clients send them, checked against the question and brought into canonical form."""

from __future__ import annotations

from itertools import islice

from tp.domain.numeric import parse_decimal
from tp.domain.problem import Code, PathStep, Problem
from tp.domain.question import Content, QuestionType
from tp.domain.response import Response

MAX_TEXT = 4_000
MAX_ESSAY = 50_000
MAX_PROBLEMS = 20
"""More problems than this in one response help nobody."""

FIELDS = {"options": "optionIds", "text": "text", "matrix": "matrix"}
"""Field of `Response` to its name in the API."""

FIELD_OF_TYPE = {
    QuestionType.SINGLE_CHOICE: "options",
    QuestionType.MULTIPLE_CHOICE: "options",
    QuestionType.ORDER: "options",
    QuestionType.NUMERIC: "text",
    QuestionType.TEXT: "text",
    QuestionType.ESSAY: "text",
    QuestionType.MATRIX_MATCH: "matrix",
}

Path = tuple[PathStep, ...]


def canonical(content: Content, response: Response, path: Path = ()) -> Response | list[Problem]:
    """Return the response in canonical form, itself if it is, or all that is wrong with it, each at its place.

    A set of options is sorted, a matrix loses its empty rows, a number its outer spaces. Nothing typed is
    otherwise changed.
    """
    problems = _check_fields(content.type, response, path)
    if problems:
        return problems
    where = (*path, FIELDS[FIELD_OF_TYPE[content.type]])
    if response.matrix is not None:
        return _matrix(content, response.matrix, where)
    if response.text is not None:
        return _text(content.type, response, response.text, where)
    return _options(content, response, response.options or (), where)


def _check_fields(type_: QuestionType, response: Response, path: Path) -> list[Problem]:
    wanted = FIELD_OF_TYPE[type_]
    if [field for field in FIELDS if getattr(response, field) is not None] == [wanted]:
        return []
    problems = [
        Problem(Code.INVALID, (*path, name), f"{type_} is answered by {FIELDS[wanted]}, not by {name}")
        for field, name in FIELDS.items()
        if field != wanted and getattr(response, field) is not None
    ]
    if getattr(response, wanted) is None:
        problems.append(
            Problem(Code.REQUIRED, (*path, FIELDS[wanted]), f"{type_} is answered by {FIELDS[wanted]}")
        )
    return problems


def _empty(where: Path) -> list[Problem]:
    return [Problem(Code.REQUIRED, where, "the answer is empty; to take an answer back send CLEAR")]


def _options(content: Content, response: Response, ids: tuple[str, ...], where: Path) -> Response | list[Problem]:
    if not ids:
        return _empty(where)
    problems = _check_ids(ids, content.option_ids, where)
    if problems:
        return problems
    if content.type is QuestionType.SINGLE_CHOICE and len(ids) != 1:
        return [Problem(Code.TOO_MANY, where, "choose one option")]
    if content.type is QuestionType.ORDER and len(ids) != len(content.options):
        return [Problem(Code.INVALID, where, f"put all {len(content.options)} items in order")]
    in_order = ids if content.type is QuestionType.ORDER else tuple(sorted(ids))
    return response if in_order == ids else Response(options=in_order)


def _check_ids(ids: tuple[str, ...], known: frozenset[str], where: Path) -> list[Problem]:
    """Find ids that are not `known` or come twice; the ids themselves are not echoed, the path tells which."""
    if len(ids) == 1 and ids[0] in known:
        return []
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, id_ in enumerate(islice(ids, len(known) + MAX_PROBLEMS)):
        if id_ not in known:
            problems.append(Problem(Code.UNKNOWN_OPTION, (*where, index), "the question has no such option"))
        elif id_ in seen:
            problems.append(Problem(Code.INVALID, (*where, index), "the same option is given twice"))
        seen.add(id_)
    return problems[:MAX_PROBLEMS]


def _matrix(content: Content, rows: dict[str, tuple[str, ...]], where: Path) -> Response | list[Problem]:
    known = {row.id for row in content.rows}
    column_ids = frozenset(column.id for column in content.columns)
    problems: list[Problem] = []
    for row, columns in islice(rows.items(), len(known) + MAX_PROBLEMS):
        if row in known:
            problems += _check_ids(columns, column_ids, (*where, row))
        else:
            problems.append(Problem(Code.UNKNOWN_OPTION, where, "the question has no such row"))
    if problems:
        return problems[:MAX_PROBLEMS]
    matched = {row.id: tuple(sorted(rows[row.id])) for row in content.rows if rows.get(row.id)}
    return Response(matrix=matched) if matched else _empty(where)


def _text(type_: QuestionType, response: Response, text: str, where: Path) -> Response | list[Problem]:
    limit = MAX_ESSAY if type_ is QuestionType.ESSAY else MAX_TEXT
    if len(text) > limit:
        return [Problem(Code.TOO_LARGE, where, f"the answer has more than {limit} characters")]
    if not text.strip():
        return _empty(where)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return [Problem(Code.INVALID, where, "the answer is not valid Unicode")]
    if type_ is not QuestionType.NUMERIC:
        return response
    try:
        parse_decimal(text)
    except ValueError as error:
        return [Problem(Code.INVALID, where, str(error))]
    stripped = text.strip()
    return response if stripped == text else Response(text=stripped)
