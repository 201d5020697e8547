from __future__ import annotations

import asyncio

import pytest
from institution import Clock, registry_over
from pydantic import ValidationError

from store.port import Entity, Key
from store.sqlite import SqliteStore
from tenants.errors import HostTaken, TenantExists, TenantSuspended, TenantUnknown
from tenants.registry import PLATFORM, TenantRegistry
from tenants.roles import Role
from tenants.scope import Principal
from tenants.tenant import TenantSettings, TenantState

SOMEBODY = Principal("usr_1", frozenset({Role.STUDENT}))


async def test_a_created_tenant_is_found_by_its_slug_in_every_process(people_store: SqliteStore, clock: Clock):
    here, there = registry_over(people_store, clock), registry_over(people_store, clock)
    made = await here.create("iit", "  The Institute ", TenantSettings(token_minutes=60))
    assert made.name == "The Institute"
    assert await here.get("iit") == await there.get("iit") == made
    assert made.created_at == clock.now


@pytest.mark.parametrize("slug", ["", "UPPER", "-a", "a-", "a_b", "a" * 41, "a\n"])
async def test_a_slug_of_another_form_is_refused_at_creation_and_unknown_afterwards(
    people_store: SqliteStore, clock: Clock, slug: str
):
    registry = registry_over(people_store, clock)
    with pytest.raises(ValidationError):
        await registry.create(slug, "Name")
    with pytest.raises(TenantUnknown):
        await registry.get(slug)
    with pytest.raises(TenantUnknown):
        await registry.suspend(slug)


async def test_of_two_creations_at_once_one_wins(people_store: SqliteStore, clock: Clock):
    registries = [registry_over(people_store, clock) for _ in range(4)]
    results = await asyncio.gather(
        *(registry.create("iit", f"Number {n}") for n, registry in enumerate(registries)), return_exceptions=True
    )
    made = [result for result in results if not isinstance(result, BaseException)]
    refused = [result for result in results if isinstance(result, TenantExists)]
    assert (len(made), len(refused)) == (1, 3)
    assert refused[0].slug == "iit"
    assert await registry_over(people_store, clock).get("iit") == made[0]


async def test_a_tenants_namespace_never_meets_the_platforms(people_store: SqliteStore, clock: Clock):
    registry = registry_over(people_store, clock)
    scope = registry.scope(await registry.create("platform", "Called so"), SOMEBODY)
    assert scope.store.name == "t-platform"
    assert (await registry.page()).tenants[0].slug == "platform"


async def test_a_suspension_is_seen_at_once_here_and_within_two_seconds_elsewhere(
    people_store: SqliteStore, clock: Clock
):
    here, there = registry_over(people_store, clock), registry_over(people_store, clock)
    await here.create("iit", "Institute")
    there.scope(await there.get("iit"), SOMEBODY)

    await here.suspend("iit")
    with pytest.raises(TenantSuspended) as refused:
        here.scope(await here.get("iit"), SOMEBODY)
    assert refused.value.slug == "iit"
    there.scope(await there.get("iit"), SOMEBODY)

    clock.pass_seconds(2)
    with pytest.raises(TenantSuspended):
        there.scope(await there.get("iit"), SOMEBODY)

    await there.suspend("iit")
    resumed = await here.resume("iit")
    assert resumed.state is TenantState.ACTIVE
    assert here.scope(resumed, SOMEBODY).tenant == resumed


async def test_an_unknown_tenant_is_remembered_as_unknown_until_it_is_created_here(
    people_store: SqliteStore, clock: Clock
):
    here, there = registry_over(people_store, clock), registry_over(people_store, clock)
    for registry in (here, there, there):
        with pytest.raises(TenantUnknown) as refused:
            await registry.get("iit")
        assert refused.value.slug == "iit"
    with pytest.raises(TenantUnknown):
        await here.resume("iit")
    await here.create("iit", "Institute")
    assert (await here.get("iit")).name == "Institute"
    with pytest.raises(TenantUnknown):
        await there.get("iit")
    clock.pass_seconds(2)
    assert (await there.get("iit")).name == "Institute"


async def test_a_read_that_a_write_overtakes_is_not_remembered(people_store: SqliteStore, clock: Clock):
    class Overtaken:
        """The platform's namespace, in which every read is answered only after a suspension."""

        def __init__(self) -> None:
            self._real = people_store.namespace(PLATFORM)

        def __getattr__(self, name: str) -> object:
            return getattr(self._real, name)

        async def get(self, key: Key) -> Entity | None:
            read = await self._real.get(key)
            await registry.suspend("iit")
            return read

    registry = TenantRegistry(Overtaken(), people_store, clock, ticks=clock.tick)
    await registry_over(people_store, clock).create("iit", "Institute")
    assert (await registry.get("iit")).state is TenantState.ACTIVE
    assert (await registry.get("iit")).state is TenantState.SUSPENDED


async def test_tenants_are_listed_in_pages(people_store: SqliteStore, clock: Clock):
    registry = registry_over(people_store, clock)
    for slug in ("c", "a", "b"):
        await registry.create(slug, slug.upper())
    first = await registry.page(limit=2)
    assert [tenant.slug for tenant in first.tenants] == ["a", "b"]
    rest = await registry.page(first.next, limit=2)
    assert ([tenant.slug for tenant in rest.tenants], rest.next) == (["c"], None)


async def test_a_tenant_is_found_at_its_host_names(people_store: SqliteStore, clock: Clock):
    registry = registry_over(people_store, clock)
    made = await registry.create("iit", "I", TenantSettings(hosts=("Tests.IIT.example", "tests.iit.example")))
    assert await registry.at_host("tests.iit.example:8443") == made
    assert await registry.at_host("TESTS.iit.example.") == made
    for stranger in ("iit.example", "", "no host", "a" * 300, "-x.example"):
        assert await registry.at_host(stranger) is None


async def test_a_host_name_is_one_tenants_only(people_store: SqliteStore, clock: Clock):
    registry = registry_over(people_store, clock)
    await registry.create("one", "One", TenantSettings(hosts=("one.example",)))
    with pytest.raises(HostTaken) as refused:
        await registry.create("two", "Two", TenantSettings(hosts=("one.example",)))
    assert refused.value.host == "one.example"
    with pytest.raises(TenantUnknown):
        await registry.get("two")

    await registry.create("two", "Two")
    with pytest.raises(HostTaken):
        await registry.update_settings("two", TenantSettings(hosts=("two.example", "one.example")))
    assert await registry.at_host("two.example") is None


async def test_a_host_name_given_up_is_free_for_another(people_store: SqliteStore, clock: Clock):
    registry = registry_over(people_store, clock)
    await registry.create("one", "One", TenantSettings(hosts=("one.example", "shared.example")))
    await registry.create("two", "Two")
    changed = await registry.update_settings("one", TenantSettings(hosts=("one.example",), max_users=5))
    assert changed.settings.max_users == 5
    assert (await registry.get("one")) == changed
    assert await registry.at_host("shared.example") is None
    two = await registry.update_settings("two", TenantSettings(hosts=("shared.example",)))
    assert await registry.at_host("shared.example") == two
    with pytest.raises(TenantUnknown):
        await registry.update_settings("three", TenantSettings())


@pytest.mark.parametrize(
    "settings",
    [
        {"token_minutes": 4},
        {"token_minutes": 8 * 24 * 60},
        {"languages": ()},
        {"hosts": ("not a host",)},
        {"max_users": 0},
        {"colour": "red"},
    ],
)
def test_settings_out_of_bounds_are_refused(settings: dict[str, object]):
    with pytest.raises(ValidationError):
        TenantSettings.model_validate(settings)
