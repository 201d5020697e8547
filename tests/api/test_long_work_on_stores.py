"""Long work on every store: the queries and commits of its steps are ones that each of them takes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from school import ASSIGN, CORRECT, SUBMIT, School, instant, set_exam

from api.background import SWEEPER
from store.paging import every
from store.port import Query
from tp.services.exporting.tenant import tenant_export
from tp.services.grading.rescore import changes_kept
from tp.services.kept import KINDS
from tp.services.steps import to_the_end
from tp.tables import JOBS, ExportFormat, JobKind


async def test_attempts_are_prepared_closed_and_scored_again(any_school: School) -> None:
    opens = any_school.clock.now + timedelta(hours=1)
    exam = await set_exam(any_school, schedule={"opensAt": instant(opens)})
    asha = await exam.student("asha")
    alone = await any_school.person("noor")
    await exam.teacher.do(ASSIGN, testId=exam.test_id, userIds=[alone.id])
    store = any_school.services.store.namespace(any_school.tenant.namespace)
    services = any_school.services.catalogue

    prepared = await to_the_end(services.chores.preparing.work(store, exam.test_id, opens))
    any_school.clock.forward(hours=1)
    await exam.start(asha)
    any_school.clock.forward(hours=2)
    due = await services.chores.expiry.tests_due(store)
    closed = await to_the_end(services.chores.expiry.finalise(store, exam.test_id))
    graded = await to_the_end(services.chores.grading.every_closed(store, exam.test_id))

    assert (prepared.done, due, closed.done, graded.done) == (2, {exam.test_id}, 1, 1)
    dropped = [{"questionId": exam.questions[0]["id"], "dropped": "ALL"}]
    await exam.teacher.do(CORRECT, testId=exam.test_id, corrections=dropped, reason="typo")
    scope = any_school.services.registry.scope(any_school.tenant, SWEEPER)
    job = services.jobs.new(scope, JobKind.RESCORE, exam.test_id, any_school.clock.now)
    await store.commit(services.jobs.asked(job))
    await to_the_end(services.chores.job(store, job.id))
    told = await changes_kept(store, job, None, 10)
    assert [(str(change.before), str(change.after)) for change in told.items] == [("0", "1")]
    again = JOBS.found(await store.get(JOBS.key(job.id)))
    assert again is not None
    assert (again.scored, again.finished_at) == (1, any_school.clock.now)


async def test_a_tenant_is_exported_and_purged(any_school: School, tmp_path: Path) -> None:
    exam = await set_exam(any_school)
    student = await exam.student("asha")
    await student.do(SUBMIT, attemptId=await exam.start(student), lastSeq=0)
    scope = any_school.services.registry.scope(any_school.tenant, SWEEPER)
    await any_school.services.catalogue.exporting.ask(scope, exam.test_id, ExportFormat.CSV, any_school.clock.now)
    await any_school.sweep()
    path = tmp_path / "all.ndjson"

    exported = await to_the_end(tenant_export(scope.store, KINDS, path))
    await any_school.services.registry.suspend(any_school.tenant.slug)
    purged = await to_the_end(any_school.services.purging.work(any_school.tenant.slug))

    assert len(path.read_bytes().splitlines()) == exported.done
    assert purged.done == exported.done + 1
    for kind in KINDS:
        assert [entity async for entity in every(scope.store, Query(kind.name))] == []
