"""Schemas as hypothesis draws them: SDL, to which the behaviour of its types is added."""

from __future__ import annotations

import enum
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from behaviours import owner_of, tag_of
from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
    build_schema,
)
from graphql.language import IntValueNode, StringValueNode, ValueNode
from hypothesis import strategies as st

LEAVES = ("Int", "String", "Float", "Boolean", "ID", "S0", "S1", "E0")
INPUT_LEAVES = ("Int", "String", "Boolean", "Float", "ID", "E0", "S0", "S1")
LITERALS = {
    "Int": ("1", "0", "-7"),
    "String": ('"a"', '""', '"""block"""'),
    "Float": ("1.5", "2"),
    "Boolean": ("true", "false"),
    "ID": ('"x"', "7"),
    "E0": ("RED", "GREEN"),
    "S0": ("1", '"s"', "{k: [1, null]}", "RED"),
    "S1": ("1", '"s"'),
    "N0": ("{}", "{p: 2}", "{q: [[1], null]}", "{p: null, r: RED}"),
    "N1": ("{need: 1}", '{need: 2, deep: {}, s: "s"}', "{need: 0, more: [{p: 3}]}"),
    "N2": ("{left: 1}", "{right: {}}"),
}
INPUTS = """
input N0 { p: Int = 5  q: [[Int!]]  r: E0 = GREEN }
input N1 { need: Int!  deep: N0 = {p: 9}  more: [N0!] = [{}]  s: S0 }
input N2 @oneOf { left: Int  right: N0 }
"""


