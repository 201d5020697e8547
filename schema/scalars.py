"""Scalars: instants in RFC 3339 UTC, and marks that never become floats."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import graphene
from graphql import GraphQLError, IntValueNode, StringValueNode, ValueNode

from tp.domain.value import marks_of


def instant(value: Any) -> datetime:
    """Return the instant in UTC: orjson writes it as `DateTime` does, and sooner."""
    if not isinstance(value, datetime):
        raise GraphQLError("not an instant")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


class DateTime(graphene.Scalar):
    """An instant in RFC 3339, answered in UTC: `2026-11-24T08:30:00Z`. An input without an offset is refused."""

    @staticmethod
    def serialize(value: Any) -> str:
        return instant(value).isoformat()[: -len("+00:00")] + "Z"

    @staticmethod
    def parse_value(value: Any) -> datetime:
        if not isinstance(value, str) or len(value) > 40 or "T" not in value.upper():
            raise GraphQLError("an instant is written as 2026-11-24T08:30:00Z")
        try:
            at = datetime.fromisoformat(value.upper())
        except ValueError:
            raise GraphQLError("an instant is written as 2026-11-24T08:30:00Z") from None
        if at.tzinfo is None:
            raise GraphQLError("an instant needs its offset, such as Z or +05:30")
        try:
            return at.astimezone(UTC)
        except OverflowError:
            raise GraphQLError("the instant is out of range") from None

    @classmethod
    def parse_literal(cls, node: ValueNode, _variables: Any = None) -> datetime:
        return cls.parse_value(node.value if isinstance(node, StringValueNode) else None)


DateTime.serialize.graphql_json_serializer = instant  # type: ignore[attr-defined]


class Marks(graphene.Scalar):
    """Exact marks as text: `"4"`, `"-1/3"`. An input may be an integer, or text with `/` or a decimal point."""

    @staticmethod
    def serialize(value: Any) -> str:
        if not isinstance(value, Fraction):
            raise GraphQLError("not marks")
        return str(value)

    @staticmethod
    def parse_value(value: Any) -> Fraction:
        try:
            return marks_of(value)
        except ValueError as error:
            raise GraphQLError(str(error)) from None

    @classmethod
    def parse_literal(cls, node: ValueNode, _variables: Any = None) -> Fraction:
        written = node.value if isinstance(node, StringValueNode | IntValueNode) else None
        return cls.parse_value(written)
