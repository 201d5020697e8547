from __future__ import annotations

from datetime import timedelta

import pytest
from institution import NOON, Institution

from tenants.errors import PermissionDenied
from tenants.roles import Permission, Role
from tp.services import audit


async def test_acts_are_listed_newest_first_of_one_subject_or_of_all(school: Institution):
    teacher = school.scope(Role.TEACHER, id="usr_teacher")
    for second, (action, subject) in enumerate(
        [("test.create", "tst_1"), ("test.create", "tst_2"), ("test.publish", "tst_1")]
    ):
        at = NOON + timedelta(seconds=second)
        await teacher.store.commit([audit.entry(teacher, at, action, subject, {"number": second})])

    told = (await audit.entries(school.admin)).items
    assert [(record.action, record.subject) for record in told] == [
        ("test.publish", "tst_1"),
        ("test.create", "tst_2"),
        ("test.create", "tst_1"),
    ]
    assert told[0].actor == "usr_teacher"
    assert told[0].at == NOON + timedelta(seconds=2)
    assert told[0].details == {"number": 2}
    assert [r.details["number"] for r in (await audit.entries(school.admin, subject="tst_1")).items] == [2, 0]

    first = await audit.entries(school.admin, limit=2)
    rest = await audit.entries(school.admin, limit=2, cursor=first.next)
    assert [*first.items, *rest.items] == list(told)
    assert rest.next is None


async def test_only_who_may_see_the_audit_sees_it(school: Institution):
    for role in set(Role) - {Role.ADMIN}:
        with pytest.raises(PermissionDenied) as refused:
            await audit.entries(school.scope(role))
        assert refused.value.permission is Permission.SEE_AUDIT


async def test_an_act_recorded_again_by_a_retry_is_recorded_once(school: Institution):
    scope = school.admin
    for _ in range(2):
        await scope.store.commit([audit.entry(scope, NOON, "test.close", "tst_1")])
    await scope.store.commit([audit.entry(scope, NOON, "test.close", "tst_2")])
    assert len((await audit.entries(scope)).items) == 2


async def test_an_act_recorded_in_a_transaction_that_fails_did_not_happen(school: Institution):
    scope = school.admin

    async def work(tx):
        tx.put(audit.entry(scope, NOON, "test.close", "tst_1").entity)
        raise ValueError

    with pytest.raises(ValueError):
        await scope.store.transact(work)
    assert (await audit.entries(scope)).items == ()
