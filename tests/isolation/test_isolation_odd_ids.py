"""What can be no id at all is answered as one that is missing, and is no defect."""

from __future__ import annotations

import pytest
from asking import ask_all
from campus import Town
from cases import CASES, Case
from traces import kept_by_all

pytestmark = pytest.mark.asyncio(loop_scope="session")
ODD = ["", " ", "*", "__id__", "tst_", "att_" + "x" * 32, "\0", "é" * 1_000, "x" * 4_000, "a:b/c", "' OR 1=1 --"]


@pytest.mark.parametrize("case", [case for case in CASES if not case.unread], ids=str)
async def test_what_can_be_no_id_is_refused(town: Town, case: Case) -> None:
    before = await kept_by_all(town)

    for role in sorted(case.admits)[:1]:
        for id in ODD:
            arguments = case.arguments(town.ours.has, id)
            answer = await ask_all(town.ours.by_role[role], role, case.field, arguments)
            assert "INTERNAL" not in answer.codes, id
            assert not answer.succeeded, id

    assert await kept_by_all(town) == before
