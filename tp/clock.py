"""Time and randomness as arguments: what the services are composed with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]
"""Return the present instant, aware, in UTC."""

Entropy = Callable[[int], bytes]
"""Return so many random bytes."""
