"""What is kept of people: the user, the names that are one user's only, and the hashes of what they log in with.

Names and codes are kept under a hash: roll numbers come in sequence, and keys in sequence would all be written
to one end of the store.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from store.port import Key, Kind
from store.records import Table
from tenants.user import User
from tp.domain.ids import TAIL, USER
from tp.domain.value import Frozen, Instant

USER_ID = re.compile(rf"{USER}_[a-z2-7]{{{TAIL}}}")


class LoginName(Frozen):
    """The one user of a login, and that user's credentials, so that a login costs two reads.

    `batch` names the bulk creation that wrote it, at `written_at`, so that an interrupted one is known again.
    """

    login: str
    user_id: str
    password_hash: str | None = None
    code_hash: str | None = None
    batch: str
    written_at: Instant


class ExternalId(Frozen):
    """The one user of an institution's own id."""

    external_id: str
    user_id: str


class AccessCode(Frozen):
    """The user who logs in with the code of this hash and nothing else."""

    code_hash: str
    user_id: str


class Batch(Frozen):
    """A creation of users that was written to its end."""

    id: str
    finished_at: Instant


USERS = Table(
    Kind("User", frozenset({"groups", "roles"})),
    User,
    id_of=lambda user: user.id,
    index=lambda user: {"groups": user.groups or None, "roles": user.roles},
)
LOGIN_NAMES = Table(Kind("LoginName"), LoginName, id_of=lambda name: name_id(name.login))
EXTERNAL_IDS = Table(Kind("ExternalId"), ExternalId, id_of=lambda name: name_id(name.external_id))
ACCESS_CODES = Table(Kind("AccessCode"), AccessCode, id_of=lambda code: code.code_hash)
BATCHES = Table(Kind("UserBatch"), Batch, id_of=lambda batch: batch.id)

KINDS: tuple[Kind, ...] = tuple(table.kind for table in (USERS, LOGIN_NAMES, EXTERNAL_IDS, ACCESS_CODES, BATCHES))


def normal_name(typed: str) -> str:
    """Return the form in which two names are the same: NFKC, case folded, single spaces, none around."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", typed).casefold())
    return " ".join(unicodedata.normalize("NFKC", folded.casefold()).split())


def name_id(typed: str) -> str:
    """Return the id under which a login or an external id is kept, however it was typed."""
    return hashlib.sha256(normal_name(typed).encode("utf-8", "surrogatepass")).hexdigest()


def is_user_id(text: str) -> bool:
    """Tell whether `text` has the form of a user's id; what has not is never looked up."""
    return USER_ID.fullmatch(text) is not None


def login_key(typed: str) -> Key:
    return LOGIN_NAMES.key(name_id(typed))


def external_key(typed: str) -> Key:
    return EXTERNAL_IDS.key(name_id(typed))
