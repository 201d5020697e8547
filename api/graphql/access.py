"""The access rule: an operation that selects a field which its user may not use is refused as a whole.

It is decided before anything is executed, over every field that the operation can reach, on interfaces and in
fragments too. The verdict depends on the plan and the set of permissions only, and is kept with the plan.
"""

from __future__ import annotations

from graphql import FieldNode, GraphQLError, GraphQLInterfaceType, GraphQLSchema

from api.graphql.codes import ErrorCode
from api.graphql.plan import Plan
from api.graphql.problems import NotExecutable, problem
from api.settings import Introspection
from schema.access import ANYONE, Access, access_of, holders
from tenants.roles import Permission

VERDICTS_KEPT = 64
STAFF = holders(*(permission for permission in Permission if permission is not Permission.SIT_TESTS))
_INTROSPECTION = {Introspection.EVERYONE: ANYONE, Introspection.STAFF: STAFF, Introspection.NOBODY: None}


def may_introspect(policy: Introspection, permissions: frozenset[Permission] | None) -> bool:
    """Tell whether the schema, and suggestions of its names, are shown to such a principal."""
    access = _INTROSPECTION[policy]
    return access is not None and access.admits(permissions)


def check_access(plan: Plan, permissions: frozenset[Permission] | None, policy: Introspection) -> None:
    """Raise NotExecutable when a field does not admit `permissions`; `None` is nobody in particular."""
    verdict = plan.verdicts.get(permissions)
    if verdict is None:
        verdict = tuple(_refused(plan, permissions, policy))
        if len(plan.verdicts) < VERDICTS_KEPT:
            plan.verdicts[permissions] = verdict
    if verdict:
        raise NotExecutable(verdict)


def looser_interfaces(schema: GraphQLSchema) -> list[str]:
    """Return `Interface.field < Type.field` where the interface admits somebody whom the type's own field refuses.

    A selection on an interface is judged by the interface's declaration, so each of these is a way around.
    """
    found = []
    for type_ in schema.type_map.values():
        if not isinstance(type_, GraphQLInterfaceType):
            continue
        for implementation in schema.get_possible_types(type_):
            for name, field in type_.fields.items():
                outer, inner = access_of(field), access_of(implementation.fields[name])
                if outer is not None and not _covers(inner, outer):
                    found.append(f"{type_.name}.{name} < {implementation.name}.{name}")
    return found


def _refused(plan: Plan, permissions: frozenset[Permission] | None, policy: Introspection) -> list[GraphQLError]:
    errors = []
    for use in plan.survey.uses.values():
        access = access_of(use.field)
        if access is None or not access.admits(permissions):
            errors.append(_refusal(use.name, use.node, permissions, undeclared=access is None))
    node = plan.survey.introspects
    if node is not None and not may_introspect(policy, permissions):
        closed = _INTROSPECTION[policy] is None
        errors.append(_refusal(f"Query.{node.name.value}", node, permissions, undeclared=closed))
    return errors


def _refusal(
    name: str, node: FieldNode, permissions: frozenset[Permission] | None, *, undeclared: bool
) -> GraphQLError:
    if permissions is None and not undeclared:
        return problem(ErrorCode.UNAUTHENTICATED, f"`{name}` needs a login.", node, field=name)
    return problem(ErrorCode.FORBIDDEN, f"You may not use `{name}`.", node, field=name)


def _covers(inner: Access | None, outer: Access) -> bool:
    """Tell whether `inner` admits everybody whom `outer` does."""
    if inner is None:
        return False
    if inner.anyone:
        return True
    if outer.anyone:
        return False
    return not inner.any_of or (bool(outer.any_of) and outer.any_of <= inner.any_of)
