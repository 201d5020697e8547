"""What is kept of people: the user, the names that are one user's only, and the hashes of what they log in with.

Names and codes are kept under a hash: roll numbers come in sequence, and keys in sequence would all be written
to one end of the store.
"""

from __future__ import annotations

import hashlib
import unicodedata

from store.port import Key, Kind
from store.records import Table
from tenants.user import User
from tp.domain.value import Frozen


class LoginName(Frozen):
    """The one user of a login, and that user's credentials, so that a login costs two reads.

    `batch` names the bulk creation that wrote it, so that an interrupted one is known again.
    """

    login: str
    user_id: str
    password_hash: str | None = None
    code_hash: str | None = None
    batch: str


class ExternalId(Frozen):
    """The one user of an institution's own id."""

    external_id: str
    user_id: str


class AccessCode(Frozen):
    """The user who logs in with the code of this hash and nothing else."""

    code_hash: str
    user_id: str


USERS = Table(
    Kind("User", frozenset({"groups", "roles"})),
    User,
    id_of=lambda user: user.id,
    index=lambda user: {"groups": user.groups or None, "roles": user.roles},
)
LOGIN_NAMES = Table(Kind("LoginName"), LoginName, id_of=lambda name: name_id(name.login))
EXTERNAL_IDS = Table(Kind("ExternalId"), ExternalId, id_of=lambda name: name_id(name.external_id))
ACCESS_CODES = Table(Kind("AccessCode"), AccessCode, id_of=lambda code: code.code_hash)

KINDS: tuple[Kind, ...] = (USERS.kind, LOGIN_NAMES.kind, EXTERNAL_IDS.kind, ACCESS_CODES.kind)


def normal_name(typed: str) -> str:
    """Return the form in which two names are the same: NFKC, case folded, no space around."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed).casefold())
    return unicodedata.normalize("NFKC", folded.casefold()).strip()


def name_id(typed: str) -> str:
    """Return the id under which a login or an external id is kept, however it was typed."""
    return hashlib.sha256(normal_name(typed).encode("utf-8", "surrogatepass")).hexdigest()


def login_key(typed: str) -> Key:
    return LOGIN_NAMES.key(name_id(typed))


def external_key(typed: str) -> Key:
    return EXTERNAL_IDS.key(name_id(typed))
