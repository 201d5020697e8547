"""The logistic model of right answers: P(right | z) = 1 ÷ (1 + exp(−(slope · z + intercept))), z ~ N(0, 1).

Expectations over the ability z are sums over 61 equally spaced nodes from −6 to 6, weighted by the normal density.
Students down, questions across; a question that a student did not have says nothing of either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.reports.figures import Flags, Floats, quotient

NODES: Floats = np.linspace(-6.0, 6.0, 61)
DENSITY: Floats = np.exp(-(NODES**2) / 2)
LOG_WEIGHTS: Floats = np.log(DENSITY / DENSITY.sum())
CHUNK = 8_192
"""Students at a time: what is held for each is a number a node."""


@dataclass(frozen=True)
class Answers:
    """`right`: 1 or 0, students × questions, 0 where not `seen`."""

    right: Floats
    seen: Flags

    @cached_property
    def complete(self) -> bool:
        return bool(self.seen.all())

    def chunks(self) -> Iterator[Answers]:
        """Yield some students at a time."""
        for start in range(0, len(self.right), CHUNK):
            yield Answers(self.right[start : start + CHUNK], self.seen[start : start + CHUNK])


@dataclass(frozen=True, slots=True)
class Parameters:
    """One slope and one intercept a question."""

    slopes: Floats
    intercepts: Floats

    def difficulties(self) -> Floats:
        """Return the abilities at which right and wrong are equally likely; NaN for a slope of 0."""
        return -np.sign(self.slopes) * quotient(self.intercepts, np.abs(self.slopes))

    def logits(self) -> Floats:
        """Return questions × nodes."""
        return self.slopes[:, None] * NODES + self.intercepts[:, None]

    def chances(self) -> Floats:
        """Return P(right), questions × nodes."""
        result: Floats = 0.5 * (1 + np.tanh(self.logits() / 2))
        return result


@dataclass(frozen=True, slots=True)
class Expected:
    """How many students are expected at each node, and how many of them right: questions × nodes."""

    right: Floats
    count: Floats
    log_likelihood: float


def posterior(answers: Answers, parameters: Parameters) -> tuple[Floats, float]:
    """Return the distribution of each student over the nodes, and the log-likelihood of all."""
    softplus = np.logaddexp(0.0, parameters.logits())
    lost = softplus.sum(axis=0)[None, :] if answers.complete else answers.seen.astype(np.float64) @ softplus
    logs = np.outer(answers.right @ parameters.slopes, NODES) - lost + LOG_WEIGHTS
    highest = logs.max(axis=1, keepdims=True)
    weights = np.exp(logs - highest)
    sums = weights.sum(axis=1, keepdims=True)
    constant = answers.right @ parameters.intercepts
    return weights / sums, float((np.log(sums) + highest).sum() + constant.sum())


def expect(answers: Answers, parameters: Parameters) -> Expected:
    """Sum the students' distributions: the expectation step of Bock & Aitkin (1981)."""
    questions = answers.right.shape[1]
    right, count = np.zeros((questions, NODES.size)), np.zeros((questions, NODES.size))
    log_likelihood = 0.0
    for chunk in answers.chunks():
        spread, part = posterior(chunk, parameters)
        right += chunk.right.T @ spread
        count += spread.sum(axis=0) if chunk.complete else chunk.seen.T.astype(np.float64) @ spread
        log_likelihood += part
    return Expected(right, count, log_likelihood)
