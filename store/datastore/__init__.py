"""The store on Cloud Datastore (Firestore in Datastore mode) and on its emulators."""

from store.datastore.adapter import DatastoreStore
from store.datastore.rpc import Timeouts

__all__ = ["DatastoreStore", "Timeouts"]
