"""The planner's first page at /map: coverage and gaps of a region, a table beside the map."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, Response

from geomatch.services import setting
from geomatch.web.pages import frame, served

if TYPE_CHECKING:
    from geomatch.services.region import Region

pages = Blueprint("planner", __name__)

LAYERS = ("coverage", "gaps")


@pages.get("/map")
@pages.get("/map/<region_id>")
def planner(region_id: str | None = None) -> str:
    """Show coverage or gaps of a region, the first one where none is named."""
    region = served.region_named(region_id)
    layer = frame.choice("layer", LAYERS, "coverage")
    return frame.page("planner.html", region, layer, asked_first=_asked_first(region, layer))


def _asked_first(region: Region, layer: str) -> list[str]:
    """Give what the page's program will ask for first, word for word: the browser then asks while it reads the page."""
    api, page = f"/api/v1/regions/{region.spec.id}", f"/map/{region.spec.id}"
    question = urlencode({"profile": frame.profile(), "minutes": frame.minutes()})
    if layer == "gaps":
        answers = [f"{api}/gaps?{question}"]
    else:
        answers = [f"{page}/circles.geojson?{question}", f"{api}/sensitivity?{question}"]
        if setting.ground(region).rural:
            answers.append(f"{api}/minutes?{urlencode({'profile': frame.profile(), 'minutes': 15})}")
    return [*answers, f"{api}/coverage?{question}", f"{page}/sites.geojson", f"{page}/units.geojson"]


@pages.get("/mapjs/<tab>/<region_id>.js")
def map_script(tab: str, region_id: str) -> Response:
    """Serve the program that sets up the map of one of the planner's pages."""
    known = {each.key for each in frame.TABS}
    script = frame.stage(served.region_named(region_id), tab if tab in known else "coverage").script
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})
