"""From GraphQL inputs to what services take."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from tp.domain.accommodation import Accommodation
from tp.domain.events import Event
from tp.domain.marking import Rule, Scheme
from tp.domain.presets import PRESETS
from tp.domain.problem import Code, PathStep
from tp.domain.question import QuestionType
from tp.domain.response import Response
from tp.domain.value import Localized
from tp.errors import Refused
from tp.services.authoring.specs import KeySpec, OptionSpec, QuestionSpec, RowSpec

Input = Mapping[str, Any]
Path = tuple[PathStep, ...]


def given(input: Input, *names: str) -> dict[str, Any]:
    """Return those of the named fields that have a value."""
    return {name: input[name] for name in names if input.get(name) is not None}


def localized(texts: Iterable[Input], path: Path) -> Localized:
    """Return texts by their languages. Raises Refused for a language that is given twice."""
    said: dict[str, str] = {}
    for place, text in enumerate(texts):
        once(text["language"], said, (*path, place, "language"), "the language")
        said[text["language"]] = text["text"]
    return said


def once(name: str, before: Container[str], path: Path, what: str) -> None:
    """Raise Refused when a name is given again: which of the two was meant is not for us to choose."""
    if name in before:
        raise Refused.because(Code.INVALID, path, f"{what} is given twice")


def accommodation(input: Input | None) -> Accommodation:
    return Accommodation.model_validate(dict(input or {}))


def rule(input: Input) -> Rule:
    return Rule.model_validate(given(input, *Rule.model_fields))


def rule_if_given(input: Input | None) -> Rule | None:
    return None if input is None else rule(input)


def scheme(input: Input | None, path: Path) -> Scheme | None:
    """Return a preset by name, or a scheme written out.

    Raises Refused for neither, both, an unknown name, or two rules for one type.
    """
    if input is None:
        return None
    preset, default = input.get("preset"), rule_if_given(input.get("default"))
    if (preset is None) == (default is None):
        raise Refused.because(Code.INVALID, path, "give either a preset or a default rule")
    if default is not None:
        rules: dict[QuestionType, Rule] = {}
        for place, entry in enumerate(input.get("rules") or ()):
            once(entry["type"], rules, (*path, "rules", place, "type"), "the type of question")
            rules[entry["type"]] = rule(entry["rule"])
        return Scheme(name=input.get("name") or "CUSTOM", default=default, rules=rules)
    if preset is None or preset not in PRESETS:
        told = f"no such preset; there are {', '.join(PRESETS)}"
        raise Refused.because(Code.NOT_FOUND, (*path, "preset"), told)
    return PRESETS[preset]


def question(input: Input, path: Path) -> QuestionSpec:
    """Return what an author wrote. Raises Refused for a name that is given twice."""
    return QuestionSpec(
        **given(input, "id", "title", "type", "passage_id"),
        text=localized(input["text"], (*path, "text")),
        options=_options(input.get("options"), (*path, "options")),
        rows=_options(input.get("rows"), (*path, "rows")),
        columns=_options(input.get("columns"), (*path, "columns")),
        key=key(input["key"]) if input.get("key") is not None else None,
        tags=given(input.get("tags") or {}, "subject", "topic", "difficulty", "labels"),
        feedback=localized(input["feedback"], (*path, "feedback")) if input.get("feedback") else None,
        marking=rule_if_given(input.get("marking")),
    )


def key(input: Input) -> KeySpec:
    rows = tuple(RowSpec(ref=row["ref"], columns=tuple(row["columns"])) for row in input.get("rows") or ())
    numbers = [number(one) for one in input.get("numbers") or ()]
    texts = [accepted_text(text) for text in input.get("texts") or ()]
    weights = [dict(weight) for weight in input.get("weights") or ()]
    plain = given(input, "correct", "order", "case_sensitive")
    return KeySpec.model_validate({**plain, "rows": rows, "numbers": numbers, "texts": texts, "weights": weights})


def event(input: Input, path: Path) -> Event:
    """Return an event. Raises Refused for a matrix in which a row comes twice."""
    answered = input.get("response")
    return Event(
        type=input["type"],
        at=input["at"],
        question_id=input.get("question_id"),
        response=None if answered is None else _response(answered, (*path, "response")),
    )


def _response(input: Input, path: Path) -> Response:
    matrix = input.get("matrix")
    seen: set[str] = set()
    for place, row in enumerate(matrix or ()):
        once(row["row_id"], seen, (*path, "matrix", place, "rowId"), "the same row")
        seen.add(row["row_id"])
    options = input.get("option_ids")
    return Response(
        options=None if options is None else tuple(options),
        text=input.get("text"),
        matrix=None if matrix is None else {row["row_id"]: tuple(row["column_ids"]) for row in matrix},
    )


def _options(inputs: Iterable[Input] | None, path: Path) -> tuple[OptionSpec, ...]:
    return tuple(
        OptionSpec(ref=option["ref"], text=localized(option["text"], (*path, place, "text")))
        for place, option in enumerate(inputs or ())
    )


def number(input: Input) -> dict[str, Any]:
    """Return an accepted range; a point may be written as `low` alone."""
    return {"high": input["low"], **given(input, "low", "high", "fraction")}


def accepted_text(input: Input) -> dict[str, Any]:
    return given(input, "text", "fraction")
