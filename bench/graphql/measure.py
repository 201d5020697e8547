"""`--part graphql`: this executor, others, and none, side by side."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console

from bench.graphql import data
from bench.graphql.graphene_schema import schema
from bench.graphql.installed import node_program, python_packages
from bench.graphql.names import Name
from bench.graphql.questions import INTROSPECTION, QUESTIONS
from bench.graphql.tables import Figures, print_figures
from bench.program import NotServing

ROUNDS = 7


def measure_graphql(console: Console, directory: Path) -> None:
    """Install what is measured against, let all answer, check that they say the same, and time them in turns.

    Raises NotInstalled, and NotServing when somebody gives no answer or another one.
    """
    directory.mkdir()
    with ExitStack() as running:
        with console.status("graphql: installing"):
            processes = [running.enter_context(process) for process in _processes(console, directory)]
        with console.status("graphql") as status:
            _require_same_answers([process.read() for process in processes])
            figures: Figures = {}
            for question in QUESTIONS:
                rounds: dict[Name, list[float]] = {}
                for number in range(ROUNDS):
                    status.update(f"graphql: {question.name}, round {number + 1} of {ROUNDS}")
                    for process in processes:
                        for name, milliseconds in process.ask(question.name).items():
                            rounds.setdefault(Name(name), []).append(milliseconds)
                figures[question.name] = {name: median(each) for name, each in rounds.items()}
    print_figures(console, figures, ROUNDS)


class _Process:
    """One of the two that time: a line of JSON for each line that it is sent."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, question: str) -> dict[str, float]:
        assert self._process.stdin is not None
        print(question, file=self._process.stdin, flush=True)
        figures: dict[str, float] = self.read()
        return figures

    def read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise NotServing(f"{self._process.args!r} ended before it answered")
        return json.loads(line)


def _processes(console: Console, directory: Path) -> Iterator[Any]:
    path = os.pathsep.join([str(python_packages()), str(Path.cwd())])
    yield _running([sys.executable, "-m", "bench.graphql.contestants"], Path.cwd(), {"PYTHONPATH": path})
    node = node_program()
    if node is None:
        console.print("graphql-js and graphql-jit: skipped, Node.js and npm are not on the PATH")
        return
    folder, command = node
    given = directory / "given.json"
    given.write_text(json.dumps(_given()))
    yield _running([*command, str(given)], folder, {})


@contextmanager
def _running(command: Sequence[str], directory: Path, environment: dict[str, str]) -> Iterator[_Process]:
    process = subprocess.Popen(
        command,
        cwd=directory,
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _Process(process)
    finally:
        process.kill()
        process.communicate()


def _given() -> dict[str, Any]:
    """Return what JavaScript needs: the schema, the data, and what is asked."""
    attempts = data.make_attempts(data.make_paper())
    return {
        "sdl": str(schema),
        "attempts": [_json(attempt) for attempt in attempts],
        "saved": _json(data.save(7)),
        "questions": [asdict(question) for question in QUESTIONS],
    }


def _json(value: Any) -> Any:
    """Return an object as JSON has it, its fields named as in the schema."""
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case list():
            return [_json(each) for each in value]
        case str() | int() | float() | None:
            return value
    return {_camel(name): _json(getattr(value, name)) for name in value.__slots__}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)


def _require_same_answers(processes: Sequence[dict[str, dict[str, Any]]]) -> None:
    answers = {name: of for answered in processes for name, of in answered.items()}
    expected = answers[Name.GRAPHENE]
    for name, of in answers.items():
        for question, answer in of.items():
            # Each library describes its own schema a little differently.
            if answer != expected[question] and question != INTROSPECTION.name:
                raise NotServing(f"{name} answers {question} otherwise than graphene: {str(answer)[:500]}")
