from __future__ import annotations

import pytest
from domain_values import (
    ESSAY,
    MULTIPLE,
    NUMERIC,
    batch,
    chosen,
    event,
    on_paper,
    paper_of,
    told,
    typed,
)
from hypothesis import given
from hypothesis import strategies as st

from tp.domain.events import Batch, Event, EventType
from tp.domain.log import MAX_AT, MAX_EVENTS, Sitting, check_events, fold
from tp.domain.palette import PaletteState
from tp.domain.problem import Code

PAPER = paper_of([on_paper("q1"), on_paper("q2", MULTIPLE)], [on_paper("q3", NUMERIC), on_paper("q4", ESSAY)])


def test_sound_events_are_kept_with_canonical_responses() -> None:
    sent = [
        event("VISIT", "q2"),
        event("ANSWER", "q2", chosen("ba"), at=MAX_AT),
        event("MARK", "q2"),
        event("UNMARK", "q2"),
        event("CLEAR", "q2"),
        event("BLUR"),
        event("FOCUS"),
    ]
    kept, problems = check_events(PAPER, sent)
    assert problems == []
    assert kept[1].response == chosen("ab")
    assert [one.type for one in kept] == [one.type for one in sent]
    assert check_events(PAPER, []) == ((), [])


@pytest.mark.parametrize(
    ("sent", "code", "place"),
    [
        (event("VISIT", "q9"), Code.UNKNOWN_QUESTION, ("questionId",)),
        (event("ANSWER", "q9", typed("1")), Code.UNKNOWN_QUESTION, ("questionId",)),
        (event("VISIT"), Code.REQUIRED, ("questionId",)),
        (event("BLUR", "q1"), Code.INVALID, ("questionId",)),
        (event("ANSWER", "q1"), Code.REQUIRED, ("response",)),
        (event("CLEAR", "q1", chosen("a")), Code.INVALID, ("response",)),
        (event("FOCUS", None, chosen("a")), Code.INVALID, ("response",)),
        (event("ANSWER", "q1", chosen("x")), Code.UNKNOWN_OPTION, ("response", "optionIds", 0)),
        (event("ANSWER", "q3", typed("x")), Code.INVALID, ("response", "text")),
        (event("ANSWER", "q1", chosen("a"), at=-1), Code.INVALID, ("at",)),
        (event("VISIT", "q1", at=MAX_AT + 1), Code.INVALID, ("at",)),
    ],
)
def test_an_unsound_event_is_refused_at_its_place(sent: Event, code: Code, place: tuple[str | int, ...]) -> None:
    kept, problems = check_events(PAPER, [event("FOCUS"), sent])
    assert told(problems) == [(code, ("events", 1, *place))]
    assert kept == ()


def test_all_unsound_events_are_told_at_once() -> None:
    _, problems = check_events(PAPER, [event("VISIT", at=-1), event("BLUR", "q1", chosen("a"))], ("batch",))
    assert [path for _, path in told(problems)] == [
        ("batch", 0, "at"),
        ("batch", 0, "questionId"),
        ("batch", 1, "questionId"),
        ("batch", 1, "response"),
    ]


def test_a_batch_has_a_size() -> None:
    blur = event("BLUR")
    assert told(check_events(PAPER, [blur] * MAX_EVENTS)[1]) == []
    assert told(check_events(PAPER, [blur] * (MAX_EVENTS + 1))[1]) == [(Code.TOO_MANY, ("events",))]


def test_an_empty_log_has_visited_nothing() -> None:
    sitting = fold(PAPER, [])
    assert sitting == Sitting(
        responses={}, palette=dict.fromkeys(["q1", "q2", "q3", "q4"], PaletteState.NOT_VISITED)
    )


def test_the_palette_follows_the_log() -> None:
    sitting = fold(
        PAPER,
        [
            batch(1, event("VISIT", "q1"), event("ANSWER", "q1", chosen("a"))),
            batch(2, event("VISIT", "q2"), event("MARK", "q2"), event("BLUR"), event("FOCUS")),
            batch(3, event("VISIT", "q3"), event("ANSWER", "q3", typed("1")), event("MARK", "q3")),
            batch(4, event("VISIT", "q4")),
        ],
    )
    assert sitting.palette == {
        "q1": PaletteState.ANSWERED,
        "q2": PaletteState.MARKED_FOR_REVIEW,
        "q3": PaletteState.ANSWERED_AND_MARKED_FOR_REVIEW,
        "q4": PaletteState.NOT_ANSWERED,
    }
    assert sitting.current == "q4"
    assert sitting.responses == {"q1": chosen("a"), "q3": typed("1")}


def test_the_last_answer_stands() -> None:
    sitting = fold(PAPER, [batch(1, event("ANSWER", "q1", chosen("a")), event("ANSWER", "q1", chosen("b")))])
    assert sitting.responses == {"q1": chosen("b")}


def test_clearing_takes_the_answer_and_leaves_the_mark() -> None:
    answered = batch(1, event("ANSWER", "q1", chosen("a")), event("MARK", "q1"))
    sitting = fold(PAPER, [answered, batch(2, event("CLEAR", "q1"))])
    assert sitting.responses == {}
    assert sitting.palette["q1"] is PaletteState.MARKED_FOR_REVIEW
    unmarked = fold(PAPER, [answered, batch(2, event("CLEAR", "q1"), event("UNMARK", "q1"))])
    assert unmarked.palette["q1"] is PaletteState.NOT_ANSWERED


