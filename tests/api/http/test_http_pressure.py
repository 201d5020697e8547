"""Too many at once: others go before saves and submits, everybody is told when to come back, and it passes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from asgi.pressure import LONGEST_SECONDS, STRAGGLERS, Overloaded, Pressure
from tenants.roles import Role

SLEEPS = "{ sleeps(seconds: 30) }"
SAVE = "mutation { saveResponses }"


@dataclass
class Rush:
    """A door of eight places, half of which are taken by what takes long."""

    door: Any
    sleeping: list[asyncio.Task[Any]]

    async def over(self) -> None:
        for task in self.sleeping:
            task.cancel()
        await asyncio.gather(*self.sleeping, return_exceptions=True)


@pytest.fixture
async def rush(make_door: Callable[..., Any]) -> AsyncIterator[Rush]:
    door = make_door(max_under_way=8)
    sleeping = [asyncio.create_task(door.ask(SLEEPS)) for _ in range(4)]
    for _ in range(100):  # turns of the event loop: in a few of them all four have begun
        await asyncio.sleep(0)
    assert (await door.client.get("/readyz")).status_code == 503
    rush = Rush(door, sleeping)
    yield rush
    await rush.over()


async def test_others_are_turned_away_while_saves_are_taken(rush: Rush) -> None:
    read = await rush.door.ask("{ serverTime }")
    legacy = await rush.door.ask("{ serverTime }", accept="application/json")
    saved = await rush.door.ask(SAVE, role=Role.STUDENT)

    for answer in (read, legacy):
        assert (answer.status, answer.codes) == (503, ["OVERLOADED"])
        later = answer.errors[0]["extensions"]["retryAfter"]
        assert later <= int(answer.response.headers["retry-after"]) < later + 1
    assert saved.data == {"saveResponses": "saved"}


async def test_readiness_tells_of_it_until_it_has_passed(rush: Rush) -> None:
    during = await rush.door.client.get("/readyz")
    await rush.over()
    after = await rush.door.client.get("/readyz")

    assert (during.status_code, during.json()) == (503, {"status": "overloaded"})
    assert (after.status_code, after.json()) == (200, {"status": "ready"})
    assert (await rush.door.ask("{ serverTime }")).status == 200


class Hands:
    """A clock that is moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def pressure(hands: Hands) -> Pressure:
    return Pressure(limit=100, wait=2.0, ticks=hands)


def takes(pressure: Pressure) -> tuple[bool, bool]:
    """Tell whether an urgent request is taken, and whether another is."""

    def taken(urgent: bool) -> bool:
        try:
            pressure.admitted(urgent=urgent)
        except Overloaded:
            return False
        return True

    return taken(True), taken(False)


def test_when_saves_wait_too_long_others_go_first_and_then_saves(pressure: Pressure, hands: Hands) -> None:
    for _ in range(STRAGGLERS + 1):
        pressure.admitted(urgent=True).__enter__()

    verdicts = {}
    for hands.now in (2.0, 2.1, 6.0, 6.1):
        verdicts[hands.now] = takes(pressure)

    assert verdicts == {2.0: (True, True), 2.1: (True, False), 6.0: (True, False), 6.1: (False, False)}


def test_a_few_stragglers_turn_nobody_away(pressure: Pressure, hands: Hands) -> None:
    for _ in range(STRAGGLERS):
        pressure.admitted(urgent=True).__enter__()
    hands.now = 60.0

    assert takes(pressure) == (True, True)


@pytest.mark.parametrize(
    ("under_way", "verdict"), [(49, (True, True)), (50, (True, False)), (100, (False, False))]
)
def test_requests_under_way_are_limited(pressure: Pressure, under_way: int, verdict: tuple[bool, bool]) -> None:
    for _ in range(under_way):
        pressure.admitted(urgent=True).__enter__()

    assert takes(pressure) == verdict


def test_a_request_that_fails_is_under_way_no_longer(pressure: Pressure) -> None:
    for urgent in (True, False):
        with pytest.raises(ValueError), pressure.admitted(urgent=urgent):
            raise ValueError

    assert pressure.under_way == 0


async def test_a_late_event_loop_turns_others_away(hands: Hands) -> None:
    pressure = Pressure(limit=100, wait=2.0, ticks=hands)
    watching = asyncio.create_task(pressure.watch())
    await asyncio.sleep(0)
    hands.now = 3.0
    late = takes(pressure)
    watching.cancel()

    assert late == (True, False)


def test_those_who_are_turned_away_come_back_at_different_times(hands: Hands) -> None:
    pressure = Pressure(limit=2, wait=2.0, ticks=hands)
    for _ in range(2):
        pressure.admitted(urgent=True).__enter__()
    told = set()
    for _ in range(50):
        with pytest.raises(Overloaded) as refused:
            pressure.admitted(urgent=False)
        told.add(refused.value.retry_after)

    assert len(told) == 50
    assert all(1 <= seconds <= LONGEST_SECONDS for seconds in told)
