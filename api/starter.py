"""The schema that is served until package `schema` has one: the server's time, and nothing that needs a login."""

from __future__ import annotations

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString

from api.auth import Call
from schema.access import ANYONE, EXTENSION

graphql_schema = GraphQLSchema(
    GraphQLObjectType(
        "Query",
        {
            "serverTime": GraphQLField(
                GraphQLNonNull(GraphQLString),
                resolve=lambda _, info: info.context.received_at.isoformat(),
                description="When this request arrived, by the server's clock.",
                extensions={EXTENSION: ANYONE},
            )
        },
    )
)


async def context_of(call: Call) -> Call:
    """Give resolvers the call itself."""
    return call
