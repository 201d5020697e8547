"""How the processes of a queue are spread over its nodes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from taskqueue.worker.share import share

NAMES = st.sets(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=8)


@given(st.integers(1, 64), NAMES)
def test_the_parts_sum_up_and_differ_by_one_at_most(count: int, names: set[str]) -> None:
    parts = [share(count, names, name) for name in names]

    assert sum(parts) == max(count, len(names))
    assert max(parts) - min(parts) <= 1


def test_a_node_that_is_not_known_yet_counts_itself() -> None:
    assert share(4, {"a"}, "b") == 2
    assert share(4, set(), "b") == 4
