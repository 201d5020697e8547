"""The store on SQLite files: one WAL file per namespace, durable at every acknowledgement."""

from store.sqlite.adapter import SqliteStore

__all__ = ["SqliteStore"]
