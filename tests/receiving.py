"""A receiver of webhooks on this machine, which answers as it is told."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator


@dataclass
class Receiver:
    """What came in, and what is answered.

    Attributes:
        port: where it listens.
        came: path, headers and body of each request.
        status: of every answer.
        wait_s: before each answer.
        answer: its body.
        arrived: set when something came in.
    """

    port: int
    came: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    status: int = 204
    wait_s: float = 0.0
    answer: bytes = b""
    location: str = ""
    arrived: threading.Event = field(default_factory=threading.Event)

    @property
    def keys(self) -> list[str]:
        """The key of each request."""
        return [headers["idempotency-key"] for _, headers, _ in self.came]


@contextmanager
def receiver(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Listen on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # its sender was killed in the middle: half a request is none
            told.came.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            told.arrived.set()
            time.sleep(told.wait_s)
            self.send_response(told.status)
            if told.location:
                self.send_header("Location", told.location)
            self.send_header("Content-Length", str(len(told.answer)))
            self.end_headers()
            self.wfile.write(told.answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that went away is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    told = Receiver(server.server_address[1])
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    running = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    running.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        running.join()
