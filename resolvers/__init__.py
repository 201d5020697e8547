"""One service call each, per-request context and data loaders."""
