"""What an invigilator and a student say to each other through GraphQL."""

from __future__ import annotations

from typing import Any

from school import Exam, Person, School

from tp.tables import LATE, LOG, LogEntry, log_id

_ACT = """mutation ($input: {type}!) {{ {name}(input: $input) {{
  attempts {{ id paused deadline {{ at reason }} }} changed userErrors {{ code path message }} }} }}"""
EXTEND = _ACT.format(type="ExtendAttemptsInput", name="extendAttempts")
PAUSE = _ACT.format(type="PauseAttemptsInput", name="pauseAttempts")
RESUME = _ACT.format(type="ResumeAttemptsInput", name="resumeAttempts")
FORCE = _ACT.format(type="ForceSubmitInput", name="forceSubmit")
ANNOUNCE = """mutation ($input: AnnounceInput!) { announce(input: $input) {
  announcement { id text at } userErrors { code path message } } }"""
SAVE = """mutation ($input: SaveResponsesInput!) { saveResponses(input: $input) {
  acknowledgement { seq ackedSeq deadline { at reason } notices { id kind text minutes at } }
  userErrors { code path message } } }"""
WATCHED = """query ($id: ID!) { attempt(id: $id) {
  state paused closedBy submittedAt ackedSeq deadline { at reason } notices { id kind text minutes } } }"""


async def invigilator(school: School) -> Person:
    return await school.person("invigilator", "INVIGILATOR")


async def save(student: Person, attempt_id: str, seq: int, event: dict[str, Any], **client: str) -> dict[str, Any]:
    """Save a batch of one event that must be taken; return its acknowledgement."""
    payload = await student.do(SAVE, attemptId=attempt_id, seq=seq, events=[event], **client)
    acknowledged: dict[str, Any] = payload["acknowledgement"]
    return acknowledged


async def look(*schools: School) -> None:
    """Let processes look at the notices, as they do every second when they are served."""
    for school in schools:
        await school.services.catalogue.board.look()


async def kept_under(exam: Exam, attempt_id: str, seq: int) -> tuple[LogEntry | None, LogEntry | None]:
    """Return what is in the log under a number, and what is kept apart under it."""
    store = exam.school.services.store.namespace(exam.school.tenant.namespace)
    key = log_id(attempt_id, seq)
    return LOG.found(await store.get(LOG.key(key))), LATE.found(await store.get(LATE.key(key)))
