"""Figures of the platform: round trips, throughput, latency, CPU."""
