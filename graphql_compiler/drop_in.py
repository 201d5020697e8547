"""`execute`, `execute_sync` and `subscribe` with graphql-core's signatures, over compiled operations.

An operation is compiled at its first execution and kept with its document: parse a text once and pass the same
document each time. A document, and the resolvers of its schema, must not be changed after that.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from inspect import isawaitable, iscoroutine
from threading import Lock
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionContext,
    ExecutionResult,
    GraphQLError,
    GraphQLFieldResolver,
    GraphQLSchema,
    GraphQLTypeResolver,
    Middleware,
    create_source_event_stream,
)
from graphql import execute as interpret
from graphql.execution.execute import assert_valid_execution_arguments, assume_not_awaitable
from graphql.graphql import assume_not_awaitable as graphql_sync_assumes
from graphql.pyutils import is_awaitable as default_is_awaitable

from graphql_compiler.handing_over import HandedOver, Reason, handed_over
from graphql_compiler.operation import CompiledOperation, compile_operation
from graphql_compiler.subscribing import respond_to

KEPT = 256
"""Compiled operations that are kept for the documents used last."""

IsAwaitable = Callable[[Any], bool]

NOTHING_AWAITED: tuple[IsAwaitable, ...] = (assume_not_awaitable, graphql_sync_assumes)
"""What `execute_sync` and `graphql_sync` pass on: graphql-core has the function twice."""


class _Kept:
    """Compiled operations by the identity of what they are made of, which each keeps alive."""

    def __init__(self, size: int, count: HandedOver) -> None:
        self._size = size
        self._count = count
        self._held: OrderedDict[tuple[object, ...], tuple[CompiledOperation, tuple[object, ...]]] = OrderedDict()
        self._lock = Lock()

    def operation(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        name: str | None,
        field_resolver: GraphQLFieldResolver | None,
        type_resolver: GraphQLTypeResolver | None,
        *,
        awaits: bool,
    ) -> CompiledOperation:
        """Return the compiled operation. Raises GraphQLError when there is none of the name."""
        parts = (schema, document, field_resolver, type_resolver)
        key = (*map(id, parts), name, awaits)
        with self._lock:
            held = self._held.get(key)
            if held is not None:
                self._held.move_to_end(key)
                return held[0]
        operation = compile_operation(
            schema,
            document,
            name,
            field_resolver=field_resolver,
            type_resolver=type_resolver,
            awaits=awaits,
            count=self._count,
        )
        with self._lock:
            self._held[key] = operation, parts
            while len(self._held) > self._size:
                self._held.popitem(last=False)
        return operation


_kept = _Kept(KEPT, handed_over)


def execute(
    schema: GraphQLSchema,
    document: DocumentNode,
    root_value: Any = None,
    context_value: Any = None,
    variable_values: dict[str, Any] | None = None,
    operation_name: str | None = None,
    field_resolver: GraphQLFieldResolver | None = None,
    type_resolver: GraphQLTypeResolver | None = None,
    subscribe_field_resolver: GraphQLFieldResolver | None = None,
    max_coercion_errors: int = 50,
    middleware: Middleware | None = None,
    execution_context_class: type[ExecutionContext] | None = None,
    is_awaitable: IsAwaitable | None = None,
    hide_suggestions: bool = False,
) -> ExecutionResult | Awaitable[ExecutionResult]:
    """Execute an operation as `graphql.execute` does.

    What generated code cannot follow, such as middleware, is handed to graphql-core and counted. Mutations are
    executed serially though some are synchronous and others are not. Raises TypeError as `graphql.execute`.
    """
    reason = _beyond(middleware, execution_context_class, is_awaitable)
    if reason is not None:
        handed_over.count(reason)
        return interpret(
            schema,
            document,
            root_value,
            context_value,
            variable_values,
            operation_name,
            field_resolver,
            type_resolver,
            subscribe_field_resolver,
            max_coercion_errors,
            middleware,
            execution_context_class,
            is_awaitable,
            hide_suggestions,
        )
    assert_valid_execution_arguments(schema, document, variable_values)
    awaits = is_awaitable not in NOTHING_AWAITED
    try:
        operation = _kept.operation(schema, document, operation_name, field_resolver, type_resolver, awaits=awaits)
    except GraphQLError as error:
        return ExecutionResult(None, [error])
    variables = operation.coerce(variable_values or {}, max_coercion_errors, hide_suggestions=hide_suggestions)
    if isinstance(variables, list):
        return ExecutionResult(None, variables)
    return operation.execute_coerced(root_value, context_value, variables)


def execute_sync(
    schema: GraphQLSchema,
    document: DocumentNode,
    root_value: Any = None,
    context_value: Any = None,
    variable_values: dict[str, Any] | None = None,
    operation_name: str | None = None,
    field_resolver: GraphQLFieldResolver | None = None,
    type_resolver: GraphQLTypeResolver | None = None,
    max_coercion_errors: int = 50,
    middleware: Middleware | None = None,
    execution_context_class: type[ExecutionContext] | None = None,
    check_sync: bool | IsAwaitable = False,
    hide_suggestions: bool = False,
) -> ExecutionResult:
    """Execute an operation as `graphql.execute_sync` does. Raises RuntimeError when something is to be awaited."""
    if callable(check_sync):
        is_awaitable: IsAwaitable | None = check_sync
    else:
        is_awaitable = None if check_sync else assume_not_awaitable
    result = execute(
        schema,
        document,
        root_value,
        context_value,
        variable_values,
        operation_name,
        field_resolver,
        type_resolver,
        None,
        max_coercion_errors,
        middleware,
        execution_context_class,
        is_awaitable,
        hide_suggestions,
    )
    if isawaitable(result):
        if iscoroutine(result):
            result.close()
        raise RuntimeError("GraphQL execution failed to complete synchronously.")
    return result


async def subscribe(
    schema: GraphQLSchema,
    document: DocumentNode,
    root_value: Any = None,
    context_value: Any = None,
    variable_values: dict[str, Any] | None = None,
    operation_name: str | None = None,
    field_resolver: GraphQLFieldResolver | None = None,
    subscribe_field_resolver: GraphQLFieldResolver | None = None,
    max_coercion_errors: int = 50,
    hide_suggestions: bool = False,
) -> AsyncIterator[ExecutionResult] | ExecutionResult:
    """Subscribe as `graphql.subscribe` does, and execute every event by the compiled operation."""
    source = await create_source_event_stream(
        schema,
        document,
        root_value,
        context_value,
        variable_values,
        operation_name,
        subscribe_field_resolver,
        max_coercion_errors,
        hide_suggestions,
    )
    if isinstance(source, ExecutionResult):
        return source

    def respond(event: Any) -> ExecutionResult | Awaitable[ExecutionResult]:
        return execute(
            schema,
            document,
            event,
            context_value,
            variable_values,
            operation_name,
            field_resolver,
            hide_suggestions=hide_suggestions,
        )

    return respond_to(source, respond)


def _beyond(
    middleware: Middleware | None,
    execution_context_class: type[ExecutionContext] | None,
    is_awaitable: IsAwaitable | None,
) -> Reason | None:
    if middleware is not None:
        return Reason.MIDDLEWARE
    if execution_context_class not in (None, ExecutionContext):
        return Reason.EXECUTION_CONTEXT
    if is_awaitable not in (None, default_is_awaitable, *NOTHING_AWAITED):
        return Reason.IS_AWAITABLE
    return None
