"""A case that two executors answer, and what of their answers is compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from behaviours import FieldBehaviour, Run
from gates import Gates, run
from generated_behaviours import draw_behaviours
from generated_documents import Request, requests
from generated_schemas import Drawn, schemas
from graphql import DocumentNode, ExecutionResult, GraphQLSchema, parse, validate
from hypothesis import HealthCheck, Phase, assume, event, settings
from hypothesis import strategies as st

ROOTS = ("dict", "object", "mapping", "dict", "object", None)

Executor = Callable[[Any, Run, dict[str, Any]], Any]
"""Takes the root value, the context and the variables."""


@dataclass(frozen=True)
class Case:
    """All that an execution depends on. Its request has the variables of executions that follow one another.

    `races`: some coroutines end at once, and which of them first is up to how they are started.
    """

    drawn: Drawn
    request: Request
    fields: dict[tuple[str, str], FieldBehaviour]
    races: bool
    typenames: frozenset[str]
    root: str | None
    seed: int

    @property
    def schema(self) -> GraphQLSchema:
        return self.drawn.schema

    @property
    def name(self) -> str | None:
        return self.request.operation_name

    @cached_property
    def document(self) -> DocumentNode:
        """Parse the document; one that is not valid is a case for nobody."""
        document = parse(self.request.text)
        invalid = validate(self.schema, document)
        event(f"invalid: {invalid[0].message if invalid else 'no'}")
        assume(not invalid)
        return document

    def answers(self, execute: Executor, tell: Callable[[Any], Any]) -> list[Any]:
        """Return what each execution leads to, as `tell` tells it, and what happened on the way."""
        return [self._answer(execute, variables, tell) for variables in self.request.variables]

    def comparable(self, answers: list[Any]) -> list[Any]:
        """Return the answers with all in them that is not up to chance, or to the executor.

        Where something is awaited, it is the executor's affair what it still does below a value that became null.
        Where coroutines race, so do the errors that null one value: of them only the value counts.
        """
        return [self._determined(each) for each in answers]

    def _determined(self, answer: Any) -> Any:
        match answer:
            case ({"data": data, "errors": [*errors]}, _) if self.races and errors:
                return {"data": data, "nulled": sorted({repr(_nulled(data, each)) for each in errors})}
            case ({"errors": [_, *_]} as result, [_, [_, *_], *_]):
                return result
        return answer

    def _answer(self, execute: Executor, variables: dict[str, Any], tell: Callable[[Any], Any]) -> Any:
        gates = Gates(self.seed)
        context = Run(gates, self.fields, self.typenames)
        root_type = self.request.root_type

        def start() -> Any:
            root = None if self.root is None else context.source(root_type, self.root, "root")
            return execute(root, context, variables)

        try:
            told = run(start, gates, tell)
        except Exception as error:
            return type(error).__name__, str(error), _in_phases(gates.trace)
        return told, _in_phases(gates.trace)


@st.composite
def cases(draw: st.DrawFn, kinds: tuple[str, ...] = ("query", "query", "mutation")) -> Case:
    """Draw a case whose operations are of these kinds."""
    drawn = draw(schemas())
    request, names = draw(requests(drawn.schema, kinds))
    faults = draw(st.sampled_from((40, 15, 5)))
    races = draw(st.integers(0, 3)) == 3
    fields = draw_behaviours(draw, drawn.schema, names, faults, races)
    named = draw(st.booleans())
    typenames = frozenset(("T0", "T1", "T2")) if named else draw(st.frozensets(st.sampled_from(("T0", "T1"))))
    return Case(drawn, request, fields, races, typenames, draw(st.sampled_from(ROOTS)), draw(st.integers(0, 99)))


def as_many(count: int) -> settings:
    """Draw so many cases, always the same; with a profile that was asked for, as many as that says.

    A case that fails is told as it was drawn: to shrink one takes minutes, and is left to such a profile.
    """
    if settings.get_current_profile_name() != "default":
        return settings(suppress_health_check=[*HealthCheck])
    return settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )


def told(result: ExecutionResult) -> Any:
    """Return a result as it is compared: in values, types and order."""
    errors = [{**error.formatted, "cause": type(error.original_error).__name__} for error in result.errors or ()]
    return {"data": result.data, "typed": _typed(result.data), "errors": errors}


def _nulled(data: Any, error: dict[str, Any]) -> Any:
    """Return where the null is that an error caused, or the error if that cannot be told."""
    value, where = data, []
    for step in error.get("path", ()):
        if value is None:
            break
        if not isinstance(value, dict | list) or (isinstance(value, dict) and step not in value):
            return error
        value = value[step]
        where.append(step)
    return where if value is None else error


def _in_phases(trace: list[Any]) -> list[Any]:
    """Return what happened, without the order among what is started together.

    As long as nothing is awaited the order is the specification's; from then on it is so between gates.
    """
    begun = next((place for place, step in enumerate(trace) if step[0] == "begins"), len(trace))
    phases: list[list[Any]] = [[]]
    for step in trace[begun:]:
        if step[0] == "goes on":
            phases.append([])
        phases[-1].append(step)
    return [trace[:begun], *(sorted(phase, key=repr) for phase in phases)]


def _typed(value: Any) -> Any:
    """Return a value in which `1`, `1.0` and `True` differ, and the order of an object's fields counts."""
    match value:
        case dict():
            return [(key, _typed(each)) for key, each in value.items()]
        case list() | tuple():
            return [_typed(each) for each in value]
    return type(value).__name__, repr(value)
