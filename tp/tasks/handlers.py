"""The handlers: each is a work of the services, done step by step in a task of the queue."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from pydantic import JsonValue

from store.port import Namespace
from taskqueue.contract import Context, GiveUp, Handler, Weight
from tenants.errors import TenantActive, TenantUnknown
from tp.errors import NotFound
from tp.services.chores import Chores
from tp.services.exporting.tenant import tenant_export
from tp.services.kept import KINDS
from tp.services.steps import Work
from tp.tasks.payloads import (
    Grade,
    OfJob,
    OfNotice,
    OfReport,
    OfTenant,
    OfTest,
    Payload,
    Prepare,
    Rescore,
    TaskType,
)
from tp.tasks.workshop import Workshop

HOUR = 60 * 60
REPORT_ATTEMPTS = 15
"""By the backoff of tasks these span more than the hour after which a report is given up."""
PURGE_ATTEMPTS = 100
"""These span a day in which other services may be away; then servers go on with it."""

Made = Callable[[Workshop, str, Any], Coroutine[Any, Any, Work]]
"""From a tenant's slug and a payload to the work that a task is."""

ChoreOf = Callable[[Chores, Namespace, Any], Work]


def handlers(workshop: Callable[[], Workshop]) -> list[Handler]:
    """Return the handlers over a workshop, which is asked for when a task is done, and not before."""

    def handler(
        type: TaskType, payload: type[Payload], make: Made, weight: Weight, hours: int = 1, attempts: int = 5
    ) -> Handler:
        return Handler(type, payload, partial(_run, workshop, make), weight, attempts, hours * HOUR)

    short, heavy = Weight.SHORT, Weight.HEAVY
    return [
        handler(TaskType.FINALISE, OfTest, _chore(_finalise), short),
        handler(TaskType.GRADE, Grade, _chore(_grade), short),
        handler(TaskType.RESCORE, Rescore, _chore(_rescore), heavy),
        handler(TaskType.RETIME, OfTest, _chore(_retime), short),
        handler(TaskType.HEED, OfNotice, _chore(_heed), short),
        handler(TaskType.PREPARE, Prepare, _chore(_prepare), heavy),
        handler(TaskType.EXPORT_RESULTS, OfJob, _chore(_export), heavy),
        handler(TaskType.REQUEST_REPORT, OfReport, _chore(_report), short, attempts=REPORT_ATTEMPTS),
        handler(TaskType.EXPORT_TENANT, OfTenant, _export_tenant, heavy, hours=24),
        handler(TaskType.PURGE_TENANT, OfTenant, _purge_tenant, heavy, hours=24, attempts=PURGE_ATTEMPTS),
    ]


def _run(workshop: Callable[[], Workshop], make: Made, context: Context, payload: Payload) -> JsonValue:
    """Do a work from the last checkpoint on, with one after every step; return how much was done.

    The context is used here, on the handler's own thread: only the steps run on the loop.
    """
    opened = workshop()
    try:
        work = opened.loop.run(make(opened, context.tenant, payload))
        at = context.checkpoint
        while True:
            context.check()
            step = opened.loop.run(_step(work, at))
            context.progress(step.done, step.total)
            if step.next is None:
                return {"done": step.done}
            at = step.next
            context.save(at)
    except TenantUnknown as error:
        raise GiveUp("The institution is not there any more.") from error
    except TenantActive as error:
        raise GiveUp("The institution is active; suspend it first.") from error
    except NotFound as error:
        raise GiveUp("What this was about is not there any more.") from error


async def _step(work: Work, at: JsonValue) -> Any:
    return await work(at)


def _chore(of: ChoreOf) -> Made:
    async def made(workshop: Workshop, tenant: str, payload: Payload) -> Work:
        return of(workshop.catalogue.chores, await workshop.registry.own_work(tenant), payload)

    return made


def _finalise(chores: Chores, store: Namespace, payload: OfTest) -> Work:
    return chores.expiry.finalise(store, payload.test_id)


def _grade(chores: Chores, store: Namespace, payload: Grade) -> Work:
    if payload.attempt_ids is None:
        return chores.grading.every_closed(store, payload.test_id)
    return chores.grading.these(store, payload.attempt_ids)


def _rescore(chores: Chores, store: Namespace, payload: Rescore) -> Work:
    if payload.job_id is None:
        return chores.rescoring.work(store, payload.test_id)
    return chores.job(store, payload.job_id)


def _retime(chores: Chores, store: Namespace, payload: OfTest) -> Work:
    return chores.expiry.retime(store, payload.test_id)


def _heed(chores: Chores, store: Namespace, payload: OfNotice) -> Work:
    return chores.expiry.heed(store, payload.notice_id)


def _prepare(chores: Chores, store: Namespace, payload: Prepare) -> Work:
    return chores.preparing.work(store, payload.test_id, payload.opens_at)


def _export(chores: Chores, store: Namespace, payload: OfJob) -> Work:
    return chores.job(store, payload.job_id)


def _report(chores: Chores, store: Namespace, payload: OfReport) -> Work:
    return chores.report(store, payload.report_id)


async def _export_tenant(workshop: Workshop, tenant: str, _: OfTenant) -> Work:
    store = await workshop.registry.own_work(tenant)
    return tenant_export(store, KINDS, workshop.folder / f"{tenant}.ndjson")


async def _purge_tenant(workshop: Workshop, tenant: str, _: OfTenant) -> Work:
    return workshop.purging.work(tenant)
