"""The audit log: every act of staff, in the commit of the act itself."""

from __future__ import annotations

import json

from school import CLOSE, CORRECT, CREATE_TEST, RELEASE, UPDATE_TEST, Exam, instant

AUDIT = """query ($subject: ID, $first: Int! = 50, $after: String) {
  auditLog(subject: $subject, first: $first, after: $after) {
    edges { node { id at actorId actor { login } action subject details } }
    pageInfo { hasNextPage endCursor } } }"""


async def test_every_act_on_a_test_is_told_newest_first(exam: Exam) -> None:
    clock, teacher, test = exam.school.clock, exam.teacher, {"testId": exam.test_id}
    key = [{"questionId": exam.questions[1]["id"], "key": {"numbers": [{"low": "3"}]}}]
    clock.forward(seconds=1)
    await teacher.do(UPDATE_TEST, **test, schedule={"closesAt": "2025-07-01T00:00:00Z"})
    clock.forward(seconds=1)
    await teacher.do(RELEASE, **test, score=True)
    clock.forward(seconds=1)
    await teacher.do(CORRECT, **test, corrections=key, reason="typo")
    clock.forward(seconds=1)
    await teacher.do(CLOSE, **test)

    edges = (await (await exam.school.admin()).ask(AUDIT, subject=exam.test_id))["edges"]

    nodes = [edge["node"] for edge in edges]
    assert [node["action"] for node in nodes[:4]] == [
        "test.close",
        "test.correct_key",
        "test.release",
        "test.update",
    ]
    assert {node["action"] for node in nodes[4:]} == {"test.create", "test.publish", "test.assign"}
    assert nodes[0]["at"] == instant(clock.now)
    assert {node["actorId"] for node in nodes} == {teacher.id}
    assert {node["actor"]["login"] for node in nodes} == {"teacher"}
    assert json.loads(nodes[2]["details"]) == {"score": True, "responses": False, "key": False}
    assert json.loads(nodes[3]["details"]) == {"fields": ["schedule"]}


async def test_an_act_that_was_refused_is_not_in_it(exam: Exam) -> None:
    admin = await exam.school.admin()
    before = len((await admin.ask(AUDIT))["edges"])

    await exam.teacher.refused(UPDATE_TEST, testId=exam.test_id, title="Fixed by now")
    await exam.teacher.refused(CREATE_TEST, title="", durationSeconds=1, marking={"preset": "PLAIN"})

    assert len((await admin.ask(AUDIT))["edges"]) == before


async def test_the_log_is_read_page_by_page(exam: Exam) -> None:
    admin = await exam.school.admin()
    for minutes in range(4):
        exam.school.clock.forward(minutes=minutes)
        await exam.teacher.do(RELEASE, testId=exam.test_id, score=True)
    whole = [edge["node"]["id"] for edge in (await admin.ask(AUDIT))["edges"]]

    read: list[str] = []
    cursor = None
    while True:
        page = await admin.ask(AUDIT, first=3, after=cursor)
        read += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        cursor = page["pageInfo"]["endCursor"]

    assert read == whole


async def test_only_administrators_read_it(exam: Exam) -> None:
    assert set(await exam.teacher.error_codes(AUDIT)) == {"FORBIDDEN"}
    assert set(await (await exam.student("asha")).error_codes(AUDIT)) == {"FORBIDDEN"}
