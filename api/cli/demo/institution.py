"""The demo institution: a tenant with a teacher, students and a published test. Made again, it stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.bootstrap import Services
from api.cli.demo import names
from api.cli.demo.logins import FILE, Logins, kept_logins, make_logins
from api.cli.demo.questions import (
    DURATION_SECONDS,
    INSTRUCTIONS,
    LANGUAGE,
    PRESET,
    SUBJECTS,
    TITLE,
    TOTAL,
    gift,
)
from tenants.roles import Role
from tenants.scope import Principal, TenantScope
from tenants.user import User
from tp.domain.accommodation import Accommodation
from tp.domain.presets import PRESETS
from tp.domain.question import Tags
from tp.domain.test import Placement, Test, TestState
from tp.services.authoring.importing import Format
from tp.services.authoring.tests import SectionSpec, TestChanges
from tp.services.people.new_user import NewUser
from tp.services.people.provisioning import create_tenant_with_admin
from tp.services.people.reading import find_by_login

SLUG = "demo"
NAME = "Demo Institute"
ADMIN, TEACHER = "admin", "teacher"
STUDENTS = tuple(f"student{number:02d}" for number in range(1, 21))
GROUP = "Demo class"


@dataclass(frozen=True, slots=True)
class Institution:
    logins: Logins
    test: Test


async def make_institution(services: Services, data_dir: Path, now: datetime) -> Institution:
    """Return the demo institution, made as far as it is not there yet.

    When the folder has no logins while the store has the people, they are given new passwords.
    """
    fresh = not (data_dir / FILE).exists()
    logins = make_logins(data_dir, SLUG) if fresh else kept_logins(data_dir)
    made = await create_tenant_with_admin(
        services.registry,
        services.catalogue.creation,
        slug=SLUG,
        name=NAME,
        admin_login=ADMIN,
        admin_password=logins.admin,
        now=now,
    )
    admin = services.registry.scope(made.tenant, Principal(made.admin.id, frozenset(made.admin.roles)))
    wanted = [
        NewUser(TEACHER, "Asha Raman", roles=(Role.TEACHER,), password=logins.teacher),
        *(
            NewUser(login, names.name(number), groups=(GROUP,), external_id=login, password=logins.students)
            for number, login in enumerate(STUDENTS)
        ),
    ]
    there = [user for user in await find_by_login(admin, [new.login for new in wanted]) if user is not None]
    if fresh:
        await _give_passwords(services, admin, logins, [made.admin, *there], now)
    known = {user.login for user in there}
    missing = [new for new in wanted if new.login not in known]
    if missing:
        await services.catalogue.creation.create_users(admin, missing, now=now)
    [teacher] = await find_by_login(admin, [TEACHER])
    assert teacher is not None
    scope = services.registry.scope(made.tenant, Principal(teacher.id, frozenset(teacher.roles)))
    return Institution(logins, await _found_test(services, scope) or await _published_test(services, scope, now))


async def _give_passwords(
    services: Services, admin: TenantScope, logins: Logins, people: list[User], now: datetime
) -> None:
    passwords = {ADMIN: logins.admin, TEACHER: logins.teacher}
    for user in people:
        password = passwords.get(user.login, logins.students)
        await services.catalogue.credentials.set_password(admin, user.id, password, now=now)


async def _found_test(services: Services, teacher: TenantScope) -> Test | None:
    cursor: str | None = None
    while True:
        page = await services.catalogue.tests.page(teacher, TestState.PUBLISHED, cursor, 100)
        for test in page.items:
            if test.title == TITLE:
                return test
        cursor = page.next
        if cursor is None:
            return None


async def _published_test(services: Services, teacher: TenantScope, now: datetime) -> Test:
    catalogue = services.catalogue
    sections = []
    for subject in SUBJECTS:
        imported = await catalogue.imports.read(
            teacher, Format.GIFT, gift(subject), LANGUAGE, Tags(subject=subject), dry_run=False, now=now
        )
        placed = tuple(Placement(question_id=question.id) for question in imported.questions)
        sections.append(SectionSpec(title=subject, subject=subject, questions=placed))
    draft = await catalogue.tests.create(
        teacher,
        TestChanges(
            title=TITLE,
            instructions=INSTRUCTIONS,
            duration_seconds=DURATION_SECONDS,
            scheme=PRESETS[PRESET],
            declared_total=TOTAL,
            sections=tuple(sections),
        ),
        now,
    )
    published = await catalogue.publishing.publish(teacher, draft.id, now)
    return await catalogue.assignments.assign(teacher, published.id, (), (GROUP,), Accommodation(), now)
