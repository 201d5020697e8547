"""Which fields are selected where, by graphql-core's own rules, under one setting of the switches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import count
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import collect_fields, collect_sub_fields
from graphql.execution.execute import get_field_def

from graphql_compiler.arguments import Arguments, variables_in
from graphql_compiler.resolving import FieldResolver, Resolving, resolving_of
from graphql_compiler.steps import Step


class SelectedField:
    """A field of an object type, with all the nodes that select it under one response name."""

    def __init__(
        self,
        number: int,
        response_name: str,
        nodes: list[FieldNode],
        parent: GraphQLObjectType,
        definition: GraphQLField,
        resolving: Resolving,
    ) -> None:
        self.number = number
        self.response_name = response_name
        self.nodes = nodes
        self.parent = parent
        self.definition = definition
        self.resolving = resolving
        self.step = Step(response_name, parent.name)
        self.info_head = (nodes[0].name.value, nodes, definition.type, parent)

    @cached_property
    def arguments(self) -> Arguments:
        return Arguments(self.definition, self.nodes[0])

    @property
    def name(self) -> str:
        return f"{self.parent.name}.{self.nodes[0].name.value}"


class Selecting:
    """Collects the fields of one operation. `switches`: the variables that its directives depend on."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        switches: Mapping[str, Any],
        field_resolver: FieldResolver | None,
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._fragments = dict(fragments)
        self._switches = dict(switches)
        self._field_resolver = field_resolver
        self._numbers = count(1)

    def root_fields(self, root_type: GraphQLObjectType) -> list[SelectedField]:
        """Return the operation's fields. Raises GraphQLError for a directive that cannot be evaluated."""
        collected = collect_fields(
            self._schema, self._fragments, self._switches, root_type, self._operation.selection_set
        )
        return self._selected(root_type, collected)

    def sub_fields(self, type_: GraphQLObjectType, nodes: Sequence[FieldNode]) -> list[SelectedField]:
        """Return the fields below a field's nodes. Raises GraphQLError as `root_fields`."""
        collected = collect_sub_fields(self._schema, self._fragments, self._switches, type_, list(nodes))
        return self._selected(type_, collected)

    def variables_below(self, nodes: Sequence[FieldNode]) -> set[str]:
        """Return the names of the variables that the selections below the nodes mention, fragments included."""
        entered: set[str] = set()
        found: set[str] = set()
        waiting = [node.selection_set for node in nodes if node.selection_set]
        while waiting:
            for selection in waiting.pop().selections:
                arguments = [*(getattr(selection, "arguments", None) or ())]
                for directive in selection.directives or ():
                    arguments += directive.arguments or ()
                for argument in arguments:
                    found |= variables_in(argument.value)
                if isinstance(selection, FragmentSpreadNode):
                    fragment = self._fragments.get(selection.name.value)
                    if fragment is not None and selection.name.value not in entered:
                        entered.add(selection.name.value)
                        waiting.append(fragment.selection_set)
                elif selection.selection_set:  # type: ignore[attr-defined]
                    waiting.append(selection.selection_set)  # type: ignore[attr-defined]
        return found

    def _selected(self, type_: GraphQLObjectType, collected: dict[str, list[FieldNode]]) -> list[SelectedField]:
        fields = []
        for response_name, nodes in collected.items():
            definition: GraphQLField | None = get_field_def(self._schema, type_, nodes[0])
            if definition is None:  # a document that was not validated
                continue
            resolving = resolving_of(definition, nodes[0].name.value, self._field_resolver)
            fields.append(SelectedField(next(self._numbers), response_name, nodes, type_, definition, resolving))
        return fields
