"""Fields that are columns of a report's rows, and who sees the rows of all students."""

from __future__ import annotations

from typing import Any

import graphene

from schema.access import holders
from schema.guarded import computed
from tenants.roles import Permission as May

STAFF = holders(May.SEE_RESULTS)


def column(type_: Any, name: str, **options: Any) -> graphene.Field:
    """A field that is a column of a report's row, named there as on the wire."""
    return computed(type_, lambda row, _: row.get(name), **options)


def columns(type_: Any, name: str, **options: Any) -> graphene.Field:
    """The same of a column that holds a list, empty where there is none."""
    many = graphene.NonNull(graphene.List(graphene.NonNull(type_)))
    return computed(many, lambda row, _: row.get(name) or [], **options)
