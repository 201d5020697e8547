"""Text per language."""

from __future__ import annotations

import graphene

from schema.access import AUTHENTICATED
from schema.guarded import Guarded, computed, listed
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
    return texts.get(language or "") or next(iter(texts.values()), "")


def text_field() -> graphene.Field:
    """`text(language:)` of whatever keeps its texts by language."""
    return computed(
        graphene.NonNull(graphene.String),
        lambda parent, _, language=None: in_language(parent.text, language),
        language=graphene.String(description="Such as `hi`; the first one written where it is missing."),
    )


def texts_field() -> graphene.Field:
    """Every language at once."""
    return computed(
        graphene.NonNull(graphene.List(graphene.NonNull(LocalizedText))),
        lambda parent, _: [LocalizedText(language=language, text=text) for language, text in parent.text.items()],
    )


__all__ = ["LocalizedText", "LocalizedTextInput", "in_language", "listed", "text_field", "texts_field"]
