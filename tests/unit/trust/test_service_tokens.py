from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from trust.keys import KeyRing, SigningKey
from trust.service_tokens import Reason, ServiceTokens, TokenRefused

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ring(kid: str = "a", secret: bytes = b"a" * 32) -> KeyRing:
    return KeyRing([SigningKey(kid=kid, secret=secret)])


def tokens(keys: KeyRing | None = None, audience: str = "taskqueue") -> ServiceTokens:
    return ServiceTokens(keys or ring(), audience, os.urandom)


def refusal(token: str, at: datetime = NOW) -> Reason:
    with pytest.raises(TokenRefused) as refused:
        tokens().verify(token, now=at)
    return refused.value.reason


def test_a_token_says_who_asks_what_it_may_do_and_for_whom():
    token = tokens().issue("tp", ["tasks:write", "tasks:read"], ["oakwood"], now=NOW, lifetime=HOUR)
    caller = tokens().verify(token, now=NOW)
    assert caller.service == "tp"
    assert caller.may("tasks:write")
    assert not caller.may("queues:write")
    assert caller.covers("oakwood")
    assert not caller.covers("elmfield")
    assert caller.only_tenant == "oakwood"
    assert caller.expires_at == NOW + HOUR


def test_a_star_covers_every_tenant_and_is_no_tenant_itself():
    caller = tokens().verify(tokens().issue("tp", ["tasks:read"], ["*"], now=NOW, lifetime=HOUR), now=NOW)
    assert caller.covers("anybody")
    assert caller.covers_all
    assert caller.only_tenant is None


def test_several_tenants_are_no_single_one():
    token = tokens().issue("tp", ["tasks:read"], ["a", "b"], now=NOW, lifetime=HOUR)
    assert tokens().verify(token, now=NOW).only_tenant is None


def test_a_token_is_good_until_it_expires_also_when_it_is_remembered():
    verifier = tokens()
    token = verifier.issue("tp", ["tasks:read"], ["*"], now=NOW, lifetime=HOUR)
    verifier.verify(token, now=NOW + HOUR - timedelta(seconds=1))
    with pytest.raises(TokenRefused) as refused:
        verifier.verify(token, now=NOW + HOUR)
    assert refused.value.reason is Reason.EXPIRED


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.b.c", "a" * 10_000, "..", "e30.e30.e30"])
def test_what_is_no_token_is_malformed(token: str):
    assert refusal(token) is Reason.MALFORMED


def test_a_token_of_other_keys_another_audience_or_another_issuer_is_refused():
    claims = {
        "aud": "taskqueue",
        "sub": "tp",
        "scope": "a:b",
        "tenants": ["*"],
        "iat": 0,
        "exp": 2**32,
        "jti": "x",
    }
    key = OctKey.import_key(b"a" * 32)
    foreign = jwt.encode({"alg": "HS256", "kid": "a"}, {**claims, "iss": "test-platform"}, key, ["HS256"])
    for token, reason in [
        (tokens(ring(secret=b"b" * 32)).issue("tp", ["a:b"], ["*"], now=NOW, lifetime=HOUR), Reason.BAD_SIGNATURE),
        (tokens(ring(kid="b")).issue("tp", ["a:b"], ["*"], now=NOW, lifetime=HOUR), Reason.UNKNOWN_KEY),
        (tokens(audience="analysis").issue("tp", ["a:b"], ["*"], now=NOW, lifetime=HOUR), Reason.WRONG_AUDIENCE),
        (foreign, Reason.WRONG_ISSUER),
    ]:
        assert refusal(token) is reason


def test_a_token_that_names_another_algorithm_is_refused():
    key = OctKey.import_key(b"a" * 64)
    assert (
        refusal(jwt.encode({"alg": "HS512", "kid": "a"}, {"iss": "services"}, key, ["HS512"])) is Reason.MALFORMED
    )


@pytest.mark.parametrize(
    ("scopes", "tenants"), [([], ["*"]), (["a:b"], []), (["a b"], ["*"]), (["A:B"], ["*"]), (["a"], ["*"])]
)
def test_a_token_for_nothing_or_nobody_is_not_issued(scopes: list[str], tenants: list[str]):
    with pytest.raises(ValueError, match="scope"):
        ServiceTokens(ring(), "taskqueue", os.urandom).issue("tp", scopes, tenants, now=NOW, lifetime=HOUR)
