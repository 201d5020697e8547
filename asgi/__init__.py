"""What every HTTP service of ours is wrapped in: pure ASGI layers, logging, health, work beside the requests."""
