"""The tasks that the platform has done by the task queue: what is posted, and the handlers that do it."""
