"""How much one file may hold, in characters of the source unless said otherwise."""

FILE = 10_000_000
QUESTIONS = 10_000
TITLE = 1_000
QUESTION = 50_000
OPTION = 10_000
FEEDBACK = 50_000
EXTERNAL_ID = 100
LABEL = 100
TOPIC = 1_000
ANSWERS = 200
"""Choices, accepted answers or pairs of one question."""
