"""The bases of every type here, and the ways to define a field on them.

A resolver says how little it needs: `graphql_context_resolver` and `graphql_source_resolver` are the shorter ways
that the server's executor takes, past the resolver that graphene is given.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import graphene
from graphene.types.objecttype import ObjectTypeOptions

from resolvers.answers import Mutation, answer
from schema.access import AUTHENTICATED, Access, allow


class Guarded(graphene.ObjectType):
    """An object type whose `class Meta: access = …` holds for its fields that declare nothing themselves."""

    class Meta:
        abstract = True

    @classmethod
    def __init_subclass_with_meta__(
        cls, access: Access | None = None, _meta: ObjectTypeOptions | None = None, **options: Any
    ) -> None:
        _meta = _meta or ObjectTypeOptions(cls)
        _meta.access = access
        super().__init_subclass_with_meta__(_meta=_meta, **options)


def listed(type_: Any, **options: Any) -> graphene.Field:
    """A list that is there and holds no nulls."""
    return graphene.Field(graphene.NonNull(graphene.List(graphene.NonNull(type_))), **options)


def computed(
    type_: Any, resolver: Callable[..., Any], access: Access | None = None, **options: Any
) -> graphene.Field:
    """A field that `resolver(parent, context, **arguments)` answers."""

    def resolve(parent: Any, info: Any, **arguments: Any) -> Any:
        return resolver(parent, info.context, **arguments)

    resolve.graphql_context_resolver = resolver  # type: ignore[attr-defined]
    field = graphene.Field(type_, resolver=resolve, **options)
    return field if access is None else allow(field, access)


def attribute(type_: Any, path: str, access: Access | None = None, **options: Any) -> graphene.Field:
    """A field that an attribute of the parent answers, or one of an attribute's: `content.type`."""
    read = attrgetter(path)

    def resolve(parent: Any, _: Any) -> Any:
        return read(parent)

    resolve.graphql_source_resolver = read  # type: ignore[attr-defined]
    field = graphene.Field(type_, resolver=resolve, **options)
    return field if access is None else allow(field, access)


def root(type_: Any, resolver: Callable[..., Any], access: Access, **options: Any) -> graphene.Field:
    """A field of Query that `resolver(context, **arguments)` answers."""
    return computed(type_, lambda _, context, **arguments: resolver(context, **arguments), access, **options)


def mutation(payload: Any, input_type: Any, resolver: Mutation, access: Access, doc: str) -> graphene.Field:
    """A field of Mutation: one `input`, a payload, and whatever the user can mend among its `userErrors`."""
    field = graphene.Field(
        graphene.NonNull(payload),
        input=graphene.Argument(graphene.NonNull(input_type)),
        resolver=lambda _, info, input: answer(resolver, info.context, input),
        description=doc,
    )
    return allow(field, access)


class Streamed(graphene.Field):
    """A field of Subscription: `source(context, **arguments)` gives its events, each of which is its value."""

    def __init__(self, type_: Any, source: Callable[..., Any], **options: Any) -> None:
        super().__init__(type_, resolver=lambda event, *_, **__: event, **options)
        self._source = source

    def wrap_subscribe(self, parent_subscribe: Any) -> Any:
        return lambda _, info, **arguments: self._source(info.context, **arguments)


def streamed(type_: Any, source: Callable[..., Any], access: Access, **options: Any) -> graphene.Field:
    """A field of Subscription."""
    return allow(Streamed(type_, source, **options), access)


__all__ = ["AUTHENTICATED", "Guarded", "attribute", "computed", "listed", "mutation", "root"]
