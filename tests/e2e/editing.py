"""What a planner does on the what-if page, and what the page keeps of it; shared by its tests."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from tests.regions import lonlat

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def site(page: Page, name: str) -> Locator:
    """Give a site's mark on the map."""
    return page.locator(f".leaflet-marker-icon[title*='{name}']")


def spot(page: Page, column: float, row: float) -> tuple[float, float]:
    """Give where in the window a place of the little region is."""
    lon, lat = lonlat(column, row)
    x, y = page.evaluate(
        "([lat, lon]) => { const at = map_stage.latLngToContainerPoint([lat, lon]);"
        " const box = map_stage.getContainer().getBoundingClientRect(); return [at.x + box.x, at.y + box.y]; }",
        [lat, lon],
    )
    return float(x), float(y)


def look_at(page: Page, column: float, row: float, zoom: int = 16) -> None:
    """Move the map's centre to a place."""
    lon, lat = lonlat(column, row)
    page.evaluate(
        "([lat, lon, zoom]) => { map_stage.setView([lat, lon], zoom, { animate: false }); }", [lat, lon, zoom]
    )


def drag(page: Page, name: str, column: float, row: float) -> None:
    """Drag a site somewhere else by mouse."""
    box = site(page, name).first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    x, y = spot(page, column, row)
    page.mouse.move(x, y, steps=6)
    page.mouse.up()


def changes(page: Page, count: int) -> None:
    """Wait until the list holds so many changes and their figures are there."""
    page.wait_for_function(
        "count => document.querySelectorAll('.change').length === count"
        " && !document.querySelector('#headline[aria-busy]')",
        arg=count,
    )


def asked(page: Page) -> dict[str, Any]:
    """Give the body that the page keeps in its address."""
    packed = re.search(r"[?&]open=([\w-]+)", page.url)
    assert packed is not None
    text = packed.group(1)
    return dict(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


def answered(page: Page, body: dict[str, Any]) -> Any:
    """Ask the service itself."""
    reply = page.request.post("/".join([*page.url.split("/")[:3], "api/v1/regions/little/whatif"]), data=body)
    assert reply.status == 200, reply.text()
    return reply.json()
