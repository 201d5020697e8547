"""Celery's processes: a node for each queue, and in its children the run of one task after another."""
