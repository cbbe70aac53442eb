"""Use cases: the sites nearest to a point, and to many points at once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import InputError
from geomatch.geo.coordinates import XY, LngLat
from geomatch.network import reach
from geomatch.network.profiles import profile_named
from geomatch.planning.nearest import Hit, LookupAnswer, NearestAnswer, Query

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import ArrayLike, NDArray

    from geomatch.network.profiles import Limit
    from geomatch.network.reach import Place
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region

MAX_K = 100
MAX_LOOKUP_K = 20
_FIELD_K = 3  # up to here a field of the whole network is kept; beyond, a search outward costs less than its memory


def nearest(
    region: Region,
    lon: float,
    lat: float,
    *,
    limit: Limit,
    k: int = 1,
    kinds: Sequence[SiteKind] = (),
    open_at: datetime | None = None,
    route: bool = False,
    only_within: bool = False,
) -> NearestAnswer:
    """Find the k sites nearest to a point by walking, exactly.

    Args:
        region: an open region.
        lon: WGS-84 degrees.
        lat: WGS-84 degrees.
        limit: sets the profile, and what counts as within.
        k: how many, 1 to MAX_K; fewer hits where fewer can be reached.
        kinds: kinds of site that count; all where empty.
        open_at: only sites open then; a time without a zone is the region's own. Sites of unknown hours do not count.
        route: also give each hit's way on foot.
        only_within: every site whose circle holds the point, k is ignored.

    Raises:
        InputError: k out of range.
    """
    _check_k(k, MAX_K)
    ways = region.ways(limit.profile)
    x, y = region.graph.plane.to_xy(lon, lat)
    at = XY(float(x), float(y))
    filtered = only_within or open_at is not None or k > _FIELD_K
    nearby = region.field(limit.profile) if filtered else region.field(limit.profile, kinds, k)
    point, rows, walks = reach.place_and_nearest(ways, nearby, *at)
    if filtered:
        allowed = _allowed(region, kinds, open_at)
        if only_within:
            rows, walks = _all_within(region, point, limit, allowed)
        else:
            rows, walks = reach.nearest_allowed(ways, nearby, allowed, point.places(), k)
    access_m = point.access_m if math.isfinite(point.access_m) else None
    query = Query(lon, lat, access_m, point.edge >= 0, limit)
    return NearestAnswer(query, _hits(region, query, at, point, rows, walks, route=route))


def lookup(
    region: Region, lon: ArrayLike, lat: ArrayLike, *, limit: Limit, k: int = 1, kinds: Sequence[SiteKind] = ()
) -> LookupAnswer:
    """Find the k nearest sites of many points.

    Args:
        region: an open region.
        lon: WGS-84 degrees, shape (n,).
        lat: WGS-84 degrees, shape (n,).
        limit: sets the profile, and what counts as within.
        k: how many for each point, 1 to MAX_LOOKUP_K.
        kinds: kinds of site that count; all where empty.

    Raises:
        InputError: k out of range.
    """
    _check_k(k, MAX_LOOKUP_K)
    ways = region.ways(limit.profile)
    points = reach.place(ways, *region.graph.plane.to_xy(lon, lat))
    site, walk_m = reach.nearest(ways, region.field(limit.profile, kinds, k), points)
    speed_mps = profile_named(limit.profile).speed_mps
    return LookupAnswer(region.sites, site, walk_m, points.access_m, points.on_network, limit, speed_mps)


def _check_k(k: int, most: int) -> None:
    if not 1 <= k <= most:
        raise InputError.of("k", f"must be 1 to {most}", value=k)


def _allowed(region: Region, kinds: Sequence[SiteKind], open_at: datetime | None) -> NDArray[np.bool_]:
    counts = region.is_kind(kinds)
    return counts if open_at is None else counts & region.is_open(open_at)


def _all_within(
    region: Region, point: Place, limit: Limit, allowed: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Walk outward from the point: it is as far there as back, so the sites met hold the point in their circles."""
    ways, sites = region.ways(limit.profile), region.site_places(limit.profile)
    met = reach.within(ways, point.places(), sites, limit.limit_m, ordered=region.sites_by_edge(limit.profile))
    mine = allowed[met.point]
    rows, walks = met.point[mine], met.walk_m[mine]
    order = np.lexsort((rows, walks))
    return rows[order], walks[order]


def _hits(  # noqa: PLR0917 - private, one call
    region: Region,
    query: Query,
    at: XY,
    point: Place,
    rows: NDArray[np.int32],
    walks: NDArray[np.float64],
    *,
    route: bool,
) -> tuple[Hit, ...]:
    speed_mps = profile_named(query.limit.profile).speed_mps
    hits = []
    for rank, (row, walk_m) in enumerate(zip(rows.tolist(), walks.tolist(), strict=True), 1):
        if row < 0:
            break
        hits.append(
            Hit(
                site=region.sites[row],
                rank=rank,
                walk_m=walk_m,
                walk_s=walk_m / speed_mps,
                straight_m=math.hypot(region.site_x[row] - at.x, region.site_y[row] - at.y),
                within=walk_m <= query.limit.limit_m,
                route=_route(region, query, point, row) if route else None,
            )
        )
    return tuple(hits)


def _route(region: Region, query: Query, point: Place, row: int) -> tuple[LngLat, ...]:
    """Give the whole way: from the point to the street, along the streets, from the street to the site."""
    profile = query.limit.profile
    walk = reach.path(region.ways(profile), point.places(), region.site_places(profile).take([row]))
    site = region.sites[row]
    ends = LngLat(query.lon, query.lat), LngLat(site.lon, site.lat)
    if walk is None:
        return ends
    lon, lat = region.graph.plane.to_lonlat(walk.xy[:, 0], walk.xy[:, 1])
    return (ends[0], *(LngLat(*pair) for pair in zip(lon.tolist(), lat.tolist(), strict=True)), ends[1])