@pytest.mark.parametrize("type_", ["ANSWER", "CLEAR", "MARK", "UNMARK"])
def test_an_event_about_a_question_visits_it(type_: str) -> None:
    response = chosen("a") if type_ == "ANSWER" else None
    sitting = fold(PAPER, [batch(1, event(type_, "q1", response))])
    assert sitting.current == "q1"
    assert sitting.palette["q1"] is not PaletteState.NOT_VISITED


def test_an_answer_to_a_visited_question_does_not_move_the_student() -> None:
    sitting = fold(
        PAPER, [batch(1, event("VISIT", "q1"), event("VISIT", "q2"), event("ANSWER", "q1", chosen("a")))]
    )
    assert sitting.current == "q2"


def test_a_question_no_longer_known_is_left_out_of_the_palette() -> None:
    assert "q9" not in fold(PAPER, [batch(1, event("VISIT", "q9"))]).palette
    assert fold(PAPER, [batch(1, event("ANSWER", "q1"))]).responses == {}


def test_gaps_are_named() -> None:
    sitting = fold(PAPER, [batch(seq) for seq in (1, 2, 4, 7)])
    assert (sitting.acked_seq, sitting.beyond) == (2, (4, 7))
    assert sitting.gaps(8) == (3, 5, 6, 8)
    assert sitting.gaps(2) == ()
    assert sitting.gaps(10**9, limit=3) == (3, 5, 6)


def test_a_closed_log_ends_at_its_last_number_without_the_missing_ones() -> None:
    batches = [batch(seq, event("ANSWER", "q1", chosen(option))) for seq, option in enumerate("abcd", start=1)]
    assert fold(PAPER, batches, last_seq=3).responses == {"q1": chosen("c")}
    assert fold(PAPER, batches, last_seq=3, missing=(2, 3)).responses == {"q1": chosen("a")}


def test_a_log_is_not_folded_on_from_a_beginning_with_gaps() -> None:
    with pytest.raises(ValueError, match="gapless"):
        fold(PAPER, [], since=fold(PAPER, [batch(2)]))


events = st.lists(
    st.one_of(
        st.builds(
            event, st.sampled_from(["VISIT", "MARK", "UNMARK", "CLEAR"]), st.sampled_from(["q1", "q2", "q3", "q4"])
        ),
        st.builds(event, st.just("ANSWER"), st.sampled_from(["q1", "q2"]), st.sampled_from("abcd").map(chosen)),
        st.builds(event, st.sampled_from(["BLUR", "FOCUS"])),
    ),
    max_size=4,
)
logs = st.dictionaries(st.integers(1, 12), events, max_size=10).map(
    lambda numbered: [batch(seq, *inside) for seq, inside in sorted(numbered.items())]
)


@given(logs, st.data())
def test_the_order_of_arrival_and_repetition_change_nothing(log: list[Batch], data: st.DataObject) -> None:
    arrived = data.draw(st.permutations(log + data.draw(st.lists(st.sampled_from(log)) if log else st.just([]))))
    assert fold(PAPER, arrived) == fold(PAPER, log)


@given(st.lists(events, max_size=8), st.integers(0, 8))
def test_a_log_can_be_folded_on_from_any_beginning(inside: list[list[Event]], cut: int) -> None:
    log = [batch(seq, *some) for seq, some in enumerate(inside, start=1)]
    beginning = Sitting.model_validate_json(fold(PAPER, log[:cut]).model_dump_json())
    assert fold(PAPER, log[cut:], since=beginning) == fold(PAPER, log)
    assert fold(PAPER, log, since=beginning) == fold(PAPER, log)
    assert fold(PAPER, log, last_seq=cut) == fold(PAPER, log[:cut])


@given(logs)
def test_acknowledged_and_missing_numbers_make_up_the_log(log: list[Batch]) -> None:
    sitting = fold(PAPER, log)
    numbers = {one.seq for one in log}
    assert set(sitting.gaps(12)) == set(range(1, 13)) - numbers
    assert set(range(1, sitting.acked_seq + 1)) <= numbers
    assert sitting.acked_seq + 1 not in numbers


@given(logs)
def test_the_palette_agrees_with_asking_each_question(log: list[Batch]) -> None:
    """The oracle reads the log backwards, question by question."""
    sitting = fold(PAPER, log)
    for id_ in ("q1", "q2", "q3", "q4"):
        about = [one for each in reversed(log) for one in reversed(each.events) if one.question_id == id_]
        last = {
            kinds: next((one for one in about if one.type in kinds), None)
            for kinds in ((EventType.ANSWER, EventType.CLEAR), (EventType.MARK, EventType.UNMARK))
        }
        said = last[EventType.ANSWER, EventType.CLEAR]
        mark = last[EventType.MARK, EventType.UNMARK]
        answered = said is not None and said.type is EventType.ANSWER
        marked = mark is not None and mark.type is EventType.MARK
        words = "AND_".join((["ANSWERED_"] if answered else []) + (["MARKED_FOR_REVIEW_"] if marked else []))
        expected = words.rstrip("_") or ("NOT_ANSWERED" if about else "NOT_VISITED")
        assert sitting.palette[id_] == expected
        assert sitting.responses.get(id_) == (said.response if answered and said else None)
