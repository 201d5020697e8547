"""What a student's path asks of the API, with all that a player shows: what the figures are of."""

from __future__ import annotations

_ERRORS = "userErrors { code path message }"


def _mutation(name: str, input_type: str, fields: str) -> str:
    return f"mutation ($input: {input_type}!) {{ {name}(input: $input) {{ {fields} {_ERRORS} }} }}"


START = _mutation(
    "startAttempt",
    "StartAttemptInput",
    "attempt { id state number startedAt deadline { at reason acceptsUntil } }",
)
PAPER = """query ($id: ID!) { attempt(id: $id) { paper { id version title instructions
  sections { id title subject answerAny questions { id number type text passageId
    options { id text } rows { id text } columns { id text } marking { correct wrong } } }
  passages { id title text } } } }"""
SAVE = _mutation(
    "saveResponses", "SaveResponsesInput", "acknowledgement { seq ackedSeq serverNow deadline { at reason } }"
)
RESUME = """query ($id: ID!) { attempt(id: $id) { id state ackedSeq deadline { at reason }
  responses { questionId optionIds text } palette { questionId state } } }"""
SUBMIT = _mutation("submitAttempt", "SubmitAttemptInput", "attempt { id state submittedAt lastSeq missing }")

CREATE_QUESTIONS = _mutation("createQuestions", "CreateQuestionsInput", "questions { id }")
