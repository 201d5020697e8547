"""The doors: ASGI app, composition root, GraphQL over HTTP, auth, limits, CLI."""
