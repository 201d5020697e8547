"""Arguments of calls that are valid when the id in question is; all else in them is the institution's own.

Where ids are in a list, a sound one stands beside the id in question: nothing of the list may be done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from belongings import ESSAY, GROUP, MATRIX, MULTIPLE, ORDER, SINGLE, Belongings
from school import every_type

Input = dict[str, Any]


def by_id(_: Belongings, id: str) -> Input:
    return {"id": id}


def first_version(_: Belongings, id: str) -> Input:
    return {"id": id, "version": 1}


def subject(_: Belongings, id: str) -> Input:
    return {"subject": id}


def by_test(_: Belongings, id: str) -> Input:
    return {"testId": id}


def titled(_: Belongings, id: str) -> Input:
    return {"testId": id, "title": "Named"}


def to_group(_: Belongings, id: str) -> Input:
    return {"testId": id, "groups": [GROUP]}


def to_users(has: Belongings, id: str) -> Input:
    return {"testId": has.test, "userIds": [has.classmate, id]}


def users(has: Belongings, id: str) -> Input:
    return {"userIds": [has.classmate, id]}


def user(_: Belongings, id: str) -> Input:
    return {"userIds": [id]}


def sheets(_: Belongings, id: str) -> Input:
    return {"testId": id, "responses": True}


def as_file(_: Belongings, id: str) -> Input:
    return {"testId": id, "format": "CSV"}


def reported(has: Belongings, id: str) -> Input:
    return {"testIds": [has.unstarted, id], "kinds": ["ITEMS"]}


def created_draft(has: Belongings, id: str) -> Input:
    return {
        "title": "Named",
        "durationSeconds": 600,
        "marking": {"preset": "PLAIN"},
        "sections": _sections(has, id),
    }


def changed_draft(has: Belongings, id: str) -> Input:
    return {"testId": has.draft, "sections": _sections(has, id)}


def next_version(_: Belongings, id: str) -> Input:
    return _written({"id": id})


def with_passage(_: Belongings, id: str) -> Input:
    return _written({"passageId": id})


def dropped_in(has: Belongings, id: str) -> Input:
    return {**dropped(has, has.question), "testId": id}


def dropped(has: Belongings, id: str) -> Input:
    return _corrected(has, {"questionId": id, "dropped": "ALL"})


def correct(has: Belongings, id: str) -> Input:
    return _keyed(has, SINGLE, correct=[id])


def weighted(has: Belongings, id: str) -> Input:
    return _keyed(has, MULTIPLE, correct=has.options(MULTIPLE)[:1], weights=[{"ref": id, "fraction": "1"}])


def ordered(has: Belongings, id: str) -> Input:
    return _keyed(has, ORDER, order=[*has.options(ORDER)[1:], id])


def row_keyed(has: Belongings, id: str) -> Input:
    rows = [{"ref": has.rows[1], "columns": [has.columns[0]]}, {"ref": id, "columns": [has.column]}]
    return _keyed(has, MATRIX, rows=rows)


def column_keyed(has: Belongings, id: str) -> Input:
    rows = [{"ref": has.rows[1], "columns": [has.columns[0]]}, {"ref": has.row, "columns": [id]}]
    return _keyed(has, MATRIX, rows=rows)


def saved_in(has: Belongings, id: str) -> Input:
    return {**visited(has, has.question), "attemptId": id}


def visited(has: Belongings, id: str) -> Input:
    return _saved(has, {"type": "VISIT", "at": 9, "questionId": id})


def chosen(has: Belongings, id: str) -> Input:
    return _answered(has, SINGLE, optionIds=[id])


def row_matched(has: Belongings, id: str) -> Input:
    return _matched(has, {"rowId": id, "columnIds": [has.column]})


def column_matched(has: Belongings, id: str) -> Input:
    return _matched(has, {"rowId": has.row, "columnIds": [id]})


def told_after(has: Belongings, id: str) -> Input:
    return {"attemptId": has.attempt, "seq": 1, "events": has.batch, "noticesAfter": id}


def extended() -> Input:
    return {"minutes": 5, **with_reason()}


def with_reason() -> Input:
    return {"reason": "The power failed"}


def announced() -> Input:
    return {"text": "Five minutes left"}


def to_all(told: Callable[[], Input], _: Belongings, id: str) -> Input:
    return {"testId": id, **told()}


def to_some(told: Callable[[], Input], has: Belongings, id: str) -> Input:
    return {"testId": has.test, "attemptIds": [has.graded, id], **told()}


def submitted(_: Belongings, id: str) -> Input:
    return {"attemptId": id, "lastSeq": 1}


def _sections(has: Belongings, id: str) -> list[Input]:
    placed = [{"questionId": has.questions[ESSAY]["id"]}, {"questionId": id}]
    return [{"title": "All", "questions": placed}]


def _written(told: Input) -> Input:
    sound = every_type()[SINGLE]
    return {"questions": [sound, {**sound, **told}]}


def _keyed(has: Belongings, place: int, **key: Any) -> Input:
    return _corrected(has, {"questionId": has.questions[place]["id"], "key": key})


def _corrected(has: Belongings, correction: Input) -> Input:
    sound = {"questionId": has.questions[ESSAY]["id"], "dropped": "ALL"}
    return {"testId": has.test, "corrections": [sound, correction], "reason": "A slip of the pen"}


def _saved(has: Belongings, event: Input) -> Input:
    sound = {"type": "VISIT", "at": 5, "questionId": has.question}
    return {"attemptId": has.attempt, "seq": 2, "events": [sound, event]}


def _answered(has: Belongings, place: int, **response: Any) -> Input:
    return _saved(has, {"type": "ANSWER", "at": 9, "questionId": has.questions[place]["id"], "response": response})


def _matched(has: Belongings, row: Input) -> Input:
    return _answered(has, MATRIX, matrix=[{"rowId": has.rows[1], "columnIds": [has.columns[1]]}, row])
