"""The door: a login and a password, or an access code with or without the login, for a token.

Somebody who does not exist, a wrong password and another tenant's user are answered alike, after like work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from store.errors import StoreError
from store.port import Entity, Namespace, Transaction
from tenants.errors import TenantSuspended, TenantUnknown
from tenants.registry import TenantRegistry
from tenants.scope import Principal, TenantScope
from tenants.user import User
from tp.domain.problem import Code
from tp.errors import Refused
from tp.services.identity.codes import code_hash, same_hash
from tp.services.identity.errors import Throttled
from tp.services.identity.passwords import Passwords
from tp.services.identity.throttle import PER_ADDRESS, PER_LOGIN, Throttle
from tp.services.identity.tokens import Tokens
from tp.services.people.records import ACCESS_CODES, LOGIN_NAMES, USERS, LoginName, login_key, name_id

NOBODY = Principal("usr_nobody", frozenset())
"""Who asks before it is known who asks: holds no permission."""


@dataclass(frozen=True, slots=True)
class Session:
    """`token` is a bearer token good until `expires_at`."""

    token: str
    user: User
    expires_at: datetime


class LoginService:
    """Composed once a process: the throttles are its memory of failures."""

    def __init__(
        self,
        registry: TenantRegistry,
        passwords: Passwords,
        tokens: Tokens,
        *,
        per_login: Throttle | None = None,
        per_address: Throttle | None = None,
    ) -> None:
        self._registry = registry
        self._passwords = passwords
        self._tokens = tokens
        self._per_login = Throttle(PER_LOGIN) if per_login is None else per_login
        self._per_address = Throttle(PER_ADDRESS) if per_address is None else per_address

    async def login(
        self,
        tenant_slug: str,
        login: str | None = None,
        *,
        password: str | None = None,
        access_code: str | None = None,
        address: str,
        now: datetime,
    ) -> Session:
        """Log in with `login` and `password`, `login` and `access_code`, or `access_code` alone.

        `address` is the client's, for throttling. Raises Refused with TENANT_UNKNOWN, TENANT_SUSPENDED, REQUIRED
        (not one of the three ways), BAD_CREDENTIALS; Throttled.
        """
        scope = await self._scope(tenant_slug)
        if access_code is not None and password is None:
            user_id = await self._by_code(scope.store, login, access_code, address, now)
        elif login is not None and password is not None and access_code is None:
            user_id = await self._by_password(scope, login, password, address, now)
        else:
            raise Refused.because(Code.REQUIRED, (), "a login with a password, or an access code")
        user = USERS.found(await scope.store.get(USERS.key(user_id)))
        if user is None:
            raise _bad_credentials()
        return self._session(scope, user, now)

    async def _scope(self, slug: str) -> TenantScope:
        try:
            return self._registry.scope(await self._registry.get(slug), NOBODY)
        except TenantUnknown:
            raise Refused.because(Code.TENANT_UNKNOWN, ("tenant",), "no such institution") from None
        except TenantSuspended:
            raise Refused.because(Code.TENANT_SUSPENDED, ("tenant",), "this institution is suspended") from None

    async def _by_code(self, store: Namespace, login: str | None, code: str, address: str, now: datetime) -> str:
        """Return the user's id.

        A right code is let in whatever others behind the same address did wrong: a code cannot be guessed, and
        a school must not be locked out by one of its pupils. Only a wrong one is told to wait.
        """
        user_id = await _holder_of_code(store, code) if login is None else await _named(store, login, code)
        if user_id is not None:
            return user_id
        wait = self._per_address.wait((address,), now)
        self._per_address.take((address,), now)
        raise Throttled(wait) if wait else _bad_credentials()

    async def _by_password(
        self, scope: TenantScope, login: str, password: str, address: str, now: datetime
    ) -> str:
        name = LOGIN_NAMES.found(await scope.store.get(login_key(login)))
        throttled = ((self._per_login, (scope.tenant.slug, name_id(login))), (self._per_address, (address,)))
        wait = max(throttle.wait(who, now) for throttle, who in throttled)
        if wait:
            raise Throttled(wait)
        for throttle, who in throttled:
            throttle.take(who, now)
        try:
            verified = await self._passwords.verify(name.password_hash if name else None, password)
        except Throttled:
            for throttle, who in throttled:
                throttle.give_back(who, now)
            raise
        if name is None or not verified.right:
            raise _bad_credentials()
        self._per_login.forget((scope.tenant.slug, name_id(login)))
        self._per_address.give_back((address,), now)
        if verified.outdated:
            await self._rehash(scope.store, name, password)
        return name.user_id

    async def _rehash(self, store: Namespace, seen: LoginName, password: str) -> None:
        """Keep the password under today's parameters. The login stands without it; the next one tries again."""
        try:
            fresh = await self._passwords.hash(password)

            async def work(tx: Transaction) -> None:
                name = LOGIN_NAMES.found(await tx.get(login_key(seen.login)))
                if name is not None and name.password_hash == seen.password_hash:
                    tx.put(LOGIN_NAMES.entity(name.model_copy(update={"password_hash": fresh})))

            await store.transact(work)
        except (Throttled, StoreError):
            return

    def _session(self, scope: TenantScope, user: User, now: datetime) -> Session:
        lifetime = timedelta(minutes=scope.tenant.settings.token_minutes)
        principal = Principal(user.id, frozenset(user.roles))
        issued = self._tokens.issue(scope.tenant.slug, principal, now=now, lifetime=lifetime)
        return Session(issued.token, user, issued.claims.expires_at)


async def _holder_of_code(store: Namespace, code: str) -> str | None:
    held = ACCESS_CODES.found(await store.get(ACCESS_CODES.key(code_hash(code))))
    return None if held is None else held.user_id


async def _named(store: Namespace, login: str, code: str) -> str | None:
    entity: Entity | None = await store.get(login_key(login))
    name = LOGIN_NAMES.found(entity)
    matches = same_hash(name.code_hash if name else None, code)
    return name.user_id if name is not None and matches else None


def _bad_credentials() -> Refused:
    return Refused.because(Code.BAD_CREDENTIALS, (), "login or credentials are wrong")
