"""How many cases hypothesis draws: few and always the same, or with `--hypothesis-profile=long` many."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("long", max_examples=5_000, deadline=None, database=None)
