"""People: logging in, users, and the record of what staff did."""

from __future__ import annotations

import graphene

from resolvers import people
from schema.access import ANYONE, AUTHENTICATED, holders
from schema.enums import Permission, Role
from schema.guarded import Guarded, attribute, computed, listed, mutation, root
from schema.node import Node
from schema.payloads import PAGING, Payload, connection
from schema.scalars import DateTime
from tenants.roles import Permission as May
from tenants.roles import permissions_of


class Viewer(Guarded):
    """Who asks. Reached by a token, or by the login that gives one."""

    class Meta:
        access = ANYONE

    id = graphene.ID(required=True)
    name = graphene.String(required=True)
    roles = listed(Role)
    permissions = computed(
        graphene.NonNull(graphene.List(graphene.NonNull(Permission))),
        lambda viewer, _: sorted(permissions_of(frozenset(viewer.roles))),
    )
    tenant = graphene.String(required=True, description="The institution's slug.")


class User(Guarded):
    """A person of the institution; a student sees only itself."""

    class Meta:
        interfaces = (Node,)
        access = AUTHENTICATED

    login = graphene.String(required=True)
    external_id = graphene.String(description="The institution's own name for the person, such as a roll number.")
    name = graphene.String(required=True)
    groups = listed(graphene.String)
    roles = listed(Role)
    created_at = DateTime(required=True)


UserConnection = connection(User)


class AuditRecord(Guarded):
    """One act of staff."""

    class Meta:
        access = holders(May.SEE_AUDIT)

    id = graphene.ID(required=True)
    at = DateTime(required=True)
    actor_id = attribute(graphene.NonNull(graphene.ID), "actor")
    actor = computed(User, people.actor)
    action = graphene.String(required=True)
    subject = graphene.String(required=True)
    details = computed(graphene.NonNull(graphene.String), people.audit_details, description="As JSON.")


AuditConnection = connection(AuditRecord)


class LoginInput(graphene.InputObjectType):
    """A login with a password, a login with an access code, or an access code alone."""

    tenant = graphene.String(required=True, description="The institution's slug.")
    login = graphene.String()
    password = graphene.String()
    access_code = graphene.String()


class LoginPayload(Payload):
    class Meta:
        access = ANYONE

    token = graphene.String(description="For the header `Authorization: Bearer …`.")
    expires_at = DateTime()
    viewer = graphene.Field(Viewer)


class NewUserInput(graphene.InputObjectType):
    login = graphene.String(required=True)
    name = graphene.String(required=True)
    external_id = graphene.String()
    groups = graphene.List(graphene.NonNull(graphene.String))
    roles = graphene.List(graphene.NonNull(Role))
    password = graphene.String()
    access_code = graphene.Boolean(description="Make an access code, shown once in the answer.")


class CreateUsersInput(graphene.InputObjectType):
    users = graphene.List(graphene.NonNull(NewUserInput), required=True)


class UserWithCode(Guarded):
    """A user and the access code just made for it: it is never shown again."""

    class Meta:
        access = holders(May.MANAGE_PEOPLE)

    user = graphene.Field(graphene.NonNull(User))
    access_code = graphene.String()


class CreateUsersPayload(Payload):
    class Meta:
        access = holders(May.MANAGE_PEOPLE)

    users = graphene.List(graphene.NonNull(UserWithCode))


class IssueAccessCodesInput(graphene.InputObjectType):
    user_ids = graphene.List(graphene.NonNull(graphene.ID), required=True)


class IssueAccessCodesPayload(Payload):
    class Meta:
        access = holders(May.MANAGE_PEOPLE)

    users = graphene.List(graphene.NonNull(UserWithCode))


class EndSessionsInput(graphene.InputObjectType):
    user_ids = graphene.List(graphene.NonNull(graphene.ID), required=True)


class EndSessionsPayload(Payload):
    class Meta:
        access = holders(May.MANAGE_PEOPLE)

    users = graphene.List(graphene.NonNull(User))


class PeopleQueries:
    viewer = root(graphene.NonNull(Viewer), people.viewer, AUTHENTICATED)
    user = root(User, people.user, AUTHENTICATED, id=graphene.ID(required=True))
    users = root(
        graphene.NonNull(UserConnection),
        people.users,
        holders(May.SEE_PEOPLE),
        group=graphene.String(),
        role=Role(),
        **PAGING,
    )
    audit_log = root(
        graphene.NonNull(AuditConnection),
        people.audit_log,
        holders(May.SEE_AUDIT),
        subject=graphene.ID(),
        **PAGING,
        description="What staff did, newest first.",
    )


class PeopleMutations:
    login = mutation(LoginPayload, LoginInput, people.login, ANYONE, "Exchange credentials for a token.")
    create_users = mutation(
        CreateUsersPayload,
        CreateUsersInput,
        people.create_users,
        holders(May.MANAGE_PEOPLE),
        "Create up to 500 users: all, or none.",
    )
    issue_access_codes = mutation(
        IssueAccessCodesPayload,
        IssueAccessCodesInput,
        people.issue_access_codes,
        holders(May.MANAGE_PEOPLE),
        "Make new access codes; the old ones no longer work.",
    )
    end_sessions = mutation(
        EndSessionsPayload,
        EndSessionsInput,
        people.end_sessions,
        holders(May.MANAGE_PEOPLE),
        "Log users out everywhere, within two seconds; their credentials stay good.",
    )
