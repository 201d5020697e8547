"""What is planted in the demo's cohort, for the report to bring out. The same seed plants the same.

The first ten students are five pairs of whom one copies from the other; every fourth of the rest is slow in one
subject. The able are led astray by an option of one question, and the key of another is mistyped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from api.cli.demo.mind import BATCH_EVENTS, Event, Mind, Question, difficulty, tempting
from api.cli.demo.questions import SUBJECTS, Known, known_questions

PAIRS = 5
IN_PAIRS = 2 * PAIRS
SLOW_EVERY = 4
SLOW_FACTOR = 2.5
TAKEN = 0.8
"""The share of answers that a copier takes over."""

LEAST, MOST = -0.8, 0.6
"""How difficult a question is in which something is planted: enough students know the answer."""


@dataclass(frozen=True, slots=True)
class Planted:
    """Questions go by their text, answers by theirs. `lure`: what the able choose of `misleading`; `mistyped_as`:
    what the key of `mistyped` says."""

    slow_subject: str
    misleading: str
    lure: str
    mistyped: str
    mistyped_as: str


def plant(seed: int) -> Planted:
    random = Random(f"planted {seed}")
    choices = [known for known in known_questions().values() if known.options and _suits(known)]
    misleading, mistyped = random.sample(choices, 2)
    astray = tempting(mistyped.text, mistyped.distractors)
    return Planted(
        slow_subject=random.choice(SUBJECTS),
        misleading=misleading.text,
        lure=random.choice(misleading.distractors),
        mistyped=mistyped.text,
        mistyped_as=random.choice([text for text in mistyped.distractors if text != astray]),
    )


def is_in_pair(place: int, count: int) -> bool:
    return place < IN_PAIRS <= count


def copies_from(place: int, count: int) -> int | None:
    """Return the place of the student from whom the one at `place` copies; `None` for most."""
    return place - 1 if place % 2 == 1 and is_in_pair(place, count) else None


def is_slow(place: int) -> bool:
    return place >= IN_PAIRS and (place - IN_PAIRS) % SLOW_EVERY == 0


def events_of(
    seed: int, source: int | None, slow: bool, planted: Planted, questions: Sequence[Question]
) -> list[list[Event]]:
    """Return the batches of a student; `source` is the seed of the one from whom he or she copies."""
    lures = {planted.misleading: planted.lure}
    if source is not None:
        events = _copied(Mind(source, lures=lures).sit(questions), questions, Random(seed))
    else:
        subject = planted.slow_subject if slow else None
        events = Mind(seed, lures=lures, slow_subject=subject, slow_factor=SLOW_FACTOR).sit(questions)
    return [events[start : start + BATCH_EVENTS] for start in range(0, len(events), BATCH_EVENTS)]


def _copied(events: Sequence[Event], questions: Sequence[Question], random: Random) -> list[Event]:
    """Do what the other does some seconds later, and answer a fifth of the questions without looking."""
    by_id = {question.id: question for question in questions}
    own = {question.id for question in questions if random.random() >= TAKEN}
    lag, now = random.randint(2_000, 6_000), 0
    done: list[Event] = []
    for event in events:
        now = max(now, event["at"] + lag + random.randint(-400, 400))
        copy = {**event, "at": now}
        if event["type"] == "ANSWER" and event["questionId"] in own:
            question = by_id[event["questionId"]]
            answer = question.right if random.random() < 0.5 else question.wrong(random)
            copy["response"] = question.said(answer)
        done.append(copy)
    return done


def _suits(known: Known) -> bool:
    return LEAST <= difficulty(known.text) <= MOST
