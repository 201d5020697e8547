"""Time and randomness as arguments: what the services are composed with."""

from trust.clock import Clock, Entropy

__all__ = ["Clock", "Entropy"]
