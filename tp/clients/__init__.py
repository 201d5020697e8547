"""Clients of the other services, by their contracts."""
