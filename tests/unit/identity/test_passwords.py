from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from institution import CHEAP

from tp.services.identity.errors import Throttled
from tp.services.identity.passwords import Argon2Parameters, Passwords, Verified

SLOW = Argon2Parameters(memory_kib=65_536, passes=4)


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    pool = Passwords(CHEAP, threads=1, waiting=3)
    yield pool
    pool.close()


@pytest.fixture
def slow() -> Iterator[Passwords]:
    pool = Passwords(SLOW, threads=1, waiting=1)
    yield pool
    pool.close()


async def test_the_right_password_fits_and_another_does_not(passwords: Passwords):
    kept = await passwords.hash("correct horse")
    assert kept.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert await passwords.verify(kept, "correct horse") == Verified(True)
    assert await passwords.verify(kept, "Correct horse") == Verified(False)
    assert kept != await passwords.hash("correct horse")


async def test_nothing_fits_where_no_password_is_kept(passwords: Passwords):
    for kept in (None, "", "not a hash"):
        assert await passwords.verify(kept, "correct horse") == Verified(False)
        assert await passwords.verify(kept, "nobody has this password") == Verified(False)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.text(alphabet=st.characters(categories=["Cs"])))
def test_any_text_can_be_typed_as_a_password(text: str):
    async def round_trip() -> None:
        pool = Passwords(CHEAP, threads=1)
        assert (await pool.verify(await pool.hash(text), text)).right
        pool.close()

    asyncio.run(round_trip())


async def test_a_password_is_the_same_whichever_way_its_letters_were_composed(passwords: Passwords):
    kept = await passwords.hash("caf\u00e9 noir")
    assert (await passwords.verify(kept, "cafe\u0301 noir")).right


async def test_a_hash_of_other_parameters_fits_and_is_told_as_outdated(passwords: Passwords):
    old = Passwords(Argon2Parameters(memory_kib=16, passes=2))
    kept = await old.hash("correct horse")
    old.close()
    assert await passwords.verify(kept, "correct horse") == Verified(True, outdated=True)
    assert await passwords.verify(kept, "wrong horse") == Verified(False)


async def test_who_finds_the_queue_full_is_turned_away_and_later_let_in(slow: Passwords):
    taken = [asyncio.ensure_future(slow.hash("x")) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Throttled) as refused:
        await slow.hash("x")
    assert refused.value.retry_after == 2
    with pytest.raises(Throttled):
        await slow.verify(None, "x")
    await asyncio.gather(*taken)
    assert await slow.verify(None, "x") == Verified(False)


async def test_who_stops_waiting_leaves_the_place_taken_until_the_work_ends(slow: Passwords):
    waiting = asyncio.ensure_future(slow.hash("x"))
    await asyncio.sleep(0.01)
    waiting.cancel()
    other = asyncio.ensure_future(slow.hash("x"))
    await asyncio.sleep(0)
    with pytest.raises(Throttled):
        await slow.hash("x")
    await other
    assert (await slow.hash("x")).startswith("$argon2id$")


async def test_the_event_loop_runs_on_while_a_password_is_hashed(slow: Passwords):
    work = asyncio.ensure_future(slow.hash("x"))
    turns = 0
    while not work.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 5


async def test_nobody_costs_as_much_time_as_a_wrong_password(slow: Passwords):
    kept = await slow.hash("correct horse")

    async def least_seconds(kept: str | None) -> float:
        taken = []
        for _ in range(4):
            start = time.process_time()
            await slow.verify(kept, "wrong horse")
            taken.append(time.process_time() - start)
        return min(taken)

    assert 0.4 < await least_seconds(None) / await least_seconds(kept) < 2.5


async def test_the_usual_parameters_are_owasps_first_recommendation():
    pool = Passwords()
    assert "$m=19456,t=2,p=1$" in await pool.hash("x")
    pool.close()
    pool.close()
