"""The question bank: staff only."""

from __future__ import annotations

import graphene

from resolvers import questions
from schema.access import AUTHENTICATED, holders
from schema.answer_key import KeyInput, QuestionKey
from schema.content import ContentFields
from schema.enums import ImportFormat, LossCode, QuestionType
from schema.guarded import Guarded, attribute, computed, listed, mutation, root
from schema.marking import MarkingRule, MarkingRuleInput
from schema.node import Node
from schema.payloads import PAGING, Payload, connection
from schema.text import LocalizedTextInput, html_field, in_language, text_field, texts_field
from tenants.roles import Permission as May

BANK = holders(May.SEE_QUESTIONS)
AUTHORS = holders(May.AUTHOR)


class Passage(Guarded):
    """A text that several questions share."""

    class Meta:
        access = AUTHENTICATED

    id = graphene.ID(required=True)
    title = computed(
        graphene.String,
        lambda passage, _, language=None: in_language(passage.title, language) if passage.title else None,
        language=graphene.String(),
    )
    title_html = computed(
        graphene.String,
        lambda passage, context, language=None: (
            context.html(in_language(passage.title, language)) if passage.title else None
        ),
        language=graphene.String(),
    )
    text = text_field()
    html = html_field()
    texts = texts_field()


class Tags(Guarded):
    class Meta:
        access = BANK

    subject = graphene.String()
    topic = graphene.String()
    difficulty = graphene.String()
    labels = listed(graphene.String)


class Question(ContentFields, Guarded):
    """One version of a question, with its key."""

    class Meta:
        interfaces = (Node,)
        access = BANK

    version = graphene.Int(required=True)
    title = graphene.String()
    key = graphene.Field(QuestionKey)
    passage = computed(Passage, questions.passage_of)
    tags = graphene.Field(graphene.NonNull(Tags))
    marking = attribute(MarkingRule, "rule")


QuestionConnection = connection(Question)


class QuestionFilter(graphene.InputObjectType):
    """All that is given must hold. With `search`, words that all occur, a page may hold less than `first`, even
    nothing, and go on."""

    search = graphene.String()
    subject = graphene.String()
    topic = graphene.String()
    difficulty = graphene.String()
    type = QuestionType()
    label = graphene.String()


class OptionInput(graphene.InputObjectType):
    """`ref` is how this question's key names it; the server gives it a random id."""

    ref = graphene.String(required=True)
    text = graphene.List(graphene.NonNull(LocalizedTextInput), required=True)


class TagsInput(graphene.InputObjectType):
    subject = graphene.String()
    topic = graphene.String()
    difficulty = graphene.String()
    labels = graphene.List(graphene.NonNull(graphene.String))


class QuestionInput(graphene.InputObjectType):
    """With `id`, a new version of that question. Without `key`, a draft that cannot be published yet."""

    id = graphene.ID()
    title = graphene.String()
    type = QuestionType(required=True)
    text = graphene.List(graphene.NonNull(LocalizedTextInput), required=True)
    options = graphene.List(graphene.NonNull(OptionInput))
    rows = graphene.List(graphene.NonNull(OptionInput))
    columns = graphene.List(graphene.NonNull(OptionInput))
    key = graphene.InputField(KeyInput)
    passage_id = graphene.ID()
    tags = graphene.InputField(TagsInput)
    feedback = graphene.List(graphene.NonNull(LocalizedTextInput))
    marking = graphene.InputField(MarkingRuleInput)


class CreateQuestionsInput(graphene.InputObjectType):
    questions = graphene.List(graphene.NonNull(QuestionInput), required=True)


class CreateQuestionsPayload(Payload):
    class Meta:
        access = AUTHORS

    questions = graphene.List(graphene.NonNull(Question))


class CreatePassageInput(graphene.InputObjectType):
    title = graphene.List(graphene.NonNull(LocalizedTextInput))
    text = graphene.List(graphene.NonNull(LocalizedTextInput), required=True)


class CreatePassagePayload(Payload):
    class Meta:
        access = AUTHORS

    passage = graphene.Field(Passage)


class ImportQuestionsInput(graphene.InputObjectType):
    """`tags` fill what the file does not say itself."""

    format = ImportFormat(required=True)
    content = graphene.String(required=True)
    dry_run = graphene.Boolean(required=True, default_value=False)
    language = graphene.String(required=True, default_value="en")
    tags = graphene.InputField(TagsInput)


class Loss(Guarded):
    """Something in the file that could not be carried over."""

    class Meta:
        access = AUTHORS

    line = graphene.Int(required=True)
    code = LossCode(required=True)
    message = graphene.String(required=True)
    title = graphene.String()


class ImportQuestionsPayload(Payload):
    """Each problem is a user error with the path `["content", LINE]`. `written` is false after a dry run."""

    class Meta:
        access = AUTHORS

    questions = graphene.List(graphene.NonNull(Question))
    losses = graphene.List(graphene.NonNull(Loss))
    written = graphene.Boolean()


class QuestionQueries:
    question = root(Question, questions.question, BANK, id=graphene.ID(required=True), version=graphene.Int())
    questions = root(
        graphene.NonNull(QuestionConnection),
        questions.questions,
        BANK,
        filter=graphene.Argument(QuestionFilter),
        **PAGING,
    )


class QuestionMutations:
    create_questions = mutation(
        CreateQuestionsPayload,
        CreateQuestionsInput,
        questions.create_questions,
        AUTHORS,
        "Write up to 200 questions, or new versions of them: all, or none.",
    )
    create_passage = mutation(
        CreatePassagePayload, CreatePassageInput, questions.create_passage, AUTHORS, "Write a shared passage."
    )
    import_questions = mutation(
        ImportQuestionsPayload,
        ImportQuestionsInput,
        questions.import_questions,
        AUTHORS,
        "Read questions from a file: all of it, or nothing.",
    )
