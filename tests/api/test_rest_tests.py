"""Services read a test as it was published, and write standings back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from school import CORRECT, Exam, School, every_type, set_exam
from serving import Asker, asker, sat

from api.settings import Settings
from tp.contract import TestView
from tp.tables import STANDINGS


@pytest.fixture
def service(school: School, tmp_path: Path) -> Asker:
    return asker(school, Settings(data_dir=tmp_path))


def path(exam: Exam) -> str:
    return f"/tenants/oakwood/tests/{exam.test_id}"


def page(exam: Exam, *attempts: str, version: int = 1, percentile: str = "100.0000000") -> dict[str, Any]:
    subjects = {"Physics": {"rank": 2, "percentile": "50.0000000"}}
    standings = [{"attemptId": id, "rank": 1, "percentile": percentile, "subjects": subjects} for id in attempts]
    return {"reportId": "rep_1", "keyVersion": version, "standings": standings, "last": True}


async def corrected(exam: Exam, drop: bool = False) -> None:
    key = {"dropped": "ALL"} if drop else {"key": {"correct": [exam.option(0, "4"), exam.option(0, "5")]}}
    correction = {"questionId": exam.questions[0]["id"], **key}
    await exam.teacher.do(CORRECT, testId=exam.test_id, corrections=[correction], reason="5 is right too")


async def test_a_test_has_its_paper_tags_and_key(school: School, service: Asker) -> None:
    written = every_type()
    written[0]["tags"] = {"subject": "Mathematics", "topic": "Sums", "difficulty": "easy"}
    exam = await set_exam(school, written)

    answered = (await service.get(path(exam))).json()

    view = TestView.model_validate(answered)
    [section] = view.sections
    assert (view.id, view.title, view.state, view.duration_seconds) == (
        exam.test_id,
        "Monday test",
        "PUBLISHED",
        3600,
    )
    assert (section.title, view.paper_version, view.key_version) == ("All", 1, 1)
    assert [question.type for question in section.questions] == [question["type"] for question in written]
    single, multiple, numeric, text, matrix, order, essay = section.questions
    assert (single.number, single.maximum, single.tags.topic, single.dropped) == (1, "1", "Sums", None)
    assert [option.text for option in single.options] == [{"en": "3"}, {"en": "4"}]
    assert single.key == (single.options[1].id,)
    assert set(multiple.key) == {option.id for option in multiple.options[:2]}
    assert numeric.key == ("3.14..3.15", "3")
    assert text.key == ("New Delhi",)
    assert matrix.key == tuple(f"{r.id}:{c.id}" for r, c in zip(matrix.rows, matrix.columns, strict=True))
    assert order.key == tuple(option.id for option in order.options)
    assert essay.key == ()
    assert set(view.answer_key) == {question.id for question in section.questions}


async def test_every_version_of_the_key_is_told_and_the_newest_is_given(exam: Exam, service: Asker) -> None:
    await corrected(exam)
    await corrected(exam, drop=True)

    view = TestView.model_validate((await service.get(path(exam))).json())

    dropped = exam.questions[0]["id"]
    assert view.key_version == 3
    assert [(key.version, key.dropped) for key in view.key_versions] == [(1, {}), (2, {}), (3, {dropped: "ALL"})]
    assert view.sections[0].questions[0].dropped == "ALL"


async def test_standings_are_kept_beside_the_results_and_the_same_again_changes_nothing(
    exam: Exam, service: Asker
) -> None:
    ids = [await sat(exam, "asha"), await sat(exam, "ravi")]
    await exam.school.sweep()

    first = await service.put(f"{path(exam)}/standings", page(exam, *ids))
    kept = await exam.school.kept()
    again = await service.put(f"{path(exam)}/standings", page(exam, *ids))

    assert (first.status_code, again.status_code) == (204, 204)
    assert await exam.school.kept() == kept
    store = exam.school.services.store.namespace(exam.school.tenant.namespace)
    standing = STANDINGS.found(await store.get(STANDINGS.key(ids[0])))
    assert standing is not None
    assert (standing.rank, standing.percentile, standing.key_version) == (1, "100.0000000", 1)
    assert standing.subjects["Physics"].rank == 2


@pytest.mark.parametrize("version", [1, 3])
async def test_standings_of_another_key_version_are_refused(exam: Exam, service: Asker, version: int) -> None:
    id = await sat(exam, "asha")
    await exam.school.sweep()
    await corrected(exam)
    before = await exam.school.kept()

    refused = await service.put(f"{path(exam)}/standings", page(exam, id, version=version))

    told = refused.json()
    assert (refused.status_code, told["code"], told["keyVersion"]) == (409, "KEY_VERSION_STALE", 2)
    assert await exam.school.kept() == before


async def test_standings_of_what_is_no_attempt_at_the_test_are_refused_whole(exam: Exam, service: Asker) -> None:
    id = await sat(exam, "asha")
    await exam.school.sweep()
    tail = exam.test_id.removeprefix("tst_")
    before = await exam.school.kept()

    for wrong in ("att_" + "a" * 16 + tail, "att_" + "a" * 32, "nonsense", id):
        refused = await service.put(f"{path(exam)}/standings", page(exam, id, wrong))
        assert (refused.status_code, refused.json()["code"]) == (422, "INVALID")

    assert await exam.school.kept() == before
