"""From a request to the task that is kept: pure, but for the bytes that an id without a key is made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from pydantic import JsonValue, ValidationError

from taskqueue import lifecycle
from taskqueue.contract import PAYLOAD_BYTES, Handler, Handlers, TaskRequest
from taskqueue.errors import PayloadTooLarge, Problem, Refused, UnknownType
from taskqueue.nesting import DEEPEST, too_deep
from taskqueue.tables import Task
from trust.clock import Entropy

FARTHEST = timedelta(days=366)
"""How far from now an instant may be."""
INTERNAL = "taskqueue."
"""Types of these names are the task queue's own: nobody posts them from outside."""
PROBLEMS = 20
"""Told of one refusal."""

_ID_BYTES = 16

Admits = Callable[[str], bool]
"""Tell whether callbacks may go to an address."""


def posted(request: TaskRequest, handlers: Handlers, admits: Admits, now: datetime, random: Entropy) -> Task:
    """Return the task that a request asks for; due ones are in their line already.

    Raises UnknownType, PayloadTooLarge, Refused.
    """
    handler = None if request.type.startswith(INTERNAL) else handlers.get(request.type)
    if handler is None:
        raise UnknownType(request.type)
    payload = _checked(handler, request.payload)
    _check_instant(request.run_at, now)
    if request.callback is not None and not admits(request.callback.url):
        message = "callbacks may not go to this address"
        raise Refused.because("CALLBACK_NOT_ALLOWED", ("callback", "url"), message)
    key = request.idempotency_key
    task = Task.model_construct(  # all of it has been checked
        id=task_id(request.tenant, request.type, key if key is not None else random(_ID_BYTES).hex()),
        type=request.type,
        tenant=request.tenant,
        queue=handler.weight,
        payload=request.payload,
        digest=_digest(request, payload),
        priority=request.priority,
        run_at=request.run_at or now,
        max_attempts=request.max_attempts or handler.max_attempts,
        timeout_seconds=request.timeout_seconds or handler.timeout_seconds,
        callback=request.callback,
        created_at=now,
    )
    return lifecycle.enter(task, now) if task.run_at <= now else task


def task_id(tenant: str, type: str, key: str) -> str:
    """Return the id that a task with this idempotency key has: the same request inserts the same key."""
    digest = hashlib.blake2b("\0".join((tenant, type, key)).encode(), digest_size=_ID_BYTES)
    return f"tsk_{digest.hexdigest()}"


def canonical(value: JsonValue | Mapping[str, object]) -> bytes:
    """Return JSON with sorted keys. Raises ValueError for what JSON cannot carry: NaN, half a surrogate."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _checked(handler: Handler, payload: dict[str, JsonValue]) -> bytes:
    try:
        text = canonical(payload)
    except (ValueError, RecursionError):
        raise Refused.because("NOT_JSON", ("payload",), "not representable as JSON in UTF-8") from None
    if len(text) > PAYLOAD_BYTES:
        raise PayloadTooLarge(len(text))
    if too_deep(text):
        raise Refused.because("TOO_DEEP", ("payload",), f"nested deeper than {DEEPEST} levels")
    try:
        # By its JSON, as the worker will read it: there an instant or a decimal is a text.
        handler.payload.model_validate_json(text)
    except ValidationError as error:
        raise Refused(problems_of(error, ("payload",))) from None
    return text


def problems_of(error: ValidationError, path: tuple[str | int, ...]) -> list[Problem]:
    """Return what pydantic found, the first few, without the input."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        Problem((*path, *each["loc"][:PROBLEMS]), each["type"].upper(), each["msg"]) for each in found[:PROBLEMS]
    ]


def _check_instant(run_at: datetime | None, now: datetime) -> None:
    if run_at is not None and abs(run_at - now) > FARTHEST:
        raise Refused.because("RUN_AT_TOO_FAR", ("runAt",), f"more than {FARTHEST.days} days from now")


def _digest(request: TaskRequest, payload: bytes) -> str:
    rest = request.model_dump(mode="json", exclude={"payload", "idempotency_key"})
    return hashlib.blake2b(canonical(rest) + b"\0" + payload, digest_size=_ID_BYTES).hexdigest()
