"""Valid documents for a schema, with variables right and wrong, as hypothesis draws them.

Fields that share a response name must merge: over a whole document a name stands for one field with one set of
arguments and one type, or for leaves of one type in different objects.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from generated_schemas import LITERALS
from graphql import (
    GraphQLAbstractType,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.type import is_required_argument
from hypothesis import strategies as st

DEPTH = 3
INTROSPECTION = (
    "__schema { queryType { name } mutationType { name fields { name } } }",
    "__schema { directives { name args { name type { kind name ofType { name } } defaultValue } } }",
    '__type(name: "T0") { fields(includeDeprecated: true) { name type { kind ofType { name } } args { name } } }',
    '__type(name: "Nobody") { name }',
    '__type(name: "N1") { inputFields { name defaultValue } possibleTypes { name } interfaces { name } }',
)
VALUES: dict[str, tuple[Any, ...]] = {
    "Int": (1, 0, 2.0),
    "String": ("a", ""),
    "Float": (1.5, 3),
    "Boolean": (True, False),
    "ID": ("x", 7),
    "E0": ("RED", "GREEN"),
    "S0": (1, {"k": [1, None]}, "fails", "undefined"),
    "S1": ("s", "fails otherwise"),
    "N0": ({}, {"p": 2}, {"q": [[1], 2], "r": "RED"}, {"p": None}),
    "N1": ({"need": 1}, {"need": 2, "deep": {}, "s": "s"}, {"need": 3, "more": {"p": 3}}),
    "N2": ({"left": 1}, {"right": {"p": 1}}),
}
WRONG: tuple[Any, ...] = (
    "wrong", {"wrong": 1}, [[{"p": "x"}, None]], 2**40, 1.5, None, True, [None],
    {"need": "x", "deep": {"r": "PINK"}}, {"left": 1, "right": None}, {"need": None, "neat": 1}, float("nan"),
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """`variables`: those of several executions, one after the other."""

    text: str
    operation_name: str | None
    variables: tuple[dict[str, Any], ...]

    @property
    def root_type(self) -> str:
        """The name of the type on which the operation is, or the first one where none or another is named."""
        found = re.search(rf"(\w+) {self.operation_name}\b", self.text) or re.match(r"(\w+)", self.text)
        assert found is not None
        return found[1].capitalize()

    def __repr__(self) -> str:
        return f"{self.text}\n# operation {self.operation_name}, variables {self.variables}"


@dataclass
class _Fragment:
    name: str
    condition: str
    text: str
    uses: set[str]


@dataclass
class _Writer:
    draw: st.DrawFn
    schema: GraphQLSchema
    fragments: list[_Fragment] = field(default_factory=list)
    variables: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Type and default (with its sign, or nothing) by name."""
    uses: set[str] = field(default_factory=set)
    names: dict[str, Any] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)

    def chance(self, of: int) -> bool:
        return self.draw(st.integers(1, of)) == of

    def choose(self, choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def selections(self, parent: GraphQLNamedType, depth: int) -> str:
        """Draw a selection set on a composite type."""
        count = self.choose((2, 3, 4, 5) if depth == DEPTH else (1, 2, 3))
        return "{ " + " ".join(self._selection(parent, depth) for _ in range(count)) + " }"

    def _selection(self, parent: Any, depth: int) -> str:
        kind = self.choose(("field",) * 7 + ("inline", "spread", "typename"))
        if kind == "inline" and depth > 0:
            condition = self.choose([None, *self._overlapping(parent)])
            on = f" on {condition}" if condition else ""
            inside = self.selections(self.schema.type_map[condition] if condition else parent, depth - 1)
            return f"...{on}{self._directives()} {inside}"
        if kind == "spread" and depth > 0:
            return f"...{self._fragment(parent, depth).name}{self._directives()}"
        if kind == "typename":
            return f"{self.choose(('', '', 'named: '))}__typename{self._directives()}"
        if parent is self.schema.query_type and self.chance(20):
            return f"m{self.draw(st.integers(0, 99))}{len(self.fields)}: {self.choose(INTROSPECTION)}"
        fields = [
            (name, defined)
            for name, defined in getattr(parent, "fields", {}).items()
            if depth > 0 or is_leaf_type(get_named_type(defined.type))
        ]
        return self._field(parent, *self.choose(fields), depth) if fields else "__typename"

    def _field(self, parent: Any, name: str, defined: GraphQLField, depth: int) -> str:
        self.fields.add(name)
        arguments = self._arguments(defined)
        response = self._response_name(parent, name, arguments, str(defined.type))
        named = get_named_type(defined.type)
        inside = f" {self.selections(named, depth - 1)}" if is_composite_type(named) else ""
        alias = "" if response == name else f"{response}: "
        return f"{alias}{name}{arguments}{self._directives()}{inside}"

    def _response_name(self, parent: Any, name: str, arguments: str, type_: str) -> str:
        signature = (name, arguments, type_)
        if is_object_type(parent) and type_.strip("[]!") in LITERALS and self.chance(5):
            shared = "leaf" + type_.replace("[", "L").replace("]", "E").replace("!", "X")
            if self.names.setdefault((shared, parent.name), signature) == signature:
                return shared
        number = 0
        while True:
            response = name if number == 0 and not self.chance(6) else f"{name}{number}"
            if self.names.setdefault(response, signature) == signature:
                return response
            number += 1

    def _arguments(self, defined: GraphQLField) -> str:
        given = [
            f"{name}: {self._value(argument.type, argument)}"
            for name, argument in defined.args.items()
            if is_required_argument(argument) or self.draw(st.booleans())
        ]
        return f"({', '.join(given)})" if given else ""

    def _value(self, type_: GraphQLInputType, argument: GraphQLArgument | None) -> str:
        if self.chance(3):
            return self._variable(str(type_))
        if not is_non_null_type(type_) and self.chance(6):
            return "null"
        return self._literal(type_)

    def _literal(self, type_: Any) -> str:
        if is_non_null_type(type_):
            return self._literal(type_.of_type)
        if is_list_type(type_):
            if self.chance(4):
                return self._literal(type_.of_type)  # one that is coerced to a list
            count = self.draw(st.integers(0, 2))
            return f"[{', '.join(self._value(type_.of_type, None) for _ in range(count))}]"
        if type_.name == "N1" and self.chance(3):
            return f"{{need: {self._variable('Int!')}, deep: {self._variable('N0')}}}"
        if type_.name == "S0" and self.chance(5):
            return f"{{k: {self._variable('Int')}}}"
        literal: str = self.choose(LITERALS[type_.name])
        return literal

    def _variable(self, type_: str) -> str:
        known = [name for name, (its_type, _) in self.variables.items() if its_type in (type_, f"{type_}!")]
        if known and self.draw(st.booleans()):
            name = self.choose(known)
        else:
            name = f"v{len(self.variables)}"
            default = ""
            if self.chance(4):
                literal = self.choose(LITERALS[type_.strip("[]!")])
                default = f" = {'[' * type_.count('[')}{literal}{']' * type_.count('[')}"
            stricter = not type_.endswith("!") and self.chance(4)
            weaker = type_.endswith("!") and default and self.draw(st.booleans())
            self.variables[name] = (f"{type_}!" if stricter else type_[:-1] if weaker else type_, default)
        self.uses.add(name)
        return f"${name}"

    def _directives(self) -> str:
        if not self.chance(6):
            return ""
        names = self.choose((("skip",), ("include",), ("include", "skip")))
        condition = [
            self.choose(("true", "false")) if self.chance(3) else self._variable("Boolean!") for _ in names
        ]
        return "".join(f" @{name}(if: {each})" for name, each in zip(names, condition, strict=True))

    def _fragment(self, parent: Any, depth: int) -> _Fragment:
        possible = self._overlapping(parent)
        known = [fragment for fragment in self.fragments if fragment.condition in possible]
        if known and self.draw(st.booleans()):
            fragment: _Fragment = self.choose(known)
        else:
            condition = self.choose(possible)
            outside, self.uses = self.uses, set()
            text = self.selections(self.schema.type_map[condition], depth - 1)
            fragment = _Fragment(f"F{len(self.fragments)}", condition, text, self.uses)
            self.fragments.append(fragment)
            self.uses = outside
        self.uses |= fragment.uses
        return fragment

    def _overlapping(self, parent: Any) -> list[str]:
        mine = self._possible(parent)
        return [
            name
            for name, other in self.schema.type_map.items()
            if name == parent.name or (is_composite_type(other) and mine & self._possible(other))
        ]

    def _possible(self, named: GraphQLObjectType | GraphQLAbstractType | GraphQLNamedType) -> set[str]:
        if is_abstract_type(named):
            return {each.name for each in self.schema.get_possible_types(named)}
        return {named.name}


@st.composite
def requests(draw: st.DrawFn, schema: GraphQLSchema, kinds: tuple[str, ...]) -> tuple[Request, set[str]]:
    """Draw a document of operations of these kinds, what is sent with it, and the names of the fields in it."""
    writer = _Writer(draw, schema)
    operations = []
    wanted = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=2))
    for number, kind in enumerate(wanted):
        writer.uses = set()
        root = {"query": schema.query_type, "mutation": schema.mutation_type}.get(kind, schema.subscription_type)
        assert root is not None
        text = _one_field(writer, root) if kind == "subscription" else writer.selections(root, DEPTH)
        defined = ", ".join(
            f"${name}: {type_}{default}"
            for name, (type_, default) in writer.variables.items()
            if name in writer.uses
        )
        operations.append(f"{kind} O{number}{f'({defined})' if defined else ''} {text}")
    fragments = [f"fragment {each.name} on {each.condition} {each.text}" for each in writer.fragments]
    several = len(wanted) > 1
    name = draw(st.sampled_from((*(f"O{number}" for number in range(len(wanted))), *(() if several else (None,)))))
    if writer.chance(40):
        name = draw(st.sampled_from((None, "Unknown")))
    variables = tuple(_sent(writer) for _ in range(2 if writer.variables else 1))
    return Request("\n".join([*operations, *fragments]), name, variables), writer.fields


def _one_field(writer: _Writer, root: GraphQLObjectType) -> str:
    name = writer.choose(sorted(root.fields))
    return "{ " + writer._field(root, name, root.fields[name], DEPTH) + " }"


def _sent(writer: _Writer) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for name, (type_, default) in writer.variables.items():
        if (default or not type_.endswith("!")) and writer.draw(st.booleans()):
            continue
        if writer.chance(25):
            sent[name] = writer.choose(WRONG)
        elif not type_.endswith("!") and writer.chance(4):
            sent[name] = None
        elif not writer.chance(40):
            value = writer.choose(VALUES[type_.strip("[]!")])
            for _ in range(type_.count("[") if not writer.chance(5) else 0):
                value = [value]
            sent[name] = value
    if writer.chance(12):
        sent["unheard"] = 1
    return sent
