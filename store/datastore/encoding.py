"""Keys, values and entities as Datastore's messages, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from store.errors import Unsupported
from store.instants import from_microseconds, to_microseconds
from store.port import Entity, Key, Kind, Scalar, Value

_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Partition:
    """Where keys live: a project, one of its databases (empty: the default one) and a namespace."""

    project: str
    database: str
    namespace: str

    def fill(self, partition_id: Any) -> None:
        """Write this into a `PartitionId`."""
        partition_id.project_id = self.project
        partition_id.database_id = self.database
        partition_id.namespace_id = self.namespace

    def address(self, request: Any) -> None:
        """Write project and database into a request."""
        request.project_id = self.project
        request.database_id = self.database


def fill_key(message: Any, key: Key, partition: Partition) -> None:
    """Write a key into a `Key`."""
    partition.fill(message.partition_id)
    message.path.add(kind=key.kind, name=key.id)


def read_key(message: Any) -> Key:
    """Return the key of a `Key`."""
    element = message.path[0]
    return Key(element.kind, element.name)


def fill_entity(message: Any, entity: Entity, kind: Kind, partition: Partition) -> None:
    """Write an entity into an `Entity`; what its kind does not index is excluded from indexes."""
    fill_key(message.key, entity.key, partition)
    for name, value in entity.properties.items():
        fill_value(message.properties[name], value, indexed=name in kind.indexed)


def read_entity(message: Any) -> Entity:
    """Return the entity of an `Entity`. Raises Unsupported for a value that this program did not write."""
    return Entity(read_key(message.key), read_properties(message.properties))


def read_properties(properties: Mapping[str, Any]) -> dict[str, Value]:
    """Return the properties of an `Entity`."""
    return {name: _read_value(value) for name, value in properties.items()}


def fill_value(message: Any, value: Value, *, indexed: bool) -> None:
    """Write a value into a `Value`. A list has no exclusion of its own: its members have."""
    if isinstance(value, tuple):
        message.array_value.SetInParent()
        for item in value:
            _fill_scalar(message.array_value.values.add(), item, indexed)
    else:
        _fill_scalar(message, value, indexed)


def _fill_scalar(message: Any, value: Scalar, indexed: bool) -> None:
    message.exclude_from_indexes = not indexed or isinstance(value, bytes)
    if value is None:
        message.null_value = 0
    elif isinstance(value, bool):
        message.boolean_value = value
    elif isinstance(value, int):
        message.integer_value = value
    elif isinstance(value, str):
        message.string_value = value
    elif isinstance(value, float):
        message.double_value = value
    elif isinstance(value, datetime):
        seconds, microseconds = divmod(to_microseconds(value), _MILLION)
        message.timestamp_value.seconds = seconds
        message.timestamp_value.nanos = microseconds * 1_000
    else:
        message.blob_value = value


def _read_value(message: Any) -> Value:
    if message.WhichOneof("value_type") == "array_value":
        return tuple(_read_scalar(item) for item in message.array_value.values)
    return _read_scalar(message)


def _read_scalar(message: Any) -> Scalar:
    field = message.WhichOneof("value_type")
    if field == "null_value":
        return None
    if field == "timestamp_value":
        instant = message.timestamp_value
        return from_microseconds(instant.seconds * _MILLION + instant.nanos // 1_000)
    if field not in _AS_IS:
        raise Unsupported(f"a stored value of the type {field}")
    scalar: Scalar = getattr(message, field)
    return scalar


_AS_IS: Final = frozenset({"boolean_value", "integer_value", "double_value", "string_value", "blob_value"})
