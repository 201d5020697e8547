"""GraphQL to the bytes of a response: what it costs here, and what it costs others on the same data."""
