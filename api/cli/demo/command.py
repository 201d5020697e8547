"""`tp demo`: a cohort of simulated students sits the demo test over HTTP, and every mark is checked."""

from __future__ import annotations

import asyncio
import secrets
import statistics
import time
from collections.abc import Sequence
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.demo import documents
from api.cli.demo.analysed import made_report, print_report
from api.cli.demo.client import Client, Failed
from api.cli.demo.cohort import create_students, end_sitting, publish_sitting, read_results, until_graded
from api.cli.demo.institution import ADMIN, TEACHER
from api.cli.demo.logins import Logins, kept_logins
from api.cli.demo.report import Row, compared, print_results
from api.cli.demo.sitting import Sat, Student, sit
from api.cli.failure import Failure
from api.settings import Settings

TIMEOUT_SECONDS = 60.0
DIFFERENCES_SHOWN = 10


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
            test_id = await publish_sitting(teacher, group)
        began = time.perf_counter()
        sats = await _sit(console, nobody, students, test_id, at_once)
        _print_pace(console, sats, time.perf_counter() - began)
        vanished = sum(student.vanishes for student in students)
        with console.status(f"Ending the test: the server closes the {vanished} who vanished, and grades all …"):
            await end_sitting(teacher, test_id)
            await until_graded(teacher, test_id)
            graded = {attempt["id"]: attempt for attempt in await read_results(teacher, test_id)}
        if graded.keys() != {sat.attempt_id for sat in sats}:
            raise Failure(f"{len(sats)} students sat, and the server has {len(graded)} attempts")
        rows = [compared(sat, graded[sat.attempt_id]) for sat in sats]
        print_results(console, rows)
        await _release(teacher, test_id, sats[0], rows[0])
        with console.status("Waiting for the report …"):
            report = await made_report(teacher, test_id)
        print_report(console, report)
        _judge(console, rows)


async def _sit(
    console: Console, nobody: Client, students: Sequence[Student], test_id: str, at_once: int
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
                sat = await sit(nobody, student, test_id, one_saved)
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


def _judge(console: Console, rows: Sequence[Row]) -> None:
    """Tell what the check found. Raises Failure when any mark differs."""
    differences = [difference for row in rows for difference in row.differences]
    if differences:
        for difference in differences[:DIFFERENCES_SHOWN]:
            console.print(difference)
        raise Failure(f"{len(differences)} marks are not what they must be")
    questions = sum(sum(row.counts) for row in rows)
    console.print(f"[green]✓[/] {questions} marks checked against known answers: all are right; scores released")
