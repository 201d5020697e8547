"""The reports: pure functions over frames, each with its formula and where it comes from."""
