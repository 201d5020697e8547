from __future__ import annotations

from fractions import Fraction

import pytest
from domain_values import (
    ESSAY,
    KEYS,
    MULTIPLE,
    NUMERIC,
    RIGHT,
    SINGLE,
    after,
    content,
    draft_of,
    options,
    question,
    told,
)

from tp.domain.accommodation import Accommodation
from tp.domain.grading import grade_paper
from tp.domain.marking import Rule
from tp.domain.paper import AnswerKey, Paper
from tp.domain.presets import GATE, JEE_MAIN_2025, NEET_2025
from tp.domain.problem import Code
from tp.domain.publishing import check_publishable, freeze
from tp.domain.question import EssayKey, NumericAnswer, NumericKey, Passage, Question
from tp.domain.test import Placement, Schedule, Section, Test

FIRST = ("sections", 0, "questions", 0)
PASSAGE = Passage(id="psg_1", text={"en": "Once upon a time"})


def bank(*questions: Question) -> dict[tuple[str, int | None], Question]:
    return {(one.id, None): one for one in questions}


def problems_of(test: Test, *questions: Question, passages: tuple[Passage, ...] = ()) -> list[object]:
    return [*told(check_publishable(test, bank(*questions), {passage.id: passage for passage in passages}))]


def placed(*placements: Placement, **fields: object) -> Test:
    section = Section(id="s1", title="Physics", questions=placements)
    return draft_of(sections=(section.model_copy(update=fields),))


def test_a_sound_test_has_no_problems() -> None:
    test = draft_of(
        ["q1", "q2"],
        ["q3"],
        schedule=Schedule(opens_at=after(0), closes_at=after(3600)),
        declared_total=Fraction(3),
        accommodation=Accommodation(time_factor=Fraction(1)),
    )
    assert problems_of(test, question("q1"), question("q2", NUMERIC), question("q3", ESSAY)) == []


def test_everything_wrong_is_told_at_once() -> None:
    test = draft_of(
        ["q1", "q2", "q1"], [], title=" ", duration_seconds=0, declared_total=Fraction(9), attempts_allowed=0
    )
    assert problems_of(test, question("q1"), question("q2", key=None)) == [
        (Code.REQUIRED, ("title",)),
        (Code.INVALID, ("durationSeconds",)),
        (Code.INVALID, ("attemptsAllowed",)),
        (Code.NO_QUESTIONS, ("sections", 1, "questions")),
        (Code.NO_KEY, ("sections", 0, "questions", 1)),
        (Code.DUPLICATE_QUESTION, ("sections", 0, "questions", 2)),
        (Code.TOTAL_MISMATCH, ("declaredTotal",)),
    ]


def test_a_test_needs_sections() -> None:
    assert problems_of(draft_of()) == [(Code.NO_QUESTIONS, ("sections",))]


def test_sections_have_ids_of_their_own() -> None:
    sections = tuple(Section(id="s1", title="x", questions=(Placement(question_id=id_),)) for id_ in ("q1", "q2"))
    assert problems_of(draft_of(sections=sections), question("q1"), question("q2")) == [
        (Code.INVALID, ("sections", 1, "id"))
    ]


@pytest.mark.parametrize(
    ("field", "name", "least", "most"),
    [
        ("duration_seconds", "durationSeconds", 1, 7 * 86_400),
        ("grace_seconds", "graceSeconds", 0, 3600),
        ("attempts_allowed", "attemptsAllowed", 1, 100),
    ],
)
def test_settings_have_ranges(field: str, name: str, least: int, most: int) -> None:
    for value in (least, most):
        assert problems_of(draft_of(["q1"], **{field: value}), question()) == []
    for value in (least - 1, most + 1):
        assert problems_of(draft_of(["q1"], **{field: value}), question()) == [(Code.INVALID, (name,))]


def test_the_test_s_own_accommodation_is_checked() -> None:
    test = draft_of(["q1"], accommodation=Accommodation(time_factor=Fraction(1, 2)))
    assert problems_of(test, question()) == [(Code.INVALID, ("accommodation", "timeFactor"))]


@pytest.mark.parametrize(
    ("opens", "closes", "code"),
    [
        (0, 3600, None),
        (None, 60, None),
        (0, None, None),
        (0, 3599, Code.WINDOW_TOO_SHORT),
        (0, 0, Code.INVALID),
        (60, 0, Code.INVALID),
    ],
)
def test_the_window_holds_the_duration(opens: int | None, closes: int | None, code: Code | None) -> None:
    schedule = Schedule(
        opens_at=None if opens is None else after(opens), closes_at=None if closes is None else after(closes)
    )
    expected = [(code, ("schedule", "closesAt"))] if code else []
    assert problems_of(draft_of(["q1"], schedule=schedule), question()) == expected


