"""What is kept, what of it shows in an answer, and ids under which nothing is kept."""

from __future__ import annotations

import re

from campus import Campus, Town
from school import Kept, everything

from store.records import BODY
from tenants.registry import PLATFORM

ID = re.compile(r"(?:tst|sec|qst|psg|att|usr|aud|tsk|ntc)_[a-z0-9]{16,}")


async def kept_by(campus: Campus) -> Kept:
    """Return every entity of one institution."""
    return await campus.school.kept()


async def kept_by_all(town: Town) -> list[Kept]:
    """Return every entity of ours, of theirs, and of the platform."""
    platform = town.ours.school.services.store.namespace(PLATFORM)
    return [await kept_by(town.ours), await kept_by(town.theirs), await everything(platform)]


def ids_in(kept: Kept) -> set[str]:
    """Return all prefixed ids in keys and bodies."""
    texts = (f"{key} {properties[BODY]!r}" for key, properties in kept.items())
    return {id for text in texts for id in ID.findall(text)}


def ids_told(text: str) -> set[str]:
    return set(ID.findall(text))


def missing_like(id: str) -> tuple[str, str]:
    """Return two ids of the same form under which nothing is kept: one has another head, one another tail.

    Of an attempt's id the head is a hash and the tail its test's.
    """
    start = id.find("_") + 1
    head, tail = id[start], id[-1]
    return f"{id[:start]}{_another(head)}{id[start + 1 :]}", f"{id[:-1]}{_another(tail)}"


def _another(letter: str) -> str:
    return "a" if letter != "a" else "b"
