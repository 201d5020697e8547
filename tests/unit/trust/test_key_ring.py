from __future__ import annotations

import base64
import json
import multiprocessing
import secrets
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from institution import NOON

from trust.keys import (
    KEY_FILE,
    KeyRing,
    KeyRingInvalid,
    SigningKey,
    generated_key_ring,
    read_key_ring,
)

SECRET = base64.urlsafe_b64encode(b"\xff" * 32).decode()
OTHER = base64.b64encode(b"\xfb" * 48).decode()


def ring(*keys: dict[str, str]) -> str:
    return json.dumps({"keys": keys})


def test_a_ring_is_read_from_text_in_either_base64_alphabet_padded_or_not():
    read = read_key_ring(ring({"kid": "a", "secret": SECRET.rstrip("=")}, {"kid": "b", "secret": OTHER}))
    assert not read.generated
    a, b = read.verifying("a"), read.verifying("b")
    assert a is not None
    assert b is not None
    assert (a.raw_value, b.raw_value) == (b"\xff" * 32, b"\xfb" * 48)
    assert read.verifying("c") is None
    assert read.verifying(None) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        ring(),
        ring({"kid": "a"}),
        ring({"kid": "", "secret": SECRET}),
        ring({"kid": "a", "secret": base64.b64encode(b"s" * 31).decode()}),
        ring({"kid": "a", "secret": f"{SECRET}!"}),
        ring({"kid": "a", "secret": SECRET}, {"kid": "a", "secret": OTHER}),
        ring({"kid": "a", "secret": SECRET, "signs_from": "2025-06-01T00:00:00"}),
        ring({"kid": "a", "secret": SECRET, "sings_from": "2025-06-01T00:00:00Z"}),
    ],
)
def test_what_is_not_a_ring_is_refused_without_showing_a_secret(text: str):
    with pytest.raises(KeyRingInvalid) as refused:
        read_key_ring(text)
    assert SECRET[:8] not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_key_is_not_shown_with_its_secret():
    assert "sss" not in repr(SigningKey(kid="a", secret=b"s" * 32))


def test_the_newest_key_whose_time_has_come_signs():
    keys = [
        SigningKey(kid="old", secret=b"o" * 32),
        SigningKey(kid="new", secret=b"n" * 32, signs_from=NOON),
        SigningKey(kid="next", secret=b"x" * 32, signs_from=NOON + timedelta(days=1)),
    ]
    both = KeyRing(keys)
    assert both.signing(NOON - timedelta(seconds=1))[0] == "old"
    assert both.signing(NOON)[0] == "new"
    assert both.signing(NOON + timedelta(days=2))[0] == "next"
    assert KeyRing(keys[1:]).signing(NOON - timedelta(days=1))[0] == "new"


def test_a_generated_ring_is_kept_for_its_owner_only_and_marked(tmp_path: Path):
    directory = tmp_path / "data" / "deep"
    made = generated_key_ring(directory, secrets.token_bytes)
    again = generated_key_ring(directory, secrets.token_bytes)
    assert made.generated
    assert again.generated
    kid, key = made.signing(NOON)
    assert again.signing(NOON)[0] == kid
    assert again.signing(NOON)[1].raw_value == key.raw_value
    assert stat.S_IMODE((directory / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in directory.iterdir()] == [KEY_FILE]
    assert not read_key_ring((directory / KEY_FILE).read_text()).generated


def test_a_broken_key_file_is_told_and_not_replaced(tmp_path: Path):
    (tmp_path / KEY_FILE).write_text("{}")
    with pytest.raises(KeyRingInvalid):
        generated_key_ring(tmp_path, secrets.token_bytes)
    assert (tmp_path / KEY_FILE).read_text() == "{}"


def test_a_ring_that_another_process_made_in_between_is_taken_over(tmp_path: Path):
    def random(count: int) -> bytes:
        if not (tmp_path / KEY_FILE).exists():
            (tmp_path / KEY_FILE).write_text(ring({"kid": "first", "secret": SECRET}))
        return secrets.token_bytes(count)

    assert generated_key_ring(tmp_path, random).signing(NOON)[0] == "first"
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def _start(directory: str, kids: multiprocessing.Queue[str], gate: multiprocessing.Barrier) -> None:
    gate.wait()
    kids.put(generated_key_ring(Path(directory), secrets.token_bytes).signing(NOON)[0])


def test_processes_that_start_at_once_share_one_ring(tmp_path: Path):
    context = multiprocessing.get_context("spawn")
    kids, gate = context.Queue(), context.Barrier(4)
    processes = [context.Process(target=_start, args=(str(tmp_path), kids, gate)) for _ in range(4)]
    for process in processes:
        process.start()
    shared = {kids.get(timeout=60) for _ in processes}
    for process in processes:
        process.join()
    assert len(shared) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]
    kids.close()
