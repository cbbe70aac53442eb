"""The planner's first page at /map: coverage and gaps of a region, a table beside the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for

from geomatch.drawing import folium_map
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
    return render_template(
        "planner.html",
        **frame.words_of(region, layer),
        map=_stage(region, layer),
        map_script=url_for("planner.map_script", region_id=region.spec.id, layer=layer, lang=request.args.get("lang")),
    )


@pages.get("/mapjs/<layer>/<region_id>.js")
def map_script(layer: str, region_id: str) -> Response:
    """Serve the program that sets up the page's map."""
    region = served.region_named(region_id)
    script = _stage(region, layer if layer in LAYERS else "coverage").script
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


def _stage(region: Region, layer: str) -> folium_map.MapParts:
    settings = served.stage_settings(region) | {"layer": layer}
    return folium_map.draw_stage(region.summary().bbox, settings)
