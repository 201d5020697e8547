"""What came of an exam day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.examday.crowds import Told
from bench.examday.verify import Verified
from bench.examday.watch import Watch


@dataclass(frozen=True, slots=True)
class Held:
    """Instants are Unix times; `login_cpu`: seconds that the logins took of the server; `killed`: workers."""

    told: Sequence[Told]
    watch: Watch
    verified: Verified
    gate: float
    graded: float
    login_cpu: float | None
    killed: int
