"""Names of invented people."""

from __future__ import annotations

FIRST = (
    "Aarav", "Aditi", "Anika", "Arjun", "Diya", "Farhan", "Gurpreet", "Harini", "Ishaan", "Jaya", "Kabir",
    "Kavya", "Lakshmi", "Meera", "Mohan", "Nandini", "Neel", "Priya", "Rahul", "Rohini", "Sana", "Sarita",
    "Tenzin", "Vikram",
)  # fmt: skip
LAST = (
    "Agarwal", "Banerjee", "Bora", "Chauhan", "D'Souza", "Fernandes", "Ghosh", "Gill", "Iyer", "Jadhav", "Khan",
    "Kulkarni", "Menon", "Mishra", "Nair", "Patel", "Rao", "Reddy", "Sharma", "Singh", "Tamang", "Thomas", "Verma",
)  # fmt: skip


def name(number: int) -> str:
    """Return the name of the n-th person; the first 552 are all different."""
    return f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
