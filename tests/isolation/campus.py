"""Three institutions on one platform and one store, each with somebody in every role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from belongings import GROUP, Belongings, furnish
from school import SAVE, HandClock, Person, School, open_school

from api.settings import Settings
from tenants.roles import Role
from tenants.scope import Principal
from tenants.tenant import TenantSettings
from tp.services.people.provisioning import create_tenant_with_admin

NEIGHBOURS_PASSWORD = "another battery"
USED = """query ($test: ID!, $unstarted: ID!, $draft: ID!, $graded: ID!) {
  test: test(id: $test) { paper { id } }
  unstarted: test(id: $unstarted) { paper { id } }
  draft: test(id: $draft) { id }
  graded: attempt(id: $graded) { paper { id } result { questions { key { correct } } } } }"""
NOBODY_ANSWERS = "http://127.0.0.1:9"
"""An analysis platform: reports can be asked for, and wait."""
PLATFORM_ROLES = (Role.SERVICE, Role.OPERATOR)
"""Roles that no administrator can give: their tokens are the platform's own."""


@dataclass(frozen=True)
class Campus:
    """`by_role`: the owner of the test as its teacher, the taker of the running attempt as its student.

    `outsider` is a student to whom nothing is assigned, `colleague` a teacher who owns nothing.
    """

    school: School
    by_role: dict[Role, Person]
    classmate: Person
    outsider: Person
    colleague: Person
    has: Belongings

    @property
    def slug(self) -> str:
        return self.school.tenant.slug

    @property
    def host(self) -> str:
        return f"{self.slug}.example.org"

    async def furnish(self) -> Belongings:
        """Make everything anew, for a call that uses it up."""
        teacher, student = self.by_role[Role.TEACHER], self.by_role[Role.STUDENT]
        return await furnish(self.school, teacher, student, self.classmate)

    async def use(self) -> None:
        """Let everything be used, so that the process remembers as much of it as it ever does."""
        student, has = self.by_role[Role.STUDENT], self.has
        await student.do(SAVE, attemptId=has.attempt, seq=1, events=has.batch)
        used = {"test": has.test, "unstarted": has.unstarted, "draft": has.draft, "graded": has.graded}
        answered = await self.by_role[Role.TEACHER].post(USED, used)
        assert "errors" not in answered, answered


@dataclass(frozen=True)
class Town:
    """`ours` asks for what is `theirs`, and nothing may change; in `third` calls succeed, and things do."""

    ours: Campus
    theirs: Campus
    third: Campus
    clock: HandClock


async def open_town(folder: Path) -> Town:
    clock = HandClock()
    settings = Settings(data_dir=folder, analysis_url=NOBODY_ANSWERS, analysis_token="unused")
    school = await open_school(settings, "oakwood", clock)
    neighbours = [await _neighbour_of(school, slug) for slug in ("beechwood", "elmwood")]
    ours, theirs, third = [await _peopled(each) for each in (school, *neighbours)]
    return Town(ours, theirs, third, clock)


async def _neighbour_of(school: School, slug: str) -> School:
    """Open a second institution on the same application."""
    made = await create_tenant_with_admin(
        school.services.registry,
        school.services.catalogue.creation,
        slug=slug,
        name=slug.title(),
        admin_login="admin",
        admin_password=NEIGHBOURS_PASSWORD,
        now=school.clock(),
    )
    neighbour = School(school.app, school.client, school.services, school.clock, made.tenant)
    neighbour.people["admin"] = await neighbour.login("admin", NEIGHBOURS_PASSWORD)
    return neighbour


async def _peopled(school: School) -> Campus:
    slug = school.tenant.slug
    await school.services.registry.update_settings(slug, TenantSettings(hosts=(f"{slug}.example.org",)))
    teacher = await school.person(f"{slug}-teacher", "TEACHER")
    student = await school.person(f"{slug}-asha", groups=[GROUP])
    classmate = await school.person(f"{slug}-ravi", groups=[GROUP])
    people = {
        Role.STUDENT: student,
        Role.TEACHER: teacher,
        Role.INVIGILATOR: await school.person(f"{slug}-invigilator", "INVIGILATOR"),
        Role.ADMIN: await school.admin(),
        **{role: _of_the_platform(school, role) for role in PLATFORM_ROLES},
    }
    return Campus(
        school=school,
        by_role=people,
        classmate=classmate,
        outsider=await school.person(f"{slug}-outsider"),
        colleague=await school.person(f"{slug}-colleague", "TEACHER"),
        has=await furnish(school, teacher, student, classmate),
    )


def _of_the_platform(school: School, role: Role) -> Person:
    principal = Principal(f"svc_{role.lower()}", frozenset({role}))
    issued = school.services.tokens.issue(
        school.tenant.slug, principal, now=school.clock(), lifetime=timedelta(hours=12)
    )
    return Person(school.client, issued.token, principal.id)
