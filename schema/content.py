"""What a student sees of a question, in the bank and in a paper alike."""

from __future__ import annotations

import graphene

from schema.access import AUTHENTICATED
from schema.enums import QuestionType
from schema.guarded import Guarded, attribute
from schema.text import html_field, text_field, texts_field


class Option(Guarded):
    """A choice, a thing to order, or a row or column of a matrix."""

    class Meta:
        access = AUTHENTICATED

    id = graphene.ID(required=True)
    text = text_field()
    html = html_field()
    texts = texts_field()


class ContentFields:
    """The fields of whatever has a `content`. `options` serve choices and orders, the others matrices."""

    type = attribute(graphene.NonNull(QuestionType), "content.type")
    text = text_field("content.text")
    html = html_field("content.text")
    texts = texts_field("content.text")
    options = attribute(graphene.NonNull(graphene.List(graphene.NonNull(Option))), "content.options")
    rows = attribute(graphene.NonNull(graphene.List(graphene.NonNull(Option))), "content.rows")
    columns = attribute(graphene.NonNull(graphene.List(graphene.NonNull(Option))), "content.columns")
