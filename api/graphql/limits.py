"""How large an operation may be. Starting values, to be calibrated against what the frontends send."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`depth`: fields that enclose a field. `aliases`: of one field in an operation. `mutations`: root fields.

    `cost`: each field counts one, times the pages (`first`, `last`) around it.
    """

    document_length: int = 50_000
    tokens: int = 1000
    depth: int = 8
    aliases: int = 15
    directives: int = 20
    mutations: int = 1
    page: int = 100
    input_list: int = 500
    input_depth: int = 32
    cost: int = 10_000
