"""What Cloud Datastore takes, checked on this side so that every store gives the same verdict.

Figures are from https://cloud.google.com/datastore/docs/concepts/limits, sizes from
https://cloud.google.com/datastore/docs/concepts/storage-size.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from store.errors import StoreError, TooLarge, Unsupported
from store.kinds import Kinds
from store.names import is_reserved
from store.port import Delete, Entity, Key, Mutation, Scalar, Value

ENTITY_BYTES: Final = 1_048_572
VALUE_BYTES: Final = 1_048_487
COMMIT_BYTES: Final = 10 * 1024 * 1024
COMMIT_MUTATIONS: Final = 500
LOOKUP_KEYS: Final = 1_000
ID_BYTES: Final = 1_500
PROPERTY_NAME_BYTES: Final = 1_500
INDEXED_BYTES: Final = 1_500
INDEX_ENTRIES: Final = 20_000
"""Of one entity. With a kind and an id of at most 1,500 bytes a key stays below its own limit of 6 KiB."""

_NAMESPACE = re.compile(r"[0-9A-Za-z._-]{1,100}")
_INT64 = range(-(2**63), 2**63)
_ENTITY_OVERHEAD = 32
_KEY_OVERHEAD = 16
_TEXT_OVERHEAD = 1


def check_namespace(name: str) -> None:
    """Raise Unsupported unless `name` can be a namespace."""
    if not _NAMESPACE.fullmatch(name) or is_reserved(name):
        raise Unsupported(f"not a namespace: {name!r}")


def is_id(id: str) -> bool:
    """Tell whether a text can be an id at all."""
    try:
        check_id(id)
    except StoreError:
        return False
    return True


def check_id(id: str) -> int:
    """Return the bytes of an id. Raises Unsupported, TooLarge."""
    if not id or is_reserved(id):
        raise Unsupported(f"not an id: {id!r}")
    size = _text_bytes(id)
    if size > ID_BYTES:
        raise TooLarge("an id", size, ID_BYTES)
    return size


def check_key(key: Key, kinds: Kinds, namespace: str) -> int:
    """Return the bytes of a key. Raises Unsupported, TooLarge."""
    names = len(kinds[key.kind].name.encode()) + check_id(key.id) + len(namespace)
    return names + 3 * _TEXT_OVERHEAD + _KEY_OVERHEAD


def check_lookup(keys: Sequence[Key], kinds: Kinds) -> None:
    """Raise what a lookup of `keys` deserves."""
    if len(keys) > LOOKUP_KEYS:
        raise TooLarge("a lookup", len(keys), LOOKUP_KEYS)
    for key in keys:
        check_key(key, kinds, "")


def check_entity(entity: Entity, kinds: Kinds, namespace: str) -> int:
    """Return the size of an entity in bytes, as Datastore documents it. Raises Unsupported, TooLarge."""
    kind = kinds[entity.key.kind]
    size = check_key(entity.key, kinds, namespace) + _ENTITY_OVERHEAD
    entries = 0
    for name, value in entity.properties.items():
        indexed = name in kind.indexed
        size += _name_bytes(name) + _value_bytes(name, value, indexed)
        entries += indexed and (len(value) if isinstance(value, tuple) else 1)
    if size > ENTITY_BYTES:
        raise TooLarge(f"the entity {entity.key}", size, ENTITY_BYTES)
    if entries > INDEX_ENTRIES:
        raise TooLarge(f"the indexed values of {entity.key}", entries, INDEX_ENTRIES)
    return size


def check_commit(mutations: Sequence[Mutation], kinds: Kinds, namespace: str) -> None:
    """Raise what a commit of `mutations` deserves: TooLarge, Unsupported."""
    if len(mutations) > COMMIT_MUTATIONS:
        raise TooLarge("the mutations of a commit", len(mutations), COMMIT_MUTATIONS)
    size = sum(_mutation_bytes(mutation, kinds, namespace) for mutation in mutations)
    if size > COMMIT_BYTES:
        raise TooLarge("a commit", size, COMMIT_BYTES)
    if len({key_of(mutation) for mutation in mutations}) < len(mutations):
        raise Unsupported("a key occurs in two mutations of one commit")


def key_of(mutation: Mutation) -> Key:
    """Return the key that a mutation is about."""
    return mutation.key if isinstance(mutation, Delete) else mutation.entity.key


def check_scalar(name: str, value: Scalar, *, indexed: bool) -> int:
    """Return the bytes of a scalar of the property `name`. Raises Unsupported, TooLarge."""
    if value is None or isinstance(value, bool):
        return 1
    if isinstance(value, str):
        return _check_text(name, value, indexed) + _TEXT_OVERHEAD
    if isinstance(value, int):
        if value not in _INT64:
            raise Unsupported(f"{name}: an int of more than 64 bits")
        return 8
    if isinstance(value, float):
        return 8
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise Unsupported(f"{name}: a datetime without a time zone")
        return 8
    if isinstance(value, bytes):
        if len(value) > VALUE_BYTES:
            raise TooLarge(f"the property {name}", len(value), VALUE_BYTES)
        return len(value)
    raise Unsupported(f"{name}: {type(value).__name__} is not a value of the store")


def _mutation_bytes(mutation: Mutation, kinds: Kinds, namespace: str) -> int:
    if isinstance(mutation, Delete):
        return check_key(mutation.key, kinds, namespace)
    return check_entity(mutation.entity, kinds, namespace)


def _value_bytes(name: str, value: Value, indexed: bool) -> int:
    if isinstance(value, tuple):
        return sum(check_scalar(name, item, indexed=indexed) for item in value)
    return check_scalar(name, value, indexed=indexed)


def _check_text(name: str, value: str, indexed: bool) -> int:
    size = _text_bytes(value)
    limit = INDEXED_BYTES if indexed else VALUE_BYTES
    if size > limit:
        raise TooLarge(f"the {'indexed ' if indexed else ''}property {name}", size, limit)
    return size


def _name_bytes(name: str) -> int:
    if not name or is_reserved(name):
        raise Unsupported(f"not a property's name: {name!r}")
    size = _text_bytes(name)
    if size > PROPERTY_NAME_BYTES:
        raise TooLarge("a property's name", size, PROPERTY_NAME_BYTES)
    return size + _TEXT_OVERHEAD


def _text_bytes(text: str) -> int:
    if text.isascii():
        return len(text)
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        raise Unsupported("a lone surrogate cannot be stored") from None
