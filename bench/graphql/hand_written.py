"""What somebody would write who needs these three answers and no other, and no GraphQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from bench.graphql import data


def paper(attempt: data.Attempt) -> bytes:
    """Return the answer to a student's request for the paper."""
    paper = attempt.paper
    answer = {
        "id": paper.id,
        "version": paper.version,
        "title": paper.title,
        "instructions": paper.instructions,
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "subject": section.subject,
                "answerAny": section.answer_any,
                "questions": [
                    {
                        "id": question.id,
                        "number": question.number,
                        "type": question.type.value,
                        "text": question.text,
                        "passageId": question.passage_id,
                        "options": _choices(question.options),
                        "rows": _choices(question.rows),
                        "columns": _choices(question.columns),
                        "marking": {"correct": question.marking.correct, "wrong": question.marking.wrong},
                    }
                    for question in section.questions
                ],
            }
            for section in paper.sections
        ],
        "passages": [{"id": each.id, "title": each.title, "text": each.text} for each in paper.passages],
    }
    return orjson.dumps({"data": {"attempt": {"paper": answer}}})


def staff_list(attempts: Sequence[data.Attempt]) -> bytes:
    """Return the answer to staff who ask how a test went."""
    return orjson.dumps({"data": {"attempts": [_attempt(attempt) for attempt in attempts]}})


def save(seq: int) -> bytes:
    """Return the answer to a player that saved a batch."""
    payload = data.save(seq)
    acknowledgement = payload.acknowledgement
    answer = acknowledgement and {
        "seq": acknowledgement.seq,
        "ackedSeq": acknowledgement.acked_seq,
        "serverNow": acknowledgement.server_now.isoformat(),
        "deadline": {
            "at": acknowledgement.deadline.at.isoformat(),
            "reason": acknowledgement.deadline.reason,
        },
    }
    errors = [{"code": each.code, "path": each.path, "message": each.message} for each in payload.user_errors]
    return orjson.dumps({"data": {"saveResponses": {"acknowledgement": answer, "userErrors": errors}}})


def _choices(choices: Sequence[data.Choice]) -> list[dict[str, str]]:
    return [{"id": each.id, "text": each.text} for each in choices]


def _attempt(attempt: data.Attempt) -> dict[str, Any]:
    student, result = attempt.student, attempt.result
    return {
        "id": attempt.id,
        "number": attempt.number,
        "state": attempt.state.value,
        "startedAt": attempt.started_at.isoformat(),
        "submittedAt": attempt.submitted_at and attempt.submitted_at.isoformat(),
        "student": {"id": student.id, "name": student.name, "groups": student.groups},
        "result": result
        and {
            "marks": result.marks,
            "maximum": result.maximum,
            "rank": result.rank,
            "percentile": result.percentile,
            "sections": [
                {
                    "sectionId": section.section_id,
                    "title": section.title,
                    "marks": section.marks,
                    "correct": section.correct,
                    "wrong": section.wrong,
                    "unanswered": section.unanswered,
                }
                for section in result.sections
            ],
        },
    }
