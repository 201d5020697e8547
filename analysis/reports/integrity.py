"""The integrity report: what a person should look at, and how likely it would be by chance.

Three kinds of evidence, each with its own module: wrong answers in common (`copying`), the same pace (`twins`),
shared addresses and devices (`sharing`). Two attempts of one student are not compared. None of these is a verdict,
and all of them together are none: students who learnt together make the same mistakes, and a line is shared by a
household. A pair is listed when chance alone would bring such a pair into fewer than one in a hundred tests
(`SIGNIFICANT`, after correction for every pair tried).

Cost: the pair searches are O(N²), everything else is linear; above `MOST_STUDENTS` the searches are left out, and
the report says so.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from analysis.contract import Section
from analysis.frames import Cohort
from analysis.reports.conduct import Conduct, conduct
from analysis.reports.copying import Agreement, agreement
from analysis.reports.figures import figure
from analysis.reports.sharing import in_common, shared
from analysis.reports.tables import Rows, table
from analysis.reports.twins import Steps, Twins, steps, twins
from analysis.reports.wrong_answers import WrongAnswers, wrong_answers

SIGNIFICANT = 0.01
MOST_STUDENTS = 30_000
LISTED = 200
NOT_TRIED = {"pairs": 0, "comparisons": 0, "correction": None}
NOTE = (
    "Evidence for a person to weigh, never a verdict: likeness can have honest reasons, and the figures do not "
    "tell who did what."
)
TOO_MANY = f"Pairs are compared among at most {MOST_STUDENTS} students; ask for the report by group."


def integrity(cohort: Cohort, known: Conduct | None = None) -> Section:
    """Return the report. `known`: the cohort's conduct, where it has been computed already."""
    students = cohort.attempts.height
    searched = students <= MOST_STUDENTS
    section: Section = {
        "note": NOTE,
        "students": students,
        "significantBelow": SIGNIFICANT,
        "skipped": None if searched else TOO_MANY,
        "tried": {"answers": NOT_TRIED, "paces": NOT_TRIED},
        "answersAlike": [],
        "pacesAlike": [],
        "addresses": table(shared(cohort.attempts, "addresses").head(LISTED)),
        "devices": table(shared(cohort.attempts, "agents").head(LISTED)),
    }
    if searched:
        answers, taken = wrong_answers(cohort), steps((known or conduct(cohort)).rows)
        agreed, close = agreement(answers), twins(taken)
        pairs = len(answers.attempts) * (len(answers.attempts) - 1) // 2
        section["tried"] = {
            "answers": {
                "pairs": pairs,
                "comparisons": agreed.tried,
                "correction": "Bonferroni, over both directions of every pair",
            },
            "paces": {
                "pairs": close.tried,
                "comparisons": close.tried,
                "correction": "Bonferroni, over every pair",
            },
        }
        section["answersAlike"] = answers_alike(cohort, answers, agreed)
        section["pacesAlike"] = paces_alike(cohort, taken, close)
    return section


def answers_alike(cohort: Cohort, answers: WrongAnswers, found: Agreement) -> Rows:
    """List the pairs with significantly many identical wrong answers, the least probable first, each once: with
    the direction (who is taken for the source) in which it is the less probable."""
    wrong, corrected = (answers.given >= 0).sum(axis=1), found.corrected
    student = dict(cohort.attempts.select("attempt", "student").iter_rows())
    listed: dict[frozenset[int], dict[str, Any]] = {}
    for place in np.argsort(found.p, kind="stable"):
        if corrected[place] >= SIGNIFICANT or len(listed) == LISTED:
            break
        copier, source = int(found.copier[place]), int(found.source[place])
        if student[answers.attempts[copier]] == student[answers.attempts[source]]:
            continue
        listed.setdefault(
            frozenset((copier, source)),
            {
                "attempts": sorted((answers.attempts[copier], answers.attempts[source])),
                "identicalWrong": int(found.matches[place]),
                "wrong": sorted((int(wrong[copier]), int(wrong[source]))),
                "expected": figure(found.expected[place]),
                "omega": figure(found.omega[place]),
                "p": float(found.p[place]),
                "corrected": float(corrected[place]),
            },
        )
    return _with_people(cohort, list(listed.values()))


def paces_alike(cohort: Cohort, taken: Steps, found: Twins) -> Rows:
    """List the pairs who went from answer to answer at the same pace significantly often."""
    corrected = found.corrected
    student = dict(cohort.attempts.select("attempt", "student").iter_rows())
    who = np.array([student[attempt] for attempt in taken.attempts], dtype=object)
    others = np.flatnonzero((corrected < SIGNIFICANT) & (who[found.first] != who[found.second]))
    chosen = others[np.argsort(found.p[others], kind="stable")][:LISTED]
    rows = [
        {
            "attempts": [taken.attempts[found.first[place]], taken.attempts[found.second[place]]],
            "stepsAlike": int(found.agreed[place]),
            "stepsShared": int(found.shared[place]),
            "expected": figure(found.expected[place]),
            "p": float(found.p[place]),
            "corrected": float(corrected[place]),
        }
        for place in chosen
    ]
    return _with_people(cohort, rows)


def _with_people(cohort: Cohort, rows: Rows) -> Rows:
    """Add to each pair who they are, and whether they share an address or a device."""
    pairs = [(row["attempts"][0], row["attempts"][1]) for row in rows]
    involved = cohort.attempts.filter(pl.col("attempt").is_in([id for pair in pairs for id in pair]))
    people = {row["attempt"]: row for row in involved.select("attempt", "student", "name").to_dicts()}
    addresses, devices = (in_common(involved, column, pairs) for column in ("addresses", "agents"))
    return [
        {
            "students": [people[id]["student"] for id in row["attempts"]],
            "names": [people[id]["name"] for id in row["attempts"]],
            **row,
            "sameAddress": address,
            "sameDevice": device,
        }
        for row, address, device in zip(rows, addresses, devices, strict=True)
    ]
