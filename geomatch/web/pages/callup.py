"""The live board of a great call-up: places filled by station, on the map, for those who are signed in."""

from __future__ import annotations

from flask import Blueprint

from geomatch.web.pages import frame, served

pages = Blueprint("callup", __name__)


@pages.get("/map/<region_id>/callup")
def callup(region_id: str) -> str:
    """Show the board; its program asks the API who is signed in, and how far the call-up is."""
    return frame.page("callup.html", served.region_named(region_id), "callup")
