"""Exact sums of marks. Three times a third of a mark is one mark; as floats they may be a tie or not."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import polars as pl

WHOLE = 2**62


def exact_sums(responses: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Sum the marks of `responses` by the columns `by`.

    Returns `by`, `order` (i64: compares exactly as the sums do), `score` (text: "7", "-1/3") and `value` (f64).
    Rows without marks add nothing. Marks over one common denominator are summed as integers; where that would
    not fit 64 bits, as Python's fractions.
    """
    graded = responses.with_columns(
        numerator=pl.col("marks_numerator").fill_null(0), denominator=pl.col("marks_denominator").fill_null(1)
    )
    common = lcm(*graded["denominator"].unique().to_list())
    largest = max(abs(_or_zero(graded["numerator"].min())), abs(_or_zero(graded["numerator"].max())))
    if common * max(largest, 1) * max(graded.height, 1) < WHOLE:
        return _as_integers(graded, by, common)
    return _as_fractions(graded, by)


def text(value: Fraction) -> str:
    """Write marks as the wire has them: "-1/3", "4"."""
    return str(value)


def _or_zero(value: object) -> int:
    return value if isinstance(value, int) else 0


def _as_integers(graded: pl.DataFrame, by: list[str], common: int) -> pl.DataFrame:
    units = pl.col("numerator").cast(pl.Int64) * (common // pl.col("denominator"))
    sums = graded.group_by(by, maintain_order=True).agg(order=units.sum())
    distinct = sums["order"].unique()
    texts = [text(Fraction(unit, common)) for unit in distinct.to_list()]
    return sums.with_columns(
        score=pl.col("order").replace_strict(distinct, pl.Series(texts, dtype=pl.String), return_dtype=pl.String),
        value=pl.col("order") / common,
    )


def _as_fractions(graded: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    sums: dict[tuple[object, ...], Fraction] = {}
    for *group, numerator, denominator in graded.select(*by, "numerator", "denominator").iter_rows():
        key = tuple(group)
        sums[key] = sums.get(key, Fraction(0)) + Fraction(numerator, denominator)
    place = {value: order for order, value in enumerate(sorted(set(sums.values())))}
    groups = pl.DataFrame(list(sums), schema={name: graded.schema[name] for name in by}, orient="row")
    return groups.with_columns(
        order=pl.Series([place[value] for value in sums.values()], dtype=pl.Int64),
        score=pl.Series([text(value) for value in sums.values()], dtype=pl.String),
        value=pl.Series([float(value) for value in sums.values()], dtype=pl.Float64),
    )
