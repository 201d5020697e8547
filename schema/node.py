"""The Relay node: whatever has an id of its own."""

from __future__ import annotations

from typing import Any

import graphene

from schema.access import AUTHENTICATED, allow


class Node(graphene.Interface):
    """An object with an opaque, prefixed id."""

    id = allow(graphene.ID(required=True), AUTHENTICATED)

    @classmethod
    def resolve_type(cls, instance: Any, info: Any) -> Any:
        """Return the type named as the domain names its value; graphene takes a class and no name."""
        return info.schema.type_map[type(instance).__name__].graphene_type
