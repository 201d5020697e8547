"""The messages of `graphql-transport-ws`, and the codes by which a connection is closed.

Source: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

import orjson

from api.graphql.strict_json import NotJson, loads

SUBPROTOCOL = "graphql-transport-ws"
ID_LENGTH = 200


class Type(StrEnum):
    INIT = "connection_init"
    ACK = "connection_ack"
    PING = "ping"
    PONG = "pong"
    SUBSCRIBE = "subscribe"
    NEXT = "next"
    ERROR = "error"
    COMPLETE = "complete"


class CloseCode(IntEnum):
    TRY_AGAIN_LATER = 1013
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    NO_SUBPROTOCOL = 4406
    INIT_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITS = 4429


class Closing(Exception):
    """The connection is to be closed, with this code and reason."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """`id` of an operation's messages, else empty."""

    type: Type
    id: str = ""
    payload: Mapping[str, Any] | None = None


FROM_CLIENTS = frozenset({Type.INIT, Type.PING, Type.PONG, Type.SUBSCRIBE, Type.COMPLETE})


def read_message(text: str, max_depth: int) -> Message:
    """Return a client's message. Raises Closing with BAD_REQUEST for what is none."""
    try:
        read = loads(text.encode(), max_depth)
    except (NotJson, UnicodeEncodeError) as error:
        raise Closing(CloseCode.BAD_REQUEST, f"The message is not JSON: {error}"[:120]) from None
    if not isinstance(read, dict) or read.get("type") not in FROM_CLIENTS:
        raise Closing(CloseCode.BAD_REQUEST, "The message is none of the protocol's")
    message, payload = Type(read["type"]), read.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise Closing(CloseCode.BAD_REQUEST, "The payload is not an object")
    id = read.get("id", "")
    if message in (Type.SUBSCRIBE, Type.COMPLETE) and not (isinstance(id, str) and 1 <= len(id) <= ID_LENGTH):
        raise Closing(CloseCode.BAD_REQUEST, f"An operation's id is a string of 1 to {ID_LENGTH} characters")
    if message is Type.SUBSCRIBE and payload is None:
        raise Closing(CloseCode.BAD_REQUEST, "The payload is missing")
    return Message(message, id if isinstance(id, str) else "", payload)


def written(type: Type, id: str | None = None, payload: Any = None) -> str:
    """Return a message as it is sent."""
    told = {"type": type, "id": id, "payload": payload}
    return orjson.dumps({name: value for name, value in told.items() if value is not None}).decode()


def answered(id: str, answer: bytes) -> str:
    """Return the message that carries an answer's JSON, which is not read again."""
    return f'{{"type":"next","id":{orjson.dumps(id).decode()},"payload":{answer.decode()}}}'
