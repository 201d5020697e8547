"""One execution: what it was given, and what it has found out so far."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from graphql_compiler.errors import FieldErrors
from graphql_compiler.info import Info, OfContext
from graphql_compiler.unfinished import Unfinished

if TYPE_CHECKING:
    from graphql_compiler.collecting import SelectedField
    from graphql_compiler.plan import Plan
    from graphql_compiler.steps import Steps
    from graphql_compiler.unfinished import Then

_new = tuple.__new__


class Run:
    """`later` are the awaitables found since it was last emptied."""

    __slots__ = (
        "_infos",
        "_tail",
        "arguments",
        "context",
        "errors",
        "later",
        "of_context",
        "plan",
        "root",
        "variables",
    )

    def __init__(self, plan: Plan, root: object, context: object, variables: dict[str, Any]) -> None:
        self.plan = plan
        self.root = root
        self.context = context
        self.variables = variables
        self.errors = FieldErrors()
        self.later: list[Unfinished] = []
        self.arguments: dict[int, dict[str, Any]] = {}
        self.of_context = OfContext(context)
        self._infos: dict[SelectedField, Info] = {}
        self._tail: tuple[Any, ...] | None = None

    def info(self, field: SelectedField, path: Steps) -> Info:
        """Return what a resolver is told of its field."""
        tail = self._tail
        if tail is None:
            plan = self.plan
            tail = self._tail = (
                plan.schema,
                plan.fragments,
                self.root,
                plan.operation,
                self.variables,
                self.context,
                plan.is_awaitable,
            )
        return _new(Info, (*field.info_head, path, *tail))

    def info_without_path(self, field: SelectedField) -> Info:
        """Return the same for a resolver that does not look at its path: one serves all calls."""
        info = self._infos.get(field)
        if info is None:
            info = self._infos[field] = self.info(field, ())
        return info

    def arguments_of(self, field: SelectedField) -> dict[str, Any]:
        """Return the arguments of a field, evaluated once where nothing of them can be changed by a resolver.

        Raises GraphQLError for a value that does not fit.
        """
        if not field.arguments.kept:
            return field.arguments.evaluate(self.variables)
        values = self.arguments.get(field.number)
        if values is None:
            values = self.arguments[field.number] = field.arguments.evaluate(self.variables)
        return values

    def awaiting(self, awaitable: Awaitable[Any], then: Then | None = None) -> Unfinished:
        """Note an awaitable, which is started after everything that need not wait."""
        value = Unfinished(awaitable, then)
        self.later.append(value)
        return value

    def abandon_later(self) -> None:
        """Close what was never started, as nobody waits for it any more."""
        for value in self.later:
            value.abandon()
        self.later.clear()
