"""Everything of a tenant as lines of JSON: one entity a line, `{"kind", "id", "body"}`.

The indexed properties of an entity are derived from its body and left out, and so are files of earlier exports.
Hashes of passwords are part of it: whoever keeps such a file keeps it as the store itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import orjson
from pydantic import JsonValue

from store.port import Entity, Kind, Namespace, Query
from store.records import BODY
from tp.domain.value import Frozen
from tp.services.steps import Step, Work
from tp.tables import FILE_PARTS

CHUNK = 200


class Place(Frozen):
    """`written`: how many bytes of the file are sure; what lies behind them is written again."""

    kind: int = 0
    cursor: str | None = None
    done: int = 0
    written: int = 0


def tenant_export(store: Namespace, kinds: Sequence[Kind], path: Path) -> Work:
    """Return the work of writing all entities of `kinds` to a file that its owner alone may read."""
    exported = [kind.name for kind in kinds if kind != FILE_PARTS]

    async def step(at: JsonValue) -> Step:
        place = Place.model_validate(at or {})
        page = await store.query(Query(exported[place.kind], limit=CHUNK, cursor=place.cursor))
        written = _write(path, place.written, b"".join(map(_line, page.entities)))
        kind = place.kind if page.next is not None else place.kind + 1
        done = place.done + len(page.entities)
        behind = Place(kind=kind, cursor=page.next, done=done, written=written)
        return Step(done, None, behind.model_dump(mode="json") if kind < len(exported) else None)

    return step


def _line(entity: Entity) -> bytes:
    body = entity[BODY]
    assert isinstance(body, bytes)
    return orjson.dumps({"kind": entity.key.kind, "id": entity.key.id, "body": orjson.Fragment(body)}) + b"\n"


def _write(path: Path, after: int, data: bytes) -> int:
    """Write `data` behind the first `after` bytes of a file; return its size."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("r+b") as file:
        file.truncate(after)
        file.seek(after)
        file.write(data)
        return file.tell()
