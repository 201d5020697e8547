"""Text per language."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import graphene

from schema.access import AUTHENTICATED
from schema.guarded import Guarded, computed
from tp.domain.value import Localized


class LocalizedText(Guarded):
    """Markdown with `$…$` LaTeX in one language."""

    class Meta:
        access = AUTHENTICATED

    language = graphene.String(required=True)
    text = graphene.String(required=True)


class LocalizedTextInput(graphene.InputObjectType):
    language = graphene.String(required=True)
    text = graphene.String(required=True)


def in_language(texts: Localized, language: str | None) -> str:
    """Return the text in a language; in the first one written when there is none in it."""
    told = None if language is None else texts.get(language)
    return told or next(iter(texts.values()), "")


LANGUAGE = "Such as `hi`; the first one written where it is missing."
SAFE = "Rendered from Markdown, formulas as MathML; nothing in it runs or loads anything."


def text_field(path: str = "text") -> graphene.Field:
    """`text(language:)` of whatever keeps its texts by language, in the attribute at `path`."""
    texts_of: Callable[[Any], Localized] = attrgetter(path)
    # A paper has hundreds of texts: their resolver asks for no context.
    return graphene.Field(
        graphene.NonNull(graphene.String),
        resolver=lambda parent, _, language=None: in_language(texts_of(parent), language),
        language=graphene.String(description=LANGUAGE),
    )


def html_field(path: str = "text") -> graphene.Field:
    """`html(language:)` beside `text(language:)`."""
    texts_of: Callable[[Any], Localized] = attrgetter(path)
    return computed(
        graphene.NonNull(graphene.String),
        lambda parent, context, language=None: context.html(in_language(texts_of(parent), language)),
        language=graphene.String(description=LANGUAGE),
        description=SAFE,
    )


def instructions_html() -> graphene.Field:
    """`instructionsHtml` beside `instructions`, which have one language."""
    return computed(
        graphene.String,
        lambda parent, context: context.html(parent.instructions) if parent.instructions else None,
        description=SAFE,
    )


def texts_field(path: str = "text") -> graphene.Field:
    """Every language at once."""
    texts_of: Callable[[Any], Localized] = attrgetter(path)
    return computed(
        graphene.NonNull(graphene.List(graphene.NonNull(LocalizedText))),
        lambda parent, _: [LocalizedText(language=k, text=said) for k, said in texts_of(parent).items()],
    )
