"""Logging in and the people of a school, through the door."""

from __future__ import annotations

from typing import Any

import pytest
from school import ADMIN_PASSWORD, CREATE_USERS, LOGIN, Exam, School

from tp.services.people.records import USERS as USERS_TABLE

VIEWER = "{ viewer { id name roles permissions tenant } }"
USER = "query ($id: ID!) { user(id: $id) { id login externalId name groups roles createdAt } }"
USERS = (
    """query ($group: String, $role: Role) { users(group: $group, role: $role) { edges { node { login } } } }"""
)
ISSUE = """mutation ($input: IssueAccessCodesInput!) { issueAccessCodes(input: $input) {
  users { user { id } accessCode } userErrors { code path } } }"""
NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"


async def test_a_viewer_is_told_who_it_is_and_what_it_may(school: School) -> None:
    student = await school.person("asha")

    viewer = await student.ask(VIEWER)

    assert viewer == {
        "id": student.id,
        "name": "Asha",
        "roles": ["STUDENT"],
        "permissions": ["SIT_TESTS"],
        "tenant": "oakwood",
    }
    assert "MANAGE_PEOPLE" in (await (await school.admin()).ask(VIEWER))["permissions"]


async def test_nobody_is_told_anything_without_a_token(school: School) -> None:
    assert set(await school.nobody.error_codes(VIEWER)) == {"UNAUTHENTICATED"}
    assert set(await school.nobody.error_codes("{ serverTime }")) <= {"UNAUTHENTICATED"}


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"login": "admin", "password": "wrong"}, "BAD_CREDENTIALS"),
        ({"login": "nobody", "password": ADMIN_PASSWORD}, "BAD_CREDENTIALS"),
        ({"accessCode": "AAAA-BBBB-CCCC"}, "BAD_CREDENTIALS"),
        ({"login": "admin"}, "REQUIRED"),
        ({}, "REQUIRED"),
        ({"tenant": "elsewhere", "login": "admin", "password": ADMIN_PASSWORD}, "TENANT_UNKNOWN"),
    ],
)
async def test_a_wrong_way_in_gives_no_token(school: School, how: dict[str, str], code: str) -> None:
    refused = await school.nobody.refused(LOGIN, **{"tenant": school.tenant.slug, **how})

    assert [refusal for refusal, _ in refused] == [code]


async def test_the_address_and_the_login_name_the_same_institution(school: School) -> None:
    asked = {"tenant": "elsewhere", "login": "admin", "password": ADMIN_PASSWORD}
    body = {"query": LOGIN, "variables": {"input": asked}}

    answered = await school.client.post("/t/oakwood/graphql", json=body)

    [error] = answered.json()["data"]["login"]["userErrors"]
    assert (error["code"], error["path"]) == ("INVALID", ["tenant"])


async def test_users_are_created_found_and_listed(school: School) -> None:
    admin = await school.admin()
    asked = [
        {"login": "asha", "name": "Asha", "externalId": "17", "groups": ["10A"], "password": "long enough"},
        {"login": "ravi", "name": "Ravi", "roles": ["TEACHER", "INVIGILATOR"]},
    ]

    created = (await admin.do(CREATE_USERS, users=asked))["users"]

    assert [entry["accessCode"] for entry in created] == [None, None]
    asha = await admin.ask(USER, id=created[0]["user"]["id"])
    assert (asha["login"], asha["externalId"], asha["groups"], asha["roles"]) == (
        "asha",
        "17",
        ["10A"],
        ["STUDENT"],
    )

    async def logins(**of: Any) -> set[str]:
        return {edge["node"]["login"] for edge in (await admin.ask(USERS, **of))["edges"]}

    assert await logins() == {"admin", "asha", "ravi"}
    assert await logins(group="10A") == {"asha"}
    assert await logins(role="INVIGILATOR") == {"ravi"}
    assert await logins(role="INVIGILATOR", group="10A") == set()
    assert (await school.login("asha", "long enough")).id == created[0]["user"]["id"]


