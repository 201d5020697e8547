"""The writes that a unit of work has asked for, kept until it returns."""

from __future__ import annotations

from store.port import Delete, Entity, Insert, Key, Mutation, Put


class Writes:
    """Mutations in the order asked for. Both adapters' transactions are built on it."""

    def __init__(self) -> None:
        self.mutations: list[Mutation] = []

    def insert(self, entity: Entity) -> None:
        self.mutations.append(Insert(entity))

    def put(self, entity: Entity) -> None:
        self.mutations.append(Put(entity))

    def delete(self, key: Key) -> None:
        self.mutations.append(Delete(key))
