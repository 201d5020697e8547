"""The office: staff before the console."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from hall import Desk, Hall
from playwright.async_api import Page, expect
from school import CREATE_USERS, Person


@dataclass
class Office:
    """A console that somebody of the staff is logged into, and the API as the same person's token opens it."""

    page: Page
    person: Person

    async def go(self, way: str) -> None:
        """Follow a link of the main navigation."""
        await self.page.get_by_role("navigation", name="Main").get_by_role("link", name=way).click()
        await expect(self.page.get_by_role("heading", name=way, exact=True)).to_be_visible()

    async def open(self, title: str, tab: str) -> None:
        """Open a test of the list at one of its tabs."""
        await self.go("Tests")
        await self.page.get_by_role("link", name=title).click()
        await expect(self.page.get_by_role("heading", name=title)).to_be_visible()
        link = self.page.get_by_role("navigation", name=title).get_by_role("link", name=tab, exact=True)
        await link.click()
        await expect(link).to_have_attribute("aria-current", "page")

    async def answer(self, name: str) -> None:
        """Press a button of the dialog that is open."""
        await self.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()

    async def hears(self, text: str) -> None:
        await expect(self.page.locator(".toast").filter(has_text=text).last).to_be_visible()


async def office(hall: Hall, role: str = "TEACHER") -> Office:
    """Hire somebody, and log in to the console."""
    login = f"{role.lower()}-{secrets.token_hex(4)}"
    user = {"login": login, "name": "Asha Raman", "roles": [role], "accessCode": True}
    code = (await (await hall.school.admin()).do(CREATE_USERS, users=[user]))["users"][0]["accessCode"]
    desk: Desk = await hall.desk(path=f"/t/{hall.school.tenant.slug}/console/")
    await desk.page.get_by_label("Password").fill(code)
    await desk.page.get_by_role("button", name="Log in").click()
    await expect(desk.page.get_by_role("heading", name="Tests", exact=True)).to_be_visible()
    return Office(desk.page, await hall.school.enter(code))
