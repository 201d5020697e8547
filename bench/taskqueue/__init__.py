"""Figures of the task queue: accepting, latency, grading through it, and what it costs beside plain Celery."""
