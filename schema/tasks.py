"""Long work that staff asked for: how far it is, and what came of it."""

from __future__ import annotations

import graphene

from resolvers import tasks
from schema.access import holders
from schema.enums import ExportFormat, TaskKind, TaskState
from schema.guarded import Guarded, attribute, computed, mutation, root
from schema.payloads import PAGING, Payload, connection
from schema.results import ScoreChange
from schema.scalars import DateTime
from tenants.roles import Permission as May

STAFF = holders(May.SEE_RESULTS)
ScoreChangeConnection = connection(ScoreChange)


class Progress(Guarded):
    """`done` of `total` attempts; `total` is null while it is not known."""

    class Meta:
        access = STAFF

    done = graphene.Int(required=True)
    total = graphene.Int()
    message = graphene.String()


class Download(Guarded):
    """A file, at this server's address, for the same bearer token."""

    class Meta:
        access = STAFF

    format = ExportFormat(required=True)
    url = graphene.String(required=True)
    bytes = graphene.Int(required=True)


class Task(Guarded):
    """Seen by whoever asked for it, and by administrators; ask again for it to follow its progress."""

    class Meta:
        access = STAFF

    id = attribute(graphene.NonNull(graphene.ID), "job.id")
    kind = attribute(graphene.NonNull(TaskKind), "job.kind")
    state = TaskState(required=True)
    test = computed("schema.tests.Test", tasks.test_of)
    progress = graphene.Field(Progress)
    message = graphene.String(description="When it failed: why, and what to do.")
    created_at = attribute(graphene.NonNull(DateTime), "job.created_at")
    finished_at = DateTime()
    downloads = computed(
        graphene.NonNull(graphene.List(graphene.NonNull(Download))),
        tasks.downloads,
        description="What an export made; empty until it is done.",
    )
    scored = computed(
        graphene.Int, lambda report, _: report.job.scored, description="How many results were scored again."
    )
    changes = computed(
        ScoreChangeConnection,
        tasks.changes,
        holders(May.AUTHOR),
        **PAGING,
        description="Of a correction that is done: whose total moved.",
    )


class ExportResultsInput(graphene.InputObjectType):
    test_id = graphene.ID(required=True)
    format = ExportFormat(required=True)


class TaskPayload(Payload):
    class Meta:
        access = STAFF

    task = graphene.Field(Task)


class TaskQueries:
    task = root(Task, tasks.task, STAFF, id=graphene.ID(required=True))


class TaskMutations:
    export_results = mutation(
        TaskPayload,
        ExportResultsInput,
        tasks.export_results,
        STAFF,
        "Have the results of a test made into a file; its task tells when it is there.",
    )
