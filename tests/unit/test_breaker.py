"""The circuit breaker: closed while calls are answered, open after failures in a row, half open to try once."""

from __future__ import annotations

from tp.clients.breaker import FAILURES, REST_SECONDS, TRIAL_SECONDS, Breaker, BreakerState


def tripped(now: float = 0.0) -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker = breaker.failed(now)
    return breaker


def test_it_opens_after_several_failures_in_a_row_and_no_sooner() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker = breaker.failed(0.0)
    assert breaker.asked(0.0)[0]
    assert breaker.succeeded().failed(0.0).state is BreakerState.CLOSED
    assert not breaker.failed(0.0).asked(1.0)[0]


def test_after_a_rest_one_call_tries_and_the_others_wait() -> None:
    assert not tripped().asked(REST_SECONDS - 0.1)[0]
    may, trying = tripped().asked(REST_SECONDS)
    assert may
    assert trying.state is BreakerState.HALF_OPEN
    assert not trying.asked(REST_SECONDS + 1)[0]


def test_a_trial_that_succeeds_closes_it_and_one_that_fails_opens_it_again() -> None:
    _, trying = tripped().asked(REST_SECONDS)
    assert trying.succeeded() == Breaker(since=trying.since)
    again = trying.failed(REST_SECONDS + 1)
    assert again.state is BreakerState.OPEN
    assert not again.asked(2 * REST_SECONDS)[0]
    assert again.asked(2 * REST_SECONDS + 1)[0]


def test_a_trial_that_was_never_heard_of_again_gives_way_to_another() -> None:
    _, trying = tripped().asked(REST_SECONDS)
    assert trying.asked(REST_SECONDS + TRIAL_SECONDS)[0]
