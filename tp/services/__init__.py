"""Use cases: each checks a permission, runs a store transaction around a pure rule, and commits."""
