"""The rules of accessibility, held against a page by axe-core."""

from __future__ import annotations

from playwright.async_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


AT_REST = """async () => {
  for (const each of document.getAnimations()) {
    if (each.effect.getComputedTiming().endTime !== Infinity) each.finish();
  }
  const drawn = new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  await Promise.race([drawn, new Promise((resolve) => setTimeout(resolve, 500))]);
}"""
"""Ends what moves on a page, but for what moves without end, and waits until the page is drawn, if it is."""


class Inspector:
    """Looks at a page as it stands, in light and in dark, and writes down what breaks a rule."""

    def __init__(self, axe: str, page: Page) -> None:
        self._axe, self._page = axe, page
        self.found: list[str] = []

    async def look(self, where: str) -> None:
        await self._page.evaluate(self._axe)
        for scheme in ("light", "dark"):
            await self._page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            await self._page.evaluate(AT_REST)
            only = {"runOnly": {"type": "tag", "values": RULES}}
            told = await self._page.evaluate("rules => axe.run(document, rules)", only)
            assert len(told["passes"]) > 10
            self.found += [
                f"{where}, {scheme}: {broken['id']} at {node['target']}: {node['failureSummary']}"
                for broken in told["violations"]
                for node in broken["nodes"]
            ]
