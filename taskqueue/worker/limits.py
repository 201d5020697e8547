"""What an attempt is held to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """All in seconds but `memory_bytes` (of the process, `None`: without a limit).

    `lease`: the attempt is believed dead after so long without a word. `stop_grace`: how long a handler has to end
    after it was told to. `shutdown_grace`: the same when its worker stops in good order. `tick`: how often the
    watch looks.
    """

    lease: float
    stop_grace: float
    shutdown_grace: float
    memory_bytes: int | None
    tick: float = 0.1
