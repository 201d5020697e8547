"""`tp up`: everything on this machine, with a demo institution to try it on."""

from __future__ import annotations

import asyncio
import socket
from typing import Annotated

import typer
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from api.asgi import utc_now
from api.bootstrap import services
from api.cli.demo.institution import ADMIN, STUDENTS, TEACHER, Institution, make_institution
from api.cli.failure import Failure
from api.cli.processes import Together
from api.cli.stack import Stack, stack
from api.settings import Settings


def up(
    host: Annotated[str | None, typer.Option(help="Address to listen on; TP_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=1, help="Port to listen on; TP_PORT.")] = None,
) -> None:
    """Run everything on this machine, with a demo institution; Ctrl-C stops it."""
    settings = Settings()
    host, port = host or settings.host, port or settings.port
    _check_free(host, port)
    console = Console()
    asyncio.run(_up(settings, host, port, console))
    console.print("Stopped. `make up` finds the same data again.")


async def _up(settings: Settings, host: str, port: int, console: Console) -> None:
    with console.status("Looking after the demo institution …"):
        async with services(settings) as opened:
            institution = await make_institution(opened, settings.data_dir, utc_now())
    together = stack(settings, host, port)
    await Together(together.programs, console).run(lambda: console.print(_welcome(together, institution)))


def _welcome(stack: Stack, institution: Institution) -> Panel:
    logins, test = institution.logins, institution.test
    facts = Table.grid(padding=(0, 2))
    for name, value in (
        ("students", f"{stack.address}/?institution={logins.tenant}   (in a browser)"),
        ("GraphQL", f"{stack.address}/graphql   (a browser gets GraphiQL)"),
        ("task queue", f"{stack.queue}/openapi.json   (REST)"),
        ("analysis", f"{stack.analysis}/openapi.json   (REST)"),
        ("institution", f"{logins.tenant}"),
        ("administrator", f"{ADMIN}   password {logins.admin}"),
        ("teacher", f"{TEACHER}   password {logins.teacher}"),
        ("their logins", f"{STUDENTS[0]} … {STUDENTS[-1]}   password {logins.students}"),
        ("test", f"{test.title}, {sum(len(s.questions) for s in test.sections)} questions   {test.id}"),
        ("try", ".venv/bin/tp demo --students 200"),
        ("stop", "Ctrl-C"),
    ):
        facts.add_row(f"[bold]{name}[/]", value)
    return Panel(facts, title="Test Platform is up", expand=False)


def _check_free(host: str, port: int) -> None:
    """Raise Failure when something listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            told = f"{host}:{port} cannot be listened on ({error.strerror}); choose another --port"
            raise Failure(told) from None
