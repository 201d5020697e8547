"""Whatever is put in whatever place of whatever field's input, nobody is told of a defect of ours.

The inputs are made from the contract, so that a new field is among them as soon as it is there.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    OperationType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from school import SITTING, Exam, Person

from api.bootstrap import SCHEMA
from api.graphql.problems import MESSAGE_LENGTH

HOSTILE: list[Any] = [
    *(
        None,
        "",
        " ",
        "\0",
        "a\0b",
        "__x__",
        "..",
        "a:b",
        "\u202e",
        "\ufffe",
        "\U0010ffff",
        "'; DROP TABLE entity; --",
    ),
    *(
        "x" * 10_000,
        "é" * 2_000,
        "NaN",
        "1e400",
        "1" + "0" * 400,
        "1/0",
        "-0",
        "null",
        "*",
        "tst_",
        "att_" + "x" * 32,
    ),
    *(0, -1, 2**31 - 1, -(2**31), 2**31, 2**63, 10**300, 0.5, -0.0, 1e308, True, False),
    *([], {}, [[]], [None], {"a": 1}, ["x"] * 500, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"),
]
A_PLACE = 5
"""How many hostile values each place meets; the next place meets the next ones."""

FIELDS: dict[str, tuple[OperationType, GraphQLField]] = {
    name: (operation, field)
    for operation in (OperationType.QUERY, OperationType.MUTATION)
    for name, field in SCHEMA.get_root_type(operation).fields.items()  # type: ignore[union-attr]
    if field.args
}
PLAIN: dict[str, Any] = {"Int": 1, "Float": 1, "String": "x", "Boolean": True, "Marks": "1"}


def document(name: str) -> str:
    operation, field = FIELDS[name]
    declared = ", ".join(f"${arg}: {argument.type}" for arg, argument in field.args.items())
    passed = ", ".join(f"{arg}: ${arg}" for arg in field.args)
    selected = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    return f"{operation.value} ({declared}) {{ {name}({passed}){selected} }}"


def sample(type_: Any, name: str, ids: dict[str, str]) -> Any:
    """Return a value of a type: every field of every object in it is there."""
    if is_non_null_type(type_):
        return sample(type_.of_type, name, ids)
    if is_list_type(type_):
        return [sample(type_.of_type, name.removesuffix("s"), ids)]
    if isinstance(type_, GraphQLInputObjectType):
        return {field: sample(inner.type, field, ids) for field, inner in type_.fields.items()}
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if type_.name == "ID":
        return ids.get(name, "x")
    if type_.name == "DateTime":
        return "2025-06-02T09:00:00Z"
    return PLAIN[type_.name]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inner:
        yield from places(one, (*path, step))


def with_put(value: Any, path: tuple[Any, ...], hostile: Any) -> Any:
    changed = copy.deepcopy(value)
    at = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = hostile
    return changed


async def first_who_may(people: list[Person], name: str, variables: dict[str, Any]) -> Person:
    for person in people:
        if "FORBIDDEN" not in await person.error_codes(document(name), **variables):
            return person
    raise AssertionError(f"nobody may use {name}")


@pytest.mark.parametrize("name", FIELDS)
async def test_no_value_in_any_place_is_a_defect_of_ours(exam: Exam, name: str) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)
    ids = {
        "testId": exam.test_id,
        "attemptId": attempt_id,
        "questionId": exam.questions[0]["id"],
        "userId": student.id,
    }
    sound = {arg: sample(argument.type, arg, ids) for arg, argument in FIELDS[name][1].args.items()}
    person = await first_who_may([await exam.school.admin(), exam.teacher, student], name, sound)
    told: list[str] = []

    for number, path in enumerate(places(sound)):
        for turn in range(A_PLACE):
            hostile = HOSTILE[(number * A_PLACE + turn) % len(HOSTILE)]
            answered = await person.post(document(name), with_put(sound, path, hostile))
            errors = answered.get("errors", [])
            assert "INTERNAL" not in {error["extensions"]["code"] for error in errors}, (path, hostile, errors)
            told += [error["message"] for error in errors]

    assert max(map(len, told), default=0) <= MESSAGE_LENGTH
    await exam.school.sweep()
    # Asked by the teacher: among what is tried is the end of the student's sessions.
    assert (await exam.teacher.ask(SITTING, id=attempt_id))["id"] == attempt_id
