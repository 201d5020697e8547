from __future__ import annotations

from fractions import Fraction

from domain_values import ESSAY, KEYS, NUMERIC, RIGHT, SINGLE, TEXT, key_of_paper, on_paper, paper_of, told

from tp.domain.correction import Correction, correct_key, score_diff
from tp.domain.grading import grade_paper
from tp.domain.marking import Rounding, Rule
from tp.domain.paper import AnswerKey, DropPolicy, KeyEntry
from tp.domain.problem import Code
from tp.domain.question import ChoiceKey, NumericAnswer, NumericKey

PAPER = paper_of([on_paper("q1"), on_paper("q2", TEXT), on_paper("q3", ESSAY)])
KEY = key_of_paper(PAPER)
B = ChoiceKey(correct=("b",))


def corrected(*corrections: Correction, key: AnswerKey = KEY) -> AnswerKey:
    made = correct_key(PAPER, key, corrections)
    assert isinstance(made, AnswerKey)
    return made


def test_a_correction_makes_the_next_version_and_leaves_the_old() -> None:
    before = KEY.model_dump_json()
    new = corrected(Correction(question_id="q1", key=B))
    assert new.version == 2
    assert new.entries == {**KEY.entries, "q1": KeyEntry(key=B)}
    assert KEY.model_dump_json() == before


def test_a_question_is_dropped_and_taken_back() -> None:
    dropped = corrected(Correction(question_id="q1", dropped=DropPolicy.ALL))
    assert dropped.entries["q1"] == KeyEntry(key=KEYS[SINGLE], dropped=DropPolicy.ALL)
    assert corrected(Correction(question_id="q1"), key=dropped).entries == KEY.entries


def test_unsound_corrections_are_all_told_at_once() -> None:
    corrections = [
        Correction(question_id="q9", key=B),
        Correction(question_id="q2", key=B),
        Correction(question_id="q1", key=ChoiceKey(correct=("x",))),
        Correction(question_id="q1", key=B),
    ]
    assert told(correct_key(PAPER, KEY, corrections)) == [
        (Code.UNKNOWN_QUESTION, ("corrections", 0, "questionId")),
        (Code.KEY_MISMATCH, ("corrections", 1, "key")),
        (Code.KEY_MISMATCH, ("corrections", 2, "key", "correct", 0)),
        (Code.DUPLICATE_QUESTION, ("corrections", 3)),
    ]


def test_there_must_be_something_to_correct() -> None:
    assert told(correct_key(PAPER, KEY, [], ("input",))) == [(Code.REQUIRED, ("input",))]


def test_a_corrected_number_stays_within_reach_of_rounding() -> None:
    rule = Rule(correct=Fraction(4), rounding=Rounding.HALF_UP, places=0)
    paper = paper_of([on_paper("q1", NUMERIC, rule=rule)])
    for number, problems in (
        ("2", None),
        ("2.5", [(Code.KEY_MISMATCH, ("corrections", 0, "key", "numbers", 0))]),
        ("x", [(Code.INVALID, ("corrections", 0, "key", "numbers", 0, name)) for name in ("low", "high")]),
    ):
        key = NumericKey(answers=(NumericAnswer(low=number, high=number),))
        made = correct_key(paper, key_of_paper(paper), [Correction(question_id="q1", key=key)])
        if problems is None:
            assert isinstance(made, AnswerKey)
        else:
            assert told(made) == problems


def test_a_diff_names_what_changed_and_nothing_else() -> None:
    responses = {"q1": RIGHT[SINGLE], "q2": RIGHT[TEXT]}
    before = grade_paper(PAPER, KEY, responses)
    after = grade_paper(PAPER, corrected(Correction(question_id="q1", key=B)), responses)
    diff = score_diff(before, after)
    assert (diff.before, diff.after) == (8, 3)
    assert [(change.question_id, change.before.marks, change.after.marks) for change in diff.changes] == [
        ("q1", 4, -1)
    ]
    assert score_diff(before, before).changes == ()
