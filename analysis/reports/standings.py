"""Standings: exact raw scores to percentiles by session, sessions merged on percentile, ties broken as declared.

The procedure is the National Testing Agency's ("Normalization procedure based on percentile score"): a percentile
is of one session (here: one test), in total and by subject, and all sessions are ranked together on it. Who sat
several times counts once, by the best; other attempts are placed among the counting ones and move nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from analysis.contract import Section, Standing, TieBreak
from analysis.frames import Cohort
from analysis.reports.figures import Flags, Ints, figure
from analysis.reports.placing import UNIT, percentile_text, percentiles, ranks
from analysis.reports.tallies import Tallies, Tally, tallies
from analysis.reports.tie_breaks import declared, ratio_order, unknown


def standings(cohort: Cohort, tie_breaks: Sequence[TieBreak] = ()) -> Section:
    """Return `sessions`, `groups` and `rows`: one row an attempt, the best first."""
    sums = tallies(cohort)
    tests = sums.attempts["test"].to_numpy()
    in_session = _best(sums, ("test", "student"), [sums.total.order])
    total = _by_session(sums.total, tests, in_session)
    subjects = {name: _by_session(tally, tests, in_session) for name, tally in sums.subjects.items()}
    keys = [total, *_keys(tie_breaks, sums, subjects)]
    counting = _best(sums, ("student",), keys)
    places = ranks(keys, counting)
    by_subject = {name: ranks([units], counting & sums.subjects[name].has) for name, units in subjects.items()}
    groups, in_groups = _groups(sums, keys, counting, total)
    rows = [
        head
        | {
            "rank": int(places[row]),
            "percentile": percentile_text(int(total[row])),
            "score": sums.total.score[row],
            "counts": bool(counting[row]),
            "pending": int(sums.pending[row]),
            "subjects": {
                name: {
                    "rank": int(by_subject[name][row]),
                    "percentile": percentile_text(int(subjects[name][row])),
                    "score": tally.score[row],
                }
                for name, tally in sums.subjects.items()
                if tally.has[row]
            },
            "groups": in_groups.get(row, {}),
        }
        for row, head in enumerate(_heads(sums.attempts))
    ]
    return {
        "candidates": int(counting.sum()),
        "provisional": bool(sums.pending.any()),
        "subjects": list(sums.subjects),
        "tieBreaks": [declared(each) for each in tie_breaks],
        "tieBreaksIgnored": [declared(each) for each in unknown(tie_breaks, list(subjects))],
        "sessions": list(_sessions(sums, tests, in_session)),
        "groups": groups,
        "rows": [rows[row] for row in np.lexsort((np.arange(len(rows)), places)).tolist()],
    }


def standing(row: Mapping[str, Any]) -> Standing:
    """Return a row of `standings` as TP is told of it."""
    subjects = {
        name: {"rank": one["rank"], "percentile": one["percentile"]} for name, one in row["subjects"].items()
    }
    named = {name: row[name] for name in ("attemptId", "rank", "percentile")}
    return Standing.model_validate(named | {"subjects": subjects})


def _heads(attempts: pl.DataFrame) -> Iterator[dict[str, Any]]:
    named = attempts.select(
        "test", attemptId="attempt", studentId="student", name="name", externalId="external_id"
    )
    return named.iter_rows(named=True)


def _by_session(tally: Tally, tests: np.ndarray, counting: Flags) -> Ints:
    """Return percentiles, each within its own test; -1 where the test has no such subject."""
    units = np.full(tally.order.size, -1, np.int64)
    for test in np.unique(tests):
        inside = (tests == test) & tally.has
        units[inside] = percentiles(tally.order[inside], tally.order[inside & counting])
    return units


def _keys(tie_breaks: Sequence[TieBreak], sums: Tallies, subjects: Mapping[str, Ints]) -> Iterator[Ints]:
    for each in tie_breaks:
        if each.subject is not None and each.subject not in subjects:
            continue
        if each.wrong_ratio:
            tally = sums.total if each.subject is None else sums.subjects[each.subject]
            yield ratio_order(tally.wrong, tally.right)
        elif each.subject is not None:
            yield subjects[each.subject]


def _best(sums: Tallies, by: Sequence[str], keys: Sequence[Ints]) -> Flags:
    """Mark one attempt of each: the best by `keys`, of equal ones the earlier."""
    who = sums.attempts.select(pl.struct(by).rank("dense")).to_series().to_numpy().astype(np.int64)
    order = np.lexsort([sums.attempts["number"].to_numpy(), *(-key for key in reversed(keys)), who])
    result = np.zeros(who.size, np.bool_)
    result[order[np.flatnonzero(np.diff(who[order], prepend=-1))]] = True
    return result


def _sessions(sums: Tallies, tests: np.ndarray, counting: Flags) -> Iterator[dict[str, Any]]:
    for test in np.unique(tests):
        inside = np.flatnonzero((tests == test) & counting)
        ordered = inside[np.argsort(sums.total.order[inside], kind="stable")]
        yield {
            "test": str(test),
            "appeared": int(inside.size),
            "highest": sums.total.score[ordered[-1]],
            "lowest": sums.total.score[ordered[0]],
        }


def _groups(
    sums: Tallies, keys: Sequence[Ints], counting: Flags, total: Ints
) -> tuple[list[dict[str, Any]], dict[int, dict[str, int]]]:
    """Rank within each group; return the groups, and each row's ranks by group."""
    table: list[dict[str, Any]] = []
    placed: dict[int, dict[str, int]] = {}
    members = sums.attempts.select("row", group="groups").explode("group").drop_nulls().sort("group", "row")
    for (name,), frame in members.group_by("group", maintain_order=True):
        group, inside = str(name), frame["row"].to_numpy()
        for row, rank in zip(
            inside.tolist(), ranks([key[inside] for key in keys], counting[inside]).tolist(), strict=True
        ):
            placed.setdefault(row, {})[group] = rank
        units = total[inside][counting[inside]]
        table.append(
            {
                "group": group,
                "candidates": int(units.size),
                "meanPercentile": figure(units.mean() / UNIT) if units.size else None,
                "medianPercentile": figure(float(np.median(units)) / UNIT) if units.size else None,
            }
        )
    return table, placed
