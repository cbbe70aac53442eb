"""The resident's page at /: where is the nearest station, answered in words first; works without scripts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from geomatch.drawing import folium_map
from geomatch.errors import InputError, OutsideRegionError
from geomatch.network.profiles import limit_for
from geomatch.services import nearest as nearest_service
from geomatch.services import search as search_service
from geomatch.web.pages import language, served, spoken

if TYPE_CHECKING:
    from geomatch.planning.nearest import Hit, NearestAnswer
    from geomatch.services.region import Region
    from geomatch.services.search import Place

pages = Blueprint("resident", __name__)

_MOST_PLACES = 8
_OTHERS = 2
_LONGEST = 60


@dataclass(frozen=True)
class Found:
    """What the page says, ready for the template.

    Attributes:
        state: asked_nothing, no_such_place, which_place, not_a_point, outside, off_network, unreachable, found, far.
        place: the name that stands for the point, or None.
        places: what the text may mean.
        cards: the nearest site and two others, in words.
        open_card: the nearest site that is open now, where the nearest is closed and another is not.
        region: whose sites they are; for outside, the nearest region.
        marks: what the map draws.
    """

    state: str
    region: Region
    place: str | None = None
    places: tuple[Place, ...] = ()
    cards: tuple[spoken.Card, ...] = ()
    open_card: spoken.Card | None = None
    marks: dict[str, object] | None = None


@pages.get("/")
def resident() -> tuple[str, int] | str:
    """Show the form, and what was found; ?part=answer gives only the answer, for the page's own program."""
    if not served.served().regions:
        return render_template("empty.html"), 503
    found = _find()
    status = 422 if found.state == "not_a_point" else 200
    if request.args.get("part") == "answer":
        return render_template("_answer.html", found=found), status
    page = render_template(
        "resident.html",
        found=found,
        asked=request.args.get("q", ""),
        region=found.region,
        regions=served.choices(),
        name=served.name_of(found.region),
        map=_stage(found.region),
        map_script=url_for("resident.map_script", region_id=found.region.spec.id, lang=request.args.get("lang")),
    )
    return page, status


@pages.get("/mapjs/resident/<region_id>.js")
def map_script(region_id: str) -> Response:
    """Serve the program that sets up the page's map."""
    script = _stage(served.region_named(region_id)).script
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@pages.get("/places")
def places() -> Response:
    """Give places whose name fits ?q, for the address box while it is typed in."""
    found = _search(request.args.get("q", ""))
    return jsonify([_place_json(place) for place in found])


def _stage(region: Region) -> folium_map.MapParts:
    return folium_map.draw_stage(region.summary().bbox, served.stage_settings(region), clusters=False)


def _place_json(place: Place) -> dict[str, object]:
    return {"name": place.name, "unit": place.unit, "href": place_address(place)}


def place_address(place: Place) -> str:
    """Give the page that starts from a place."""
    return url_for("resident.resident", lon=f"{place.lon:.6f}", lat=f"{place.lat:.6f}", at=place.name)


def _find() -> Found:
    asked = request.args.get("q", "").strip()
    if "lon" in request.args or "lat" in request.args:
        return _from_point(request.args.get("at"))
    if not asked:
        return Found("asked_nothing", served.region_asked())
    candidates = _search(asked)
    if not candidates:
        return Found("no_such_place", served.region_asked(), place=asked)
    exact = [place for place in candidates if place.exact]
    if len(exact) == 1 or len(candidates) == 1:
        place = (exact or candidates)[0]
        return _around(place.lon, place.lat, place.name)
    return Found("which_place", served.region_asked(), place=asked, places=candidates)


def _search(text: str) -> tuple[Place, ...]:
    asked = text[:_LONGEST]
    regions = served.served().regions
    found = [place for region in regions for place in search_service.search(region, asked, limit=_MOST_PLACES)]
    return tuple(sorted(found, key=lambda place: not place.exact)[:_MOST_PLACES])


def _from_point(name: str | None) -> Found:
    try:
        lon, lat = float(request.args["lon"]), float(request.args["lat"])
    except (KeyError, ValueError):
        lon = lat = math.nan
    if abs(lon) <= 90 < abs(lat):  # noqa: PLR2004 - no latitude is so large: the two were changed over
        lon, lat = lat, lon
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 - degrees; also refuses nan
        return Found("not_a_point", served.region_asked())
    return _around(lon, lat, name)


def _around(lon: float, lat: float, name: str | None) -> Found:
    try:
        region = served.served().around(lon, lat)
    except InputError:  # the numbers are the wrong way round; a person did not type them
        return _around(lat, lon, name)
    except OutsideRegionError as error:
        return Found("outside", getattr(error, "nearest", served.region_named(None)), place=name)
    profile = "elder" if language.is_elder() else "standard"
    limit = limit_for(profile)
    answer = nearest_service.nearest(region, lon, lat, limit=limit, k=1 + _OTHERS, route=True)
    if not answer.query.on_network:
        return Found("off_network", region, place=name, marks=_marks(region, answer))
    if not answer.hits:
        return Found("unreachable", region, place=name, marks=_marks(region, answer))
    now = datetime.now(ZoneInfo(region.spec.timezone))
    cards = tuple(spoken.card(hit, now, region.spec.timezone) for hit in answer.hits)
    return Found(
        "found" if answer.hits[0].within else "far",
        region,
        place=name,
        cards=cards,
        open_card=_open_now(region, answer, cards, now),
        marks=_marks(region, answer),
    )


def _open_now(
    region: Region, answer: NearestAnswer, cards: tuple[spoken.Card, ...], now: datetime
) -> spoken.Card | None:
    """Find the nearest open site where the nearest one is closed."""
    if cards[0].is_open is not False:
        return None
    query = answer.query
    found = nearest_service.nearest(region, query.lon, query.lat, limit=query.limit, k=1, open_at=now)
    return spoken.card(found.hits[0], now, region.spec.timezone) if found.hits else None


def _marks(region: Region, answer: NearestAnswer) -> dict[str, object]:
    return {
        "region": region.spec.id,
        "at": [answer.query.lon, answer.query.lat],
        "hits": [_mark(hit) for hit in answer.hits],
    }


def _mark(hit: Hit) -> dict[str, object]:
    return {
        "name": hit.site.name,
        "kind": hit.site.kind.value,
        "lon": hit.site.lon,
        "lat": hit.site.lat,
        "route": [list(point) for point in hit.route or ()],
    }
