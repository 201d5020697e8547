"""The schema, assembled."""

from __future__ import annotations

import graphene
from graphql import GraphQLInputObjectType, GraphQLSchema

from resolvers import nodes
from schema.access import ANYONE, AUTHENTICATED, declare_access
from schema.attempts import AttemptMutations, AttemptQueries
from schema.guarded import Guarded, root
from schema.invigilation import InvigilationMutations, InvigilationQueries, InvigilationSubscriptions
from schema.node import Node
from schema.people import PeopleMutations, PeopleQueries
from schema.questions import QuestionMutations, QuestionQueries
from schema.reports.report import ReportMutations, ReportQueries
from schema.results import ResultMutations
from schema.scalars import DateTime
from schema.tasks import TaskMutations, TaskQueries
from schema.tests import TestMutations, TestQueries


class Query(
    PeopleQueries,
    QuestionQueries,
    TestQueries,
    AttemptQueries,
    InvigilationQueries,
    TaskQueries,
    ReportQueries,
    Guarded,
):
    server_time = root(
        graphene.NonNull(DateTime), lambda context: context.received_at, ANYONE, description="The server's clock."
    )
    node = root(Node, nodes.node, AUTHENTICATED, id=graphene.ID(required=True))


class Mutation(
    PeopleMutations,
    QuestionMutations,
    TestMutations,
    AttemptMutations,
    InvigilationMutations,
    ResultMutations,
    TaskMutations,
    ReportMutations,
    Guarded,
):
    """One mutation a document; what the user can mend is in `userErrors`."""


class Subscription(InvigilationSubscriptions, Guarded):
    """Over `graphql-transport-ws`, and as server-sent events."""


graphql_schema: GraphQLSchema = graphene.Schema(Query, Mutation, Subscription).graphql_schema
for type_ in graphql_schema.type_map.values():
    if isinstance(type_, GraphQLInputObjectType):
        # Resolvers read inputs as mappings: graphene's own container would copy each field into an attribute.
        type_.out_type = GraphQLInputObjectType.out_type  # type: ignore[method-assign]
UNDECLARED = declare_access(graphql_schema)
"""Fields without an access declaration: refused to all, and a test fails while there are any."""
