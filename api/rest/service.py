"""What the routes are served by, and how they find it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from tenants.registry import TenantRegistry
from tp.services.catalogue import Catalogue
from trust.service_tokens import ServiceTokens


@dataclass(frozen=True, slots=True)
class Service:
    tokens: ServiceTokens
    registry: TenantRegistry
    catalogue: Catalogue


def service_of(request: Request) -> Service:
    """Return the service that the application was made with."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service
