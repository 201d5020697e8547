"""What is asked of the API: the student's path with all that a player shows, and what sets a test."""

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

SERVER_TIME = "{ serverTime }"
CREATE_USERS = _mutation("createUsers", "CreateUsersInput", "users { accessCode }")
CREATE_QUESTIONS = _mutation("createQuestions", "CreateQuestionsInput", "questions { id }")
CREATE_TEST = _mutation("createTest", "CreateTestInput", "test { id }")
PUBLISH = _mutation("publishTest", "TestIdInput", "test { id }")
ASSIGN = _mutation("assignTest", "AssignTestInput", "test { id }")
UNGRADED = """query ($testId: ID!) { attempts(testId: $testId, state: SUBMITTED, first: 1) {
  edges { node { id } } } }"""
