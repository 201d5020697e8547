"""A library of books: a schema of every kind of type, over objects, dicts and coroutines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema, parse

from graphql_compiler import CompiledOperation, compile_operation

SCHEMA: GraphQLSchema = build_schema("""
type Query {
  book(id: ID!): Book
  books(first: Int = 10, filter: Filter): [Book!]!
  shelves: [[Book]!]
  owned: [Owned]
  thing: Thing
  library: Library!
}
type Mutation { lend(id: ID!): Book!  lose(id: ID!): Book! }
type Subscription { lent: Book }
interface Owned { owner: Person }
union Thing = Book | Person
enum Genre { PROSE VERSE }
input Filter { genre: Genre, words: [String!] = ["a"] }
type Library { name: String!  books: [Book!]! }
type Book implements Owned {
  id: ID!
  title(language: String = "en"): String
  pages: Int!
  weight: Float
  lent: Boolean
  genre: Genre
  owner: Person
  sequel: Book
  required: Book!
}
type Person implements Owned { name: String!  owner: Person }
""")


@dataclass
class Person:
    name: Any
    owner: Person | None = None
    __typename = "Person"


@dataclass
class Book:
    id: Any
    pages: Any = 1
    weight: Any = None
    lent: Any = None
    genre: Any = None
    owner: Any = None
    sequel: Any = None
    required: Any = None
    titles: dict[str, Any] = field(default_factory=dict)
    __typename = "Book"

    def title(self, _: object, language: str) -> Any:
        told = self.titles.get(language)
        if isinstance(told, Exception):
            raise told
        return told


def compiled(text: str, **options: Any) -> CompiledOperation:
    return compile_operation(SCHEMA, parse(text), **options)


def told(errors: list[GraphQLError] | None) -> list[tuple[str, list[str | int] | None]]:
    """Return messages with paths."""
    return [(error.message, error.path) for error in errors or ()]
