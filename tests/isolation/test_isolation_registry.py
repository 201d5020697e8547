"""No place that takes an id is without a case, and no case is without a place: a new one must be thought of."""

from __future__ import annotations

import pytest
from cases import CASES, IDS_AS_TEXT
from graphql import build_schema
from places import id_places, input_places

from api.bootstrap import SCHEMA

WHERE = "tests/isolation/cases.py"


def test_every_place_that_takes_an_id_has_a_case() -> None:
    without = id_places(SCHEMA) - {case.place for case in CASES}

    assert not without, f"isolation is not tested here: add a Case to {WHERE} for each of {sorted(without)}"


def test_every_case_has_its_place_in_the_schema() -> None:
    gone = {case.place for case in CASES} - id_places(SCHEMA) - IDS_AS_TEXT

    assert not gone, f"the schema has no such place any more: take it out of {WHERE}: {sorted(gone)}"


def test_ids_in_a_corrected_key_are_text_and_have_cases_too() -> None:
    key = "Mutation.correctAnswerKey(input.corrections.key."
    texts = {place for place, type_name in input_places(SCHEMA) if type_name == "String" and place.startswith(key)}
    said = {f"{key}{text})" for text in ("numbers.low", "numbers.high", "texts.text")}

    assert texts - said == IDS_AS_TEXT, f"a case in {WHERE}, or a text that is no id here: {texts - said}"


def test_every_place_admits_somebody() -> None:
    """Otherwise its foreign id would be refused whatever it is, and the suite would pass without a reason."""
    idle = {case.place for case in CASES} - {case.place for case in CASES if case.admits}

    assert not idle, f"a call with an own id succeeds to nobody: {sorted(idle)}"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("queries: Int", "thing(id: ID!): Int"), "Query.thing(id)"),
        (("queries: Int", "things(ids: [ID!]!): Int"), "Query.things(ids)"),
        (("queries: Int", "things(filter: [Filter!]): Int"), "Query.things(filter.of)"),
        (("fields: Int", "friend(id: ID): Int"), "Thing.friend(id)"),
        (("name: String", "name: ID"), "Mutation.rename(input.name)"),
        (("within: Change", "within: Change, ids: [[ID]]"), "Mutation.rename(input.ids)"),
        (("more: [More!]", "more: [More!] filter: Filter"), "Mutation.rename(input.filter.of)"),
        (("word: String", "word: ID"), "Mutation.rename(input.more.word)"),
    ],
)
def test_a_new_place_is_found_wherever_it_is(change: tuple[str, str], place: str) -> None:
    sdl = """
    type Query { queries: Int  all: [Thing!] }
    type Thing { fields: Int }
    type Mutation { rename(input: Change!): Int }
    input Change { name: String, within: Change, more: [More!] }
    input More { word: String, change: Change }
    input Filter { of: ID }
    """

    assert id_places(build_schema(sdl)) == set()
    assert id_places(build_schema(sdl.replace(*change))) == {place}
