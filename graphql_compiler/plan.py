"""The plan of an operation: its completers, generated when a value first comes that needs them, and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import RLock
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLLeafType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    is_leaf_type,
)
from graphql.execution.execute import assume_not_awaitable
from graphql.pyutils import Undefined, is_awaitable

from graphql_compiler.abstract import completing_as_resolved
from graphql_compiler.collecting import SelectedField, Selecting
from graphql_compiler.completing import checking_type, complete, items_of, nulled
from graphql_compiler.errors import located
from graphql_compiler.frozen import Frozen, freezing
from graphql_compiler.generating import CompleterWriter
from graphql_compiler.kinds import MAPPINGS, Kinds
from graphql_compiler.leaves import nothing_serialized, serialized
from graphql_compiler.positions import Completer, Position
from graphql_compiler.resolving import FieldResolver
from graphql_compiler.unfinished import Unfinished, place, wait, wait_in_list
from graphql_compiler.writing import Constants

_KNOWN: dict[str, Any] = {
    "AttributeError": AttributeError,
    "Exception": Exception,
    "KeyError": KeyError,
    "TypeError": TypeError,
    "Undefined": Undefined,
    "Unfinished": Unfinished,
    "bool": bool,
    "complete": complete,
    "float": float,
    "getattr": getattr,
    "id": id,
    "int": int,
    "items_of": items_of,
    "len": len,
    "list": list,
    "located": located,
    "nothing_serialized": nothing_serialized,
    "nulled": nulled,
    "place": place,
    "str": str,
    "tuple": tuple,
    "type": type,
    "wait": wait,
    "wait_in_list": wait_in_list,
}
"""All that generated code can name, next to its own constants."""


class Plan:
    """One operation under one setting of its switches.

    `awaits`: values may have to be awaited. `as_bytes`: the result is for orjson, which knows more than JSON does.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        selecting: Selecting,
        frozen: Frozen | None,
        type_resolver: FieldResolver | None,
        *,
        awaits: bool,
        as_bytes: bool,
    ) -> None:
        self.schema = schema
        self.operation = operation
        self.fragments = dict(fragments)
        self.awaits = awaits
        self.as_bytes = as_bytes
        self.is_awaitable = is_awaitable if awaits else assume_not_awaitable
        self.kinds = Kinds(awaitables=awaits)
        self.constants = Constants({**_KNOWN, "kinds": self.kinds})
        self.sources: list[str] = []
        self._selecting = selecting
        self._frozen = frozen
        self._type_resolver = type_resolver
        self._objects: dict[tuple[object, ...], Completer] = {}
        self._fields: dict[tuple[object, ...], list[SelectedField]] = {}
        self._generating = RLock()

    def root_completers(self, root_type: GraphQLObjectType, *, serial: bool) -> list[Completer]:
        """Return what completes the root value: in one, or field by field. Raises GraphQLError."""
        fields = self._selecting.root_fields(root_type)
        parts = [[field] for field in fields] if serial else [fields]
        return [self._object_function(root_type, part, 0) for part in parts]

    def adopted(self, position: Position) -> Position:
        """Return the position with a completer, which is generated at its first use."""
        if is_leaf_type(position.type):
            type_ = cast(GraphQLLeafType, position.type)
            position.complete = lambda _, value, __: serialized(type_, value)
            return position

        def generate_and_complete(run: Any, value: Any, path: Any) -> Any:
            position.complete = self._completer(position, value)
            return position.complete(run, value, path)

        position.complete = generate_and_complete
        return position

    def fields(self, type_: GraphQLObjectType, position: Position) -> list[SelectedField]:
        """Return what is selected of an object at a position. Raises GraphQLError."""
        key = _key(type_, position)
        fields = self._fields.get(key)
        if fields is None:
            fields = self._fields[key] = self._selecting.sub_fields(type_, position.nodes)
        return fields

    def is_frozen(self, type_: GraphQLObjectType) -> bool:
        return self._frozen is not None and type_.name in self._frozen.keys

    def variables_below(self, nodes: Sequence[FieldNode]) -> set[str]:
        """Return the names of the variables that what is selected below the nodes mentions."""
        return self._selecting.variables_below(nodes)

    def object_completer(self, type_: GraphQLObjectType, position: Position, value: Any) -> Completer:
        """Return a completer of objects of one type at a position, quickest with those of the shape of `value`.

        Raises GraphQLError.
        """
        completer = self._of_shape(type_, position, self._shape(value))
        if self._frozen is not None and self.is_frozen(type_):
            completer = freezing(self, self._frozen, type_, position, completer)
        return checking_type(type_, position, completer) if type_.is_type_of else completer

    def _completer(self, position: Position, value: Any) -> Completer:
        if isinstance(position.type, GraphQLObjectType):
            return self.object_completer(position.type, position, value)
        if isinstance(position.type, GraphQLList):
            first = next(iter(value), None) if isinstance(value, list | tuple) else None
            with self._generating:
                name = f"complete_{len(self.sources) + 1}"
                return self._compiled(
                    name, CompleterWriter(self, self._shape(first)).list_function(name, position)
                )
        return completing_as_resolved(self, cast(Any, position.type), position, self._type_resolver)

    def _of_shape(self, type_: GraphQLObjectType, position: Position, shape: int) -> Completer:
        key = (shape, *_key(type_, position))
        completer = self._objects.get(key)
        if completer is None:
            fields = self.fields(type_, position)
            completer = self._objects[key] = self._object_function(type_, fields, shape)
        return completer

    def _object_function(self, type_: GraphQLObjectType, fields: list[SelectedField], shape: int) -> Completer:
        def complete_other(run: Any, value: Any, path: Any) -> Any:
            other = self._shape(value)
            completer = made.get(other)
            if completer is None:
                completer = made[other] = self._generated_object(type_, fields, other, complete_other)
            return completer(run, value, path)

        made = {shape: self._generated_object(type_, fields, shape, complete_other)}
        return made[shape]

    def _generated_object(
        self, type_: GraphQLObjectType, fields: list[SelectedField], shape: int, others: Completer
    ) -> Completer:
        with self._generating:
            name = f"complete_{len(self.sources) + 1}"
            source = CompleterWriter(self, shape).object_function(name, type_, fields, others)
            return self._compiled(name, source)

    def _shape(self, value: Any) -> int:
        return self.kinds[type(value)] & MAPPINGS

    def _compiled(self, name: str, source: str) -> Completer:
        self.sources.append(source)
        code = compile(source, f"<graphql operation {id(self):x}>", "exec", dont_inherit=True)
        made: dict[str, Any] = {}
        exec(code, self.constants.namespace, made)
        return cast(Completer, made[name])


def _key(type_: GraphQLObjectType, position: Position) -> tuple[object, ...]:
    return (type_.name, *map(id, position.nodes))
