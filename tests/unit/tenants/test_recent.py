from __future__ import annotations

from institution import Clock

from tenants.recent import Recent


def test_an_answer_is_given_until_it_is_too_old(clock: Clock):
    recent: Recent[str] = Recent(2, 10, clock.tick)
    recent.keep("a", "A")
    clock.pass_seconds(1.9)
    assert recent.get("a") == "A"
    clock.pass_seconds(0.1)
    assert recent.get("a") is None


def test_the_oldest_answer_makes_room(clock: Clock):
    recent: Recent[int] = Recent(2, 3, clock.tick)
    for number, name in enumerate("abcad"):
        recent.keep(name, number)
    assert len(recent) == 3
    assert [recent.get(name) for name in "abcd"] == [3, None, 2, 4]


def test_a_forgotten_answer_is_gone_and_forgetting_twice_is_no_error(clock: Clock):
    recent: Recent[int] = Recent(2, 3, clock.tick)
    recent.keep("a", 1)
    recent.forget("a")
    recent.forget("a")
    assert recent.get("a") is None
