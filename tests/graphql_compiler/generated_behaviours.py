"""What the fields of a schema give, as hypothesis draws it: mostly what their types say."""

from __future__ import annotations

from typing import Any

from behaviours import ERRORS, Fails, FieldBehaviour, Later, Leaf, Many, One, Plan, path_of
from graphql import (
    GraphQLEnumType,
    GraphQLSchema,
    Undefined,
    is_abstract_type,
    is_enum_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from hypothesis import strategies as st

GOOD: dict[str, tuple[Any, ...]] = {
    "Int": (1, 0, -5, 2.0, True, "12"),
    "Float": (1.5, 3, False, "0.5"),
    "String": ("a", "", True, 3, 2.5),
    "Boolean": (True, False, 0, 2.5),
    "ID": ("x", 7, 2.0),
    "S0": (1, "s", {"k": [None]}, [1]),
    "S1": (0, "s"),
}
BAD: dict[str, tuple[Any, ...]] = {
    "Int": (2**40, "x", 1.5, "", [1], float("nan")),
    "Float": ("x", float("inf"), {}, ""),
    "String": ({"a": 1}, [1], object),
    "Boolean": ("x", float("nan"), []),
    "ID": (1.5, {}, None),
    "S0": ("fails", "fails otherwise", "nothing", "undefined"),
    "S1": ("fails", "fails otherwise", "nothing", "undefined"),
    "E0": ("PINK", 99, ["RED", 1], {}),
}
NOTHING = (None, None, None, Undefined)
FORMS = ("list", "list", "list", "tuple", "generator", "values")
ODD_LISTS: tuple[Plan, ...] = (Leaf("text"), Leaf(5), Leaf({"a": 1}), Many((), "asynchronous"))


def draw_behaviours(
    draw: st.DrawFn, schema: GraphQLSchema, names: set[str], faults: int, races: bool
) -> dict[tuple[str, str], FieldBehaviour]:
    """Draw the behaviour of all fields with these names; one in `faults` values is none that its type has.

    With `races`, some coroutines wait for nothing. Fields that shall have a resolver are given one, which finds
    its behaviour in the context of its execution.
    """
    behaviours = {}
    for named in schema.type_map.values():
        if not is_object_type(named) or named.name.startswith("__"):
            continue
        for name, defined in named.fields.items():
            if name not in names:
                continue
            plan = _plan(draw, schema, defined.type, faults, races)
            resolver, called, looks = draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))
            behaviours[named.name, name] = FieldBehaviour(plan, resolver, called or bool(defined.args), looks)
            defined.resolve = _resolver(named.name, name) if resolver else None
    return behaviours


def _resolver(type_name: str, name: str) -> Any:
    def resolve(_: Any, info: Any, **arguments: Any) -> Any:
        run = info.context
        behaviour = run.fields[type_name, name]
        run.look(info, arguments, behaviour.looks)
        return run.make(behaviour.plan, path_of(info))

    return resolve


def _plan(
    draw: st.DrawFn, schema: GraphQLSchema, type_: Any, faults: int, races: bool, later: bool = True
) -> Plan:
    if later and draw(st.integers(0, 4)) == 4:
        how = draw(st.sampled_from(("coroutine", "coroutine", "future", "awaitable")))
        twice = draw(st.integers(0, 2 * faults)) == 2 * faults
        return Later(_plan(draw, schema, type_, faults, races, twice), how, not races or draw(st.booleans()))
    if draw(st.integers(0, 2 * faults)) == 2 * faults:
        return Fails(draw(st.sampled_from(("raised", "returned"))), draw(st.sampled_from(sorted(ERRORS))))
    if is_non_null_type(type_):
        if draw(st.integers(0, 2 * faults)) == 2 * faults:
            return Leaf(draw(st.sampled_from(NOTHING)))
        return _plan(draw, schema, type_.of_type, 2 * faults, races, False)
    if draw(st.integers(0, 9)) == 9:
        return Leaf(draw(st.sampled_from(NOTHING)))
    if is_list_type(type_):
        if draw(st.integers(0, 2 * faults)) == 2 * faults:
            return draw(st.sampled_from(ODD_LISTS))
        items = [
            _plan(draw, schema, type_.of_type, 2 * faults, races)
            for _ in range(draw(st.sampled_from((1, 2, 3, 0))))
        ]
        return Many(tuple(items), draw(st.sampled_from(FORMS)))
    if is_leaf_type(type_):
        if draw(st.integers(0, faults)) == faults:
            return Leaf(draw(st.sampled_from(BAD[type_.name])))
        return Leaf(draw(st.sampled_from(_internal(type_) if is_enum_type(type_) else GOOD[type_.name])))
    names = [each.name for each in schema.get_possible_types(type_)] if is_abstract_type(type_) else [type_.name]
    if not names or draw(st.integers(0, faults)) == faults:
        names = ["T0"]
    return One(draw(st.sampled_from(names)), draw(st.sampled_from(("dict", "object", "mapping"))))


def _internal(type_: GraphQLEnumType) -> list[Any]:
    return [value.value for value in type_.values.values()]
