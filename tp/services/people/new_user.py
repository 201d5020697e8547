"""What a new user is given as, and everything that can be wrong with it, told at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tenants.roles import Role
from tp.domain.problem import Code, PathStep, Problem
from tp.services.identity.passwords import GREATEST_LENGTH, LEAST_LENGTH
from tp.services.people.records import normal_name

USERS_A_CALL = 500
LOGIN_LENGTH = 100
NAME_LENGTH = 200
EXTERNAL_ID_LENGTH = 100
GROUPS = 20
GROUP_LENGTH = 100

TENANT_ROLES = frozenset({Role.STUDENT, Role.TEACHER, Role.INVIGILATOR, Role.ADMIN})
"""What an administrator may give; SERVICE and OPERATOR are of the platform."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """As asked for: roles are names, so that one that does not exist can be told. Lengths are in characters.

    `access_code`: make one, shown once in the answer. Without a code and a password nobody can log in yet.
    """

    login: str
    name: str
    roles: Sequence[str] = (Role.STUDENT,)
    groups: Sequence[str] = ()
    external_id: str | None = None
    password: str | None = field(default=None, repr=False)
    access_code: bool = False


def tidy(text: str) -> str:
    """Return text as it is kept: NFKC, single spaces, none around."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def problems_in(users: Sequence[NewUser]) -> list[Problem]:
    """Return what is wrong with the input by itself, in its order; the store is not asked."""
    return [
        *(problem for number, user in enumerate(users) for problem in _problems(("users", number), user)),
        *_repeated("login", [user.login for user in users]),
        *_repeated("externalId", [user.external_id for user in users]),
    ]


def password_problem(password: str, path: tuple[PathStep, ...]) -> Problem | None:
    """Return why a password cannot be taken."""
    if len(password) < LEAST_LENGTH:
        return Problem(Code.INVALID, path, f"a password has at least {LEAST_LENGTH} characters")
    if len(password) > GREATEST_LENGTH:
        return Problem(Code.TOO_LARGE, path, f"a password has at most {GREATEST_LENGTH} characters")
    return None


def _problems(path: tuple[PathStep, ...], user: NewUser) -> Iterator[Problem]:
    yield from _text_problems((*path, "login"), user.login, LOGIN_LENGTH, spaces=False)
    yield from _text_problems((*path, "name"), user.name, NAME_LENGTH)
    if user.external_id is not None:
        yield from _text_problems((*path, "externalId"), user.external_id, EXTERNAL_ID_LENGTH)
    yield from _role_problems((*path, "roles"), user.roles)
    if len(user.groups) > GROUPS:
        yield Problem(Code.TOO_MANY, (*path, "groups"), f"at most {GROUPS} groups")
    for number, group in enumerate(user.groups):
        yield from _text_problems((*path, "groups", number), group, GROUP_LENGTH)
    if user.password is not None:
        problem = password_problem(user.password, (*path, "password"))
        if problem is not None:
            yield problem


def _text_problems(
    path: tuple[PathStep, ...], text: str, longest: int, *, spaces: bool = True
) -> Iterator[Problem]:
    kept = tidy(text)
    if not kept:
        yield Problem(Code.REQUIRED, path, "must not be empty")
    elif len(kept) > longest:
        yield Problem(Code.TOO_LARGE, path, f"at most {longest} characters")
    elif not kept.isprintable():
        yield Problem(Code.INVALID, path, "holds a character that cannot be shown")
    elif not spaces and " " in kept:
        yield Problem(Code.INVALID, path, "must not hold a space")


def _role_problems(path: tuple[PathStep, ...], roles: Sequence[str]) -> Iterator[Problem]:
    if not roles:
        yield Problem(Code.REQUIRED, path, "at least one role")
    for number, role in enumerate(roles):
        if role not in TENANT_ROLES:
            allowed = ", ".join(sorted(TENANT_ROLES))
            yield Problem(Code.INVALID, (*path, number), f"not a role that can be given: one of {allowed}")


def _repeated(name: str, values: Sequence[str | None]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for number, value in enumerate(values):
        normal = normal_name(value) if value is not None else ""
        if normal and first.setdefault(normal, number) != number:
            message = f"the same as that of user {first[normal] + 1} of this list"
            yield Problem(Code.ALREADY_EXISTS, ("users", number, name), message)
