"""How far students are, from their logs: each is read once, and from then on only what has been added."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from store.port import Namespace
from tp.domain.attempt import Attempt
from tp.domain.events import Batch, EventType
from tp.domain.log import Sitting, fold
from tp.domain.palette import PaletteState
from tp.services.published import PublishedPapers
from tp.services.sitting.log import batches_of, read_log

KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How many questions are answered and visited, and how often the window was left."""

    answered: int
    visited: int
    focus_lost: int


@dataclass(frozen=True, slots=True)
class _Read:
    """What a gapless beginning of a log comes to."""

    sitting: Sitting
    focus_lost: int


class ProgressReader:
    """Remembers of the `KEPT` attempts that were looked at last how far their logs were read."""

    def __init__(self, published: PublishedPapers) -> None:
        self._published = published
        self._kept: OrderedDict[tuple[str, str], _Read] = OrderedDict()

    async def of(self, store: Namespace, attempt: Attempt) -> Progress:
        """Return how far an attempt is. Raises NotFound when its paper is not there."""
        paper = await self._published.paper(store, attempt.test_id, attempt.paper_version)
        name = (store.name, attempt.id)
        before = self._kept.get(name)
        after = before.sitting.acked_seq if before else 0
        batches = batches_of(await read_log(store, attempt.id, after=after))
        sitting = fold(paper, batches, last_seq=attempt.last_seq, since=before.sitting if before else None)
        focus_lost = (before.focus_lost if before else 0) + _blurs(batches)
        if not sitting.beyond:
            self._kept[name] = _Read(sitting, focus_lost)
            self._kept.move_to_end(name)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        visited = sum(state is not PaletteState.NOT_VISITED for state in sitting.palette.values())
        return Progress(len(sitting.responses), visited, focus_lost)


def _blurs(batches: Sequence[Batch]) -> int:
    return sum(event.type is EventType.BLUR for batch in batches for event in batch.events)
