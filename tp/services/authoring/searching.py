"""Searching the question bank by words: neither store has an index of text, so pages of it are looked through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from store.port import Namespace, Page, Query
from tp.domain.question import Question
from tp.services.listing import Listing
from tp.tables import QUESTIONS

SEARCHED = 2_000
"""Questions looked through for one page."""

READ_AT_ONCE = 200


async def searched(store: Namespace, query: Query, words: str) -> Listing[Question]:
    """Return up to `query.limit` matches that hold every one of the words, in titles, texts, options or tags.

    Letter case is of no account. `next` goes on after the last question looked at.
    """
    wanted = words.casefold().split()
    found: list[Question] = []
    cursors: list[str] = []
    cursor, seen = query.cursor, 0
    while True:
        page = await store.query(replace(query, limit=READ_AT_ONCE, cursor=cursor))
        for question, after in _read(page):
            seen += 1
            if _holds(question, wanted):
                found.append(question)
                cursors.append(after)
            if len(found) == query.limit or seen == SEARCHED:
                more = page.next is not None or after != page.cursors[-1]
                return Listing(tuple(found), tuple(cursors), after if more else None)
        if page.next is None:
            return Listing(tuple(found), tuple(cursors), None)
        cursor = page.next


def _read(page: Page) -> Iterator[tuple[Question, str]]:
    return zip(map(QUESTIONS.record, page.entities), page.cursors, strict=True)


def _holds(question: Question, wanted: list[str]) -> bool:
    said = "\n".join(_said(question)).casefold()
    return all(word in said for word in wanted)


def _said(question: Question) -> Iterator[str]:
    content, tags = question.content, question.tags
    yield question.title or ""
    yield from content.text.values()
    for choices in (content.options, content.rows, content.columns):
        for choice in choices:
            yield from choice.text.values()
    yield from (tags.subject or "", tags.topic or "", *tags.labels)
