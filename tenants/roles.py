"""Roles, permissions, and the table that joins them."""

from __future__ import annotations

from enum import StrEnum
from functools import cache


class Role(StrEnum):
    STUDENT = "STUDENT"
    TEACHER = "TEACHER"
    INVIGILATOR = "INVIGILATOR"
    ADMIN = "ADMIN"
    SERVICE = "SERVICE"
    OPERATOR = "OPERATOR"


class Permission(StrEnum):
    SIT_TESTS = "SIT_TESTS"
    """Start, save, submit and see one's own attempts."""
    SEE_TESTS = "SEE_TESTS"
    """See tests as staff do: drafts, schedules, sections, papers."""
    AUTHOR = "AUTHOR"
    """Write questions and tests, publish, close, assign, correct keys, release results of one's own tests."""
    SEE_QUESTIONS = "SEE_QUESTIONS"
    """See the question bank, keys included."""
    SEE_ATTEMPTS = "SEE_ATTEMPTS"
    """Watch attempts of students: states, times, palettes."""
    INVIGILATE = "INVIGILATE"
    """Extend, pause, end and address the attempts at any test; AUTHOR may those at one's own."""
    SEE_RESULTS = "SEE_RESULTS"
    """See marks and responses of students before release."""
    ALL_TESTS = "ALL_TESTS"
    """Do with every test of the tenant what AUTHOR and SEE_RESULTS allow with one's own."""
    SEE_PEOPLE = "SEE_PEOPLE"
    MANAGE_PEOPLE = "MANAGE_PEOPLE"
    """Create users, reset their credentials."""
    SEE_AUDIT = "SEE_AUDIT"
    MANAGE_TENANTS = "MANAGE_TENANTS"
    """Of the platform, of no tenant's content."""


TABLE: dict[Role, frozenset[Permission]] = {
    Role.STUDENT: frozenset({Permission.SIT_TESTS}),
    Role.TEACHER: frozenset(
        {
            Permission.SEE_TESTS,
            Permission.AUTHOR,
            Permission.SEE_QUESTIONS,
            Permission.SEE_ATTEMPTS,
            Permission.SEE_RESULTS,
            Permission.SEE_PEOPLE,
        }
    ),
    Role.INVIGILATOR: frozenset(
        {Permission.SEE_TESTS, Permission.SEE_ATTEMPTS, Permission.INVIGILATE, Permission.SEE_PEOPLE}
    ),
    Role.ADMIN: frozenset(
        {
            Permission.SEE_TESTS,
            Permission.AUTHOR,
            Permission.SEE_QUESTIONS,
            Permission.SEE_ATTEMPTS,
            Permission.INVIGILATE,
            Permission.SEE_RESULTS,
            Permission.ALL_TESTS,
            Permission.SEE_PEOPLE,
            Permission.MANAGE_PEOPLE,
            Permission.SEE_AUDIT,
        }
    ),
    Role.SERVICE: frozenset(
        {Permission.SEE_TESTS, Permission.SEE_ATTEMPTS, Permission.SEE_RESULTS, Permission.ALL_TESTS}
    ),
    Role.OPERATOR: frozenset({Permission.MANAGE_TENANTS}),
}


@cache
def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Return the union of what each role may."""
    return frozenset().union(*(TABLE[role] for role in roles))
