"""Where callbacks may go: without such a list anybody who posts tasks could have this service call any address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

import httpx

_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9.-]+|[0-9a-f:.]+", re.IGNORECASE)


class CallbackHostInvalid(ValueError):
    """An entry of the list has none of the forms."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """`None` admits any scheme or port; a host that begins with a dot admits what is below it."""

    scheme: str | None
    host: str
    port: int | None
    path: str

    def admits(self, url: httpx.URL) -> bool:
        host = url.host.lower()
        return (
            self.scheme in (None, url.scheme)
            and (host.endswith(self.host) if self.host.startswith(".") else host == self.host)
            and self.port in (None, url.port or _PORTS[url.scheme])
            and url.path.startswith(self.path)
        )


class CallbackHosts:
    """Entries are `host`, `host:port`, `*.domain`, or a prefix such as `https://tp.internal/hooks/`."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._entries = [_entry(entry) for entry in entries]

    def admits(self, url: str) -> bool:
        """Tell whether a callback may go to an address."""
        parsed = _parsed(url)
        return parsed is not None and any(entry.admits(parsed) for entry in self._entries)


def _parsed(url: str) -> httpx.URL | None:
    """Return an address that means the same to everybody who reads it, `None` for any other."""
    if "\\" in url or not url.isascii() or ".." in unquote(unquote(url)):
        return None
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return None
    if parsed.scheme not in _PORTS or parsed.userinfo or not _HOST.fullmatch(parsed.host):
        return None
    return parsed if parsed.port is None or 0 < parsed.port < 2**16 else None


def _entry(text: str) -> _Entry:
    if "://" in text:
        url = _parsed(text)
        if url is None or url.query or url.fragment:
            raise CallbackHostInvalid(f"not a prefix of addresses: {text!r}")
        return _Entry(url.scheme, url.host.lower(), url.port or _PORTS[url.scheme], url.path)
    wild = text.startswith("*.")
    url = _parsed(f"http://{text.removeprefix('*.')}")
    if url is None or url.path != "/" or url.query or url.fragment:
        raise CallbackHostInvalid(f"not a host: {text!r}")
    return _Entry(None, f".{url.host.lower()}" if wild else url.host.lower(), url.port, "/")
