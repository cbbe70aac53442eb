"""The planner's first page at /map: coverage and gaps of a region, a table beside the map."""

from __future__ import annotations

from flask import Blueprint, Response

from geomatch.web.pages import frame, served

pages = Blueprint("planner", __name__)

LAYERS = ("coverage", "gaps")


@pages.get("/map")
@pages.get("/map/<region_id>")
def planner(region_id: str | None = None) -> str:
    """Show coverage or gaps of a region, the first one where none is named."""
    return frame.page("planner.html", served.region_named(region_id), frame.choice("layer", LAYERS, "coverage"))


@pages.get("/mapjs/<tab>/<region_id>.js")
def map_script(tab: str, region_id: str) -> Response:
    """Serve the program that sets up the map of one of the planner's pages."""
    known = {each.key for each in frame.TABS}
    script = frame.stage(served.region_named(region_id), tab if tab in known else "coverage").script
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})
