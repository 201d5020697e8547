from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp.domain.problem import Code
from tp.services.people.new_user import NewUser, problems_in, tidy
from tp.services.people.records import is_user_id, name_id, normal_name

ASHA = NewUser("asha", "Asha Rao", ["STUDENT"], ["XII-A"], "R-1", "eight888")


def told(*users: NewUser) -> list[tuple[Code, tuple[str | int, ...]]]:
    return [(problem.code, problem.path) for problem in problems_in(users)]


def test_a_user_as_it_should_be_has_no_problems():
    assert told(ASHA, NewUser("b", "B", ("TEACHER", "ADMIN"), access_code=True)) == []


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"login": "  "}, Code.REQUIRED, ("login",)),
        ({"login": "a" * 101}, Code.TOO_LARGE, ("login",)),
        ({"login": "a sha"}, Code.INVALID, ("login",)),
        ({"login": "a\u200bsha"}, Code.INVALID, ("login",)),
        ({"login": "a\ud800"}, Code.INVALID, ("login",)),
        ({"name": ""}, Code.REQUIRED, ("name",)),
        ({"name": "n" * 201}, Code.TOO_LARGE, ("name",)),
        ({"name": "n\x00"}, Code.INVALID, ("name",)),
        ({"external_id": " "}, Code.REQUIRED, ("externalId",)),
        ({"external_id": "9" * 101}, Code.TOO_LARGE, ("externalId",)),
        ({"roles": []}, Code.REQUIRED, ("roles",)),
        ({"roles": ["STUDENT", "OPERATOR"]}, Code.INVALID, ("roles", 1)),
        ({"roles": ["SERVICE"]}, Code.INVALID, ("roles", 0)),
        ({"roles": ["student"]}, Code.INVALID, ("roles", 0)),
        ({"groups": [f"g{n}" for n in range(21)]}, Code.TOO_MANY, ("groups",)),
        ({"groups": ["a", ""]}, Code.REQUIRED, ("groups", 1)),
        ({"groups": ["g" * 101]}, Code.TOO_LARGE, ("groups", 0)),
        ({"password": "seven77"}, Code.INVALID, ("password",)),
        ({"password": "p" * 201}, Code.TOO_LARGE, ("password",)),
    ],
)
def test_each_fault_is_told_with_its_place(change: dict[str, object], code: Code, path: tuple[str | int, ...]):
    faulty = dataclasses.replace(ASHA, **change)
    assert told(dataclasses.replace(ASHA, login="b", external_id="R-2"), faulty) == [(code, ("users", 1, *path))]


def test_all_faults_are_told_at_once():
    assert told(NewUser("", "", [], password="short"), NewUser("x y", "X")) == [
        (Code.REQUIRED, ("users", 0, "login")),
        (Code.REQUIRED, ("users", 0, "name")),
        (Code.REQUIRED, ("users", 0, "roles")),
        (Code.INVALID, ("users", 0, "password")),
        (Code.INVALID, ("users", 1, "login")),
    ]


def test_names_that_differ_only_in_case_or_form_are_the_same():
    first = NewUser("Straße", "One", external_id="Ⅳ 1")
    second = NewUser(" STRASSE ", "Two", external_id="iv  1")
    [login, external] = problems_in([first, second])
    assert (login.code, login.path) == (Code.ALREADY_EXISTS, ("users", 1, "login"))
    assert (external.code, external.path) == (Code.ALREADY_EXISTS, ("users", 1, "externalId"))
    assert "user 1" in login.message


def test_a_password_is_never_shown_with_its_user():
    assert "eight888" not in repr(ASHA)


@given(st.text())
def test_a_normal_name_is_its_own_normal_form_and_that_of_the_tidied_text(text: str):
    normal = normal_name(text)
    assert normal_name(normal) == normal
    assert normal_name(tidy(text)) == normal
    assert name_id(text) == name_id(normal)


@given(st.text(alphabet="abcXYZ012 "))
def test_case_and_spaces_around_do_not_make_another_name(text: str):
    assert normal_name(f"  {text.upper()} ") == normal_name(text.lower())


@pytest.mark.parametrize("text", ["", "usr_", "usr_1", "tst_aaaaaaaaaaaaaaaa", "usr_aaaaaaaaaaaaaaaa\n", "__a__"])
def test_what_has_not_the_form_of_a_users_id_is_told(text: str):
    assert not is_user_id(text)
