from __future__ import annotations

import pytest
from institution import NOON, Institution
from pydantic import ValidationError

from tenants.errors import TenantExists, TenantSuspended, TenantUnknown
from tenants.roles import Role
from tenants.tenant import TenantSettings
from tp.domain.problem import Code
from tp.errors import Refused
from tp.services.people.new_user import NewUser
from tp.services.people.provisioning import PROVISIONER, Provisioned, create_tenant_with_admin
from tp.services.people.reading import count_users


async def provision(school: Institution, **changes: object) -> Provisioned:
    asked = {"slug": "new", "name": "New School", "admin_login": "head", "admin_password": "long enough"}
    return await create_tenant_with_admin(school.registry, school.creation, **(asked | changes), now=NOON)


async def test_a_new_institution_has_an_administrator_who_can_log_in(school: Institution):
    made = await provision(school, settings=TenantSettings(token_minutes=30))
    assert made.tenant.settings.token_minutes == 30
    assert made.admin.roles == (Role.ADMIN,)
    session = await school.door.login("new", "head", password="long enough", address="a", now=NOON)
    assert session.user == made.admin


async def test_provisioning_again_changes_nothing(school: Institution):
    made = await provision(school)
    assert await provision(school, admin_password="another one") == made
    await school.door.login("new", "head", password="long enough", address="a", now=NOON)


async def test_provisioning_completes_a_tenant_that_was_left_without_people(school: Institution):
    tenant = await school.registry.create("new", "New School")
    made = await provision(school, name=" New School ")
    assert made.tenant == tenant
    assert await count_users(school.registry.scope(tenant, PROVISIONER)) == 1


async def test_another_institution_of_that_slug_is_not_touched(school: Institution):
    await school.create(NewUser("somebody", "S"), NewUser("head", "A pupil called so"))
    for changes in ({"name": "Another Name"}, {"name": "A School"}, {"name": "A School", "admin_login": "boss"}):
        with pytest.raises(TenantExists):
            await provision(school, slug="school", **changes)
    assert await count_users(school.admin) == 2


async def test_a_suspended_tenant_is_not_provisioned(school: Institution):
    await provision(school)
    await school.registry.suspend("new")
    with pytest.raises(TenantSuspended):
        await provision(school)


async def test_no_tenant_is_made_for_an_administrator_who_cannot_be(school: Institution):
    with pytest.raises(Refused) as refused:
        await provision(school, admin_password="short")
    assert [problem.code for problem in refused.value.problems] == [Code.INVALID]
    with pytest.raises(TenantUnknown):
        await school.registry.get("new")
    with pytest.raises(ValidationError):
        await provision(school, slug="Not A Slug")
