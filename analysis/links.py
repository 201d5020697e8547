"""Links to a report's page, for a browser that has no token: each opens one report, for an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from analysis.contract import Link
from trust.clock import Entropy
from trust.keys import KeyRing
from trust.service_tokens import ServiceTokens, TokenRefused

AUDIENCE: Final = "analysis-pages"
"""Keeps links apart from service tokens, which the same ring signs."""
SCOPE: Final = "pages:read"
LIFETIME: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link opens."""

    tenant: str
    report_id: str


class Links:
    """`address`: where browsers reach this service."""

    def __init__(self, ring: KeyRing, random: Entropy, address: str) -> None:
        self._tokens = ServiceTokens(ring, AUDIENCE, random)
        self._address = address

    def make(self, tenant: str, report_id: str, now: datetime) -> Link:
        """Return a link to the page of one report."""
        ticket = self._tokens.issue(report_id, [SCOPE], [tenant], now=now, lifetime=LIFETIME)
        url = f"{self._address}/v1/reports/{report_id}/page?{urlencode({'ticket': ticket})}"
        return Link(url=url, expires_at=now + LIFETIME)

    def open(self, ticket: str, report_id: str, now: datetime) -> Opened | None:
        """Return what a ticket opens, `None` when it is of no use for this report."""
        try:
            caller = self._tokens.verify(ticket, now=now)
        except TokenRefused:
            return None
        if caller.service != report_id or caller.only_tenant is None or not caller.may(SCOPE):
            return None
        return Opened(caller.only_tenant, report_id)
