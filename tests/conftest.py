"""Fixtures for all tests."""

from hypothesis import settings

pytest_plugins = ("emulators",)

# No test fails for being slow: the machine may have much else to do.
settings.register_profile("default", deadline=None)
settings.load_profile("default")
