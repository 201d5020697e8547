"""Marking schemes."""

from __future__ import annotations

import graphene

from schema.access import AUTHENTICATED
from schema.enums import Partial, QuestionType, Rounding
from schema.guarded import Guarded, computed
from schema.scalars import Marks
from tp.domain.marking import Scheme as SchemeValue


class MarkingRule(Guarded):
    """What one question earns."""

    class Meta:
        access = AUTHENTICATED

    correct = Marks(required=True)
    wrong = Marks(required=True)
    unanswered = Marks(required=True)
    partial = Partial(required=True)
    per_option = Marks(required=True)
    rounding = Rounding(required=True)
    places = graphene.Int(required=True)


class TypeRule(Guarded):
    """The rule for one type of question."""

    class Meta:
        access = AUTHENTICATED

    type = QuestionType(required=True)
    rule = graphene.Field(graphene.NonNull(MarkingRule))


class MarkingScheme(Guarded):
    """A preset such as `JEE_MAIN_2025`, or one written out: a default rule and those of single types."""

    class Meta:
        access = AUTHENTICATED

    name = graphene.String(required=True)
    default = graphene.Field(graphene.NonNull(MarkingRule))
    rules = computed(
        graphene.NonNull(graphene.List(graphene.NonNull(TypeRule))),
        lambda scheme, _: type_rules(scheme),
    )


def type_rules(scheme: SchemeValue) -> list[TypeRule]:
    return [TypeRule(type=type_, rule=rule) for type_, rule in scheme.rules.items()]


class MarkingRuleInput(graphene.InputObjectType):
    correct = Marks(required=True)
    wrong = Marks()
    unanswered = Marks()
    partial = Partial()
    per_option = Marks()
    rounding = Rounding()
    places = graphene.Int()


class TypeRuleInput(graphene.InputObjectType):
    type = QuestionType(required=True)
    rule = graphene.InputField(graphene.NonNull(MarkingRuleInput))


class MarkingSchemeInput(graphene.InputObjectType):
    """Either a preset's name, or a default rule with the rules of single types."""

    preset = graphene.String()
    name = graphene.String()
    default = graphene.InputField(MarkingRuleInput)
    rules = graphene.List(graphene.NonNull(TypeRuleInput))
