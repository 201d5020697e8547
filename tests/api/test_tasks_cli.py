"""`tp tenants export` and `purge`: what they print, and when they refuse."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from api.cli import main

Run = Callable[..., tuple[int, str, str]]
PASSWORD = "correct horse battery staple"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def tp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `tp` with arguments, typing `typed`; there is one institution, `acme`."""
    monkeypatch.setenv("TP_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str, typed: str | None = None, piped: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tp", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(piped) if typed is None else Terminal(typed))
        try:
            main()
            status = 0
        except SystemExit as ended:
            status = int(ended.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    create = ("tenants", "create", "acme", "--name", "Acme", "--admin", "root", "--password-stdin")
    assert run(*create, piped=f"{PASSWORD}\n")[0] == 0
    return run


def test_everything_is_written_to_a_file(tp: Run, tmp_path: Path) -> None:
    status, out, _ = tp("tenants", "export", "acme")
    path = tmp_path / "data" / "exports" / "acme.ndjson"
    lines = [orjson.loads(line) for line in path.read_bytes().splitlines()]

    assert (status, out) == (0, f"acme: {len(lines)} entities in {path}\n")
    assert {"User", "LoginName"} <= {line["kind"] for line in lines}
    elsewhere = tmp_path / "elsewhere.ndjson"
    assert tp("tenants", "export", "acme", "--to", str(elsewhere))[0] == 0
    assert elsewhere.read_bytes() == path.read_bytes()
    assert tp("tenants", "export", "nobody")[0] == 1


def test_only_a_suspended_tenant_is_purged_and_after_its_name_was_typed_again(tp: Run) -> None:
    assert tp("tenants", "purge", "acme", "--yes") == (1, "", "tp: tenant 'acme' is active; suspend it first\n")
    assert tp("tenants", "suspend", "acme")[0] == 0
    assert tp("tenants", "purge", "acme")[2] == "tp: no terminal to ask on; use --yes\n"
    status, _, err = tp("tenants", "purge", "acme", typed="acne\n")
    assert (status, err) == (1, "tp: that is another name; nothing was deleted\n")
    assert tp("tenants", "list")[1] == "acme\tSUSPENDED\tAcme\n"

    status, out, _ = tp("tenants", "purge", "acme", typed="acme\n")

    assert status == 0
    assert out.endswith("entities deleted\n")
    assert tp("tenants", "list")[1] == ""
    assert tp("tenants", "purge", "acme", "--yes")[0] == 1
