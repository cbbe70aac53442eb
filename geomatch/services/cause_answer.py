"""Causes as plain members: what the web service answers and the command line writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geomatch.errors import InputError
from geomatch.geo.coordinates import CoordSys, from_wgs84
from geomatch.network.profiles import limit_for
from geomatch.planning.causes.found import RemedyKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from geomatch.geo.coordinates import LngLat
    from geomatch.network.profiles import Limit
    from geomatch.planning.causes.found import Cause, GapCauses, Obstacle, Remedy
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region

    Json = dict[str, Any]


def members(
    region: Region,
    found: Iterable[GapCauses],
    limit: Limit,
    kinds: Sequence[SiteKind],
    open_at: datetime | None,
    *,
    system: CoordSys = CoordSys.WGS84,
) -> list[Json]:
    """Write gaps with their causes and remedies, places in the asked coordinate system but for those in bodies."""
    names = {site.id: site.name for site in region.sites}
    return [
        {
            "rank": told.gap.rank,
            "people": told.gap.people,
            "unit": told.gap.unit,
            "nearest_site": told.gap.nearest_site,
            "nearest_walk_m": told.gap.nearest_walk_m,
            "reason": told.gap.reason,
            "causes": [_cause(cause, names) for cause in told.causes],
            "remedies": [
                _remedy(remedy, system) | {"body": body_of(remedy, limit, kinds, open_at)} for remedy in told.remedies
            ],
        }
        for told in found
    ]


def body_of(remedy: Remedy, limit: Limit, kinds: Sequence[SiteKind] = (), open_at: datetime | None = None) -> Json:
    """Give a remedy as the body of POST /whatif, WGS-84; its delta of people covered is the people that it wins."""
    body: Json = {"profile": limit.profile, **_bound(limit)}
    if kinds:
        body["kind"] = [kind.value for kind in kinds]
    if open_at is not None:
        body["open_at"] = open_at.isoformat()
    site, where = remedy.site, remedy.spots
    if site is None:
        called = {"kind": "gate"} if remedy.kind is RemedyKind.GATE else {}
        return body | {"links": [{"from": [*where[0]], "to": [*where[1]], **called}]}
    if remedy.kind is RemedyKind.HOURS:
        return body | {"open": [site.id]}
    if remedy.kind is RemedyKind.PLACE:
        return body | {"move": [{"id": site.id, "lon": site.lon, "lat": site.lat}]}
    named = {"id": site.id, "name": site.name} if remedy.kind is RemedyKind.SHOP else {}
    return body | {"add": [{"lon": site.lon, "lat": site.lat, "kind": site.kind.value, **named}]}


def _bound(limit: Limit) -> Json:
    """Say the limit in minutes where these give the very same one, else in metres."""
    minutes = limit.limit_s / 60
    try:
        if limit_for(limit.profile, minutes=minutes) == limit:
            return {"minutes": minutes}
    except InputError:  # more minutes than may be asked for
        pass
    return {"metres": limit.limit_m}


def _cause(cause: Cause, names: Mapping[str, str]) -> Json:
    return {
        "kind": cause.kind.value,
        "people": cause.people,
        "homes": cause.homes,
        "site": cause.site,
        "site_name": None if cause.site is None else names[cause.site],
        "straight_m": cause.straight_m,
        "walk_m": cause.walk_m,
        "obstacle": None if cause.obstacle is None else _obstacle(cause.obstacle),
        "streets": list(cause.streets),
    }


def _remedy(remedy: Remedy, system: CoordSys) -> Json:
    site = remedy.site
    named = None if site is None else {"id": site.id, "name": site.name, "kind": site.kind.value, "hours": site.hours}
    return {
        "kind": remedy.kind.value,
        "people_won": remedy.people_won,
        "people_here": remedy.people_here,
        "site": named,
        "spots": [_spot(spot, system) for spot in remedy.spots],
        "streets": list(remedy.streets),
        "crosses": [_obstacle(obstacle) for obstacle in remedy.crosses],
        "length_m": remedy.length_m,
    }


def _obstacle(obstacle: Obstacle) -> Json:
    return {"kind": obstacle.kind, "name": obstacle.name}


def _spot(spot: LngLat, system: CoordSys) -> list[float]:
    lon, lat = from_wgs84(spot.lon, spot.lat, system)
    return [float(lon), float(lat)]