def test_a_question_or_its_version_that_is_not_there_is_told() -> None:
    assert problems_of(draft_of(["q1", "q9"]), question("q1")) == [
        (Code.NOT_FOUND, ("sections", 0, "questions", 1))
    ]
    pinned = placed(Placement(question_id="q1", version=2))
    assert problems_of(pinned, question("q1")) == [(Code.NOT_FOUND, FIRST)]
    assert check_publishable(pinned, {("q1", 2): question("q1", version=2)}, {}) == []


def test_a_passage_that_is_not_there_is_told() -> None:
    one = question("q1", passage_id="psg_1")
    assert problems_of(draft_of(["q1"]), one) == [(Code.NOT_FOUND, (*FIRST, "passage"))]
    assert problems_of(draft_of(["q1"]), one, passages=(PASSAGE,)) == []


def test_a_question_needs_a_key_but_an_essay_does_not() -> None:
    assert problems_of(draft_of(["q1"]), question(key=None)) == [(Code.NO_KEY, FIRST)]
    assert problems_of(draft_of(["q1"]), question("q1", ESSAY, key=None)) == []


def test_a_key_that_does_not_fit_is_told_inside_its_question() -> None:
    assert problems_of(draft_of(["q1"]), question(key=KEYS[NUMERIC])) == [(Code.KEY_MISMATCH, (*FIRST, "key"))]
    low_above_high = NumericKey(answers=(NumericAnswer(low="3", high="2"),))
    assert problems_of(draft_of(["q1"]), question("q1", NUMERIC, key=low_above_high)) == [
        (Code.INVALID, (*FIRST, "key", "numbers", 0))
    ]


def test_a_key_that_rounding_puts_out_of_reach_is_told() -> None:
    half = question("q1", NUMERIC, key=NumericKey(answers=(NumericAnswer(low="2.5", high="2.5"),)))
    assert problems_of(draft_of(["q1"]), half) == []
    assert problems_of(draft_of(["q1"], scheme=JEE_MAIN_2025), half) == [
        (Code.KEY_MISMATCH, (*FIRST, "key", "numbers", 0))
    ]


def test_unsound_content_is_told_inside_its_question() -> None:
    twice = content(SINGLE).model_copy(update={"options": options("aa")})
    assert problems_of(draft_of(["q1"]), question(content=twice)) == [(Code.INVALID, (*FIRST, "options", 1, "id"))]


def test_unsound_marks_are_told() -> None:
    places = Rule(correct=Fraction(1), places=99)
    assert problems_of(placed(Placement(question_id="q1", rule=places)), question()) == [
        (Code.INVALID, (*FIRST, "marking", "places"))
    ]
    assert (Code.INVALID, (*FIRST, "marks")) in problems_of(
        placed(Placement(question_id="q1", marks=Fraction(-1))), question()
    )


def test_answer_any_lies_within_its_section_and_its_questions_are_equal() -> None:
    two = (Placement(question_id="q1"), Placement(question_id="q2"))
    unequal = (Placement(question_id="q1"), Placement(question_id="q2", marks=Fraction(2)))
    both = (question("q1"), question("q2"))
    where = ("sections", 0, "answerAny")
    assert problems_of(placed(*two, answer_any=1), *both) == []
    assert problems_of(placed(*two, answer_any=2), *both) == []
    assert problems_of(placed(*two, answer_any=3), *both) == [(Code.INVALID, where)]
    assert problems_of(placed(*two, answer_any=0), *both) == [(Code.INVALID, where)]
    assert problems_of(placed(*unequal, answer_any=1), *both) == [(Code.INVALID, where)]


def test_the_declared_total_is_what_the_questions_add_up_to() -> None:
    ids = [f"q{index}" for index in range(15)]
    questions = [question(id_) for id_ in ids]
    whole = draft_of(ids, scheme=NEET_2025)
    any_ten = whole.model_copy(update={"sections": (whole.sections[0].model_copy(update={"answer_any": 10}),)})
    for test, total in ((whole, 60), (any_ten, 40)):
        right = test.model_copy(update={"declared_total": Fraction(total)})
        wrong = test.model_copy(update={"declared_total": Fraction(total + 1)})
        assert problems_of(right, *questions) == []
        assert problems_of(wrong, *questions) == [(Code.TOTAL_MISMATCH, ("declaredTotal",))]


def test_the_total_is_not_compared_while_questions_are_missing() -> None:
    test = draft_of(["q1", "q9"], declared_total=Fraction(2))
    assert problems_of(test, question()) == [(Code.NOT_FOUND, ("sections", 0, "questions", 1))]


