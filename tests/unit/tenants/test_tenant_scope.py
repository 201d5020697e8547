from __future__ import annotations

import pytest
from institution import Institution

from tenants.errors import PermissionDenied
from tenants.roles import TABLE, Permission, Role, permissions_of


def test_every_role_has_its_line_in_the_table_and_every_permission_a_holder():
    assert set(TABLE) == set(Role)
    assert permissions_of(frozenset(Role)) == frozenset(Permission)
    assert permissions_of(frozenset()) == frozenset()


def test_who_sits_tests_sees_nothing_of_the_staffs_and_an_operator_nothing_of_a_tenants():
    assert TABLE[Role.STUDENT] == {Permission.SIT_TESTS}
    assert TABLE[Role.OPERATOR] == {Permission.MANAGE_TENANTS}
    holders = {role for role in Role if Permission.MANAGE_TENANTS in TABLE[role]}
    assert holders == {Role.OPERATOR}


def test_a_scope_may_what_any_of_its_roles_may(school: Institution):
    scope = school.scope(Role.STUDENT, Role.INVIGILATOR)
    assert scope.may(Permission.SIT_TESTS)
    assert scope.may(Permission.SEE_ATTEMPTS)
    scope.require(Permission.SEE_PEOPLE)
    assert not scope.may(Permission.MANAGE_PEOPLE)
    with pytest.raises(PermissionDenied) as refused:
        scope.require(Permission.MANAGE_PEOPLE)
    assert refused.value.permission is Permission.MANAGE_PEOPLE
