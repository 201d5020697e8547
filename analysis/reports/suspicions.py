"""Which questions somebody should look at, and why, in plain words. A hint for a person, never a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.reports.item_statistics import GROUP

Flag = dict[str, str]

CLEARLY = 1.96
"""A correlation is clearly positive beyond this many of its standard errors, 1 ÷ √(n − 1), if it were none; one
answer is clearly more frequent than another beyond this many of √(n₁ + n₂) (McNemar 1947)."""


def suspicions(item: Mapping[str, Any]) -> list[Flag]:
    """Return the flags of one row of the items report, the most serious first."""
    if item["dropped"] or not item["students"]:
        return []
    return [{"code": code, "reason": reason} for code, reason in _flags(item, item["options"])]


def _flags(item: Mapping[str, Any], options: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    rival, key = _rival(options, GROUP * item["students"]), _key(options)
    if rival is not None and _wrong_key(rival, key, item["students"]):
        named = f"the key ({key['label']})" if key else "any answer that counts as right"
        yield (
            "LIKELY_WRONG_KEY",
            f"The best students choose {rival['label']} rather than {named}, and those who choose "
            f"{rival['label']} do better in the rest of the test: the key may be wrong.",
        )
    if rival is not None:
        yield (
            "BEST_CHOOSE_DISTRACTOR",
            f"Of the best 27 %, {_percent(rival['upper'])} choose {rival['label']} and "
            f"{_percent(key['upper'] if key else 0.0)} the key: the question or that option may mislead.",
        )
    if item["discrimination"] is not None and item["discrimination"] < 0:
        yield (
            "NEGATIVE_DISCRIMINATION",
            "Students who do well in the rest of the test do worse in this question than the others.",
        )
    if item["omitted"] == 1:
        yield "NOBODY_ANSWERED", "Nobody answered this question."
    elif item["right"] == 0:
        yield "NOBODY_RIGHT", "Nobody got this question right."
    elif item["right"] == item["students"]:
        yield "EVERYBODY_RIGHT", "Everybody got this question right: it tells nobody apart."


def _rival(options: Sequence[Mapping[str, Any]], best: float) -> Mapping[str, Any] | None:
    """Return the wrong answer that clearly more of the `best` choose than the key."""
    key = _key(options)
    least = (key["upper"] or 0.0) if key else 0.0
    wrong = [each for each in options if not each["right"] and each["upper"]]
    first = max(wrong, key=lambda each: float(each["upper"]), default=None)
    if first is None or (first["upper"] - least) * best <= CLEARLY * ((first["upper"] + least) * best) ** 0.5:
        return None
    return first


def _key(options: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the right answer that most of the best choose."""
    return max((each for each in options if each["right"]), key=lambda each: each["upper"] or 0.0, default=None)


def _wrong_key(rival: Mapping[str, Any], key: Mapping[str, Any] | None, students: int) -> bool:
    """Tell whether a rival behaves as a key should, and the key does not."""
    for_rival, for_key = rival["pointBiserial"], key["pointBiserial"] if key else None
    return (
        for_rival is not None and for_rival * (students - 1) ** 0.5 > CLEARLY and (for_key is None or for_key <= 0)
    )


def _percent(share: float | None) -> str:
    return f"{round(100 * (share or 0.0))} %"