async def test_what_is_wrong_with_users_is_told_by_place_and_nobody_is_created(school: School) -> None:
    admin = await school.admin()
    users = [
        {"login": "admin", "name": "Twice"},
        {"login": " ", "name": "", "roles": [], "groups": [""]},
        {"login": "op", "name": "Op", "roles": ["OPERATOR"], "password": "short"},
        {"login": "asha", "name": "Asha"},
        {"login": "ASHA", "name": "Asha"},
    ]

    refused = await admin.refused(CREATE_USERS, users=users)

    assert {(code, ".".join(path)) for code, path in refused} == {
        ("ALREADY_EXISTS", "users.0.login"),
        ("REQUIRED", "users.1.login"),
        ("REQUIRED", "users.1.name"),
        ("REQUIRED", "users.1.roles"),
        ("REQUIRED", "users.1.groups.0"),
        ("INVALID", "users.2.roles.0"),
        ("INVALID", "users.2.password"),
        ("ALREADY_EXISTS", "users.4.login"),
    }
    assert len((await admin.ask(USERS))["edges"]) == 1


async def test_a_new_code_replaces_the_old_one(school: School) -> None:
    admin = await school.admin()
    student = await school.person("asha")

    [issued] = (await admin.do(ISSUE, userIds=[student.id]))["users"]

    entered = await school.nobody.do(LOGIN, tenant=school.tenant.slug, accessCode=issued["accessCode"])
    assert entered["viewer"]["id"] == student.id
    missing = await admin.refused(ISSUE, userIds=[student.id, "usr_" + "x" * 16])
    assert missing == [("NOT_FOUND", ["userIds", "1"])]


async def test_only_administrators_manage_people(exam: Exam) -> None:
    student = await exam.student("asha")
    user = {"users": [{"login": "x", "name": "X"}]}

    for person in (student, exam.teacher):
        assert set(await person.error_codes(CREATE_USERS, input=user)) == {"FORBIDDEN"}
        assert set(await person.error_codes(ISSUE, input={"userIds": [student.id]})) == {"FORBIDDEN"}
    assert set(await student.error_codes(USERS)) == {"FORBIDDEN"}


async def test_a_student_finds_itself_and_nobody_else(exam: Exam) -> None:
    student = await exam.student("asha")

    assert (await student.ask(USER, id=student.id))["login"] == "asha"
    assert await student.ask(USER, id=exam.teacher.id) is None
    assert await student.ask(USER, id="usr_" + "x" * 16) is None
    document = "query ($id: ID!) { attempt(id: $id) { student { login } } }"
    owner = await student.ask(document, id=await exam.start(student))
    assert owner == {"student": {"login": "asha"}}


async def test_a_node_is_found_by_the_prefix_of_its_id(exam: Exam) -> None:
    student = await exam.student("asha")
    attempt_id = await exam.start(student)
    kinds = {
        exam.test_id: "Test",
        exam.questions[0]["id"]: "Question",
        attempt_id: "Attempt",
        student.id: "User",
    }

    for id, kind in kinds.items():
        assert await exam.teacher.ask(NODE, id=id) == {"__typename": kind, "id": id}
    for id in ("", "tst", "tst_", "psg_" + "x" * 16, "nonsense", "qst_" + "x" * 16, "x" * 3_000):
        assert await exam.teacher.ask(NODE, id=id) is None, id


async def test_a_person_who_is_gone_is_called_by_its_id(school: School) -> None:
    """A token outlives the record of its user, as after a purge."""
    admin = await school.admin()
    store = school.services.store.namespace(school.tenant.namespace)

    async def remove(transaction: Any) -> None:
        transaction.delete(USERS_TABLE.key(admin.id))

    await store.transact(remove)

    assert (await admin.ask(VIEWER))["name"] == admin.id
