"""The paper: what a student sees of a published test. It holds no keys."""

from __future__ import annotations

import graphene

from schema.access import AUTHENTICATED
from schema.content import ContentFields
from schema.guarded import Guarded, attribute, computed, listed
from schema.marking import MarkingRule
from schema.questions import Passage
from schema.text import instructions_html


class PaperQuestion(ContentFields, Guarded):
    """`number` runs through the paper as it is shown."""

    class Meta:
        access = AUTHENTICATED

    id = graphene.ID(required=True)
    number = graphene.Int(required=True)
    passage_id = graphene.ID()
    marking = attribute(graphene.NonNull(MarkingRule), "rule")


class PaperSection(Guarded):
    """`answerAny`: only the first so many answered count."""

    class Meta:
        access = AUTHENTICATED

    id = graphene.ID(required=True)
    title = graphene.String(required=True)
    subject = graphene.String()
    answer_any = graphene.Int()
    questions = listed(PaperQuestion)


class Paper(Guarded):
    """Frozen at publishing; an attempt shows it in an order of its own where the test shuffles."""

    class Meta:
        access = AUTHENTICATED

    id = computed(graphene.NonNull(graphene.ID), lambda paper, _: f"{paper.test_id}:{paper.version}")
    version = graphene.Int(required=True)
    title = graphene.String(required=True)
    instructions = graphene.String()
    instructions_html = instructions_html()
    sections = listed(PaperSection)
    passages = listed(Passage)
