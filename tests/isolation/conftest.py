"""One town for all tests of a process: what is refused changes nothing, and what succeeds is made anew."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from campus import Town, open_town


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lasting_town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    opened = await open_town(tmp_path_factory.mktemp("isolation"))
    yield opened
    await opened.ours.school.client.aclose()
    await opened.ours.school.services.close()


@pytest.fixture
def town(lasting_town: Town) -> Town:
    """Return the town, a second later: what is written now can be told from the same thing written before."""
    lasting_town.clock.forward(seconds=1)
    return lasting_town
