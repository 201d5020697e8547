"""What every mutation answers with, and what every list is made of."""

from __future__ import annotations

from typing import Any

import graphene

from schema.access import ANYONE, AUTHENTICATED
from schema.enums import UserErrorCode
from schema.guarded import Guarded, listed


class UserError(Guarded):
    """What the user can mend: a stable code, and the place in the input."""

    class Meta:
        access = ANYONE

    code = UserErrorCode(required=True)
    path = listed(graphene.String)
    message = graphene.String(required=True)
    retry_after = graphene.Float(
        description="Seconds after which the same may be asked again, to each its own: it was only too early."
    )


class Payload(Guarded):
    """`userErrors` is empty when the mutation was done; otherwise nothing was changed."""

    class Meta:
        abstract = True

    user_errors = listed(UserError)


class PageInfo(Guarded):
    """Lists are read forwards: `after: endCursor` while `hasNextPage`."""

    class Meta:
        access = AUTHENTICATED

    has_next_page = graphene.Boolean(required=True)
    has_previous_page = graphene.Boolean(required=True)
    start_cursor = graphene.String()
    end_cursor = graphene.String()


def connection(node: Any) -> Any:
    """Return the Relay connection type of a node type."""
    name = node._meta.name
    edge = type(
        f"{name}Edge",
        (Guarded,),
        {
            "Meta": type("Meta", (), {"access": AUTHENTICATED}),
            "node": graphene.Field(graphene.NonNull(node)),
            "cursor": graphene.String(required=True),
        },
    )
    return type(
        f"{name}Connection",
        (Guarded,),
        {
            "Meta": type("Meta", (), {"access": AUTHENTICATED}),
            "edges": listed(edge),
            "page_info": graphene.Field(graphene.NonNull(PageInfo)),
        },
    )


PAGING = {
    "first": graphene.Int(required=True, default_value=50, description="How many at most, up to 100."),
    "after": graphene.String(description="The cursor to go on after."),
}
