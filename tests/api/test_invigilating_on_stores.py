"""A sitting that is watched and acted upon, on every store."""

from __future__ import annotations

from control import EXTEND, FORCE, PAUSE, RESUME, WATCHED, invigilator, save
from school import START, School, set_exam
from test_control_room import counts, logins, present

from tp.services.invigilation.exchange import StoreExchange

REASON = {"reason": "Fire drill"}


async def test_acts_and_counts_are_the_same_on_every_store(any_school: School) -> None:
    exam, watcher = await set_exam(any_school), await invigilator(any_school)
    asha, ravi = await exam.student("asha"), await exam.student("ravi")
    catalogue = any_school.services.catalogue
    exchanges = [
        StoreExchange(catalogue.attendance, catalogue.watching, name, any_school.clock) for name in ("one", "two")
    ]
    test = {"testId": exam.test_id}
    attempt_id = (await asha.do(START, **test, device="laptop"))["attempt"]["id"]
    other_id = await exam.start(ravi)
    await save(asha, attempt_id, 1, {"type": "BLUR", "at": 1}, device="laptop")

    assert await present(watcher, exam) == {"online": 2, "away": 1}
    assert await logins(watcher, exam, states=["IN_PROGRESS"], search="asha") == {"asha"}
    for exchange in (*exchanges, *exchanges):
        await exchange()
    assert (await watcher.do(EXTEND, **test, minutes=5, **REASON))["changed"] == 2
    assert (await watcher.do(PAUSE, **test, **REASON))["changed"] == 2
    assert await present(watcher, exam) == {"online": 2, "away": 1, "paused": 2}
    assert (await watcher.do(RESUME, **test, **REASON, attemptIds=[other_id]))["changed"] == 1
    await ravi.refused(START, **test, number=2)
    taken = await asha.do(START, **test, device="tablet", takeOver=True)
    assert taken["attempt"]["deadline"]["reason"] == "PAUSE"
    assert (await watcher.do(FORCE, **test, **REASON))["changed"] == 2
    any_school.clock.forward(minutes=2)
    await any_school.sweep()

    told = await counts(watcher, exam)
    assert set(told["states"]) <= {"SUBMITTED", "GRADED"}
    assert sum(told["states"].values()) == 2
    for person, id in ((asha, attempt_id), (ravi, other_id)):
        seen = await person.ask(WATCHED, id=id)
        assert (seen["state"], seen["closedBy"], seen["deadline"]["reason"]) == ("GRADED", "INVIGILATOR", "FORCED")
