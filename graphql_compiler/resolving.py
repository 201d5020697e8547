"""How a field's value is found: an attribute, or a call of its resolver with no more than the resolver asks for.

A resolver may declare a shorter way to its value, for executors that know of it, by an attribute on the function:

* `graphql_source_resolver`: a callable of the parent value alone, such as `operator.attrgetter("content.type")`,
  which is compiled to plain attribute access;
* `graphql_context_resolver`: a callable of the parent value, the context and the arguments by keyword.

Whoever does not know of them calls the resolver itself, which must give the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from types import FunctionType
from typing import Any

from graphql import GraphQLField, default_field_resolver

from graphql_compiler.info_use import InfoUse, info_use

FieldResolver = Callable[..., Any]

SOURCE_RESOLVER = "graphql_source_resolver"
CONTEXT_RESOLVER = "graphql_context_resolver"

_CO_COROUTINE = 0x80


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of the parent, or an entry where it is a mapping; a missing one is `default`.

    `of_dict`: only a `dict` counts as a mapping. `called`: what is found is called if it can be.
    """

    name: str
    default: Any = None
    of_dict: bool = False
    called: bool = True


@dataclass(frozen=True, slots=True)
class AttributePath:
    """Attributes of attributes, all of which must be there."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Typename:
    """The name of the parent's type."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of `function` with the parent and, by `takes`, what it is told of the execution."""

    function: FieldResolver
    takes: InfoUse | None
    with_arguments: bool = True
    awaits: bool = False


Resolving = Attribute | AttributePath | Typename | Call


def resolving_of(field: GraphQLField, name: str, field_resolver: FieldResolver | None) -> Resolving:
    """Return the shortest known way to a field's value."""
    if name == "__typename":
        return Typename()
    resolver = field.resolve or field_resolver
    if resolver is None or resolver is default_field_resolver:
        return Attribute(name)
    return _graphene_attribute(resolver) or _declared(resolver) or _call(resolver, info_use(resolver))


def _declared(resolver: FieldResolver) -> Resolving | None:
    of_source = getattr(resolver, SOURCE_RESOLVER, None)
    if isinstance(of_source, attrgetter):
        names: tuple[str, ...] = of_source.__reduce__()[1]  # type: ignore[assignment]
        if len(names) == 1:
            return AttributePath(tuple(names[0].split(".")))
    if callable(of_source):
        return Call(of_source, None, with_arguments=False, awaits=_is_async(of_source))
    of_context = getattr(resolver, CONTEXT_RESOLVER, None)
    return _call(of_context, InfoUse.IS_CONTEXT) if callable(of_context) else None


def _call(function: FieldResolver, takes: InfoUse) -> Call:
    return Call(function, takes, awaits=_is_async(function))


def _graphene_attribute(resolver: FieldResolver) -> Attribute | None:
    """Recognise graphene's default: `partial(dict_or_attr_resolver, name, default)`."""
    if not isinstance(resolver, partial) or resolver.keywords or len(resolver.args) != 2:
        return None
    function = resolver.func
    if (function.__module__, function.__qualname__) != ("graphene.types.resolver", "dict_or_attr_resolver"):
        return None
    name, default = resolver.args
    return Attribute(name, default, of_dict=True, called=False) if isinstance(name, str) else None


def _is_async(function: object) -> bool:
    """Tell whether a call always gives a coroutine."""
    return isinstance(function, FunctionType) and bool(function.__code__.co_flags & _CO_COROUTINE)
