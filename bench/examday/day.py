"""The timetable of an exam day: who does what when, in seconds after the gate, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Day:
    """`students` start within `start_within` seconds of the gate and fetch the paper. Then each saves `saves`
    batches, one every `save_every` seconds of the exam, which passes `compress` times as fast as a real one.
    `drop` is the share of them who lose the connection in the middle and come back two batches later. At last all
    submit within `submit_within` seconds.
    """

    students: int
    start_within: float = 10.0
    saves: int = 5
    save_every: float = 30.0
    compress: float = 3.0
    submit_within: float = 10.0
    drop: float = 0.05
    seed: int = 1

    @property
    def turn(self) -> float:
        """Seconds between two saves of a student."""
        return self.save_every / self.compress

    @property
    def saving_from(self) -> float:
        return self.start_within + 1.0

    @property
    def submitting_from(self) -> float:
        return self.saving_from + self.saves * self.turn + 1.0


@dataclass(frozen=True, slots=True)
class Setting:
    """How a day is held: by so many server processes, the students in so many of their own. `kill_every`: seconds
    from one killed server process to the next, `None`: none is killed."""

    workers: int
    crowds: int
    kill_every: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """One student's day. `drops_at`: the batch after whose sending the connection goes, `None` for most."""

    starts_at: float
    saves_at: tuple[float, ...]
    submits_at: float
    drops_at: int | None


def plan(day: Day, number: int) -> Plan:
    """Return the day of student `number`: evenly spread over each phase, by chance."""
    random = Random(f"{day.seed}:{number}")
    beat = random.random()
    drops = day.saves >= 2 and random.random() < day.drop
    return Plan(
        starts_at=random.random() * day.start_within,
        saves_at=tuple(day.saving_from + (turn + beat) * day.turn for turn in range(day.saves)),
        submits_at=day.submitting_from + random.random() * day.submit_within,
        drops_at=random.randrange(1, day.saves) if drops else None,
    )
