"""Two worker processes on one port and one folder: whichever is asked answers alike, soon after a change too."""

from __future__ import annotations

import httpx
from cohort import examined_school
from deployment import Deploy, Deployment
from waiting import until

VIEWER = {"query": "{ viewer { id } }"}
CONNECTIONS = 24


async def statuses(deployment: Deployment, token: str | None) -> set[int]:
    """Return how requests over so many new connections are answered: each goes to either worker."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/graphql-response+json"}
    found = set()
    for _ in range(CONNECTIONS):
        async with httpx.AsyncClient(base_url=deployment.url, headers=headers) as client:
            found.add((await client.post("/graphql", json=VIEWER)).status_code)
    return found


async def workers_told(deployment: Deployment) -> set[str] | None:
    """Return the workers whose figures `/metrics` tells; `None` while it is not those of both."""
    async with httpx.AsyncClient(base_url=deployment.url) as client:
        lines = (await client.get("/metrics")).text.splitlines()
    workers = {line.partition('worker="')[2].partition('"')[0] for line in lines if "process_cpu" in line}
    return workers - {""} if len(workers - {""}) == 2 else None


async def test_a_suspension_from_outside_holds_in_all_workers_and_their_figures_are_told_together(
    deploy: Deploy,
) -> None:
    deployment = deploy(workers=2)
    _, [student] = await examined_school(deployment.data_dir, 1)
    deployment.start()
    assert await statuses(deployment, student.token) == {200}

    deployment.tp("tenants", "suspend", "oakwood")

    async def refused_by_all() -> bool | None:
        return await statuses(deployment, student.token) == {403} or None

    assert await until(refused_by_all)
    assert len(await until(lambda: workers_told(deployment))) == 2
