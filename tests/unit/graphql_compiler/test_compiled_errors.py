"""What fails is null as far up as it must be, and told with its place in the document and the answer."""

from __future__ import annotations

import math
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLNonNull, GraphQLObjectType, GraphQLScalarType, GraphQLSchema, parse
from graphql.type import GraphQLField
from library import Book, compiled, told

from graphql_compiler import compile_operation


def test_a_nullable_value_that_fails_is_null_alone() -> None:
    cause = ValueError("lost")
    result: Any = compiled("{ books { id title } }").execute(
        {"books": [Book("1", titles={"en": "A"}), Book("2", titles={"en": cause})]}
    )
    assert result.data == {"books": [{"id": "1", "title": "A"}, {"id": "2", "title": None}]}
    [error] = result.errors
    assert (error.message, error.path, error.original_error) == ("lost", ["books", 1, "title"], cause)
    assert [(place.line, place.column) for place in error.locations] == [(1, 14)]


def test_a_null_travels_to_the_nearest_value_that_may_be_null() -> None:
    sequel = Book("2", required=Book("3", required=None))
    result: Any = compiled("{ book(id: 1) { id sequel { id required { id required { id } } } } }").execute(
        {"book": Book("1", sequel=sequel)}
    )
    assert result.data == {"book": {"id": "1", "sequel": None}}
    path = ["book", "sequel", "required", "required"]
    assert told(result.errors) == [("Cannot return null for non-nullable field Book.required.", path)]


def test_a_null_that_nothing_stops_leaves_no_data() -> None:
    result: Any = compiled("{ library { books { id pages } } }").execute(
        {"library": {"books": [Book("1"), Book("2", pages=None)]}}
    )
    assert result.data is None
    assert told(result.errors) == [
        ("Cannot return null for non-nullable field Book.pages.", ["library", "books", 1, "pages"])
    ]


def test_items_that_are_errors_or_null_are_null_where_the_list_allows_it() -> None:
    shelves = [[Book("1"), None, ValueError("burnt")], []]
    result: Any = compiled("{ shelves { id } }").execute({"shelves": shelves})
    assert result.data == {"shelves": [[{"id": "1"}, None, None], []]}
    assert told(result.errors) == [("burnt", ["shelves", 0, 2])]


def test_an_iteration_that_fails_keeps_what_was_told_of_the_items_before() -> None:
    def shelves(_: object) -> Any:
        yield [ValueError("burnt")]
        raise OSError("collapsed")

    result: Any = compiled("{ shelves { id } }").execute({"shelves": shelves})
    assert result.data == {"shelves": None}
    assert told(result.errors) == [("collapsed", ["shelves"]), ("burnt", ["shelves", 0, 0])]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("pages", 2**31, "Int cannot represent non 32-bit signed integer value: 2147483648"),
        ("pages", "x", "Int cannot represent non-integer value: 'x'"),
        ("id", {}, "ID cannot represent value: {}"),
        ("weight", math.nan, "Float cannot represent non numeric value: nan"),
        ("lent", "yes", "Boolean cannot represent a non boolean value: 'yes'"),
        ("genre", "DRAMA", "Enum 'Genre' cannot represent value: 'DRAMA'"),
        ("genre", [], "Enum 'Genre' cannot represent value: []"),
        ("title", object, "String cannot represent value"),
    ],
)
def test_values_that_are_not_of_their_type_are_refused(field: str, value: object, message: str) -> None:
    result: Any = compiled(f"{{ book(id: 1) {{ {field} }} }}").execute({"book": {field: lambda *_, **__: value}})
    [error] = result.errors
    assert error.message.startswith(message)
    assert error.path == ["book", field]


def test_graphql_errors_keep_their_extensions_raised_or_returned() -> None:
    error = GraphQLError("not lent", extensions={"code": "LENT"})
    for root in ({"book": error}, {"book": lambda *_, **__: error}):
        result: Any = compiled("{ book(id: 1) { id } }").execute(root)
        assert result.data == {"book": None}
        assert result.errors[0].formatted == {
            "message": "not lent",
            "locations": [{"line": 1, "column": 3}],
            "path": ["book"],
            "extensions": {"code": "LENT"},
        }


def test_a_scalar_that_serialises_to_nothing_is_an_error_and_no_null() -> None:
    empty = GraphQLScalarType("Empty", serialize=lambda _: None)
    query = GraphQLObjectType("Query", {"a": GraphQLField(empty), "b": GraphQLField(GraphQLNonNull(empty))})
    operation = compile_operation(GraphQLSchema(query), parse("{ a }"))
    result: Any = operation.execute({"a": 1})
    assert result.data == {"a": None}
    assert result.errors[0].message == "Expected `Empty.serialize(1)` to return non-nullable value, returned: None"


def test_type_resolvers_that_name_no_possible_type_are_told_of() -> None:
    operation = compiled("{ thing { __typename } }")
    for name in ("Library", "Nothing", "Genre", 7, None):
        result: Any = operation.execute({"thing": {"__typename": name}})
        assert result.data == {"thing": None}
        assert "'Thing'" in result.errors[0].message
