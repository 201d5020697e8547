from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from institution import NOON, Entropy
from joserfc import jwt
from joserfc.jwk import OctKey

from tenants.roles import Role
from tenants.scope import Principal
from tp.services.identity.errors import Reason, Unauthenticated
from tp.services.identity.tokens import Tokens
from trust.keys import KeyRing, SigningKey

OLD = SigningKey(kid="old", secret=b"o" * 32)
NEW = SigningKey(kid="new", secret=b"n" * 32, signs_from=NOON)
TEACHER = Principal("usr_1", frozenset({Role.TEACHER, Role.INVIGILATOR}))
HOUR = timedelta(hours=1)


def tokens_of(*keys: SigningKey, **options: object) -> Tokens:
    return Tokens(KeyRing(keys or [OLD]), Entropy(), **options)


def issued(tokens: Tokens) -> str:
    return tokens.issue("school", TEACHER, now=NOON, lifetime=HOUR).token


def reason_of(tokens: Tokens, token: str, **asked: object) -> Reason:
    with pytest.raises(Unauthenticated) as refused:
        tokens.verify(token, **({"now": NOON} | asked))
    return refused.value.reason


def forged(payload: object, *, header: dict[str, object] | None = None, secret: bytes = OLD.secret) -> str:
    header = {"alg": "HS256", "kid": "old"} | (header or {})
    return jwt.encode(header, payload, OctKey.import_key(secret), [str(header["alg"])])


CLAIMS = {
    "iss": "test-platform",
    "tenant": "school",
    "sub": "usr_1",
    "roles": ["STUDENT"],
    "iat": int(NOON.timestamp()),
    "exp": int((NOON + HOUR).timestamp()),
    "jti": "x",
}


def test_a_token_says_who_asks_of_which_tenant_until_when():
    tokens = tokens_of()
    made = tokens.issue("school", TEACHER, now=NOON + timedelta(microseconds=5), lifetime=HOUR)
    for reader in (tokens, tokens_of()):
        for _ in range(2):
            claims = reader.verify(made.token, now=NOON, tenant="school")
            assert claims == made.claims
    assert (claims.tenant, claims.principal) == ("school", TEACHER)
    assert (claims.issued_at, claims.expires_at) == (NOON, NOON + HOUR)
    header = json.loads(base64.urlsafe_b64decode(made.token.split(".")[0] + "=="))
    assert header == {"typ": "JWT", "alg": "HS256", "kid": "old"}


def test_no_two_tokens_are_the_same():
    tokens = tokens_of()
    one, other = (tokens.issue("school", TEACHER, now=NOON, lifetime=HOUR) for _ in range(2))
    assert one.claims.id != other.claims.id
    assert len(base64.urlsafe_b64decode(one.claims.id + "==")) == 16


def test_a_token_is_good_until_its_end_and_no_longer_also_when_it_is_remembered():
    tokens = tokens_of()
    token = issued(tokens)
    tokens.verify(token, now=NOON + HOUR - timedelta(seconds=1))
    assert reason_of(tokens, token, now=NOON + HOUR) is Reason.EXPIRED
    assert reason_of(tokens_of(), token, now=NOON + HOUR) is Reason.EXPIRED


def test_a_token_of_one_tenant_is_none_of_another():
    tokens = tokens_of()
    token = issued(tokens)
    assert reason_of(tokens, token, tenant="other") is Reason.WRONG_TENANT
    assert reason_of(tokens, token, tenant="") is Reason.WRONG_TENANT
    tokens.verify(token, now=NOON, tenant="school")


def test_after_a_rotation_new_tokens_have_the_new_key_and_old_ones_are_good_until_their_key_is_taken_away():
    before = issued(tokens_of(OLD))
    rotating = tokens_of(OLD, NEW)
    after = issued(rotating)
    for token in (before, after):
        assert rotating.verify(token, now=NOON).principal == TEACHER
    assert reason_of(tokens_of(OLD), after) is Reason.UNKNOWN_KEY
    assert reason_of(tokens_of(NEW), before) is Reason.UNKNOWN_KEY
    assert tokens_of(NEW).verify(after, now=NOON).principal == TEACHER


def test_claims_of_a_newer_version_are_left_aside():
    assert tokens_of().verify(forged(CLAIMS | {"session": "new"}), now=NOON).principal.id == "usr_1"


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("", Reason.MALFORMED),
        ("a.b", Reason.MALFORMED),
        ("a.b.c", Reason.MALFORMED),
        ("é.b.c", Reason.MALFORMED),
        ("a" * 5000, Reason.MALFORMED),
        (forged(CLAIMS, header={"kid": "else"}), Reason.UNKNOWN_KEY),
        (forged(CLAIMS, header={"alg": "HS512"}), Reason.MALFORMED),
        (forged(CLAIMS, secret=b"x" * 32), Reason.BAD_SIGNATURE),
        (forged(CLAIMS | {"iss": "somebody"}), Reason.WRONG_ISSUER),
        (forged(CLAIMS | {"roles": ["KING"]}), Reason.MALFORMED),
        (forged(CLAIMS | {"exp": "soon"}), Reason.MALFORMED),
        (forged({"sub": "usr_1"}), Reason.MALFORMED),
    ],
)
def test_what_is_not_a_token_of_ours_is_refused_with_its_reason(token: str, reason: Reason):
    tokens = tokens_of()
    for _ in range(2):
        assert reason_of(tokens, token) is reason


def test_a_token_without_a_key_id_or_with_no_algorithm_is_refused():
    key = OctKey.import_key(OLD.secret)
    assert reason_of(tokens_of(), jwt.encode({"alg": "HS256"}, CLAIMS, key)) is Reason.UNKNOWN_KEY
    parts = [{"alg": "none", "kid": "old", "typ": "JWT"}, CLAIMS]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    assert reason_of(tokens_of(), ".".join([*encoded, ""])) is Reason.MALFORMED


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=63))
def test_no_altered_token_is_taken(place: int, change: int):
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    tokens = tokens_of()
    token = issued(tokens)
    # The last letter of each part has bits that encode nothing; an alteration there may be none.
    places = [i for i, letter in enumerate(token) if letter != "." and token[i + 1 : i + 2] not in (".", "")]
    at = places[place % len(places)]
    altered = letters[(letters.index(token[at]) + change) % 64]
    with pytest.raises(Unauthenticated):
        tokens.verify(token[:at] + altered + token[at + 1 :], now=NOON)


@given(st.text())
def test_any_text_is_refused_and_nothing_else_happens(text: str):
    with pytest.raises(Unauthenticated):
        tokens_of().verify(text, now=NOON)


def test_more_tokens_than_are_remembered_are_verified_all_the_same():
    tokens = tokens_of(remembered=2)
    many = [issued(tokens) for _ in range(5)]
    for token in [*many, *many]:
        assert tokens.verify(token, now=NOON).principal == TEACHER
    assert len(tokens._verified) == 2
