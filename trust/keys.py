"""The keys that tokens and webhooks are signed with: read from settings, or made once and kept in a directory.

HS256, because whoever verifies a token is whoever issued it: one service's own processes share one secret either
way, and nobody else needs a public key. It costs a third of what Ed25519 does, on every login and on every token
that a process has not seen yet.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from joserfc.jwk import OctKey
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
)

from trust.clock import Entropy

ALGORITHM = "HS256"
SECRET_BYTES = 32
KEY_FILE = "token-keys.json"
SERVICE_KEY_FILE = "service-keys.json"
"""Of a data folder that several services share: the ring of their tokens and webhooks."""
_STANDARD = str.maketrans("-_", "+/")

Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]


class KeyRingInvalid(ValueError):
    """The text is not a key ring. Its message says what is wrong and never shows a secret."""


def _from_text(secret: object) -> object:
    if not isinstance(secret, str):
        return secret
    return base64.b64decode(secret.translate(_STANDARD) + "=" * (-len(secret) % 4), validate=True)


Secret = Annotated[
    bytes,
    BeforeValidator(_from_text),
    PlainSerializer(lambda secret: base64.urlsafe_b64encode(secret).decode(), return_type=str, when_used="json"),
]
"""Bytes; in JSON base64, of either alphabet, padded or not."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SigningKey(_Frozen):
    """`kid` names the key in a token's header. `secret`: at least 32 bytes, base64 in JSON.

    `signs_from`: tokens are signed with it from this instant on; they are verified with it at all times.
    """

    kid: str = Field(min_length=1, max_length=64)
    secret: Secret = Field(repr=False, min_length=SECRET_BYTES)
    signs_from: Instant | None = None


class _Ring(_Frozen):
    keys: tuple[SigningKey, ...] = Field(min_length=1)


class KeyRing:
    """Several keys at once, so that one can take over from another while tokens of both are about.

    To rotate: add the new key with `signs_from` after the last process will have been restarted, and take the
    old one away when the longest token signed with it has expired. `generated` rings were made by the server
    for itself and are not for production, where every replica must be given the same.
    """

    def __init__(self, keys: Iterable[SigningKey], *, generated: bool = False) -> None:
        self._keys = tuple(keys)
        self.generated = generated
        self._secrets = {key.kid: OctKey.import_key(key.secret, {"kid": key.kid}) for key in self._keys}
        if not self._keys or len(self._secrets) < len(self._keys):
            raise KeyRingInvalid("a key ring holds at least one key, each with a kid of its own")

    def signing(self, now: datetime) -> tuple[str, OctKey]:
        """Return the kid and key to sign with: the newest whose time has come, of equals the first listed.

        When no key's time has come, it is the one whose time comes first.
        """
        started = [key for key in self._keys if key.signs_from is None or key.signs_from <= now]
        if started:
            chosen = max(started, key=_since)
        else:
            chosen = min(self._keys, key=_since)
        return chosen.kid, self._secrets[chosen.kid]

    def verifying(self, kid: object) -> OctKey | None:
        """Return the key named in a token's header."""
        return self._secrets.get(kid) if isinstance(kid, str) else None


def read_key_ring(text: str, *, generated: bool = False) -> KeyRing:
    """Read `{"keys": [{"kid": "2025-06", "secret": "<base64>", "signs_from": "2025-06-01T00:00:00Z"}]}`.

    Raises KeyRingInvalid.
    """
    try:
        return KeyRing(_Ring.model_validate_json(text).keys, generated=generated)
    except ValidationError as error:
        # The error's own text would repeat its input, a secret.
        problems = error.errors(include_input=False)
        places = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in problems)
        raise KeyRingInvalid(places) from None


def generated_key_ring(directory: Path, random: Entropy, name: str = KEY_FILE) -> KeyRing:
    """Return the ring kept in `directory`, made when there is none: of several processes at once, one makes it.

    The file is readable by its owner only, and appears whole or not at all. Raises KeyRingInvalid, OSError.
    """
    path = directory / name
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        _publish(path, _new_ring(random).model_dump_json(exclude_none=True), random)
    return read_key_ring(path.read_text("utf-8"), generated=True)


def _new_ring(random: Entropy) -> _Ring:
    return _Ring(keys=(SigningKey(kid=f"generated-{random(4).hex()}", secret=random(SECRET_BYTES)),))


def _publish(path: Path, text: str, random: Entropy) -> None:
    """Give `path` this content unless another process was first: a link is made whole, and never over a file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{random(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()


def _since(key: SigningKey) -> float:
    return key.signs_from.timestamp() if key.signs_from else float("-inf")
