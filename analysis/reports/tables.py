"""Frames as the tables of a report."""

from __future__ import annotations

from typing import Any

import polars as pl
import polars.selectors as cs
from pydantic.alias_generators import to_camel

Rows = list[dict[str, Any]]


def table(frame: pl.DataFrame) -> Rows:
    """Return a frame as JSON: names in camelCase, numbers rounded to six decimals, null where not defined."""
    rounded = cs.float().round(6).fill_nan(None)
    named = (cs.categorical() | cs.enum()).cast(pl.String)
    return frame.with_columns(rounded).with_columns(named).rename(to_camel).to_dicts()


def seconds(milliseconds: pl.Expr) -> pl.Expr:
    return milliseconds / 1000
