"""Whatever the schema, the document, the variables and the resolvers: the answer is graphql-core's.

Data, errors with message, path, locations and extensions, and their order are compared, and so is all that
resolvers see on the way: which are called, with which arguments, what waits while what goes on. What is awaited
ends in one order for both executors (`gates`). Left open is the order among what is started together, and which of
several errors nulls a value when coroutines race. Two defects of graphql-core are mended first (`mended_core`).

`pytest tests/graphql_compiler --hypothesis-profile=long` draws many more cases, each time others.
"""

from __future__ import annotations

import gc
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import graphql
import pytest
from behaviours import tag_of
from compared import Case, as_many, cases, told
from graphql import ExecutionResult, GraphQLError
from hypothesis import event, given
from hypothesis import strategies as st
from mended_core import MendedContext

import graphql_compiler
from graphql_compiler import Frozen

pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
"""graphql-core awaits nothing more of an object that became null while it was resolved."""


@pytest.fixture(autouse=True)
def nothing_left_for_other_tests() -> Iterator[None]:
    """Collect what was never awaited when the test is over, while its warnings are ignored.

    Not before: collected inside a named tuple's constructor, which has no builtins, it could not even warn.
    """
    gc.disable()
    try:
        yield
        gc.collect()
    finally:
        gc.enable()


@given(case=cases())
@as_many(80)
def test_compiled_operations_answer_as_graphql_core_does(case: Case) -> None:
    expected = case.answers(partial(_interpret, case), told)
    event(_kind(expected))

    assert case.comparable(case.answers(_compiled(case, "execute"), told)) == case.comparable(expected)


@given(case=cases())
@as_many(25)
def test_the_drop_in_answers_as_graphql_core_does(case: Case) -> None:
    expected = case.answers(partial(_interpret, case), told)

    assert case.comparable(case.answers(partial(_execute, case), told)) == case.comparable(expected)


@given(case=cases())
@as_many(25)
def test_bytes_say_what_graphql_core_answers(case: Case) -> None:
    expected = case.answers(partial(_interpret, case), lambda result: json.dumps(result.formatted))

    answered = case.answers(_compiled(case, "execute_bytes"), _bytes)
    assert case.comparable(list(map(_parsed, answered))) == case.comparable(list(map(_parsed, expected)))


@given(case=cases())
@as_many(25)
def test_frozen_values_change_no_answer(case: Case) -> None:
    case = replace(case, races=True, request=replace(case.request, variables=case.request.variables * 2))
    expected = case.answers(partial(_interpret, case), lambda result: json.dumps(result.formatted))

    frozen = Frozen(dict.fromkeys(("T0", "T2"), _key))
    answered = case.answers(_compiled(case, "execute_bytes", frozen), _bytes)
    event(f"{min(frozen.values.hits, 1)} hits {min(frozen.values.misses, 1)} misses")
    assert _data(case, answered) == _data(case, expected)


@given(case=cases(kinds=("subscription",)), how=st.sampled_from(("events", "events", "refused", "breaks", "none")))
@as_many(25)
def test_subscriptions_answer_each_event_as_graphql_core_does(case: Case, how: str) -> None:
    _let_subscribe(case, how)
    expected = case.answers(partial(_subscribe, graphql.subscribe, case), list)

    assert case.answers(partial(_subscribe, graphql_compiler.subscribe, case), list) == expected


def _compiled(case: Case, way: str, frozen: Frozen | None = None) -> Any:
    """Return a way to run the compiled operation, or what answers for one that the document does not have."""
    try:
        operation = graphql_compiler.compile_operation(case.schema, case.document, case.name, frozen=frozen)
    except GraphQLError as error:
        refused = ExecutionResult(None, [error])
        return lambda *_: refused
    return getattr(operation, way)


def _execute(case: Case, root: Any, context: Any, variables: dict[str, Any]) -> Any:
    return graphql_compiler.execute(case.schema, case.document, root, context, variables, operation_name=case.name)


def _interpret(case: Case, root: Any, context: Any, variables: dict[str, Any]) -> Any:
    return graphql.execute(
        case.schema,
        case.document,
        root,
        context,
        variables,
        operation_name=case.name,
        execution_context_class=MendedContext,
    )


async def _subscribe(subscribe: Any, case: Case, root: Any, context: Any, variables: dict[str, Any]) -> list[Any]:
    """Return the answers to all events, or to the subscription itself, and how it ended."""
    stream = await subscribe(case.schema, case.document, root, context, variables, operation_name=case.name)
    if isinstance(stream, ExecutionResult):
        return ["refused", told(stream)]
    answers = []
    try:
        async for answer in stream:
            answers.append(told(answer))
    except ValueError as error:
        return [*answers, str(error)]
    return answers


def _let_subscribe(case: Case, how: str) -> None:
    """Give the fields of the subscription type a stream of three events, which may go wrong."""

    async def events(_: Any, info: Any, **arguments: Any) -> AsyncIterator[Any]:
        info.context.look(info, arguments, True)
        for form in ("dict", "object", "mapping"):
            yield info.context.source("Subscription", form)
            if how == "breaks":
                raise ValueError("the stream broke")

    def refused(*_: Any, **__: Any) -> Any:
        raise ValueError("no subscription for you")

    subscription = case.schema.subscription_type
    assert subscription is not None
    for defined in subscription.fields.values():
        defined.subscribe = {"refused": refused, "none": lambda *_, **__: 7}.get(how, events)


def _bytes(answer: bytes | ExecutionResult) -> bytes:
    return answer if isinstance(answer, bytes) else json.dumps(answer.formatted).encode()


def _parsed(answer: Any) -> Any:
    """Return what stands in bytes, or that there can be none: JSON has no word for some values."""
    return (
        (json.loads(answer[0]), *answer[1:]) if isinstance(answer[0], str | bytes) and len(answer) == 2 else answer
    )


def _key(value: Any, _: Any) -> str:
    """Return what all that is below a value depends on, beside arguments."""
    return f"{type(value).__name__} {tag_of(value)}"


def _data(case: Case, answers: list[Any]) -> list[Any]:
    """Return the answers without what happened on the way: frozen values ask nobody."""
    return [each if isinstance(each, dict) else each[:-1] for each in case.comparable(list(map(_parsed, answers)))]


def _kind(expected: list[Any]) -> str:
    waits = any(phase for answer in expected for phase in answer[-1][1:])
    faulty = any(len(answer) > 2 or answer[0]["errors"] for answer in expected)
    return f"{'waits' if waits else 'at once'}, {'with errors' if faulty else 'without errors'}"
