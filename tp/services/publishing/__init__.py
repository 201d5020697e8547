"""Freezing a test into a paper and an answer key, and closing it."""
