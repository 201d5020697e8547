"""`tp demo`: a cohort of simulated students sits the demo test over HTTP, and every mark is checked."""

from __future__ import annotations

import asyncio
import secrets
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.demo import documents
from api.cli.demo.analysed import made_report, print_report
from api.cli.demo.client import Client, Failed
from api.cli.demo.cohort import (
    create_students,
    end_sitting,
    publish_sitting,
    read_results,
    slow_group,
    until_graded,
)
from api.cli.demo.found import Pair, findings, print_findings
from api.cli.demo.institution import ADMIN, TEACHER
from api.cli.demo.key import Asked, moved, paper_by_text, results_under, set_key
from api.cli.demo.logins import Logins, kept_logins
from api.cli.demo.planted import Planted, plant
from api.cli.demo.questions import known_questions
from api.cli.demo.report import Row, compared, print_results
from api.cli.demo.sitting import Sat, Student, sit
from api.cli.failure import Failure
from api.settings import Settings

TIMEOUT_SECONDS = 60.0
DIFFERENCES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Sitting:
    """A test of the cohort's own. `paper` goes by the questions' texts."""

    test_id: str
    group: str
    planted: Planted
    paper: Mapping[str, Asked]

    @property
    def mistyped(self) -> Asked:
        return self.paper[self.planted.mistyped]


def demo(
    students: Annotated[int, typer.Option(min=1, max=10_000, help="How many sit.")] = 200,
    url: Annotated[str | None, typer.Option(help="The server's address; by TP_HOST and TP_PORT.")] = None,
    at_once: Annotated[int, typer.Option(min=1, max=1_000, help="How many sit at the same time.")] = 64,
    vanishing: Annotated[float, typer.Option(min=0, max=1, help="The share that vanishes midway.")] = 0.06,
    seed: Annotated[int, typer.Option(help="The same seed, the same behaviour.")] = 1,
) -> None:
    """Let simulated students sit the demo test, and check every mark."""
    settings = Settings()
    logins = kept_logins(settings.data_dir)
    address = url or f"http://{settings.host}:{settings.port}"
    try:
        asyncio.run(_demo(logins, address, students, at_once, vanishing, seed))
    except Failed as error:
        raise Failure(f"the server refused ({', '.join(error.codes)}): {error}") from error
    except httpx.TransportError as error:
        raise Failure(f"no server answers at {address} ({type(error).__name__}): start it with `tp up`") from error


async def _demo(logins: Logins, address: str, count: int, at_once: int, vanishing: float, seed: int) -> None:
    console = Console()
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    async with httpx.AsyncClient(
        base_url=address, timeout=TIMEOUT_SECONDS, limits=limits, trust_env=False
    ) as http:
        nobody = Client(http, logins.tenant)
        admin = await nobody.logged_in(login=ADMIN, password=logins.admin)
        teacher = await nobody.logged_in(login=TEACHER, password=logins.teacher)
        group = f"demo-{secrets.token_hex(3)}"
        with console.status(f"Creating {count} students and their test …"):
            students = await create_students(admin, group, count, vanishing, seed)
            sitting = await _prepared(teacher, group, seed)
        began = time.perf_counter()
        sats = await _sit(console, nobody, students, sitting, at_once)
        _print_pace(console, sats, time.perf_counter() - began)
        vanished = sum(student.vanishes for student in students)
        with console.status(f"Ending the test: the server closes the {vanished} who vanished, and grades all …"):
            await end_sitting(teacher, sitting.test_id)
            await until_graded(teacher, sitting.test_id)
            results = await read_results(teacher, sitting.test_id)
        rows = _compared(sats, results, {sitting.planted.mistyped: sitting.planted.mistyped_as})
        print_results(console, rows)
        _judge(console, rows, "known answers")
        await _release(teacher, sitting.test_id, sats[0], rows[0])
        await _analyse(console, teacher, sitting, sats)
        await _correct(console, teacher, sitting, sats, results)


async def _prepared(teacher: Client, group: str, seed: int) -> Sitting:
    """Publish a test, and mistype its key."""
    test_id, planted = await publish_sitting(teacher, group), plant(seed)
    sitting = Sitting(test_id, group, planted, await paper_by_text(teacher, test_id))
    await set_key(teacher, test_id, sitting.mistyped, planted.mistyped_as, "mistyped, as the demo plans it")
    return sitting


async def _analyse(console: Console, teacher: Client, sitting: Sitting, sats: Sequence[Sat]) -> None:
    with console.status("Waiting for the report …"):
        report = await made_report(teacher, sitting.test_id)
        slow = await _times_of_the_slow(teacher, sitting, sats)
    print_report(console, report)
    if report is not None:
        found = findings(sitting.planted, sitting.paper, _pairs(sats), report, slow)
        print_findings(console, found, len(sats))


