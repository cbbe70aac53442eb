"""A real server over real builds, and a browser that tells when a page calls another host."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from geomatch.services import build
from tests import regions
from tests.conftest import ROOT, skip_or_fail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

EVIL = '<img src=x onerror="window.ranEvil=1">坏名站'
_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
_PATIENCE_S = 120


@pytest.fixture(scope="session")
def evil_region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A little built region, one of whose sites has markup for a name."""
    folder = regions.write_little_region(tmp_path_factory.mktemp("little"))
    path = folder / "sites.csv"
    text = path.read_text(encoding="utf-8")
    doubled = EVIL.replace('"', '""')
    path.write_text(text.replace("望河社区站", f'"{doubled}"'), encoding="utf-8")
    build.build(folder)
    return folder


@pytest.fixture(scope="session")
def assets() -> None:
    """The vendored browser assets are there."""
    if not (ROOT / "geomatch" / "web" / "static" / "vendor" / "leaflet" / "leaflet.js").is_file():
        skip_or_fail("the browser assets are missing: run `make assets`")


@pytest.fixture(scope="session")
def little_site(request: pytest.FixtureRequest, evil_region: Path) -> Iterator[str]:
    """The address of a server of the little region."""
    request.getfixturevalue("assets")
    with _serving(evil_region) as address:
        yield address


@pytest.fixture(scope="session")
def model_site(request: pytest.FixtureRequest, haidian_region: Path) -> Iterator[str]:
    """The address of a server of the bundled region."""
    request.getfixturevalue("assets")
    with _serving(haidian_region) as address:
        yield address


@pytest.fixture(scope="session")
def three_sites(
    request: pytest.FixtureRequest, haidian_region: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of one server of all three bundled regions; it builds the two small ones itself."""
    request.getfixturevalue("assets")
    small = [tmp_path_factory.mktemp("small") / name for name in ("ledu", "chaozhou")]
    for folder in small:
        shutil.copytree(ROOT / "data" / folder.name, folder, ignore=shutil.ignore_patterns("build"))
    with _serving(haidian_region, *small) as address:
        yield address


class _serving:  # noqa: N801 - reads as a sentence in a with statement
    """A server process of some regions, on a free port, until the block ends."""

    def __init__(self, *folders: Path) -> None:
        self.folders = folders

    def __enter__(self) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "geomatch", "serve", *map(str, self.folders)]
        command += ["--port", str(port), "--workers", "1"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline:
            if _is_ready(port):
                return f"http://127.0.0.1:{port}"
            assert self.process.poll() is None, "the server ended by itself"
            time.sleep(0.2)
        raise AssertionError("the server did not become ready")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


def _is_ready(port: int) -> bool:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium: $CHROMIUM, or found on the PATH."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        skip_or_fail("no Chromium: set $CHROMIUM or install chromium and fonts-noto-cjk")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
        yield opened
        opened.close()


@dataclass
class Watched:
    """A page, and everything about it that nobody should see.

    Attributes:
        page: the page.
        strangers: addresses on other hosts that it asked for.
        complaints: errors in its console or of its programs, breaches of its policy included.
    """

    page: Page
    strangers: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """Open an address and wait until the page's program says that it is ready."""
        self.page.goto(address)
        self.page.wait_for_selector("body[data-ready]", timeout=60_000)
        return self.page


@pytest.fixture
def open_context(browser: Browser) -> Iterator[object]:
    """Make contexts (size, colours, permissions) that are closed after the test."""
    contexts: list[BrowserContext] = []

    def make(**options: object) -> Watched:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN", **options})
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.on("request", lambda request: _note_stranger(watched, request.url))
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        watched.page.on("console", lambda line: _note_complaint(watched, line.type, line.text))
        return watched

    yield make
    for context in contexts:
        context.close()


def _note_stranger(watched: Watched, url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"data", "blob", "about"} and parts.hostname != "127.0.0.1":
        watched.strangers.append(url)


def _note_complaint(watched: Watched, kind: str, text: str) -> None:
    if kind == "error" or re.search("Content.Security.Policy", text):
        watched.complaints.append(text)
