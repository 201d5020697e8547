"""The commands: what they print, and that they fail in one line."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, print_schema

import api.cli.schema as schema_command
from api.cli import main
from api.cli.settings import markdown_table, setting_rows
from api.graphql.trusted import TrustedDocuments
from api.settings import Settings

PASSWORD = "correct horse battery staple"


@pytest.fixture
def tp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that runs `tp` with arguments and returns status, output and error."""
    monkeypatch.setenv("TP_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tp", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        try:
            main()
            status = 0
        except SystemExit as ended:
            status = int(ended.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def create(tp: Any, slug: str = "acme", **options: str) -> Any:
    named = {"name": "Acme School", "admin": "root", **options}
    flags = [part for name, value in named.items() for part in (f"--{name}", value)]
    return tp("tenants", "create", slug, *flags, "--password-stdin", stdin=f"{PASSWORD}\n")


def test_tenant_is_created_listed_suspended_and_resumed(tp: Any) -> None:
    assert create(tp)[0] == 0
    assert tp("tenants", "list") == (0, "acme\tACTIVE\tAcme School\n", "")
    assert tp("tenants", "suspend", "acme")[1] == "acme: SUSPENDED\n"
    assert tp("tenants", "resume", "acme")[1] == "acme: ACTIVE\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("tenants", "suspend", "nobody"), "no tenant 'nobody'"),
        (("tenants", "create", "x", "--name", "X", "--admin", "a"), "--password-stdin"),
    ],
)
def test_failure_is_one_line_and_a_status(tp: Any, arguments: tuple[str, ...], told: str) -> None:
    status, out, err = tp(*arguments)

    assert (status, out) == (1, "")
    assert err.count("\n") == 1
    assert told in err


def test_bad_slug_and_taken_slug_are_told_without_the_password(tp: Any) -> None:
    create(tp)
    for status, _, err in (create(tp, "Not A Slug"), create(tp, name="Another")):
        assert status == 1
        assert err.startswith("tp: ")
        assert err.count("\n") == 1
        assert PASSWORD not in err


def test_bad_setting_is_told_by_its_name(tp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TP_PORT", "many")
    status, _, err = tp("settings")

    assert status == 1
    assert "port" in err


def test_production_without_keys_does_not_start(tp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TP_MODE", "production")
    status, _, err = tp("serve")

    assert status == 1
    assert "TP_SIGNING_KEYS" in err


def test_every_setting_is_described_and_secrets_are_hidden(tp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TP_SIGNING_KEYS", '{"keys": "hunter2"}')
    monkeypatch.setenv("DATASTORE_EMULATOR_HOST", "localhost:8081")
    rows = setting_rows(Settings())

    assert len(rows) == len(Settings.model_fields)
    assert all(len(row.about) > 10 for row in rows)
    assert {row.variable: row.value for row in rows}["DATASTORE_EMULATOR_HOST"] == "localhost:8081"
    status, out, _ = tp("settings", "--markdown")
    assert (status, out) == (0, markdown_table(rows) + "\n")
    assert all(f"`{row.variable}`" in out for row in rows)
    assert "hunter2" not in out + tp("settings")[1]


def test_schema_is_compared_with_its_snapshot(tp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = tmp_path / "schema.graphql"
    monkeypatch.setattr(schema_command, "SNAPSHOT", snapshot)
    monkeypatch.setattr(schema_command, "SCHEMA", build_schema("type Query { a: Int }"))

    assert tp("schema", "--check")[0] == 1
    snapshot.write_text(tp("schema")[1])
    assert tp("schema", "--check")[0] == 0
    snapshot.write_text(print_schema(build_schema("type Query { a: Int b: Int }")) + "\n")
    status, out, err = tp("schema", "--check")
    assert status == 1
    assert "-  b: Int" in out
    assert "run `tp schema > " in err


def test_documents_of_a_folder_become_the_file_of_trusted_ones(tp: Any, tmp_path: Path) -> None:
    (tmp_path / "time.graphql").write_text("{ serverTime }")
    status, printed, _ = tp("documents", str(tmp_path))
    (tmp_path / "trusted.json").write_text(printed)

    assert status == 0
    assert list(TrustedDocuments.read(tmp_path / "trusted.json").texts.values()) == ["{ serverTime }"]


def test_document_that_the_schema_has_not_is_told_in_one_line(tp: Any, tmp_path: Path) -> None:
    (tmp_path / "wrong.graphql").write_text("{ nothing }")

    assert tp("documents", str(tmp_path)) == (1, "", "tp: wrong: Cannot query field 'nothing' on type 'Query'.\n")
