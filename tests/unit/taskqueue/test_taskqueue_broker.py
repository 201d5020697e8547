"""Which broker is used, and how an embedded Redis is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from taskqueue import broker
from taskqueue.broker import broker_at, embedded_server, find_server


def program(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    made = folder / name
    made.write_text("#!/bin/sh\n")
    made.chmod(0o755)
    return made


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_an_address_is_used_as_it_is_with_every_wait_bounded(tmp_path: Path) -> None:
    made = broker_at("redis://broker:6379/0", tmp_path, 100)

    assert made.url == "redis://broker:6379/0"
    assert made.options["visibility_timeout"] == 100
    assert made.options["socket_timeout"] > 0
    assert made.options["socket_connect_timeout"] > 0


def test_without_an_address_all_processes_share_a_folder_of_the_data_directory(tmp_path: Path) -> None:
    made = broker_at(None, tmp_path, 100)

    assert made.url.startswith("filesystem://")
    assert made.options["data_folder_in"] == made.options["data_folder_out"]
    assert Path(made.options["data_folder_in"]).is_relative_to(tmp_path)
    assert Path(made.options["data_folder_in"]).is_dir()
    assert made == broker_at(None, tmp_path, 100)


def test_redis_on_the_path_is_preferred_to_valkey(path: Path) -> None:
    valkey = program(path, "valkey-server")
    assert find_server() == str(valkey)

    redis = program(path, "redis-server")
    assert find_server() == str(redis)


@pytest.mark.usefixtures("path")
def test_the_server_that_a_distribution_ships_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shipping").mkdir()
    (tmp_path / "shipping" / "__init__.py").write_text("raise AssertionError('imported')")
    shipped = program(tmp_path / "shipping" / "bin", "redis-server")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(broker, "SHIPPER", "shipping")

    assert find_server() == str(shipped)


@pytest.mark.usefixtures("path")
def test_a_machine_may_have_no_server_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker, "SHIPPER", "no_such_distribution")

    assert find_server() is None
    assert embedded_server(tmp_path, 6400) is None


def test_an_embedded_server_listens_on_loopback_and_keeps_nothing(path: Path, tmp_path: Path) -> None:
    program(path, "redis-server")

    server = embedded_server(tmp_path / "data", 6400)

    assert server is not None
    assert server.url == "redis://127.0.0.1:6400/0"
    command = " ".join(server.command)
    assert "--bind 127.0.0.1 --port 6400" in command
    assert "--save  --appendonly no" in command
    assert str(tmp_path / "data") in command
    assert (tmp_path / "data").is_dir()
