"""What an answer of gRPC other than OK means to a caller of the store."""

from __future__ import annotations

from typing import Final

from grpc import StatusCode
from grpc.aio import AioRpcError

from store.errors import OutcomeUnknown, StoreError, Unavailable, Unsupported

_OURS: Final = frozenset(
    {
        StatusCode.INVALID_ARGUMENT,
        StatusCode.FAILED_PRECONDITION,
        StatusCode.OUT_OF_RANGE,
        StatusCode.UNIMPLEMENTED,
    }
)
_PASSING: Final = frozenset(
    {
        StatusCode.DEADLINE_EXCEEDED,
        StatusCode.INTERNAL,
        StatusCode.RESOURCE_EXHAUSTED,
        StatusCode.UNAVAILABLE,
    }
)
_REFUSED: Final = frozenset(
    {
        StatusCode.NOT_FOUND,
        StatusCode.PERMISSION_DENIED,
        StatusCode.RESOURCE_EXHAUSTED,
        StatusCode.UNAUTHENTICATED,
    }
)
_NEVER_CONNECTED: Final = ("failed to connect to all addresses", "DNS resolution failed")


class Aborted(Exception):
    """The transaction lost to another: all of it has to be run again."""


class OlderEmulator(Unsupported):
    """The Datastore emulator in its older mode takes 25 keys in a transaction; Google's service takes all."""


class NeverSent(Unavailable):
    """The request surely did not reach the server (of which gRPC tells in words only)."""


def may_pass(error: AioRpcError) -> bool:
    """Tell whether a read that met `error` is worth another try."""
    return error.code() in _PASSING


def of_read(error: AioRpcError) -> StoreError:
    """Return what a failed read, or anything else that writes nothing, raises."""
    if error.code() in _OURS:
        return Unsupported(_words(error))
    return Unavailable(_words(error))


def of_commit(error: AioRpcError) -> StoreError:
    """Return what a failed commit raises, ABORTED and ALREADY_EXISTS aside."""
    if error.code() is StatusCode.INVALID_ARGUMENT and "too many entity groups" in (error.details() or ""):
        told = "start the emulator with --use-firestore-in-datastore-mode for transactions of over 25 keys"
        return OlderEmulator(f"{_words(error)} ({told})")
    if error.code() in _OURS:
        return Unsupported(_words(error))
    if error.code() in _REFUSED:
        return Unavailable(_words(error))
    if error.code() is StatusCode.UNAVAILABLE and (error.details() or "").startswith(_NEVER_CONNECTED):
        return NeverSent(_words(error))
    return OutcomeUnknown(_words(error))


def _words(error: AioRpcError) -> str:
    return f"{error.code().name}: {error.details()}"
