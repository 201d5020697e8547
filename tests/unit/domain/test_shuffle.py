from __future__ import annotations

from collections import Counter

from domain_values import MATRIX, ORDER, SINGLE, TEXT, on_paper, paper_of
from hypothesis import given
from hypothesis import strategies as st

from tp.domain.paper import Paper, PaperQuestion
from tp.domain.question import QuestionType
from tp.domain.shuffle import arrange

PAPER = paper_of(
    [on_paper(f"q{index}") for index in range(1, 7)],
    [on_paper("m", MATRIX), on_paper("o", ORDER), on_paper("t", TEXT)],
)

GOLDEN_ORDER = [["q3", "q5", "q1", "q6", "q2", "q4"], ["o", "t", "m"]]
GOLDEN_LETTERS = {"q1": "cbda", "m": "dacb", "o": "bcda"}


def order(paper: Paper) -> list[list[str]]:
    return [[question.id for question in section.questions] for section in paper.sections]


def letters(paper: Paper, id_: str) -> str:
    (found,) = [question for question in everything(paper) if question.id == id_]
    return "".join(option.id for option in found.content.options or found.content.columns)


def everything(paper: Paper) -> list[PaperQuestion]:
    return [question for section in paper.sections for question in section.questions]


def test_a_seed_makes_the_same_paper_for_ever() -> None:
    shuffled = arrange(PAPER, 2025, questions=True, options=True)
    assert order(shuffled) == GOLDEN_ORDER
    assert {id_: letters(shuffled, id_) for id_ in ("q1", "m", "o")} == GOLDEN_LETTERS


def test_nothing_moves_unless_asked() -> None:
    assert arrange(PAPER, 2025, questions=False, options=False) == PAPER


def test_questions_and_options_are_shuffled_apart() -> None:
    both = arrange(PAPER, 2025, questions=True, options=True)
    only_questions = arrange(PAPER, 2025, questions=True, options=False)
    only_options = arrange(PAPER, 2025, questions=False, options=True)
    assert order(only_questions) == order(both)
    assert order(only_options) == order(PAPER)
    assert letters(only_questions, "q1") == "abcd"
    assert all(letters(only_options, id_) == letters(both, id_) for id_ in ("q1", "q2", "m", "o"))


def test_every_order_comes_about_equally_often() -> None:
    seen = Counter(letters(arrange(PAPER, seed, questions=False, options=True), "q1") for seed in range(2_400))
    assert len(seen) == 24
    assert min(seen.values()) > 60
    assert max(seen.values()) < 150


types = st.sampled_from([SINGLE, ORDER, MATRIX, TEXT])
sections = st.lists(st.lists(st.tuples(types, st.sampled_from([None, None, "p1", "p2"])), max_size=7), max_size=3)


def paper_from(drawn: list[list[tuple[QuestionType, str | None]]]) -> Paper:
    return paper_of(
        *(
            [
                on_paper(f"q{number}_{index}", type_, passage=passage)
                for index, (type_, passage) in enumerate(section)
            ]
            for number, section in enumerate(drawn)
        )
    )


@given(sections, st.integers(0, 2**63), st.booleans(), st.booleans())
def test_shuffling_only_permutes(
    drawn: list[list[tuple[QuestionType, str | None]]], seed: int, questions: bool, options: bool
) -> None:
    paper = paper_from(drawn)
    shuffled = arrange(paper, seed, questions=questions, options=options)
    assert [question.number for question in everything(shuffled)] == list(range(1, len(everything(paper)) + 1))
    for before, after in zip(paper.sections, shuffled.sections, strict=True):
        assert before.model_copy(update={"questions": ()}) == after.model_copy(update={"questions": ()})
        assert sorted(map(plain, before.questions)) == sorted(map(plain, after.questions))
    assert arrange(shuffled, seed, questions=questions, options=options) == shuffled


def plain(question: PaperQuestion) -> str:
    """A question without its place and with its options in order."""
    content = question.content.model_copy(
        update={
            name: tuple(sorted(getattr(question.content, name), key=lambda option: option.id))
            for name in ("options", "columns")
        }
    )
    return question.model_copy(update={"number": 0, "content": content}).model_dump_json()


@given(sections, st.integers(0, 2**63))
def test_questions_of_a_passage_stay_together_in_their_order(
    drawn: list[list[tuple[QuestionType, str | None]]], seed: int
) -> None:
    paper = paper_from(drawn)
    shuffled = arrange(paper, seed, questions=True, options=False)
    for before, after in zip(paper.sections, shuffled.sections, strict=True):
        for passage in ("p1", "p2"):
            written = [question.id for question in before.questions if question.passage_id == passage]
            places = [place for place, question in enumerate(after.questions) if question.passage_id == passage]
            assert [after.questions[place].id for place in places] == written
            assert not places or places == list(range(places[0], places[0] + len(places)))
