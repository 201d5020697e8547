"""What a student sees of a question, in the bank and in a paper alike."""

from __future__ import annotations

import graphene

from schema.access import AUTHENTICATED
from schema.enums import QuestionType
from schema.guarded import Guarded, computed
from schema.text import text_field, texts_field


class Option(Guarded):
    """A choice, a thing to order, or a row or column of a matrix."""

    class Meta:
        access = AUTHENTICATED

    id = graphene.ID(required=True)
    text = text_field()
    texts = texts_field()


class ContentFields:
    """The fields of whatever has a `content`. `options` serve choices and orders, the others matrices."""

    type = computed(graphene.NonNull(QuestionType), lambda question, _: question.content.type)
    text = text_field(lambda question: question.content.text)
    texts = texts_field(lambda question: question.content.text)
    options = computed(
        graphene.NonNull(graphene.List(graphene.NonNull(Option))), lambda question, _: question.content.options
    )
    rows = computed(
        graphene.NonNull(graphene.List(graphene.NonNull(Option))), lambda question, _: question.content.rows
    )
    columns = computed(
        graphene.NonNull(graphene.List(graphene.NonNull(Option))), lambda question, _: question.content.columns
    )
