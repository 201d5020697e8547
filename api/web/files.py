"""The files of the web frontends, read once, compressed once, and named by one version."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".webmanifest": "application/manifest+json",
}
"""Files of other kinds are not served."""

COMPRESSED = frozenset({".css", ".html", ".js", ".json", ".svg", ".webmanifest"})
VERSION_DIGITS = 16


@dataclass(frozen=True, slots=True)
class WebFile:
    """`gzipped` is `None` for what is compressed already. `etag` is without its quotes."""

    body: bytes
    gzipped: bytes | None
    media_type: str
    etag: str

    @classmethod
    def of(cls, name: str, body: bytes) -> Self:
        suffix = Path(name).suffix
        gzipped = gzip.compress(body, mtime=0) if suffix in COMPRESSED else None
        return cls(body, gzipped, MEDIA_TYPES[suffix], digest(body))


@dataclass(frozen=True)
class WebFiles:
    """`files` by their path below the folder; `version` changes with any byte of them."""

    files: Mapping[str, WebFile]
    version: str

    @classmethod
    def read(cls, folder: Path, made: Mapping[str, bytes]) -> Self:
        """Read a folder; `made` are files that are not in it, by their path. Raises OSError."""
        bodies = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.suffix in MEDIA_TYPES
        }
        bodies.update(made)
        files = {name: WebFile.of(name, body) for name, body in bodies.items()}
        version = digest("\n".join(f"{name} {file.etag}" for name, file in sorted(files.items())).encode())
        return cls(files, version[:VERSION_DIGITS])


def digest(body: bytes) -> str:
    """Return what tells one content from another."""
    return hashlib.sha256(body).hexdigest()[:32]
