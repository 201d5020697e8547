"""The queries behind the lists, on every store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from school import School, instant, set_exam
from serving import asker, sat

from api.settings import Settings


async def test_lists_are_paged_and_what_changed_is_found_on_every_store(
    any_school: School, tmp_path: Path
) -> None:
    exam = await set_exam(any_school)
    ids = [await sat(exam, login) for login in ("asha", "ravi", "meena")]
    await any_school.sweep()
    service = asker(any_school, Settings(data_dir=tmp_path))
    path = f"/tenants/{any_school.tenant.slug}/tests/{exam.test_id}"
    now = any_school.clock()

    async def read(name: str, **given: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        while True:
            page = await service.lines(f"{path}/{name}", **given)
            rows += page.rows
            if page.end["next"] is None:
                return rows
            given["cursor"] = page.end["next"]

    assert [row["attempt"] for row in await read("attempts", limit=2)] == sorted(ids)
    assert [row["attempt"] for row in await read("attempts", limit=1, updatedSince=instant(now))] == sorted(ids)
    assert await read("attempts", updatedSince=instant(now + timedelta(minutes=2))) == []
    assert [(row["attempt"], row["seq"], row["place"]) for row in await read("events", limit=7)] == [
        (id, seq, place) for id in sorted(ids) for seq in (1, 2) for place in range(5)
    ]
