"""Who is near by walking: the answers to "which site is nearest to here"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geomatch.geo.coordinates import LngLat
    from geomatch.network.profiles import Limit
    from geomatch.planning.sites import Site


@dataclass(frozen=True, slots=True)
class Query:
    """The question as it was understood.

    Attributes:
        lon, lat: WGS-84 degrees.
        access_m: the straight leg to the street, or None where no street lies within 2 km.
        on_network: False where the leg is over the region's max_access_m (then there are no hits).
        limit: standard, profile, limit_m and limit_s that "within" refers to.
    """

    lon: float
    lat: float
    access_m: float | None
    on_network: bool
    limit: Limit


@dataclass(frozen=True, slots=True)
class Hit:
    """One site that can be walked to.

    Attributes:
        site: the site.
        rank: 1 for the nearest by walking.
        walk_m: effective walking metres, both access legs included.
        walk_s: the same as seconds of the profile.
        straight_m: metres as the crow flies on the region's plane.
        within: walk_m <= limit_m.
        route: WGS-84 points from the query to the site, or None where not asked for.
    """

    site: Site
    rank: int
    walk_m: float
    walk_s: float
    straight_m: float
    within: bool
    route: tuple[LngLat, ...] | None = None


@dataclass(frozen=True, slots=True)
class NearestAnswer:
    """The sites nearest to one point, by walk_m; unreachable sites are never listed."""

    query: Query
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class LookupAnswer:
    """The k nearest sites of n points.

    Attributes:
        sites: the sites that `site` indexes.
        site: int32 (n, k), index into sites, -1 where nothing (more) can be reached.
        walk_m: float64 (n, k), inf where nothing (more) can be reached.
        access_m: float64 (n,), inf where no street lies within 2 km.
        on_network: bool (n,).
        limit: standard, profile, limit_m and limit_s that "within" refers to.
        speed_mps: walk_s = walk_m / speed_mps.
    """

    sites: tuple[Site, ...]
    site: NDArray[np.int32]
    walk_m: NDArray[np.float64]
    access_m: NDArray[np.float64]
    on_network: NDArray[np.bool_]
    limit: Limit
    speed_mps: float
