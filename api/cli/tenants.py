"""`tp tenants`: institutions, from the machine that the server runs on."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.asgi import utc_now
from api.bootstrap import services
from api.cli.failure import Failure
from api.settings import Settings
from tenants.tenant import Tenant, TenantSettings
from tp.services.exporting.tenant import tenant_export
from tp.services.kept import KINDS
from tp.services.people.provisioning import create_tenant_with_admin
from tp.services.steps import to_the_end

app = typer.Typer(no_args_is_help=True, help="Create, list, suspend, resume, export and purge institutions.")

Slug = Annotated[str, typer.Argument(help="Short name: lower-case letters, digits, hyphens.")]


@app.command()
def create(
    slug: Slug,
    name: Annotated[str, typer.Option(help="The institution's name.")],
    admin: Annotated[str, typer.Option(help="Login of its first administrator.")],
    host: Annotated[list[str] | None, typer.Option(help="A host name of its own; may be repeated.")] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the administrator's password from standard input.")
    ] = False,
) -> None:
    """Create an institution and its first administrator."""
    password = _password(password_stdin)

    async def work() -> Tenant:
        async with services(Settings()) as opened:
            provisioned = await create_tenant_with_admin(
                opened.registry,
                opened.catalogue.creation,
                slug=slug,
                name=name,
                admin_login=admin,
                admin_password=password,
                settings=TenantSettings(hosts=tuple(host or ())),
                now=utc_now(),
            )
            return provisioned.tenant

    tenant = asyncio.run(work())
    typer.echo(f"{tenant.slug}: {tenant.name}, administrator {admin}")


@app.command("list")
def list_() -> None:
    """List institutions by their short names."""

    async def work() -> list[Tenant]:
        tenants: list[Tenant] = []
        async with services(Settings()) as opened:
            cursor: str | None = None
            while True:
                page = await opened.registry.page(cursor)
                tenants += page.tenants
                cursor = page.next
                if cursor is None:
                    return tenants

    for tenant in asyncio.run(work()):
        typer.echo(f"{tenant.slug}\t{tenant.state}\t{tenant.name}")


@app.command()
def suspend(slug: Slug) -> None:
    """Refuse every request of an institution until it is resumed."""
    typer.echo(f"{slug}: {asyncio.run(_set_state(slug, suspended=True)).state}")


@app.command()
def resume(slug: Slug) -> None:
    """Undo a suspension."""
    typer.echo(f"{slug}: {asyncio.run(_set_state(slug, suspended=False)).state}")


@app.command()
def export(
    slug: Slug,
    to: Annotated[Path | None, typer.Option(help="File to write; by default in the data folder.")] = None,
) -> None:
    """Write everything that is kept of an institution to a file, a line of JSON for each entity.

    The file holds what the store holds, hashes of passwords too, and is readable by its owner only.
    """
    settings = Settings()
    path = to or settings.data_dir / "exports" / f"{slug}.ndjson"

    async def work() -> int:
        async with services(settings) as opened:
            store = await opened.registry.own_work(slug)
            return (await to_the_end(tenant_export(store, KINDS, path))).done

    typer.echo(f"{slug}: {asyncio.run(work())} entities in {path}")


@app.command()
def purge(
    slug: Slug,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the short name again.")] = False,
) -> None:
    """Delete a suspended institution and everything that is kept of it. Nothing brings it back.

    Its tasks and reports are deleted too, in the services that the settings name. While one of them is away,
    running servers go on with the purge; this command may be given again.
    """
    if not yes and _typed_again(slug) != slug:
        raise Failure("that is another name; nothing was deleted")

    async def work() -> int:
        async with services(Settings()) as opened:
            await opened.registry.condemn(slug)
            return (await to_the_end(opened.purging.work(slug))).done

    typer.echo(f"{slug}: {asyncio.run(work())} entities deleted")


async def _set_state(slug: str, *, suspended: bool) -> Tenant:
    async with services(Settings()) as opened:
        return await (opened.registry.suspend(slug) if suspended else opened.registry.resume(slug))


def _typed_again(slug: str) -> str:
    if not sys.stdin.isatty():
        raise Failure("no terminal to ask on; use --yes")
    typed: str = typer.prompt(f"Everything of {slug} will be deleted. Type its short name again")
    return typed


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Failure("no terminal to ask for the password on; use --password-stdin")
    password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return password