def test_every_text_is_in_every_language_of_the_paper() -> None:
    in_hindi = content(NUMERIC).model_copy(update={"text": {"en": "Why?", "hi": "क्यों?"}})
    english = question("q1")
    hindi = question("q2", NUMERIC, content=in_hindi)
    assert problems_of(draft_of(["q1"]), english) == []
    assert problems_of(draft_of(["q2"]), hindi) == []
    assert problems_of(draft_of(["q1", "q2"]), english, hindi) == [(Code.LANGUAGE_MISSING, FIRST)]


def test_a_passage_is_in_every_language_too_and_told_once() -> None:
    text = {"en": "Why?", "hi": "क्यों?"}
    about = [
        question(id_, NUMERIC, passage_id="psg_1", content=content(NUMERIC).model_copy(update={"text": text}))
        for id_ in ("q1", "q2")
    ]
    whole = Passage(id="psg_1", title=text, text=text)
    untitled = Passage(id="psg_1", title={"en": "A tale"}, text=text)
    assert problems_of(draft_of(["q1", "q2"]), *about, passages=(whole,)) == []
    for lacking in (PASSAGE, untitled):
        assert problems_of(draft_of(["q1", "q2"]), *about, passages=(lacking,)) == [
            (Code.LANGUAGE_MISSING, (*FIRST, "passage"))
        ]


def test_freezing_numbers_the_questions_and_sets_the_keys_apart() -> None:
    test = draft_of(["q2"], ["q1", "q3"], instructions="Read with care")
    questions = bank(
        question("q1", passage_id="psg_1"),
        question("q2", NUMERIC, feedback={"en": "It is three"}),
        question("q3", ESSAY, key=None, passage_id="psg_1"),
    )
    other = Passage(id="psg_2", text={"en": "Another"})
    paper, key = freeze(test, questions, {"psg_1": PASSAGE, "psg_2": other})
    assert [[(one.number, one.id) for one in section.questions] for section in paper.sections] == [
        [(1, "q2")],
        [(2, "q1"), (3, "q3")],
    ]
    assert (paper.version, paper.title, paper.instructions) == (1, "Mock", "Read with care")
    assert paper.passages == (PASSAGE,)
    assert (key.test_id, key.version) == ("tst_1", 1)
    assert {id_: entry.key for id_, entry in key.entries.items()} == {
        "q2": KEYS[NUMERIC],
        "q1": KEYS[SINGLE],
        "q3": EssayKey(),
    }
    assert "It is three" not in paper.model_dump_json()
    assert Paper.model_validate_json(paper.model_dump_json()) == paper
    assert AnswerKey.model_validate_json(key.model_dump_json()) == key


def test_the_nearest_rule_wins_and_is_scaled() -> None:
    own = Rule(correct=Fraction(5), wrong=Fraction(-5))
    theirs = Rule(correct=Fraction(7))
    sections = (
        Section(id="s1", title="a", questions=(Placement(question_id="q1"), Placement(question_id="q2"))),
        Section(
            id="s2",
            title="b",
            scheme=GATE,
            questions=(
                Placement(question_id="q3"),
                Placement(question_id="q4", marks=Fraction(2)),
                Placement(question_id="q5", rule=own, marks=Fraction(10)),
            ),
        ),
    )
    test = draft_of(scheme=NEET_2025, sections=sections)
    questions = bank(*(question(f"q{index}", rule=theirs if index in (2, 5) else None) for index in range(1, 6)))
    paper, _ = freeze(test, questions, {})
    rules = [one.rule for section in paper.sections for one in section.questions]
    assert [(rule.correct, rule.wrong) for rule in rules] == [
        (4, -1),
        (7, 0),
        (1, Fraction(-1, 3)),
        (2, Fraction(-2, 3)),
        (10, -10),
    ]


def test_publishing_again_makes_the_next_versions() -> None:
    test = draft_of(["q1"], paper_version=1, key_version=3)
    paper, key = freeze(test, bank(question()), {})
    assert (paper.version, key.version) == (2, 4)


def test_what_cannot_be_published_cannot_be_frozen() -> None:
    with pytest.raises(KeyError):
        freeze(draft_of(["q9"]), {}, {})
    with pytest.raises(ValueError, match="without a key"):
        freeze(draft_of(["q1"]), bank(question(key=None)), {})


def test_a_frozen_paper_is_graded_by_its_frozen_key() -> None:
    types = {"q1": SINGLE, "q2": MULTIPLE, "q3": NUMERIC}
    test = draft_of(list(types), scheme=NEET_2025, declared_total=Fraction(12))
    questions = bank(*(question(id_, type_) for id_, type_ in types.items()))
    assert check_publishable(test, questions, {}) == []
    score = grade_paper(*freeze(test, questions, {}), {id_: RIGHT[type_] for id_, type_ in types.items()})
    assert score.total.marks == score.total.maximum == test.declared_total
