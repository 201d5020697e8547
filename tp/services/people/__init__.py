"""The people of a tenant: creating, finding, and giving them what they log in with."""