async def _correct(
    console: Console, teacher: Client, sitting: Sitting, sats: Sequence[Sat], results: Sequence[Any]
) -> None:
    """Put the mistyped key right, and check every mark again. Raises Failure when any differs."""
    right = known_questions()[sitting.planted.mistyped].right
    with console.status("Correcting the key …"):
        version = await set_key(teacher, sitting.test_id, sitting.mistyped, right, "the key was mistyped")
        corrected = await results_under(teacher, sitting.test_id, version)
    by = moved(results, corrected)
    up = sum(difference > 0 for difference in by)
    console.print(
        f"The key of question {sitting.mistyped.number} is corrected: {up} totals rise and {len(by) - up} fall, "
        f"by up to {max(map(abs, by), default=0)} marks; all attempts are scored anew"
    )
    _judge(console, _compared(sats, corrected, {}), "the corrected key")


async def _times_of_the_slow(teacher: Client, sitting: Sitting, sats: Sequence[Sat]) -> Mapping[str, Any] | None:
    """Return the times of the planted group alone; `None` where it has nobody, or nobody makes reports."""
    if not any(sat.student.slow for sat in sats):
        return None
    groups = [slow_group(sitting.group)]
    return await made_report(teacher, sitting.test_id, ["BEHAVIOUR"], groups, documents.REPORT_TIMES)


def _pairs(sats: Sequence[Sat]) -> list[Pair]:
    """Return the attempts of who copied and of who was copied from."""
    by_seed = {sat.student.seed: sat.attempt_id for sat in sats}
    return [
        frozenset((sat.attempt_id, by_seed[sat.student.source])) for sat in sats if sat.student.source is not None
    ]


def _compared(sats: Sequence[Sat], results: Sequence[Any], in_force: Mapping[str, str]) -> list[Row]:
    """Hold all marks against what they must be. Raises Failure unless every attempt has some."""
    graded = {attempt["id"]: attempt for attempt in results}
    if graded.keys() != {sat.attempt_id for sat in sats}:
        raise Failure(f"{len(sats)} students sat, and the server has {len(graded)} attempts")
    return [compared(sat, graded[sat.attempt_id], in_force) for sat in sats]


async def _sit(
    console: Console,
    nobody: Client,
    students: Sequence[Student],
    sitting: Sitting,
    at_once: int,
) -> list[Sat]:
    seats = asyncio.Semaphore(at_once)
    columns = (
        TextColumn("Sitting"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[saved]} batches saved"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("", total=len(students), saved=0)
        saved = 0

        def one_saved() -> None:
            nonlocal saved
            saved += 1
            progress.update(bar, saved=saved)

        async def seated(student: Student) -> Sat:
            async with seats:
                sat = await sit(nobody, student, sitting.test_id, sitting.planted, one_saved)
            progress.advance(bar)
            return sat

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(seated(student)) for student in students]
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


def _print_pace(console: Console, sats: Sequence[Sat], seconds: float) -> None:
    times = sorted(seconds for sat in sats for seconds in sat.save_times)
    median, slow = statistics.median(times), times[int(0.99 * (len(times) - 1))]
    console.print(
        f"{len(sats)} students saved {len(times)} batches in {seconds:.1f} s: "
        f"a save took {median * 1000:.0f} ms in the median, {slow * 1000:.0f} ms at the 99th percentile"
    )


async def _release(teacher: Client, test_id: str, sat: Sat, row: Row) -> None:
    """Release the score, and see it as one of the students. Raises Failure unless it is shown only then."""
    before = (await sat.client.ask(documents.OWN_RESULT, id=sat.attempt_id))["result"]
    await teacher.do(documents.RELEASE, testId=test_id, score=True)
    shown = (await sat.client.ask(documents.OWN_RESULT, id=sat.attempt_id))["result"]
    if before is not None or shown is None or shown["total"]["marks"] != str(row.total):
        raise Failure(f"{sat.student.name} sees {before} before the release and {shown} after it")


def _judge(console: Console, rows: Sequence[Row], against: str) -> None:
    """Tell what the check found. Raises Failure when any mark differs."""
    differences = [difference for row in rows for difference in row.differences]
    if differences:
        for difference in differences[:DIFFERENCES_SHOWN]:
            console.print(difference)
        raise Failure(f"{len(differences)} marks are not what they must be")
    questions = sum(sum(row.counts) for row in rows)
    console.print(f"[green]✓[/] {questions} marks checked against {against}: all are right")