class Colour(enum.Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


ENUM_VALUES: dict[str, Callable[[str], Any]] = {
    "names": lambda name: name,
    "numbers": lambda name: len(name),
    "members": lambda name: Colour[name],
    "lists": lambda name: [name],
}


@dataclass(frozen=True)
class Drawn:
    """A schema, with the SDL that it was built from."""

    sdl: str
    schema: GraphQLSchema
    enum_values: str

    def __repr__(self) -> str:
        return f"{self.sdl}\n# values of E0 are {self.enum_values}"


@st.composite
def schemas(draw: st.DrawFn) -> Drawn:
    """Draw a schema with a query, a mutation and a subscription type."""
    objects = [f"T{number}" for number in range(draw(st.integers(1, 3)))]
    interfaces = [f"I{number}" for number in range(draw(st.integers(0, 2)))]
    unions = ["U0"] if draw(st.booleans()) else []
    composite = (*objects, *interfaces, *unions)
    outputs = (*LEAVES, *composite, *composite)
    of_roots = ("Int", "S0", *composite * 2)
    nested = len(interfaces) == 2 and draw(st.booleans())
    of_interfaces = {
        name: {field: _field(draw, outputs) for field in (f"{name.lower()}a", f"{name.lower()}b")}
        for name in interfaces
    }
    if nested:
        of_interfaces["I1"] |= of_interfaces["I0"]
    lines = ["scalar S0", "scalar S1", "enum E0 { RED GREEN BLUE }", INPUTS]
    for name in interfaces:
        implements = " implements I0" if nested and name == "I1" else ""
        lines.append(f"interface {name}{implements} {_block(of_interfaces[name])}")
    for name in objects:
        implemented = [each for each in interfaces if draw(st.booleans())]
        if nested and "I1" in implemented and "I0" not in implemented:
            implemented.insert(0, "I0")
        fields = {field: text for each in implemented for field, text in of_interfaces[each].items()}
        fields = {field: _stricter(draw, text) for field, text in fields.items()}
        fields |= {field: _field(draw, outputs) for field in "abc"[: draw(st.integers(1, 3))]}
        implements = f" implements {' & '.join(implemented)}" if implemented else ""
        lines.append(f"type {name}{implements} {_block(fields)}")
    if unions:
        members = draw(st.lists(st.sampled_from(objects), min_size=1, unique=True))
        lines.append(f"union U0 = {' | '.join(sorted(members))}")
    for root in ("Query", "Mutation", "Subscription"):
        fields = {field: _field(draw, of_roots) for field in "uvwx"[: draw(st.integers(1, 4))]}
        lines.append(f"type {root} {_block(fields)}")
    sdl = "\n".join(lines)
    enum_values = draw(st.sampled_from(sorted(ENUM_VALUES)))
    drawn = Drawn(sdl, build_schema(sdl), enum_values)
    _add_behaviour(draw, drawn)
    return drawn


def _field(draw: st.DrawFn, outputs: tuple[str, ...]) -> str:
    """Draw what follows a field's name: its arguments and type."""
    arguments = [f"{name}: {_argument(draw)}" for name in ("x", "y")[: draw(st.sampled_from((0, 0, 0, 1, 2)))]]
    return (
        f"({', '.join(arguments)})" if arguments else ""
    ) + f": {_wrapped(draw, draw(st.sampled_from(outputs)))}"


def _argument(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from((*INPUT_LEAVES, "N0", "N1", "N2")))
    wrapped = _wrapped(draw, name)
    if draw(st.booleans()):
        return wrapped
    literal = draw(st.sampled_from(LITERALS[name]))
    return f"{wrapped} = {'[' * wrapped.count('[')}{literal}{']' * wrapped.count('[')}"


def _wrapped(draw: st.DrawFn, name: str) -> str:
    return draw(st.sampled_from(("{}", "{}", "{}!", "[{}]", "[{}!]", "[{}!]!", "[[{}]!]"))).format(name)


def _stricter(draw: st.DrawFn, text: str) -> str:
    """Draw the type that an object has where its interface has `text`."""
    return f"{text}!" if not text.endswith("!") and draw(st.booleans()) else text


def _block(fields: dict[str, str]) -> str:
    return "{ " + "  ".join(f"{name}{text}" for name, text in fields.items()) + " }"


def _add_behaviour(draw: st.DrawFn, drawn: Drawn) -> None:
    for named in drawn.schema.type_map.values():
        if named.name.startswith("__"):
            continue
        match named:
            case GraphQLScalarType(name="S0" | "S1"):
                named.serialize = _serialize  # type: ignore[method-assign]
                named.parse_value = _parse_value  # type: ignore[method-assign]
                if named.name == "S1":
                    named.parse_literal = _parse_literal  # type: ignore[method-assign]
            case GraphQLEnumType(name="E0"):
                for name, value in named.values.items():
                    value.value = ENUM_VALUES[drawn.enum_values](name)
            case GraphQLInputObjectType():
                if draw(st.booleans()):
                    named.fields[next(iter(named.fields))].out_name = "out"
                if draw(st.booleans()):
                    named.out_type = lambda given: (type(given).__name__, sorted(given.items(), key=str))  # type: ignore[method-assign]
            case GraphQLInterfaceType() | GraphQLUnionType():
                odd = draw(st.integers(0, 4)) == 4
                named.resolve_type = draw(st.sampled_from(ODD_RESOLVE_TYPE if odd else RESOLVE_TYPE))
            case GraphQLObjectType():
                if draw(st.integers(0, 3)) == 3:
                    odd = draw(st.integers(0, 3)) == 3
                    named.is_type_of = draw(st.sampled_from(ODD_IS_TYPE_OF if odd else IS_TYPE_OF))(named.name)
                for defined in named.fields.values():
                    if "y" in defined.args and draw(st.booleans()):
                        defined.args["y"].out_name = "out"


def _serialize(value: Any) -> Any:
    if value == "fails":
        raise ValueError("cannot be told")
    if value == "fails otherwise":
        raise GraphQLError("cannot be told", extensions={"code": "SCALAR"})
    if isinstance(value, str):
        return {"nothing": None, "undefined": Undefined}.get(value, value)
    json.dumps(value)  # objects of a resolver that gives what its type does not have are refused
    return value


def _parse_value(value: Any) -> Any:
    if value == "fails":
        raise ValueError("cannot be read")
    if value == "fails otherwise":
        raise GraphQLError("cannot be read", extensions={"code": "SCALAR"})
    return Undefined if value == "undefined" else ("parsed", value)


def _parse_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
    if isinstance(node, IntValueNode | StringValueNode):
        return ("literal", node.value, sorted(variables or {}))
    raise GraphQLError("S1 is a number or a string", node)


async def _later(result: Any, info: Any, asked: str) -> Any:
    await info.context.gates.wait(asked)
    return result


def _fails(*_: Any) -> Any:
    raise ValueError("of no type")


async def _fails_later(value: Any, info: Any, *_: Any) -> Any:
    await info.context.gates.wait(f"no type of {owner_of(value)}")
    raise ValueError("of no type, later")


RESOLVE_TYPE: tuple[Callable[..., Any] | None, ...] = (
    None,
    lambda value, info, abstract: tag_of(value),
    lambda value, info, abstract: _later(tag_of(value), info, f"type of {owner_of(value)}"),
)
ODD_RESOLVE_TYPE: tuple[Callable[..., Any], ...] = (
    _fails,
    _fails_later,
    lambda *_: None,
    lambda *_: 7,
    lambda *_: "Unheard",
    lambda *_: "E0",
)
IS_TYPE_OF: tuple[Callable[[str], Callable[..., Any]], ...] = (
    lambda name: lambda value, info: tag_of(value) == name,
    lambda name: lambda value, info: _later(tag_of(value) == name, info, f"{name} is {owner_of(value)}"),
)
ODD_IS_TYPE_OF: tuple[Callable[[str], Callable[..., Any]], ...] = (
    lambda name: lambda value, info: True,
    lambda name: lambda value, info: _later(True, info, f"{name} is {owner_of(value)}"),
    lambda name: lambda value, info: False,
    lambda name: _fails,
    lambda name: _fails_later,
)
