"""Writing questions and tests, and reading them from files."""
