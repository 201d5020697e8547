"""The figures, and how they stand to each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console

from bench.graphql.names import ENDPOINTS, IN_JAVASCRIPT, IN_PYTHON, STEPS, Name
from bench.graphql.questions import PAPER, QUESTIONS, STAFF
from bench.table import new_table, print_table

Figures = dict[str, dict[Name, float]]
"""Milliseconds of CPU for an answer, by question and contestant."""

NOTES = (
    "paper: 90 questions; staff list: 100 attempts with results; mutation: a batch of eight events",
    "CPU ms from the question to the bytes of the answer, on the same objects; the answers were compared",
    "paper kept: as a frozen value; its bytes are kept under its id and version, and spliced into the answer",
    "compiled: by an operation that was compiled before; graphene, strawberry, ariadne and graphql-js as they "
    "come, and parse and validate each time",
    "of Node.js the time of all its threads counts, after it has warmed up",
)
STEP_NOTES = ("each step by itself; graphene uses json.dumps, orjson is for comparison",)
ENDPOINT_NOTES = ("the application is called without a socket: routing, body, answer and response are in it",)


def print_figures(console: Console, figures: Figures, rounds: int) -> None:
    """Print all tables: answers, endpoints, the steps of stock graphene, and the ratios that are aimed at."""
    title = f"GraphQL: CPU ms an answer, median of {rounds} rounds in turns"
    _print(console, title, figures, (*IN_PYTHON, *IN_JAVASCRIPT), NOTES)
    _print(console, "Behind Starlette: CPU ms a request", figures, ENDPOINTS, ENDPOINT_NOTES)
    _print(console, "Stock graphene, step by step: CPU ms", figures, STEPS, STEP_NOTES)
    table = new_table("What is aimed at")
    for column in ("figure", "aim", "measured"):
        table.add_column(column, no_wrap=True)
    for figure, aim, measured in _aims(figures[PAPER.name], figures[STAFF.name]):
        table.add_row(figure, aim, measured)
    print_table(console, table, ())


def _print(console: Console, title: str, figures: Figures, names: Sequence[Name], notes: Sequence[str]) -> None:
    table = new_table(title)
    table.add_column("", no_wrap=True)
    for question in QUESTIONS:
        table.add_column(question.name, justify="right")
    for name in names:
        if any(name in of for of in figures.values()):
            told = [figures[question.name].get(name) for question in QUESTIONS]
            table.add_row(name, *("" if each is None else f"{each:.3f}" for each in told))
    print_table(console, table, notes)


def _aims(paper: Mapping[Name, float], staff: Mapping[Name, float]) -> list[tuple[str, str, str]]:
    compiled = paper[Name.COMPILED]
    aims = [
        ("paper, compiled: graphene takes", "≥ 40 ×", f"{paper[Name.GRAPHENE] / compiled:.0f} ×"),
        ("  parsed and validated before", "", f"{(paper[Name.EXECUTE] + paper[Name.JSON]) / compiled:.0f} ×"),
    ]
    if Name.GRAPHQL_JS in paper:
        aims += [
            ("paper, compiled: graphql-js takes", "≥ 5 ×", f"{paper[Name.GRAPHQL_JS] / compiled:.1f} ×"),
            ("  parsed before", "", f"{paper[Name.GRAPHQL_JS_EXECUTE] / compiled:.1f} ×"),
            ("  graphql-jit, compiled before", "", f"{paper[Name.GRAPHQL_JIT] / compiled:.1f} ×"),
        ]
    aims += [
        (
            "paper, compiled, of what is written by hand",
            "≤ 1.5 ×",
            f"{compiled / paper[Name.HAND_WRITTEN]:.2f} ×",
        ),
        (
            "  both behind Starlette",
            "≤ 1.5 ×",
            f"{paper[Name.ENDPOINT_COMPILED] / paper[Name.ENDPOINT_HAND_WRITTEN]:.2f} ×",
        ),
    ]
    if Name.FROZEN in paper:
        aims.append(("paper, frozen values cached", "≤ 0.05 ms", f"{paper[Name.FROZEN]:.3f} ms"))
    ratio = staff[Name.GRAPHENE] / staff[Name.COMPILED]
    return [*aims, ("staff list, compiled: graphene takes", "≥ 20 ×", f"{ratio:.0f} ×")]
