"""What is planted in the demo's cohort: the same with the same seed, and there to be found in what students do."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from itertools import chain, pairwise

import pytest

from api.cli.demo.found import findings
from api.cli.demo.key import Asked
from api.cli.demo.mind import BATCH_EVENTS, Event, Question
from api.cli.demo.planted import PAIRS, SLOW_FACTOR, copies_from, events_of, is_slow, plant
from api.cli.demo.questions import SUBJECTS, known_questions

PLANTED = plant(1)
QUESTIONS = [
    Question(f"qst_{place}", known.subject, known.text, {text: text for text in known.options}, known.right)
    for place, known in enumerate(known_questions().values())
]
PAPER = {q.text: Asked(q.id, number, q.subject, dict(q.options)) for number, q in enumerate(QUESTIONS, start=1)}
[MISLEADING] = [question for question in QUESTIONS if question.text == PLANTED.misleading]
PAIR = frozenset(("att_1", "att_2"))


def done(seed: int, source: int | None = None, slow: bool = False) -> list[Event]:
    return list(chain(*events_of(seed, source, slow, PLANTED, QUESTIONS)))


def answers(events: Sequence[Event]) -> dict[str, Event]:
    return {event["questionId"]: event["response"] for event in events if event["type"] == "ANSWER"}


def pace(events: Sequence[Event], subject: str) -> float:
    """Return the median milliseconds from a visit to what follows it, in one subject."""
    of = {question.id for question in QUESTIONS if question.subject == subject}
    steps = pairwise(events)
    return statistics.median(b["at"] - a["at"] for a, b in steps if a["type"] == "VISIT" and a["questionId"] in of)


def test_the_same_seed_plants_the_same_and_another_seed_something_else() -> None:
    assert plant(1) == plant(1)
    assert len({plant(seed) for seed in range(10)}) == 10


@pytest.mark.parametrize("seed", range(10))
def test_two_questions_are_chosen_and_neither_wrong_answer_is_right(seed: int) -> None:
    planted, known = plant(seed), known_questions()

    assert planted.misleading != planted.mistyped
    assert planted.lure in known[planted.misleading].distractors
    assert planted.mistyped_as in known[planted.mistyped].distractors


def test_five_pairs_copy_and_nobody_who_is_in_a_pair_is_slow() -> None:
    sources = {place: copies_from(place, 200) for place in range(200) if copies_from(place, 200) is not None}

    assert len(sources) == PAIRS
    assert len({*sources} | {*sources.values()}) == 2 * PAIRS
    assert not any(is_slow(place) for place in {*sources} | {*sources.values()})
    assert sum(map(is_slow, range(200))) > 40
    assert [copies_from(place, 2 * PAIRS - 1) for place in range(2 * PAIRS - 1)] == [None] * (2 * PAIRS - 1)


def test_who_copies_gives_most_of_the_answers_of_the_other_at_the_same_pace() -> None:
    source, copier, stranger = done(11), done(12, source=11), done(12)
    given, copied, own = answers(source), answers(copier), answers(stranger)

    alike = sum(copied[id] == given[id] for id in given)
    assert 0.75 * len(given) < alike < len(given)
    assert sum(own.get(id) == given[id] for id in given) < 0.6 * len(given)
    lags = [mine["at"] - theirs["at"] for mine, theirs in zip(copier, source, strict=True)]
    assert 0 < min(lags) <= max(lags) < 10_000


def test_who_is_slow_is_so_in_one_subject() -> None:
    other = next(subject for subject in SUBJECTS if subject != PLANTED.slow_subject)

    def ratio(subject: str) -> float:
        slow, usual = (
            statistics.fmean(pace(done(seed, slow=how), subject) for seed in range(20, 26))
            for how in (True, False)
        )
        return slow / usual

    assert ratio(PLANTED.slow_subject) == pytest.approx(SLOW_FACTOR, rel=0.25)
    assert ratio(other) == pytest.approx(1, rel=0.25)


def test_the_able_are_led_astray_more_than_others() -> None:
    sheets = [answers(done(seed)) for seed in range(150)]
    right = {question.id: question.said(question.right) for question in QUESTIONS}
    by_score = sorted(sheets, key=lambda sheet: -sum(sheet.get(id) == said for id, said in right.items()))
    lure = MISLEADING.said(PLANTED.lure)

    def lured(sheets: Sequence[dict[str, Event]]) -> int:
        return sum(sheet.get(MISLEADING.id) == lure for sheet in sheets)

    assert lured(by_score[:40]) > 20
    assert lured(by_score[:40]) > 1.5 * lured(by_score[-40:])


def test_batches_are_small_and_in_order() -> None:
    batches = events_of(5, 6, False, PLANTED, QUESTIONS)

    assert all(1 <= len(batch) <= BATCH_EVENTS for batch in batches)
    times = [event["at"] for batch in batches for event in batch]
    assert times == sorted(times)


def report(flags: dict[str, str], listed: Sequence[frozenset[str]], times: dict[str, float]) -> dict[str, object]:
    """Return what the demo reads of a report. `flags`: codes by the text of a question."""

    def pairs(of: Sequence[frozenset[str]]) -> dict[str, object]:
        nodes = [{"node": {"members": [{"attemptId": id} for id in pair]}} for pair in of]
        return {"pairs": {"edges": nodes}}

    items = [
        {
            "questionId": asked.id,
            "number": asked.number,
            "flags": [{"code": flags[text], "reason": "Look."}] if text in flags else [],
        }
        for text, asked in PAPER.items()
    ]
    return {
        "items": {"edges": [{"node": item} for item in items]},
        "integrity": {"answers": pairs(listed), "paces": pairs([])},
        "behaviour": {"subjects": [{"subject": name, "timeMedian": time} for name, time in times.items()]},
    }


EVEN = {"Physics": 60.0, "Chemistry": 60.0, "Mathematics": 60.0}
BOTH = {PLANTED.misleading: "BEST_CHOOSE_DISTRACTOR", PLANTED.mistyped: "LIKELY_WRONG_KEY"}


def test_what_a_report_shows_is_found() -> None:
    slow = report({}, [], {**EVEN, PLANTED.slow_subject: 120.0})

    found = findings(PLANTED, PAPER, [PAIR], report(BOTH, [PAIR], EVEN), slow)

    assert [finding.found for finding in found] == [True] * 4
    assert f"{PLANTED.slow_subject} 2.0" in found[0].evidence


def test_what_a_report_does_not_show_is_not_found() -> None:
    other = next(text for text in PAPER if text not in BOTH)
    told = report({other: "LIKELY_WRONG_KEY"}, [frozenset(("att_1", "att_3"))], EVEN)

    found = findings(PLANTED, PAPER, [PAIR], told, report({}, [], EVEN))

    assert [finding.found for finding in found] == [False] * 4
    assert found[2].evidence.startswith("0 of them are listed")
    assert found[2].evidence.endswith("and 1 other pairs")
    assert str(PAPER[other].number) in found[3].evidence


def test_without_pairs_or_a_slow_group_nothing_is_found() -> None:
    found = findings(PLANTED, PAPER, [], report(BOTH, [], EVEN), None)

    assert [finding.found for finding in found] == [False, True, False, True]
