"""What may be refused before any rule of tests is asked.

TenantError
├── TenantUnknown       no such tenant
├── TenantSuspended     the tenant exists and is switched off
├── TenantActive        only a suspended tenant may be removed
├── TenantCondemned     it is being removed, and cannot be resumed
├── TenantExists        provisioning of a slug that is taken
├── HostTaken           a host name that leads to another tenant
└── PermissionDenied    the principal's roles do not include the permission
"""

from __future__ import annotations

from tenants.roles import Permission


class TenantError(Exception):
    """Anything raised here."""


class TenantUnknown(TenantError):
    def __init__(self, slug: str) -> None:
        super().__init__(f"no tenant {slug!r}")
        self.slug = slug


class TenantSuspended(TenantError):
    def __init__(self, slug: str) -> None:
        super().__init__(f"tenant {slug!r} is suspended")
        self.slug = slug


class TenantActive(TenantError):
    def __init__(self, slug: str) -> None:
        super().__init__(f"tenant {slug!r} is active; suspend it first")
        self.slug = slug


class TenantCondemned(TenantError):
    def __init__(self, slug: str) -> None:
        super().__init__(f"tenant {slug!r} is being purged")
        self.slug = slug


class TenantExists(TenantError):
    def __init__(self, slug: str) -> None:
        super().__init__(f"tenant {slug!r} exists")
        self.slug = slug


class HostTaken(TenantError):
    def __init__(self, host: str) -> None:
        super().__init__(f"host name {host!r} is another tenant's")
        self.host = host


class PermissionDenied(TenantError):
    def __init__(self, permission: Permission) -> None:
        super().__init__(f"needs {permission}")
        self.permission = permission
