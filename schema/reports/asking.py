"""What a report is asked for with."""

from __future__ import annotations

import graphene

from analysis.contract import TieBreakPreset
from schema.enums import ReportKind


class TieBreakInput(graphene.InputObjectType):
    """One key of a tie: the higher percentile of `subject`, or, with `wrongRatio`, the lower ratio of wrong to
    right answers in it; without a subject, in all."""

    subject = graphene.String()
    wrong_ratio = graphene.Boolean(required=True, default_value=False)


class RequestReportInput(graphene.InputObjectType):
    """Several tests are merged as sessions of one: percentiles are of each session, and all are ranked together on
    them. `groups`: only their students. `idleSeconds`: each stretch between two events counts for no longer."""

    test_ids = graphene.List(graphene.NonNull(graphene.ID), required=True)
    kinds = graphene.List(graphene.NonNull(ReportKind), required=True)
    groups = graphene.List(graphene.NonNull(graphene.String))
    idle_seconds = graphene.Int()
    tie_breaks = graphene.List(graphene.NonNull(TieBreakInput))
    tie_break_preset = graphene.String(
        description=f"The keys of an examination, in the place of `tieBreaks`: {', '.join(TieBreakPreset)}."
    )
    client_clock = graphene.Boolean(
        description="Take times from the clients' clocks even against the server's: for simulations."
    )
