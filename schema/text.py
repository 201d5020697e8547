"""Text per language."""

from __future__ import annotations

from collections.abc import Callable
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
    return texts.get(language or "") or next(iter(texts.values()), "")


def _own_text(parent: Any) -> Localized:
    texts: Localized = parent.text
    return texts


def text_field(texts_of: Callable[[Any], Localized] = _own_text) -> graphene.Field:
    """`text(language:)` of whatever keeps its texts by language."""
    return computed(
        graphene.NonNull(graphene.String),
        lambda parent, _, language=None: in_language(texts_of(parent), language),
        language=graphene.String(description="Such as `hi`; the first one written where it is missing."),
    )


def texts_field(texts_of: Callable[[Any], Localized] = _own_text) -> graphene.Field:
    """Every language at once."""
    return computed(
        graphene.NonNull(graphene.List(graphene.NonNull(LocalizedText))),
        lambda parent, _: [LocalizedText(language=k, text=said) for k, said in texts_of(parent).items()],
    )
