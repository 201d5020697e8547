"""What the demo asks of the API."""

from __future__ import annotations

ERRORS = "userErrors { code path message }"

CREATE_USERS = f"""mutation ($input: CreateUsersInput!) {{
  createUsers(input: $input) {{ users {{ user {{ id login name }} accessCode }} {ERRORS} }} }}"""

TESTS = """query ($after: String) { tests(first: 100, after: $after, state: PUBLISHED) {
  edges { node { id title sections { title subject questions { questionId } } } }
  pageInfo { hasNextPage endCursor } } }"""

CREATE_TEST = (
    f"""mutation ($input: CreateTestInput!) {{ createTest(input: $input) {{ test {{ id }} {ERRORS} }} }}"""
)
PUBLISH = f"""mutation ($input: TestIdInput!) {{ publishTest(input: $input) {{ test {{ id }} {ERRORS} }} }}"""
ASSIGN = f"""mutation ($input: AssignTestInput!) {{ assignTest(input: $input) {{ test {{ id }} {ERRORS} }} }}"""
UPDATE_TEST = (
    f"""mutation ($input: UpdateTestInput!) {{ updateTest(input: $input) {{ test {{ id }} {ERRORS} }} }}"""
)
RELEASE = f"""mutation ($input: ReleaseResultsInput!) {{
  releaseResults(input: $input) {{ test {{ id }} {ERRORS} }} }}"""

START = f"""mutation ($input: StartAttemptInput!) {{
  startAttempt(input: $input) {{ attempt {{ id deadline {{ at }} }} {ERRORS} }} }}"""
PAPER = """query ($id: ID!) { attempt(id: $id) { paper { sections { subject
  questions { id number type text options { id text } } } } } }"""
SAVE = f"""mutation ($input: SaveResponsesInput!) {{
  saveResponses(input: $input) {{ acknowledgement {{ seq ackedSeq deadline {{ at reason }} }} {ERRORS} }} }}"""
SUBMIT = f"""mutation ($input: SubmitAttemptInput!) {{
  submitAttempt(input: $input) {{ attempt {{ id state }} {ERRORS} }} }}"""

REQUEST_REPORT = f"""mutation ($input: RequestReportInput!) {{
  requestReport(input: $input) {{ report {{ id }} {ERRORS} }} }}"""
REPORT = """query ($id: ID!) { report(id: $id) { state reason } }"""
REPORT_SHORT = """query ($id: ID!) { report(id: $id) { state reason students page { url }
  items(first: 100) { edges { node { questionId number subject topic facility flags { code reason } } } }
  behaviour { subjects { subject timeMedian timeLower timeUpper sunk } }
  integrity {
    answers { pairs(first: 100) { edges { node { members { attemptId } } } } }
    paces { pairs(first: 100) { edges { node { members { attemptId } } } } } }
  scores { total { mean median alpha } } } }"""
REPORT_TIMES = "query ($id: ID!) { report(id: $id) { behaviour { subjects { subject timeMedian } } } }"

TEST_PAPER = """query ($id: ID!) { test(id: $id) { paper { sections { subject
  questions { id number text options { id text } } } } } }"""
CORRECT = f"""mutation ($input: CorrectAnswerKeyInput!) {{
  correctAnswerKey(input: $input) {{ test {{ keyVersion }} {ERRORS} }} }}"""

SERVER_TIME = "{ serverTime }"
OPEN_ATTEMPTS = """query ($testId: ID!, $state: AttemptState!) {
  attempts(testId: $testId, state: $state, first: 1) { edges { node { id } } } }"""
RESULTS = """query ($testId: ID!, $after: String) { attempts(testId: $testId, first: 50, after: $after) {
  edges { node { id state closedBy student { login name }
    result { keyVersion total { marks correct wrong unanswered } questions { questionId marks } } } }
  pageInfo { hasNextPage endCursor } } }"""
OWN_RESULT = "query ($id: ID!) { attempt(id: $id) { result { total { marks } } } }"
