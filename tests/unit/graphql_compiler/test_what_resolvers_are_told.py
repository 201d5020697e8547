"""Resolvers get what they look at: no info, the context, or all of it, and a GraphQLResolveInfo when it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import attrgetter
from typing import Any

import pytest
from graphql import (
    GraphQLField,
    GraphQLList,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLString,
    parse,
)

from graphql_compiler import compile_operation
from graphql_compiler.info_use import InfoUse, info_use


def escapes(_: object, info: Any) -> Any:
    return str(info)


def hidden(_: object, info: Any) -> Any:
    return (lambda: info.context)()


@pytest.mark.parametrize(
    ("resolver", "use"),
    [
        (lambda source, info: source, InfoUse.NOTHING),
        (lambda source, _info, **arguments: arguments, InfoUse.NOTHING),
        (lambda source, info: info.context, InfoUse.CONTEXT),
        (lambda source, info: (info.context.a, info.context["b"]), InfoUse.CONTEXT),
        (lambda source, info: (info.context, info.field_name), InfoUse.ALL_BUT_PATH),
        (lambda source, info: info.path, InfoUse.ALL),
        (lambda source, info: info, InfoUse.ALL),
        (lambda source, info: locals(), InfoUse.ALL),
        (lambda *arguments: arguments[1].context, InfoUse.ALL),
        (escapes, InfoUse.ALL),
        (hidden, InfoUse.ALL),
        (partial(escapes), InfoUse.ALL),
    ],
)
def test_what_a_resolver_reads_of_info_is_found(resolver: Callable[..., Any], use: InfoUse) -> None:
    assert info_use(resolver) is use


def answered(resolver: Callable[..., Any], context: object = None) -> list[Any]:
    """Return what a resolver gives twice, as a field of a list's items under an alias."""
    item = GraphQLObjectType("Item", {"told": GraphQLField(GraphQLString, resolve=resolver)})
    query = GraphQLObjectType("Query", {"items": GraphQLField(GraphQLList(item))})
    operation = compile_operation(GraphQLSchema(query), parse("query Q($v: String) { items { a: told } }"))
    result: Any = operation.execute({"items": [1, 2]}, context, {"v": "7"})
    assert result.errors is None
    return [each["a"] for each in result.data["items"]]


def test_a_resolver_that_looks_at_the_context_gets_it() -> None:
    assert answered(lambda source, info: f"{info.context}{source}", "c") == ["c1", "c2"]


def test_a_resolver_that_looks_at_its_path_gets_its_own() -> None:
    assert answered(lambda source, info: str(info.path.as_list())) == ["['items', 0, 'a']", "['items', 1, 'a']"]
    assert answered(lambda source, info: str(info.path.typename)) == ["Item", "Item"]


def test_info_is_a_graphql_resolve_info_in_every_way() -> None:
    def resolve(_: object, info: GraphQLResolveInfo) -> str:
        assert isinstance(info, GraphQLResolveInfo)
        copied = info._replace(context="other")
        assert (copied.context, copied.path) == ("other", info.path)
        assert GraphQLResolveInfo(*info) == info
        assert info._asdict()["path"] == info[4] == info.path
        name, nodes, *_rest = info
        assert nodes is info.field_nodes
        assert (info.schema.query_type.name, info.parent_type.name) == ("Query", "Item")  # type: ignore[union-attr]
        assert (info.is_awaitable(1), info.fragments, info.root_value) == (False, {}, {"items": [1, 2]})
        return f"{name} {info.return_type} {info.variable_values}"

    assert answered(resolve) == ["told String {'v': '7'}"] * 2


class Parent:
    inner = type("Inner", (), {"text": "deep"})


def test_declared_shorter_ways_are_taken() -> None:
    def resolve(source: Any, info: Any) -> Any:
        raise AssertionError("the long way")

    resolve.graphql_context_resolver = lambda source, context: f"{context}{source}"  # type: ignore[attr-defined]
    assert answered(resolve, "c") == ["c1", "c2"]
    del resolve.graphql_context_resolver  # type: ignore[attr-defined]
    resolve.graphql_source_resolver = lambda source: str(source)  # type: ignore[attr-defined]
    assert answered(resolve) == ["1", "2"]
    resolve.graphql_source_resolver = attrgetter("real.numerator.__class__.__name__")  # type: ignore[attr-defined]
    assert answered(resolve) == ["int", "int"]
