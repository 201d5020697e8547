"""What goes before what among equal percentiles: the orders of well-known examinations, as data.

The seven criteria of each are those of the information bulletins of 2025; what is then still equal shares a rank
(JEE Main), or is drawn by lot by the examiners (NEET), which no program should do for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from analysis.contract import ReportOptions, TieBreak, TieBreakPreset
from analysis.reports.figures import Ints

RATIO_BOUND = 2**32


def _by_subjects(*subjects: str) -> tuple[TieBreak, ...]:
    return (
        *(TieBreak(subject=subject) for subject in subjects),
        TieBreak(wrong_ratio=True),
        *(TieBreak(subject=subject, wrong_ratio=True) for subject in subjects),
    )


JEE_MAIN_2025 = _by_subjects("Mathematics", "Physics", "Chemistry")
NEET_2025 = _by_subjects("Biology", "Chemistry", "Physics")

PRESETS = {TieBreakPreset.JEE_MAIN_2025: JEE_MAIN_2025, TieBreakPreset.NEET_2025: NEET_2025}


def chosen(options: ReportOptions) -> Sequence[TieBreak]:
    """Return the keys that a report's options name or say."""
    return PRESETS[options.tie_break_preset] if options.tie_break_preset is not None else options.tie_breaks


def ratio_order(wrong: Ints, right: Ints) -> Ints:
    """Order the ratios wrong ÷ right exactly: the lower the ratio, the greater the number.

    No wrong answers is the lowest ratio, whatever was right; wrong answers and none right the highest.
    """
    pairs, place = np.unique(wrong * RATIO_BOUND + right, return_inverse=True)
    ratios = [_ratio(*divmod(int(pair), RATIO_BOUND)) for pair in pairs]
    falling = {ratio: index for index, ratio in enumerate(sorted(set(ratios), reverse=True))}
    return np.array([falling[ratio] for ratio in ratios], np.int64)[place]


def _ratio(wrong: int, right: int) -> tuple[bool, Fraction]:
    without_limit = right == 0 and wrong > 0
    return without_limit, Fraction(0) if right == 0 else Fraction(wrong, right)


def declared(tie_break: TieBreak) -> dict[str, object]:
    """Return a tie-break as a report shows it."""
    return {"subject": tie_break.subject, "wrongRatio": tie_break.wrong_ratio}


def unknown(tie_breaks: Sequence[TieBreak], subjects: Sequence[str]) -> list[TieBreak]:
    """Return the tie-breaks that name a subject nobody was tested in: they decide nothing."""
    return [each for each in tie_breaks if each.subject is not None and each.subject not in subjects]
