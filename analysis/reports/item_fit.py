"""How well questions fit a model: infit and outfit, both 1 where they do."""

from __future__ import annotations

import numpy as np

from analysis.reports.figures import Floats, quotient
from analysis.reports.latent_trait import Expected, Parameters


def infit_and_outfit(parameters: Parameters, expected: Expected) -> tuple[Floats, Floats]:
    """Return the mean squares of standardised residuals, weighted by information and not (Wright & Masters 1982,
    "Rating scale analysis", ch. 5).

    Abilities are not point estimates: residuals are averaged over each student's distribution of abilities, so
    that both mean squares have expectation 1 on a short test, too (Wu 1997, "The development and application of a
    fit test for use with marginal maximum likelihood estimation"; Adams & Wu 2007). Above 1: answers are more
    erratic than the model has it; below: more predictable. Under 2PL infit is close to 1 by construction, for the
    slope takes up what infit would show.
    """
    chances = np.clip(parameters.chances(), 1e-12, 1 - 1e-12)
    wrong = expected.count - expected.right
    squares = expected.right * (1 - chances) ** 2 + wrong * chances**2
    variance = chances * (1 - chances)
    infit = quotient(squares.sum(axis=1), (expected.count * variance).sum(axis=1))
    outfit = quotient((squares / variance).sum(axis=1), expected.count.sum(axis=1))
    return infit, outfit
