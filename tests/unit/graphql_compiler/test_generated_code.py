"""Nothing that a document or a schema says becomes code; what is compiled stays bounded."""

from __future__ import annotations

import ast
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    NameNode,
    parse,
)
from library import SCHEMA, Book, compiled

from graphql_compiler import HandedOver, Reason, compile_operation

ATTACKS = (
    'x"] + __import__("os").system("true") + ["',
    "a\nimport os",
    "a'); raise SystemExit #",
    "d1",
    "__builtins__",
    "{run.plan}",
    "\u2028import os",
    "ａ",  # the same as `a` to Python, and another name to GraphQL
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_response_name_is_never_code(attack: str) -> None:
    document = parse("{ book(id: 1) { id } }")
    book: Any = document.definitions[0].selection_set.selections[0]  # type: ignore[attr-defined]
    book.alias = NameNode(value=attack)
    book.selection_set.selections[0].alias = NameNode(value=attack)
    operation = compile_operation(SCHEMA, document)
    assert operation.execute({"book": Book("1")}) == ({attack: {attack: "1"}}, None)
    assert _says_only_its_own(operation.source)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_string_of_a_document_is_never_code(attack: str) -> None:
    operation = compile_operation(
        SCHEMA, parse("{ book(id: 1) { title(language: $l) } }".replace("$l", _quoted(attack)))
    )
    assert operation.execute({"book": Book("1", titles={attack: "found"})}) == ({"book": {"title": "found"}}, None)
    assert _says_only_its_own(operation.source)


def test_names_of_a_schema_that_python_cannot_spell_are_looked_up() -> None:
    def resolve(source: object, info: object, **arguments: Any) -> str:
        return str(sorted(arguments))

    fields = {
        "class": GraphQLField(GraphQLString),
        "None": GraphQLField(GraphQLString),
        "called": GraphQLField(
            GraphQLString,
            args={"lambda": GraphQLArgument(GraphQLString, default_value="x", out_name="no name")},
            resolve=resolve,
        ),
    }
    schema = GraphQLSchema(GraphQLObjectType("Query", fields))
    operation = compile_operation(schema, parse("{ class None called }"))
    root = type("Root", (), {"class": "A", "None": "B"})()
    assert operation.execute(root) == ({"class": "A", "None": "B", "called": "['no name']"}, None)


def test_resolvers_written_in_c_can_import_what_they_need() -> None:
    def resolve(source: datetime, info: object) -> str:
        raise AssertionError("the long way")

    resolve.graphql_source_resolver = partial(datetime.strptime, "2026-11-25")  # type: ignore[attr-defined]
    schema = GraphQLSchema(GraphQLObjectType("Query", {"at": GraphQLField(GraphQLString, resolve=resolve)}))
    operation = compile_operation(schema, parse("{ at }"))
    assert operation.execute("%Y-%m-%d") == ({"at": "2026-11-25 00:00:00"}, None)


def test_deep_selections_are_compiled() -> None:
    depth = 150
    book: Any = None
    for _ in range(depth + 1):
        book = Book("1", sequel=book)
    operation = compiled("{ book(id: 1) { " + "sequel { " * depth + "id" + " }" * (depth + 2))
    answer: Any = operation.execute({"book": book})
    value = answer.data["book"]
    for _ in range(depth):
        value = value["sequel"]
    assert (value, answer.errors) == ({"id": "1"}, None)


def test_deep_lists_in_line_stay_within_the_blocks_that_python_allows() -> None:
    node = GraphQLObjectType(
        "Node",
        lambda: {
            "id": GraphQLField(GraphQLNonNull(GraphQLString)),
            "nodes": GraphQLField(GraphQLNonNull(GraphQLList(GraphQLNonNull(node)))),
        },
    )
    depth = 40
    value: dict[str, Any] = {"id": "leaf", "nodes": []}
    for _ in range(depth):
        value = {"id": "inner", "nodes": [value]}
    text = "{ " + "nodes { " * depth + "id" + " }" * (depth + 1)
    answer: Any = compile_operation(GraphQLSchema(node), parse(text)).execute(value)
    found = answer.data
    for _ in range(depth):
        [found] = found["nodes"]
    assert found == {"id": "leaf"}


def test_an_operation_whose_fragments_multiply_is_handed_over_and_counted() -> None:
    levels = 16
    fragments = " ".join(
        f"fragment F{level} on Book {{ a: sequel {{ ...F{level + 1} }} b: sequel {{ ...F{level + 1} }} }}"
        for level in range(levels)
    )
    text = f"{{ book(id: 1) {{ ...F0 }} }} {fragments} fragment F{levels} on Book {{ id }}"
    count = HandedOver()
    operation = compile_operation(SCHEMA, parse(text), count=count)
    assert operation.execute({"book": Book("1")}) == ({"book": {"a": None, "b": None}}, None)
    assert count.of(Reason.TOO_LARGE) == count.total == 1


def _quoted(text: str) -> str:
    return '"' + "".join(f"\\u{ord(character):04x}" for character in text) + '"'


def _says_only_its_own(source: str) -> bool:
    """Tell whether the source is of functions alone that name nothing outside their namespace."""
    tree = ast.parse(source)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    inside = {node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom | ast.Global)}
    return all(isinstance(node, ast.FunctionDef) for node in tree.body) and not inside and "os" not in names
