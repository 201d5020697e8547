"""The test platform: pure rules in `domain`, use cases in `services`."""
