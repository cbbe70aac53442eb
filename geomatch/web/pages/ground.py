"""What the maps load beside the API: base tiles by range, and sites, borders and circles as GeoJSON."""

from __future__ import annotations

import gzip
import hashlib
from typing import TYPE_CHECKING, Any

import orjson
from flask import Blueprint, Response, abort, request, send_file

from geomatch.drawing import answers
from geomatch.errors import InputError
from geomatch.network.profiles import limit_for
from geomatch.planning.sites import SiteKind
from geomatch.web.pages import served

if TYPE_CHECKING:
    from geomatch.network.profiles import Limit
    from geomatch.services.region import Region

pages = Blueprint("ground", __name__)

_KEPT_S = 7 * 24 * 3600  # the address names the build, so a new one is never mixed with an old one


@pages.get("/tiles/<region_id>.pmtiles")
def base_tiles(region_id: str) -> Response:
    """Serve the base map, whole or by range."""
    path = served.region_named(region_id).build_folder / "base.pmtiles"
    if not path.is_file():
        abort(404)
    return send_file(path, mimetype="application/octet-stream", conditional=True, max_age=_KEPT_S)


@pages.get("/map/<region_id>/sites.geojson")
def sites(region_id: str) -> Response:
    """Serve every site with what a marker says."""
    return _cached(_sites_body(served.region_named(region_id)))


@pages.get("/map/<region_id>/units.geojson")
def units(region_id: str) -> Response:
    """Serve the townships' borders."""
    return _cached(_units_body(served.region_named(region_id)))


@pages.get("/map/<region_id>/circles.geojson")
def circles(region_id: str) -> Response:
    """Serve the circles of all sites for one profile and time: ?profile, ?minutes."""
    return _cached(_circles_body(served.region_named(region_id), _limit()))


@pages.get("/map/<region_id>/areas.geojson")
def areas(region_id: str) -> Response:
    """Serve the exclusive areas of the sites of the kinds that count: ?profile, ?minutes, ?kind."""
    kinds = frozenset(_kind(name) for name in request.args.getlist("kind"))
    return _cached(_areas_body(served.region_named(region_id), _limit(), kinds))


@pages.get("/map/<region_id>/opening.json")
def opening(region_id: str) -> Response:
    """Serve which sites are open in each hour of an ordinary week, Monday first: 0 shut, 1 open, 2 unknown."""
    return _cached(_opening_body(served.region_named(region_id)))


def _limit() -> Limit:
    minutes = request.args.get("minutes", "15")
    try:
        asked = float(minutes)
    except ValueError:
        asked = float("nan")
    return limit_for(request.args.get("profile", "standard"), minutes=asked)


def _kind(name: str) -> SiteKind:
    try:
        return SiteKind(name)
    except ValueError as error:
        raise InputError.of("kind", f"must be one of {', '.join(SiteKind)}", value=name) from error


def _cached(body: tuple[bytes, str]) -> Response:
    """Answer with gzipped JSON that a browser may keep as long as its tag holds."""
    packed, tag = body
    response = Response(mimetype="application/geo+json")
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "no-cache"
    if request.accept_encodings["gzip"] > 0:
        response.headers["Content-Encoding"] = "gzip"
        response.set_data(packed)
        response.set_etag(f"{tag}-gz")
    else:
        response.set_data(gzip.decompress(packed))
        response.set_etag(tag)
    response.make_conditional(request)
    return response


def _pack(collection: dict[str, Any]) -> tuple[bytes, str]:
    body = orjson.dumps(collection)
    return gzip.compress(body, 5, mtime=0), hashlib.sha256(body).hexdigest()[:20]


def _sites_body(region: Region) -> tuple[bytes, str]:
    return region.map_bodies.get("sites", lambda: _pack(answers.sites(region.sites)))


def _units_body(region: Region) -> tuple[bytes, str]:
    units = region.units if region.townships.stated else ()
    return region.map_bodies.get("units", lambda: _pack(answers.units(units)))


def _areas_body(region: Region, limit: Limit, kinds: frozenset[SiteKind]) -> tuple[bytes, str]:
    from geomatch.services.areas import areas as areas_of  # noqa: PLC0415 - as for circles

    return region.map_bodies.get(
        ("areas", limit, kinds), lambda: _pack(answers.areas(areas_of(region, limit, sorted(kinds))))
    )


def _opening_body(region: Region) -> tuple[bytes, str]:
    return region.map_bodies.get("opening", lambda: _pack(_opening(region)))


def _opening(region: Region) -> dict[str, Any]:
    from geomatch.services.week import opening as opening_of  # noqa: PLC0415 - as for circles

    states, pattern = opening_of(region)
    letters = ["".join(map(str, row)) for row in states.tolist()]
    kept = {site.id: row for site, row in zip(region.sites, pattern.tolist(), strict=True)}
    return {"patterns": letters, "sites": kept}


def _circles_body(region: Region, limit: Limit) -> tuple[bytes, str]:
    from geomatch.services.circles import circles as circles_of  # noqa: PLC0415 - shapes are not needed to start

    return region.map_bodies.get(("circles", limit), lambda: _pack(answers.circles(circles_of(region, [limit]))))
