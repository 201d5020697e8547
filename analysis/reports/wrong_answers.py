"""Who gave which wrong answer, as matrices, and how probable it was that they would.

A stand-in for the nominal response model (Bock 1972) that needs no fitting: the probability of a wrong response is
its share among the answers to the question of those who did about as well in its subject. Students are put into
strata by their share of right answers in the subject, as the K indices of Sotaridona & Meijer (2002) group by the
number of wrong ones; each stratum's shares are shrunk towards the whole cohort's, and each student's are
scaled to add up to the number of wrong answers that he or she gave. Not to answer is no response here: whoever
omits much is not thereby like others who do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.frames import Cohort
from analysis.reports.figures import Flags, Floats

Codes = NDArray[np.int32]

MOST_RESPONSES = 12
"""Wrong responses to one question that are told apart, the most frequent ones; others match nobody's."""

STRATUM = 50
MOST_STRATA = 12
WEIGHT = 5.0
"""So many answers of the whole cohort are mixed into each stratum's."""

CERTAIN = 0.98
"""Nobody is more certain than this to answer wrongly."""


@dataclass(frozen=True, slots=True)
class WrongAnswers:
    """N attempts, J questions, C wrong responses (each to one question).

    `given` N×J: the response's place among the C, −1 where the answer was right, rare, or none. `answered` N×J.
    `question` C: the question that a response is to. `subject` J.
    """

    attempts: list[str]
    given: Codes
    answered: Flags
    question: Codes
    subject: Codes


def wrong_answers(cohort: Cohort) -> WrongAnswers:
    """Lay out a cohort's final answers; dropped and ungraded questions are left out."""
    graded = cohort.responses.filter(
        pl.col("outcome").is_in(["CORRECT", "PARTIAL", "WRONG"]) & pl.col("response").is_not_null()
    ).select("attempt", "question", "response", wrong=pl.col("outcome") != "CORRECT")
    attempts = cohort.attempts["attempt"].unique().sort()
    questions = cohort.questions.unique("question", keep="first", maintain_order=True)
    counts = graded.filter("wrong").group_by("question", "response").len().filter(pl.col("len") > 1)
    responses = (
        counts.sort("question", "len", "response", descending=[False, True, False])
        .group_by("question", maintain_order=True)
        .head(MOST_RESPONSES)
        .with_columns(response_code=pl.int_range(pl.len(), dtype=pl.Int32), wrong=True)
        .drop("len")
    )
    rows = pl.DataFrame({"attempt": attempts, "row": np.arange(len(attempts))})
    places = questions.select("question", place=pl.int_range(pl.len(), dtype=pl.Int32))
    coded = (
        graded.join(rows, on="attempt")
        .join(places, on="question")
        .join(responses, on=["question", "response", "wrong"], how="left")
    )
    shape = (len(attempts), questions.height)
    given, answered = np.full(shape, -1, np.int32), np.zeros(shape, bool)
    at = coded["row"].to_numpy(), coded["place"].to_numpy()
    answered[at] = True
    given[at] = coded["response_code"].fill_null(-1).to_numpy()
    right = coded.filter(~pl.col("wrong"))
    given[right["row"].to_numpy(), right["place"].to_numpy()] = -1
    places_of = responses.join(places, on="question", how="left", maintain_order="left")["place"].to_numpy()
    subject = questions["subject"].fill_null("").rank("dense").to_numpy().astype(np.int32) - 1
    return WrongAnswers(attempts.to_list(), given, answered, places_of.astype(np.int32), subject)


def probabilities(answers: WrongAnswers) -> NDArray[np.float32]:
    """Return N×C: how probable each wrong response was for each student, 0 where he or she did not answer."""
    students, responses = len(answers.attempts), answers.question.size
    expected = np.zeros((students, responses), np.float32)
    wrong = answers.given >= 0
    for subject in np.unique(answers.subject):
        own = np.flatnonzero(answers.subject == subject)
        columns = np.flatnonzero(np.isin(answers.question, own))
        if columns.size == 0:
            continue
        count, mistakes = answers.answered[:, own].sum(axis=1), wrong[:, own].sum(axis=1)
        stratum = strata(1 - mistakes / np.maximum(count, 1))
        shares = _shares(answers, stratum, columns)[stratum]
        shares *= answers.answered[:, answers.question[columns]]
        total = shares.sum(axis=1)
        shares *= np.divide(mistakes, total, out=np.zeros(students), where=total > 0)[:, None]
        expected[:, columns] = _bounded(shares, answers.question[columns])
    return expected


def strata(values: Floats) -> Codes:
    """Put students into strata of nearly equal size by their values; equal values stay together."""
    number = min(max(values.size // STRATUM, 1), MOST_STRATA)
    edges = np.quantile(values, np.arange(1, number) / number) if values.size else np.empty(0)
    found, numbered = np.unique(np.searchsorted(edges, values, side="right"), return_inverse=True)
    return np.asarray(numbered, np.int32) if found.size else np.empty(0, np.int32)


def _shares(answers: WrongAnswers, stratum: Codes, columns: NDArray[np.int64]) -> Floats:
    """Return strata × columns: each wrong response's share among the answers to its question."""
    number, questions = int(stratum.max(initial=-1)) + 1, answers.question[columns]
    given = np.zeros((number, columns.size))
    answered = np.zeros((number, answers.subject.size))
    for one in range(number):
        inside = stratum == one
        codes = answers.given[inside][:, np.unique(questions)]
        counts = np.bincount(codes[codes >= 0], minlength=answers.question.size)
        given[one], answered[one] = counts[columns], answers.answered[inside].sum(axis=0)
    everyone = given.sum(axis=0) / np.maximum(answered.sum(axis=0)[questions], 1)
    shares: Floats = (given + WEIGHT * everyone) / (answered[:, questions] + WEIGHT)
    return shares


def _bounded(shares: Floats, questions: Codes) -> Floats:
    """Keep the sum over each question's responses at `CERTAIN` or less. `questions` is in runs."""
    starts = np.flatnonzero(np.diff(questions, prepend=-1))
    sums = np.add.reduceat(shares, starts, axis=1)
    factor = np.minimum(1.0, CERTAIN / np.maximum(sums, CERTAIN))
    bounded: Floats = shares * np.repeat(factor, np.diff(starts, append=questions.size), axis=1)
    return bounded
