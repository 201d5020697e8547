"""The disk takes no more: a save is refused by a clear code, nothing is lost, and saving goes on later."""

from __future__ import annotations

import resource

import httpx
import pytest
from cohort import Sitter, examined_school, over
from deployment import Deploy, Deployment
from school import SAVE, SITTING, SUBMIT


def limit_files(deployment: Deployment, size: int) -> None:
    """Let no file of the server grow beyond `size` bytes."""
    assert deployment.process is not None
    _, most = resource.prlimit(deployment.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(deployment.process.pid, resource.RLIMIT_FSIZE, (size, most))


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux limits another process")
async def test_a_disk_that_takes_no_more_is_told_and_saving_goes_on_when_there_is_room(
    deploy: Deploy, http: httpx.AsyncClient
) -> None:
    deployment = deploy(shutdown_grace=1)
    exam, [person] = await examined_school(deployment.data_dir, 1)
    deployment.start(http)
    sitter = Sitter(over(http, person), exam, marks=0)
    await sitter.start()
    await sitter.save(1)
    before = await sitter.person.ask(SITTING, id=sitter.attempt_id)

    [log] = (deployment.data_dir / "store").glob("t-oakwood.sqlite3-wal")
    limit_files(deployment, log.stat().st_size)
    asked = {"attemptId": sitter.attempt_id, "seq": 2, "events": sitter.batch(2)}
    for _ in range(2):
        assert await sitter.person.error_codes(SAVE, input=asked) == ["STORE_UNAVAILABLE"]
    submitting = {"attemptId": sitter.attempt_id, "lastSeq": 1}
    assert await sitter.person.error_codes(SUBMIT, input=submitting) == ["STORE_UNAVAILABLE"]
    assert await sitter.person.ask(SITTING, id=sitter.attempt_id) == before
    assert (await sitter.save(1))["ackedSeq"] == 1

    limit_files(deployment, resource.RLIM_INFINITY)
    sitter.next = 2
    await sitter.save_all()
    await sitter.check()
    assert {entry["event"] for entry in deployment.defects()} == {"store failed"}
