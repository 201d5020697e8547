"""The one channel to Datastore."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import google.auth
import grpc.aio
from google.cloud.datastore_v1.services.datastore.transports import DatastoreGrpcAsyncIOTransport

_OPTIONS: Final = (
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
    # Without this a server that was away for a while is not tried again for up to two minutes.
    ("grpc.max_reconnect_backoff_ms", 2_000),
)


async def open_channel(
    emulator_host: str | None, interceptors: Sequence[grpc.aio.ClientInterceptor]
) -> grpc.aio.Channel:
    """Open a channel in the running event loop: plain to an emulator, else with the environment's credentials."""
    if emulator_host is not None:
        return grpc.aio.insecure_channel(emulator_host, options=_OPTIONS, interceptors=interceptors)
    # Finding the credentials reads files or asks the metadata server, and blocks.
    credentials, _ = await asyncio.to_thread(google.auth.default, scopes=DatastoreGrpcAsyncIOTransport.AUTH_SCOPES)
    return DatastoreGrpcAsyncIOTransport.create_channel(
        DatastoreGrpcAsyncIOTransport.DEFAULT_HOST,
        credentials=credentials,
        options=_OPTIONS,
        interceptors=interceptors,
    )
