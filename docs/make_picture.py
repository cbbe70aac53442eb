"""Draw docs/coverage-map.png: the planner's page of the bundled region, as a browser shows it.

Run by `make picture`; needs Chromium and a build of data/haidian (made here where absent).
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from geomatch.services import build, page_map, region

ROOT = Path(__file__).resolve().parents[1]
SIZE = {"width": 1440, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def main() -> int:
    """Write the map as one file, open it, and take its picture."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.stderr.write("no Chromium: set CHROMIUM or install chromium and fonts-noto-cjk\n")
        return 1
    folder = ROOT / "data" / "haidian"
    if build.why_stale(folder):
        build.build(folder)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        page_file = Path(scratch) / "map.html"
        page_map.write_map(region.open_region(folder), page_file)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport=SIZE)
        page.goto(page_file.as_uri())
        page.wait_for_selector("body[data-ready=yes]")
        page.wait_for_timeout(1500)  # the last tiles of the base map
        page.screenshot(path=ROOT / "docs" / "coverage-map.png")
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
