"""A compiled operation: it runs with a root value, a context and variables, to a result or to bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Mapping
from typing import Any, cast

from graphql import (
    DocumentNode,
    ExecutionContext,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution.execute import CollectedErrors, assume_not_awaitable
from graphql.execution.values import get_variable_values
from graphql.pyutils import is_awaitable

from graphql_compiler.collecting import Selecting
from graphql_compiler.encoding import FormatError, encoded, encoded_later
from graphql_compiler.executing import execute_parts
from graphql_compiler.frozen import Frozen
from graphql_compiler.handing_over import HandedOver, Reason, handed_over
from graphql_compiler.interpreting import interpret
from graphql_compiler.measuring import MOST_FIELDS, expanded_fields
from graphql_compiler.plan import Plan
from graphql_compiler.positions import Completer
from graphql_compiler.resolving import FieldResolver
from graphql_compiler.run import Run
from graphql_compiler.subscribing import events, respond_to
from graphql_compiler.switches import Setting, setting_of, switches_of

MOST_SETTINGS = 32
"""Combinations of `@skip` and `@include` variables that an operation keeps plans for."""

MOST_COERCION_ERRORS = 50

Variables = dict[str, Any]


def compile_operation(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation_name: str | None = None,
    *,
    frozen: Frozen | None = None,
    field_resolver: FieldResolver | None = None,
    type_resolver: FieldResolver | None = None,
    subscribe_field_resolver: FieldResolver | None = None,
    awaits: bool = True,
    count: HandedOver = handed_over,
) -> CompiledOperation:
    """Compile one operation of a valid document.

    Resolvers are taken from the schema as it is now. `frozen`: types whose values never change. Without `awaits`,
    no value is awaited. Raises GraphQLError when the document has no such operation.
    """
    operation, fragments = _chosen(document, operation_name)
    return CompiledOperation(
        schema,
        document,
        operation,
        fragments,
        frozen,
        field_resolver,
        type_resolver,
        subscribe_field_resolver,
        awaits,
        count,
    )


def _chosen(
    document: DocumentNode, name: str | None
) -> tuple[OperationDefinitionNode, dict[str, FragmentDefinitionNode]]:
    operation: OperationDefinitionNode | None = None
    fragments: dict[str, FragmentDefinitionNode] = {}
    for definition in document.definitions:
        if isinstance(definition, FragmentDefinitionNode):
            fragments[definition.name.value] = definition
        elif isinstance(definition, OperationDefinitionNode):
            if name is None and operation is not None:
                raise GraphQLError("Must provide operation name if query contains multiple operations.")
            if name is None or (definition.name and definition.name.value == name):
                operation = definition
    if operation is None:
        raise GraphQLError("Must provide an operation." if name is None else f"Unknown operation named '{name}'.")
    return operation, fragments


class CompiledOperation:
    """Made by `compile_operation`. It may be run any number of times, at the same time too."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        frozen: Frozen | None,
        field_resolver: FieldResolver | None,
        type_resolver: FieldResolver | None,
        subscribe_field_resolver: FieldResolver | None,
        awaits: bool,
        count: HandedOver,
    ) -> None:
        self.schema = schema
        self.document = document
        self.operation = operation
        self._fragments = fragments
        self._frozen = frozen
        self._field_resolver = field_resolver
        self._type_resolver = type_resolver
        self._subscribe_field_resolver = subscribe_field_resolver
        self._awaits = awaits
        self._count = count
        self._beyond = _beyond_compiling(operation, fragments)
        self._switches = switches_of(operation, fragments.values()) if self._beyond is None else ()
        self._plans: dict[tuple[bool, Setting], tuple[Plan, list[Completer]]] = {}

    @property
    def source(self) -> str:
        """The Python that was generated so far: a position's code is written when its first value comes."""
        return "\n\n\n".join(source for plan, _ in self._plans.values() for source in plan.sources)

    def execute(
        self, root: object = None, context: object = None, variables: Variables | None = None
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        """Coerce the variables and run."""
        coerced = self.coerce(variables or {})
        if isinstance(coerced, list):
            return ExecutionResult(None, coerced)
        return self.execute_coerced(root, context, coerced)

    def execute_coerced(
        self, root: object, context: object, variables: Variables
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        """Run with the values that the variables have for resolvers."""
        return self._run(root, context, variables, as_bytes=False)

    def execute_bytes(
        self,
        root: object = None,
        context: object = None,
        variables: Variables | None = None,
        *,
        format_error: FormatError | None = None,
    ) -> bytes | Awaitable[bytes]:
        """Coerce the variables, run, and return the response as JSON. Raises as `execute_bytes_coerced`."""
        coerced = self.coerce(variables or {})
        if isinstance(coerced, list):
            return encoded(ExecutionResult(None, coerced), format_error)
        return self.execute_bytes_coerced(root, context, coerced, format_error=format_error)

    def execute_bytes_coerced(
        self, root: object, context: object, variables: Variables, *, format_error: FormatError | None = None
    ) -> bytes | Awaitable[bytes]:
        """Run, and return the response as JSON, frozen values spliced in.

        `format_error` gives an error's wire form; left out, it is the specification's.
        Raises orjson.JSONEncodeError for a scalar's result that JSON cannot carry.
        """
        result = self._run(root, context, variables, as_bytes=True)
        if isinstance(result, ExecutionResult):
            return encoded(result, format_error)
        return encoded_later(result, format_error)

    async def subscribe(
        self, root: object = None, context: object = None, variables: Variables | None = None
    ) -> AsyncIterator[ExecutionResult] | ExecutionResult:
        """Return the response to each event of a subscription, or what kept it from starting."""
        source = await events(self, root, context, variables, self._subscribe_field_resolver)
        if isinstance(source, ExecutionResult):
            return source
        return respond_to(source, lambda event: self.execute(event, context, variables))

    def coerce(
        self,
        variables: Mapping[str, Any],
        max_errors: int = MOST_COERCION_ERRORS,
        *,
        hide_suggestions: bool = False,
    ) -> Variables | list[GraphQLError]:
        """Return the variables' values for resolvers, or what is wrong with those that were sent."""
        return get_variable_values(
            self.schema,
            self.operation.variable_definitions or (),
            cast(Variables, variables),
            max_errors=max_errors,
            hide_suggestions=hide_suggestions,
        )

    def _run(
        self, root: object, context: object, variables: Variables, *, as_bytes: bool
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        try:
            compiled = self._plan(variables, as_bytes)
        except GraphQLError as error:
            return ExecutionResult(None, [error])
        if isinstance(compiled, Reason):
            self._count.count(compiled)
            return self._interpreted(root, context, variables)
        plan, parts = compiled
        return execute_parts(Run(plan, root, context, variables), parts)

    def _plan(self, variables: Variables, as_bytes: bool) -> tuple[Plan, list[Completer]] | Reason:
        if self._beyond is not None:
            return self._beyond
        setting, values = setting_of(self._switches, variables)
        compiled = self._plans.get((as_bytes, setting))
        if compiled is None:
            if len(self._plans) >= MOST_SETTINGS:
                return Reason.TOO_MANY_SETTINGS
            compiled = self._plans[as_bytes, setting] = self._compiled(values, as_bytes)
        return compiled

    def _compiled(self, values: Mapping[str, Any], as_bytes: bool) -> tuple[Plan, list[Completer]]:
        root_type = self.schema.get_root_type(self.operation.operation)
        if root_type is None:
            raise GraphQLError(
                f"Schema is not configured to execute {self.operation.operation.value} operation.", self.operation
            )
        selecting = Selecting(self.schema, self.operation, self._fragments, values, self._field_resolver)
        plan = Plan(
            self.schema,
            self.operation,
            self._fragments,
            selecting,
            self._frozen if as_bytes else None,
            self._type_resolver,
            awaits=self._awaits,
            as_bytes=as_bytes,
        )
        serial = self.operation.operation is OperationType.MUTATION
        return plan, plan.root_completers(root_type, serial=serial)

    def _interpreted(
        self, root: object, context: object, variables: Variables
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        interpreter = ExecutionContext(
            self.schema,
            dict(self._fragments),
            root,
            context,
            self.operation,
            variables,
            self._field_resolver or default_field_resolver,
            self._type_resolver or default_type_resolver,
            self._subscribe_field_resolver or default_field_resolver,
            CollectedErrors(),
            None,
            is_awaitable if self._awaits else assume_not_awaitable,
        )
        return interpret(interpreter)


def _beyond_compiling(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Reason | None:
    try:
        return Reason.TOO_LARGE if expanded_fields(operation, fragments) > MOST_FIELDS else None
    except RecursionError:
        return Reason.TOO_DEEP
