"""A real server on this machine: it answers, shares work, and finishes what runs when told to stop."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from geomatch.cli import making
from tests.regions import lonlat

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
LON, LAT = lonlat(13.5, 1.2)
START_S, STOP_S = 240.0, 30.0  # a fresh checkout compiles its kernels at the first start


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, Any]:
    """Ask once over a connection of its own."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        line.close()


def wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait for /readyz, no longer than START_S."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended by itself"
        try:
            if ask(port, "GET", "/readyz")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the server did not become ready")


@contextmanager
def served(folder: Path, *, workers: int = 1) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Serve a region until the block ends; the process is gone afterwards, whatever happened."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "2", "--no-ws", "api:app"]
    environment = os.environ | {"GEOMATCH_REGIONS": str(folder), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True) as process:
        try:
            wait_until_ready(process, port)
            yield process, port
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(STOP_S)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)  # the workers as well


@pytest.mark.long
def test_a_server_of_two_workers_answers(little_region: Path) -> None:
    """Answers, problems and pages come over HTTP as they do in process."""
    with served(little_region, workers=2) as (_, port):
        status, answer = ask(port, "GET", f"/api/v1/nearest?lon={LON}&lat={LAT}")
        assert (status, answer["features"][0]["id"]) == (200, "S1")
        assert ask(port, "GET", "/api/v1/nearest?lon=0&lat=0")[0] == 404
        assert ask(port, "POST", "/api/v1/regions/little/lookup", b"{")[0] == 400
        assert ask(port, "GET", "/healthz") == (200, {"status": "alive"})


def test_sigterm_lets_the_running_request_finish(little_region: Path) -> None:
    """A lookup under way when the server is told to stop still gets its whole answer, and the server ends well."""
    points = 100_000
    body = json.dumps({"points": [[LON, LAT]] * points, "k": 5}).encode()
    got: list[tuple[int, Any]] = []
    with served(little_region) as (process, port):
        asking = threading.Thread(target=lambda: got.append(ask(port, "POST", "/api/v1/regions/little/lookup", body)))
        asking.start()
        time.sleep(0.3)
        assert not got, "the answer came too soon to tell"
        process.send_signal(signal.SIGTERM)
        asking.join(60)
        process.wait(STOP_S)
    status, answer = got[0]
    assert (status, len(answer["results"])) == (200, points)
    assert process.returncode == 0


def test_a_server_stopped_while_its_workers_start_ends_all_the_same(little_region: Path) -> None:
    """SIGTERM right after the first worker answers, when the other may still be starting, ends every process."""
    port = free_port()
    command = [sys.executable, "-m", "geomatch", "serve", str(little_region), "--port", str(port), "--workers", "2"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True) as process:
        try:
            wait_until_ready(process, port)
            process.terminate()
            process.wait(making.STOP_S + STOP_S)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
