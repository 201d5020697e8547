"""Who may use a field, declared next to its definition and enforced before an operation is executed.

A field is declared with `allow(field, …)`; the fields of a type that say nothing take the type's own
`class Meta: access = …` (see `Guarded`). A field without any declaration is refused to all, and a test fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import graphene
from graphene.types.unmountedtype import UnmountedType
from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

from tenants.roles import Permission

EXTENSION = "access"


@dataclass(frozen=True, slots=True)
class Access:
    """`anyone`: without a token. `any_of`: holders of at least one of these; empty: anybody with a token."""

    anyone: bool = False
    any_of: frozenset[Permission] = frozenset()

    def admits(self, permissions: frozenset[Permission] | None) -> bool:
        """Tell whether a principal with `permissions` may; `None` is nobody in particular."""
        if self.anyone:
            return True
        if permissions is None:
            return False
        return not self.any_of or bool(self.any_of & permissions)


ANYONE = Access(anyone=True)
AUTHENTICATED = Access()


def holders(*permissions: Permission) -> Access:
    """Admit the holders of at least one of `permissions`."""
    return Access(any_of=frozenset(permissions))


def allow(field: Any, access: Access) -> graphene.Field:
    """Declare who may use a field. A bare type such as `graphene.Int()` is made a field: so that it keeps this."""
    declared = field.Field() if isinstance(field, UnmountedType) else field
    declared.access = access
    return declared


def declare_access(schema: GraphQLSchema) -> list[str]:
    """Copy every graphene declaration to its GraphQL field's extensions; return `Type.field` of those without."""
    undeclared = []
    for name, type_ in schema.type_map.items():
        if name.startswith("__") or not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            continue
        meta = type_.graphene_type._meta  # type: ignore[union-attr]
        for field_name, field in type_.fields.items():
            access = _declared(meta, field_name, field)
            if access is None:
                undeclared.append(f"{name}.{field_name}")
            else:
                field.extensions = {**field.extensions, EXTENSION: access}
    return undeclared


def access_of(field: GraphQLField) -> Access | None:
    """Return a field's declaration, `None` when there is none: then it is refused to all."""
    return field.extensions.get(EXTENSION)


def _declared(meta: Any, field_name: str, field: GraphQLField) -> Access | None:
    for python_name, graphene_field in meta.fields.items():
        if (graphene_field.name or _camel(python_name)) == field_name:
            declared = getattr(graphene_field, "access", None) or getattr(meta, "access", None)
            return declared if isinstance(declared, Access) else None
    return None


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
