"""The planner's page at /map: coverage and gaps of a region, a table beside the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, url_for

from geomatch.drawing import folium_map
from geomatch.network.profiles import PROFILES
from geomatch.web.pages import served

if TYPE_CHECKING:
    from geomatch.services.region import Region

pages = Blueprint("planner", __name__)

MINUTES = (5, 10, 15, 20, 30)
LAYERS = ("coverage", "gaps")


@pages.get("/map")
@pages.get("/map/<region_id>")
def planner(region_id: str | None = None) -> str:
    """Show the planner's page of a region, the first one where none is named."""
    region = served.region_named(region_id)
    layer = _choice("layer", LAYERS, "coverage")
    return render_template(
        "planner.html",
        region=region,
        name=served.name_of(region),
        regions=served.choices(),
        layer=layer,
        minutes=int(_choice("minutes", tuple(map(str, MINUTES)), "15")),
        profile=_choice("profile", tuple(PROFILES), "standard"),
        all_minutes=MINUTES,
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


def _choice(name: str, known: tuple[str, ...], usual: str) -> str:
    given = request.args.get(name, usual)
    return given if given in known else usual
