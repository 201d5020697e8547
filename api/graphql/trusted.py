"""Trusted documents: texts that are known beforehand, asked for by their SHA-256 instead of being sent.

Sources: GraphQL over HTTP, appendix "Persisted Documents" (`documentId`), and the form that clients of automatic
persisted queries send (`extensions.persistedQuery.sha256Hash`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from api.graphql.codes import ErrorCode
from api.graphql.problems import NotExecutable, problem
from api.graphql.request import PREFIX, GraphQLRequest

SUFFIX = ".graphql"
NOT_FOUND = "PersistedQueryNotFound"
"""The message by which clients of automatic persisted queries know that they shall send the text."""


class UntrustedDocuments(Exception):
    """A list of trusted documents is not one; the message says why."""


@dataclass(frozen=True)
class TrustedDocuments:
    """`texts` by the lower-case hexadecimal SHA-256 of their UTF-8; `names`: the hash of each that has a name."""

    texts: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a JSON file, or a folder. Raises UntrustedDocuments, OSError."""
        return cls.read_folder(path) if path.is_dir() else cls.read_file(path)

    @classmethod
    def read_file(cls, path: Path) -> Self:
        """Read `{"<sha256>": "<document>"}`. Raises UntrustedDocuments, also for a wrong hash; OSError."""
        try:
            texts = json.loads(path.read_bytes())
        except ValueError as error:
            raise UntrustedDocuments(f"{path} is not JSON: {error}") from None
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            raise UntrustedDocuments(f"{path} is not an object of documents by their SHA-256")
        for hash, text in texts.items():
            if hash != hash_of(text):
                raise UntrustedDocuments(f"{path}: {hash[:80]} is not the SHA-256 of its document")
        return cls(texts)

    @classmethod
    def read_folder(cls, folder: Path) -> Self:
        """Read every `*.graphql` below a folder, one document a file, named by the file.

        Raises UntrustedDocuments for a name that two files have, OSError.
        """
        texts: dict[str, str] = {}
        names: dict[str, str] = {}
        for path in sorted(folder.rglob(f"*{SUFFIX}")):
            text = path.read_bytes().decode()
            if path.stem in names:
                raise UntrustedDocuments(f"two files in {folder} are named {path.name}")
            names[path.stem] = hash_of(text)
            texts[names[path.stem]] = text
        return cls(texts, names)

    def __or__(self, other: TrustedDocuments) -> TrustedDocuments:
        return TrustedDocuments({**self.texts, **other.texts}, {**self.names, **other.names})

    def name_of(self, hash: str) -> str:
        """Return how to tell people of a document: by its name, or without one by its hash."""
        return next((name for name, named in self.names.items() if named == hash), hash)

    @property
    def manifest(self) -> dict[str, str]:
        """Return the `documentId` of each document that has a name: what a frontend sends instead of the text."""
        return {name: PREFIX + hash for name, hash in self.names.items()}


NOT_ANY = TrustedDocuments()


@dataclass(frozen=True)
class Admission:
    """Which documents are executed: with `only_trusted` none but those that are known."""

    trusted: TrustedDocuments = NOT_ANY
    only_trusted: bool = False

    def text(self, asked: GraphQLRequest) -> str:
        """Return the document that a request asks for. Raises NotExecutable."""
        if asked.query is None:
            known = self.trusted.texts.get(asked.hash or "")
            if known is None:
                raise NotExecutable([problem(ErrorCode.PERSISTED_QUERY_NOT_FOUND, NOT_FOUND)])
            return known
        if asked.hash is None and not self.only_trusted:
            return asked.query
        hash = hash_of(asked.query)
        if asked.hash not in (None, hash):
            message = "The hash is not that of the document beside it."
            raise NotExecutable([problem(ErrorCode.BAD_REQUEST, message)])
        if self.only_trusted and hash not in self.trusted.texts:
            message = "Only documents that are known here are executed; send the `documentId` of one of them."
            raise NotExecutable([problem(ErrorCode.DOCUMENT_NOT_TRUSTED, message)])
        return asked.query


def hash_of(text: str) -> str:
    """Return the lower-case hexadecimal SHA-256 of a document."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


ANY = Admission()
"""Whatever is valid is executed."""
