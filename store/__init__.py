"""A namespaced entity store: one port and its adapters. It knows nothing of tests."""
