"""Media types of requests and answers, and the choice that `Accept` makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"
HTML = "text/html"
EVENTS = "text/event-stream"

# A wildcard gets plain JSON: that is what the clients that name no type were written for.
_OF_RANGE = {RESPONSE_JSON: RESPONSE_JSON, JSON: JSON, "application/*": JSON, "*/*": JSON}
RANGES = 100
SHORT = 200
"""Characters of a header that is worth remembering: clients send the same few again and again."""

_UTF8 = ("utf-8", "utf8")


@dataclass(frozen=True, slots=True)
class MediaType:
    """`type/subtype` in lower case, with its parameters."""

    name: str
    parameters: dict[str, str]

    @property
    def is_utf8(self) -> bool:
        return self.parameters.get("charset", "utf-8").lower() in _UTF8


def parse_media_type(text: str) -> MediaType:
    """Parse `application/json; charset=utf-8`; a malformed parameter is left out."""
    name, *rest = text.split(";")
    parameters = {}
    for part in rest:
        key, equals, value = part.partition("=")
        if equals:
            parameters[key.strip().lower()] = value.strip().strip('"')
    return MediaType(name.strip().lower(), parameters)


def preferred(accept: Sequence[str]) -> str | None:
    """Return the media type of the answer, or `None` when the client takes neither.

    The highest quality wins; between equals, what is named wins over a wildcard and
    `application/graphql-response+json` over `application/json`. No header is as good as `*/*`.
    """
    if len(accept) == 1 and len(accept[0]) <= SHORT:
        return _preferred_of(accept[0])
    return _chosen(accept)


@lru_cache(maxsize=256)
def _preferred_of(accept: str) -> str | None:
    return _chosen([accept])


def _chosen(accept: Sequence[str]) -> str | None:
    best: tuple[float, int, int] | None = None
    choice = None
    refused = {media.name for media, quality in _ranges(accept) if quality == 0}
    for media, quality in _ranges(accept or ["*/*"]):
        answer = _OF_RANGE.get(media.name)
        if answer is None or quality == 0 or not media.is_utf8:
            continue
        if answer in refused:
            answer = RESPONSE_JSON if answer == JSON and RESPONSE_JSON not in refused else None
        if answer is None:
            continue
        rank = (quality, "*" not in media.name, answer == RESPONSE_JSON)
        if best is None or rank > best:
            best, choice = rank, answer
    return choice


def wants_page(accept: Sequence[str]) -> bool:
    """Tell whether a browser asks for a page: `text/html` is named, and at least as welcome as JSON."""
    qualities = {media.name: quality for media, quality in _ranges(accept)}
    html = qualities.get(HTML, 0.0)
    return html > 0 and html >= max(qualities.get(JSON, 0.0), qualities.get(RESPONSE_JSON, 0.0))


def wants_events(accept: Sequence[str]) -> bool:
    """Tell whether a client asks for server-sent events: it names them."""
    if not any(EVENTS in each for each in accept):
        return False
    return any(media.name == EVENTS and quality > 0 for media, quality in _ranges(accept))


@lru_cache(maxsize=256)
def is_json_in_utf8(content_type: str) -> bool:
    """Tell whether a `Content-Type` is that of a request in JSON."""
    media = parse_media_type(content_type)
    return media.name == JSON and media.is_utf8


def content_type(media_type: str) -> str:
    """Return the `Content-Type` of an answer."""
    return f"{media_type}; charset=utf-8"


def _ranges(accept: Sequence[str]) -> list[tuple[MediaType, float]]:
    """Return the media ranges of `Accept`, of very many the first: nobody means them all."""
    found = []
    for item in ",".join(accept).split(",", RANGES)[:RANGES]:
        media = parse_media_type(item)
        if "/" in media.name:
            found.append((media, _quality(media.parameters.get("q", "1"))))
    return found


def _quality(text: str) -> float:
    try:
        quality = float(text)
    except ValueError:
        return 1.0
    return min(quality, 1.0) if quality >= 0 else 0.0
