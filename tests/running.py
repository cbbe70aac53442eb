"""A real service of several workers, as tests start it, ask it and kill it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WORKERS, READY_S = 4, 240.0


@contextlib.contextmanager
def served(folder: Path, database_url: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Serve a region by the command line; everything is gone afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "geomatch", "serve", str(folder), "--port", str(port), "--workers", str(WORKERS)]
    with subprocess.Popen(command, env=environment(database_url), start_new_session=True) as process:
        try:
            yield process, port
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def environment(database_url: str) -> dict[str, str]:
    """What our processes are to find around them."""
    return os.environ | {"GEOMATCH_DATABASE_URL": database_url, "GEOMATCH_WARM": "0", "PYTHONPATH": str(ROOT)}


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    """List the processes that a service started."""
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


@dataclass
class Line:
    """A connection that is kept open, and so is answered by one worker as long as that lives.

    Attributes:
        port: of the service.
        headers: sent with every request.
    """

    port: int
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any, Mapping[str, str]] | None:
        """Ask once: status, answer, headers by small names; None where who was asked is gone before the end."""
        sent = {"Content-Type": "application/json", **self.headers}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self._line.request(method, path, None if body is None else json.dumps(body).encode(), sent)
            answer = self._line.getresponse()
            text = answer.read()
            return (
                answer.status,
                json.loads(text) if text else None,
                {name.lower(): value for name, value in answer.headers.items()},
            )
        except (OSError, http.client.HTTPException, ValueError):
            self._line.close()  # the next request opens it anew
            return None

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def worker(self, workers: list[int]) -> int | None:
        """Tell which of the workers holds the other end, once it was asked something; None where none does."""
        inode = _inode_of(self.port, self._line.sock.getsockname()[1])
        return next((pid for pid in workers if f"socket:[{inode}]" in _sockets_of(pid)), None)


def _inode_of(port: int, peer: int) -> str | None:
    """Find the socket of our machine at a port whose other end is at another."""
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        cells = row.split()
        if (int(cells[1].split(":")[1], 16), int(cells[2].split(":")[1], 16)) == (port, peer):
            return cells[9]
    return None


def _sockets_of(pid: int) -> set[str]:
    found = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.add(str(entry.readlink()))
    return found


def wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until a worker answers that all is there."""
    until = time.monotonic() + READY_S
    while True:
        line = Line(port)
        told = line.ask("GET", "/readyz")
        line.close()
        if told is not None and told[0] == 200:
            return
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.1)


def line_to_each(process: subprocess.Popen[bytes], port: int) -> dict[int, Line]:
    """Open a line to each of the workers, by its pid."""
    lines: dict[int, Line] = {}
    until = time.monotonic() + READY_S
    while len(lines) < WORKERS:
        assert time.monotonic() < until
        line = Line(port)
        told = line.ask("GET", "/readyz")
        pid = None if told is None else line.worker(workers_of(process))
        if pid is None or pid in lines:
            line.close()
            time.sleep(0.02)
        else:
            lines[pid] = line
    return lines


def signed_in(port: int, name: str, secret: str) -> dict[str, str]:
    """Sign in; gives the headers that say so."""
    line = Line(port)
    told = line.ask("POST", "/api/v1/session", {"name": name, "password": secret})
    line.close()
    assert told is not None
    assert told[0] == 200, told[1]
    return {"Cookie": told[2]["set-cookie"].partition(";")[0], "X-CSRF-Token": told[1]["csrf"]}
