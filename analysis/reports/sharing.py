"""Addresses and devices that several students' attempts came from.

A school's laboratory or a family's line puts many honest students behind one address, and a browser of one version
looks the same on every machine: alone, neither is worth much. An address that more than `CROWD` students share is
named as a crowd, and its students are not listed.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

CROWD = 20


def shared(attempts: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return `column`'s values (`addresses` or `agents`) that several students share: `value`, `students` (their
    number), `attempts` (their ids; empty for a crowd). The smallest groups come first."""
    return (
        attempts.select("attempt", "student", value=column)
        .explode("value")
        .filter(pl.col("value").is_not_null())
        .group_by("value")
        .agg(students=pl.col("student").n_unique(), attempts=pl.col("attempt").unique().sort())
        .filter(pl.col("students") > 1)
        .with_columns(
            crowd=pl.col("students") > CROWD,
            attempts=pl.when(pl.col("students") <= CROWD)
            .then("attempts")
            .otherwise(pl.lit([], pl.List(pl.String))),
        )
        .sort("students", "value")
    )


def in_common(attempts: pl.DataFrame, column: str, pairs: Iterable[tuple[str, str]]) -> list[bool | None]:
    """Tell for each pair of attempts whether they share a value of `column`; null where it is not known of
    both."""
    seen = {id: set(values or ()) for id, values in attempts.select("attempt", column).iter_rows()}
    return [bool(seen[a] & seen[b]) if seen.get(a) and seen.get(b) else None for a, b in pairs]
