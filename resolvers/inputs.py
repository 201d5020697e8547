"""From GraphQL inputs to what services take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tp.domain.accommodation import Accommodation
from tp.domain.events import Event
from tp.domain.marking import Rule, Scheme
from tp.domain.presets import PRESETS
from tp.domain.problem import Code, PathStep
from tp.domain.response import Response
from tp.domain.value import Localized
from tp.errors import Refused
from tp.services.authoring.specs import KeySpec, OptionSpec, QuestionSpec, RowSpec

Input = Mapping[str, Any]


def given(input: Input, *names: str) -> dict[str, Any]:
    """Return those of the named fields that have a value."""
    return {name: input[name] for name in names if input.get(name) is not None}


def localized(texts: Iterable[Input]) -> Localized:
    return {text["language"]: text["text"] for text in texts}


def accommodation(input: Input | None) -> Accommodation:
    return Accommodation.model_validate(dict(input or {}))


def rule(input: Input | None) -> Rule | None:
    return None if input is None else Rule.model_validate(given(input, *Rule.model_fields))


def scheme(input: Input | None, path: tuple[PathStep, ...]) -> Scheme | None:
    """Return a preset by name, or a scheme written out. Raises Refused for neither, both or an unknown name."""
    if input is None:
        return None
    preset, default = input.get("preset"), rule(input.get("default"))
    if (preset is None) == (default is None):
        raise Refused.because(Code.INVALID, path, "give either a preset or a default rule")
    if default is not None:
        rules = {entry["type"]: Rule.model_validate(dict(entry["rule"])) for entry in input.get("rules") or ()}
        return Scheme(name=input.get("name") or "CUSTOM", default=default, rules=rules)
    if preset is None or preset not in PRESETS:
        told = f"no such preset; there are {', '.join(PRESETS)}"
        raise Refused.because(Code.NOT_FOUND, (*path, "preset"), told)
    return PRESETS[preset]


def question(input: Input) -> QuestionSpec:
    return QuestionSpec(
        **given(input, "id", "title", "type", "passage_id"),
        text=localized(input["text"]),
        options=_options(input.get("options")),
        rows=_options(input.get("rows")),
        columns=_options(input.get("columns")),
        key=key(input["key"]) if input.get("key") is not None else None,
        tags=given(input.get("tags") or {}, "subject", "topic", "difficulty", "labels"),
        feedback=localized(input["feedback"]) if input.get("feedback") else None,
        marking=rule(input.get("marking")),
    )


def key(input: Input) -> KeySpec:
    rows = tuple(RowSpec(ref=row["ref"], columns=tuple(row["columns"])) for row in input.get("rows") or ())
    numbers = [_number(number) for number in input.get("numbers") or ()]
    texts = [dict(text) for text in input.get("texts") or ()]
    weights = [dict(weight) for weight in input.get("weights") or ()]
    plain = given(input, "correct", "order", "case_sensitive")
    return KeySpec.model_validate({**plain, "rows": rows, "numbers": numbers, "texts": texts, "weights": weights})


def event(input: Input, path: tuple[PathStep, ...]) -> Event:
    """Return an event. Raises Refused for a matrix in which a row comes twice."""
    answered = input.get("response")
    return Event(
        type=input["type"],
        at=input["at"],
        question_id=input.get("question_id"),
        response=None if answered is None else _response(answered, (*path, "response")),
    )


def _response(input: Input, path: tuple[PathStep, ...]) -> Response:
    matrix = input.get("matrix")
    seen: set[str] = set()
    for place, row in enumerate(matrix or ()):
        if row["row_id"] in seen:
            told = "the same row is given twice"
            raise Refused.because(Code.INVALID, (*path, "matrix", place, "rowId"), told)
        seen.add(row["row_id"])
    options = input.get("option_ids")
    return Response(
        options=None if options is None else tuple(options),
        text=input.get("text"),
        matrix=None if matrix is None else {row["row_id"]: tuple(row["column_ids"]) for row in matrix},
    )


def _options(inputs: Iterable[Input] | None) -> tuple[OptionSpec, ...]:
    return tuple(OptionSpec(ref=option["ref"], text=localized(option["text"])) for option in inputs or ())


def _number(input: Input) -> dict[str, Any]:
    """A point may be written as `low` alone."""
    return {**dict(input), "high": input.get("high") or input["low"]}
