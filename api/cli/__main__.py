"""`python -m api.cli`: the command `tp`, for processes that start one another."""

from __future__ import annotations

from api.cli import main

main()
