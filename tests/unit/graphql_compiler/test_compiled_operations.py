"""A compiled operation answers as the specification says, from objects and mappings alike."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import orjson
import pytest
from graphql import GraphQLError, parse
from library import SCHEMA, Book, Person, compiled, told

from graphql_compiler import CompiledOperation, HandedOver, Reason, compile_operation

BOOKS = "{ books { id pages weight lent genre owner { name } } }"


def run(operation: CompiledOperation, root: object, **variables: Any) -> Any:
    return operation.execute(root, None, variables)


@pytest.mark.parametrize(
    "book",
    [
        Book("1", 2, 0.5, True, "VERSE", Person("Ada")),
        {"id": "1", "pages": 2, "weight": 0.5, "lent": True, "genre": "VERSE", "owner": {"name": "Ada"}},
        defaultdict(None, id="1", pages=2, weight=0.5, lent=True, genre="VERSE", owner=Person("Ada")),
        {"id": 1, "pages": 2.0, "weight": 0.5, "lent": 1, "genre": "VERSE", "owner": {"name": lambda _: "Ada"}},
    ],
    ids=["objects", "dicts", "derived dicts", "values to be converted, and callables"],
)
def test_objects_and_mappings_answer_alike(book: object) -> None:
    answer = {"id": "1", "pages": 2, "weight": 0.5, "lent": True, "genre": "VERSE", "owner": {"name": "Ada"}}
    assert run(compiled(BOOKS), {"books": [book]}) == ({"books": [answer]}, None)


def test_objects_of_several_shapes_in_one_list_answer_alike() -> None:
    books = [Book("1"), {"id": "2", "pages": 1}, Book("3"), {"id": "4", "pages": 1}]
    result = run(compiled("{ books { id pages } }"), {"books": books})
    assert result.data == {"books": [{"id": str(number), "pages": 1} for number in range(1, 5)]}


def test_what_is_missing_is_null() -> None:
    assert run(compiled("{ book(id: 1) { title weight } }"), {"book": {}}).data == {
        "book": {"title": None, "weight": None}
    }


def test_lists_may_be_any_iterable_and_nothing_else() -> None:
    operation = compiled("{ books { id } }")
    assert run(operation, {"books": (Book(id) for id in "ab")}).data == {"books": [{"id": "a"}, {"id": "b"}]}
    refused = run(operation, {"books": "ab"})
    assert told(refused.errors) == [
        ("Expected Iterable, but did not find one for field 'Query.books'.", ["books"])
    ]


def test_fields_are_merged_and_fragments_of_all_kinds_are_followed() -> None:
    operation = compiled("""
      {
        thing { __typename ... on Book { id ...More } ... on Person { name } }
        book(id: 1) { id }
        book(id: 1) { pages }
      }
      fragment More on Book { kind: __typename id pages }
    """)
    book = Book("1", 7)
    assert run(operation, {"thing": book, "book": book}).data == {
        "thing": {"__typename": "Book", "id": "1", "kind": "Book", "pages": 7},
        "book": {"id": "1", "pages": 7},
    }
    assert run(operation, {"thing": Person("Ada")}).data["thing"] == {"__typename": "Person", "name": "Ada"}


def test_directives_select_by_the_variables_of_each_execution() -> None:
    operation = compiled("query ($long: Boolean!) { book(id: 1) { id pages @include(if: $long) } }")
    root = {"book": Book("1", 7)}
    assert run(operation, root, long=True).data == {"book": {"id": "1", "pages": 7}}
    assert run(operation, root, long=False).data == {"book": {"id": "1"}}
    assert run(operation, root, long=True).data == {"book": {"id": "1", "pages": 7}}


def test_arguments_come_from_the_document_from_variables_and_from_defaults() -> None:
    operation = compiled(
        'query ($in: String) { book(id: 1) { a: title b: title(language: "fr") c: title(language: $in) } }'
    )
    root = {"book": Book("1", titles={"en": "Home", "fr": "Maison", "hi": "घर"})}
    assert run(operation, root, **{"in": "hi"}).data["book"] == {"a": "Home", "b": "Maison", "c": "घर"}
    assert run(operation, root).data["book"]["c"] == "Home"


def test_mutable_arguments_are_each_call_s_own() -> None:
    seen = []

    def books(_: object, first: int, filter: dict[str, Any]) -> list[Book]:
        seen.append([*filter["words"]])
        filter["words"].append("changed")
        return []

    operation = compiled('{ a: books(filter: {words: ["x"]}) { id } b: books(filter: {words: ["x"]}) { id } }')
    run(operation, {"books": books})
    run(operation, {"books": books})
    assert seen == [["x"]] * 4


def test_variables_that_do_not_fit_are_told_and_nothing_is_executed() -> None:
    operation = compiled("query ($first: Int!) { books(first: $first) { id } }")
    result = run(operation, None, first="many")
    assert result.data is None
    assert "Int cannot represent non-integer value: 'many'" in result.errors[0].message
    assert orjson.loads(operation.execute_bytes(None, None, {}))["errors"][0]["message"].startswith(
        "Variable '$first'"
    )


def test_a_root_that_is_none_has_no_data_of_its_own() -> None:
    assert told(run(compiled("{ library { name } }"), None).errors) == [
        ("Cannot return null for non-nullable field Query.library.", ["library"])
    ]


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ("query A { __typename } query B { __typename }", None, "Must provide operation name"),
        ("query A { __typename }", "B", "Unknown operation named 'B'."),
        ("fragment F on Book { id }", None, "Must provide an operation."),
    ],
)
def test_an_operation_that_is_not_there_is_refused(text: str, name: str | None, message: str) -> None:
    with pytest.raises(GraphQLError, match=message):
        compile_operation(SCHEMA, parse(text), name)


def test_bytes_are_the_response_as_json_with_errors_in_the_form_that_is_asked_for() -> None:
    operation = compiled("{ books { id title } }")
    root = {"books": [Book("1", titles={"en": ValueError("lost")})]}
    answer = operation.execute_bytes(root, format_error=lambda error: {"told": error.message})
    assert answer == b'{"errors":[{"told":"lost"}],"data":{"books":[{"id":"1","title":null}]}}'
    assert orjson.loads(operation.execute_bytes(root)) == operation.execute(root).formatted


def test_what_was_generated_can_be_read() -> None:
    operation = compiled("{ books { id } }")
    run(operation, {"books": [Book("1")]})
    assert "# id: Book.id: ID!" in operation.source


def test_operations_with_more_settings_than_plans_are_kept_for_are_handed_over_and_counted() -> None:
    count = HandedOver()
    names = [f"v{number}" for number in range(6)]
    declared = " ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: __typename @include(if: ${name})" for name in names)
    operation = compile_operation(SCHEMA, parse(f"query ({declared}) {{ {fields} }}"), count=count)
    for setting in range(2**6):
        chosen = {name: bool(setting >> place & 1) for place, name in enumerate(names)}
        data = run(operation, None, **chosen).data
        assert data == {name: "Query" for name in names if chosen[name]}
    assert count.of(Reason.TOO_MANY_SETTINGS) == count.total == 32
