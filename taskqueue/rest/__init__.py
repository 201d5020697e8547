"""The REST interface of the task queue: routes that each say who may use them, and problem documents."""
