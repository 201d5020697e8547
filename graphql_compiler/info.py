"""What resolvers are told of their field: made only for those that look, the path only when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLResolveInfo
from graphql.pyutils import Path

from graphql_compiler.steps import linked

_PATH = GraphQLResolveInfo._fields.index("path")


class Info(GraphQLResolveInfo):
    """A GraphQLResolveInfo that keeps the bare steps of its path, and links them when somebody reads `path`.

    Like the original it may be compared, unpacked, indexed, and copied by `_replace`.
    """

    __slots__ = ()

    @property
    def path(self) -> Path:
        kept = tuple.__getitem__(self, _PATH)
        return kept if isinstance(kept, Path) else linked(kept)

    def __getitem__(self, index: Any) -> Any:
        return tuple(self)[index]

    def __iter__(self) -> Iterator[Any]:
        items = list(tuple.__iter__(self))
        items[_PATH] = self.path
        return iter(items)

    def __eq__(self, other: object) -> bool:
        return tuple(self) == (tuple(other) if isinstance(other, tuple) else other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = GraphQLResolveInfo.__hash__

    def _replace(self, **changes: Any) -> Info:
        return tuple.__new__(Info, GraphQLResolveInfo(*self)._replace(**changes))

    def _asdict(self) -> dict[str, Any]:
        return GraphQLResolveInfo(*self)._asdict()


class OfContext:
    """All that is given to a resolver that reads `info.context` and nothing else."""

    __slots__ = ("context",)

    def __init__(self, context: object) -> None:
        self.context = context
