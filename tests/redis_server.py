"""A real Redis on a loopback port, to be killed and started empty."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path

from taskqueue.broker import Server, embedded_server

PATIENCE_SECONDS = 10.0
POLL_SECONDS = 0.01


class Redis:
    """`start` waits until it answers. What it holds is lost with the process."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        server = embedded_server(folder, self.port)
        assert server is not None
        self._server: Server = server
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self._server.url

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._server.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            assert self._process.poll() is None, "the server ended"
            assert time.monotonic() < give_up_at, "the server does not answer"
            time.sleep(POLL_SECONDS)

    def kill(self) -> None:
        """End it as a power cut does; nothing is done when it does not run."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with closing(socket.create_connection(("127.0.0.1", self.port), timeout=1)) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(7) == b"+PONG\r\n"
        except OSError:
            return False


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
