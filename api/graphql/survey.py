"""One walk over an operation that finds everything the limits and the access rule ask about.

Fragments are walked once and their findings reused, so that neither cycles nor fragments that spread each other
many times over can make the walk longer than the document. Counts multiply through spreads and may become very
large integers; they are only compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

PAGE_ARGUMENTS = ("first", "last")
Size = int | str
"""A page size: a number, or the name of the variable that will hold it."""


@dataclass(frozen=True, slots=True)
class Use:
    """A field that the operation selects: `Type.field`, its definition, one place in the document."""

    type_name: str
    field: GraphQLField
    node: FieldNode

    @property
    def name(self) -> str:
        return f"{self.type_name}.{self.node.name.value}"


@dataclass(slots=True)
class Survey:
    """`depth`: the most fields that enclose a field. `aliased`: occurrences by field name, spreads expanded."""

    uses: dict[tuple[str, str], Use] = field(default_factory=dict)
    aliased: Counter[str] = field(default_factory=Counter)
    depth: int = 0
    cost: Cost = field(default_factory=lambda: Cost())
    sizes: dict[Size, FieldNode] = field(default_factory=dict)
    introspects: FieldNode | None = None

    @property
    def sized_by_variables(self) -> bool:
        """Tell whether the size of a page is a variable's value."""
        return any(isinstance(size, str) for size in self.sizes)

    def take(self, other: Survey, below: int) -> None:
        """Add what was found `below` fields further down."""
        self.uses.update(other.uses)
        self.aliased.update(other.aliased)
        self.depth = max(self.depth, below + other.depth)
        self.sizes.update(other.sizes)
        self.introspects = self.introspects or other.introspects


@dataclass(slots=True)
class Cost:
    """`fields` and, for each enclosed page or fragment, its own cost times its size."""

    fields: int = 0
    parts: list[tuple[Size, Cost]] = field(default_factory=list)

    def of(self, variables: Mapping[str, Any], default_page: int) -> int:
        """Return the number; each part is added up once, however often it is spread."""
        return self._sum(variables, default_page, {})

    def _sum(self, variables: Mapping[str, Any], default_page: int, known: dict[int, int]) -> int:
        if id(self) not in known:
            total = self.fields
            for size, part in self.parts:
                number = variables.get(size) if isinstance(size, str) else size
                times = number if isinstance(number, int) else default_page
                total += max(times, 1) * part._sum(variables, default_page, known)
            known[id(self)] = total
        return known[id(self)]


class Surveyor:
    """Walks the operations of one valid document. `default_page` is the size of a page that names none."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], default_page: int
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._default_page = default_page
        self._known: dict[str, Survey] = {}

    def operation(self, operation: OperationDefinitionNode) -> Survey:
        """Survey one operation, fragments included."""
        root = self._schema.get_root_type(operation.operation)
        assert root is not None
        return self._selections(operation.selection_set, root)

    def _selections(self, selections: SelectionSetNode, parent: GraphQLCompositeType) -> Survey:
        found = Survey()
        for node in selections.selections:
            if isinstance(node, FieldNode):
                self._field(node, parent, found)
                continue
            if isinstance(node, FragmentSpreadNode):
                inner = self._fragment(node.name.value)
            else:
                condition = node.type_condition  # type: ignore[attr-defined]
                inner_type = self._composite(condition.name.value) if condition else parent
                inner = self._selections(node.selection_set, inner_type)  # type: ignore[attr-defined]
            found.take(inner, below=0)
            found.cost.parts.append((1, inner.cost))
        return found

    def _field(self, node: FieldNode, parent: GraphQLCompositeType, found: Survey) -> None:
        name = node.name.value
        if node.alias is not None:
            found.aliased[name] += 1
        if name.startswith("__"):
            # The walk ends here: `__typename` needs nothing, the schema has its own rule of depth.
            if name != "__typename":
                found.introspects = found.introspects or node
            found.cost.fields += 1
            return
        assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        definition = parent.fields[name]
        found.uses.setdefault((parent.name, name), Use(parent.name, definition, node))
        found.cost.fields += 1
        sizes = self._sizes(node, definition)
        for size in sizes:
            found.sizes.setdefault(size, node)
        if node.selection_set is not None:
            inner_type = cast(GraphQLCompositeType, get_named_type(definition.type))
            inner = self._selections(node.selection_set, inner_type)
            found.take(inner, below=1)
            # Of two page sizes on a field its resolver takes either: the largest possible counts.
            times = sizes[0] if len(sizes) == 1 else self._default_page if sizes else 1
            found.cost.parts.append((times, inner.cost))

    def _fragment(self, name: str) -> Survey:
        if name not in self._known:
            fragment = self._fragments[name]
            self._known[name] = self._selections(
                fragment.selection_set, self._composite(fragment.type_condition.name.value)
            )
        return self._known[name]

    def _sizes(self, node: FieldNode, definition: GraphQLField) -> list[Size]:
        """Return how many items are asked for; nothing for a field without pages."""
        paged = [name for name in PAGE_ARGUMENTS if name in definition.args]
        given: list[Size] = []
        for argument in node.arguments:
            if argument.name.value in paged:
                if isinstance(argument.value, VariableNode):
                    given.append(argument.value.name.value)
                elif isinstance(argument.value, IntValueNode):
                    given.append(int(argument.value.value))
        if given or not paged:
            return given
        defaults = [definition.args[name].default_value for name in paged]
        return [next((size for size in defaults if isinstance(size, int)), self._default_page)]

    def _composite(self, name: str) -> GraphQLCompositeType:
        return cast(GraphQLCompositeType, self._schema.type_map[name])
