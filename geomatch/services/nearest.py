"""Use cases: the sites nearest to a point, and to many points at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import InputError
from geomatch.geo.coordinates import LngLat
from geomatch.network import reach
from geomatch.network.profiles import profile_named
from geomatch.planning.nearest import Hit, LookupAnswer, NearestAnswer, Query

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import ArrayLike, NDArray

    from geomatch.network.profiles import Limit
    from geomatch.network.snap import Places
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
    x, y = region.graph.plane.to_xy(lon, lat)
    point = reach.place(region.ways(limit.profile), x, y)
    access_m = float(point.access_m[0])
    on_network = bool(point.edge[0] >= 0)
    query = Query(lon, lat, access_m if np.isfinite(access_m) else None, on_network, limit)
    if not on_network:
        return NearestAnswer(query, ())
    if only_within:
        rows, walks = _all_within(region, point, limit, _allowed(region, kinds, open_at))
    elif open_at is None and k <= _FIELD_K:
        field = region.field(limit.profile, kinds, k)
        found, found_m = reach.nearest(region.ways(limit.profile), field, point)
        rows, walks = found[0], found_m[0]
    else:
        rows, walks = reach.nearest_allowed(
            region.ways(limit.profile), region.field(limit.profile), _allowed(region, kinds, open_at), point, k
        )
    return NearestAnswer(query, _hits(region, query, point, rows, walks, route=route))


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
    if open_at is None:
        return region.is_kind(kinds)
    from geomatch.planning import opening  # noqa: PLC0415 - only who asks for a time pays for it

    zone = region.spec.timezone
    return np.array(
        [
            (not kinds or site.kind in kinds) and opening.is_open(site.hours, open_at, timezone=zone) is True
            for site in region.sites
        ],
        bool,
    )


def _all_within(
    region: Region, point: Places, limit: Limit, allowed: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Walk outward from the point: it is as far there as back, so the sites met hold the point in their circles."""
    ways, sites = region.ways(limit.profile), region.site_places(limit.profile)
    met = reach.within(ways, point, sites, limit.limit_m, ordered=region.sites_by_edge(limit.profile))
    mine = allowed[met.point]
    rows, walks = met.point[mine], met.walk_m[mine]
    order = np.lexsort((rows, walks))
    return rows[order], walks[order]


def _hits(
    region: Region,
    query: Query,
    point: Places,
    rows: NDArray[np.int32],
    walks: NDArray[np.float64],
    *,
    route: bool,
) -> tuple[Hit, ...]:
    x, y = region.graph.plane.to_xy(query.lon, query.lat)
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
                straight_m=float(np.hypot(region.site_x[row] - x, region.site_y[row] - y)),
                within=walk_m <= query.limit.limit_m,
                route=_route(region, query, point, row) if route else None,
            )
        )
    return tuple(hits)


def _route(region: Region, query: Query, point: Places, row: int) -> tuple[LngLat, ...]:
    """Give the whole way: from the point to the street, along the streets, from the street to the site."""
    profile = query.limit.profile
    walk = reach.path(region.ways(profile), point, region.site_places(profile).take([row]))
    site = region.sites[row]
    ends = LngLat(query.lon, query.lat), LngLat(site.lon, site.lat)
    if walk is None:
        return ends
    lon, lat = region.graph.plane.to_lonlat(walk.xy[:, 0], walk.xy[:, 1])
    return (ends[0], *(LngLat(*pair) for pair in zip(lon.tolist(), lat.tolist(), strict=True)), ends[1])
