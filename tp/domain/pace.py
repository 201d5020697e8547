"""How fast a cold key range may be written to: 500 writes a second, half as many again every five minutes.

https://cloud.google.com/datastore/docs/best-practices#ramping_up_traffic
"""

from __future__ import annotations

FIRST_RATE = 500.0
GROWTH = 1.5
PERIOD_SECONDS = 5 * 60.0


def earliest(written: int) -> float:
    """Return after how many seconds of steady writing `written` writes may have been made."""
    seconds, rate, left = 0.0, FIRST_RATE, float(written)
    while left > rate * PERIOD_SECONDS:
        left -= rate * PERIOD_SECONDS
        seconds += PERIOD_SECONDS
        rate *= GROWTH
    return seconds + left / rate
