"""What would be if one thing were otherwise: the counterfactuals of uncovered homes, walked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.network import reach, snap
from geomatch.network.profiles import PROFILES
from geomatch.planning.causes import judging
from geomatch.planning.causes.judging import NOTHING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.network.profiles import Limit
    from geomatch.network.reach import Ways
    from geomatch.network.snap import Places
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region

_FREE, _QUICK = "standard", "adult"
"""Who takes steps like a street, and who walks fastest: what others are held against."""


@dataclass(frozen=True)
class Uncovered:
    """The homes that all gaps hold, and the question that they are uncovered by.

    Attributes:
        every: the region with all its sites; sites are named by their row in it.
        counted: the edition whose sites count at the hour asked.
        limit, kinds: the rest of the question.
        rows: int64 (n,), which homes of the region.
        gap: int64 (n,), the place of each one's gap in the list of gaps.
    """

    every: Region
    counted: Region
    limit: Limit
    kinds: tuple[SiteKind, ...]
    rows: NDArray[np.int64]
    gap: NDArray[np.intp]

    @property
    def ways(self) -> Ways:
        """The streets as who walks may use them."""
        return self.counted.ways(self.limit.profile)

    @property
    def places(self) -> Places:
        """Where the homes meet the streets, (n,)."""
        return self.counted.home_places(self.limit.profile).take(self.rows)

    @property
    def population(self) -> NDArray[np.int64]:
        """People of each home, int64 (n,)."""
        return self.counted.homes.population[self.rows]

    @property
    def xy(self) -> NDArray[np.float64]:
        """The homes on the plane, float64 (n, 2)."""
        return np.column_stack(self.counted.home_xy)[self.rows]

    def by_gap(self, option: NDArray[np.intp], home: NDArray[np.int32], options: int, gaps: int) -> NDArray[np.int64]:
        """Count the people of pairs of an option and a home that it wins, int64 (options, gaps)."""
        weights = self.population[home].astype(np.float64)
        people = np.bincount(option * gaps + self.gap[home], weights=weights, minlength=options * gaps)
        return people.astype(np.int64).reshape(options, gaps)


def homes_of(asked: Uncovered) -> judging.Homes:
    """Walk every counterfactual but those of obstacles."""
    rows, limit = asked.rows, asked.limit
    nothing = np.full(len(rows), NOTHING, np.int32)
    straight_m, site = _straight(asked)
    by_street, only_steps = _streets_near(asked)
    closed_site, closed_m = _closed_sites(asked)
    return judging.Homes(
        population=asked.population,
        straight_m=straight_m,
        site=site,
        walk_m=asked.counted.home_walks(limit.profile, asked.kinds).walk_m[rows, 0],
        on_network=asked.places.on_network,
        by_street=by_street,
        only_steps=only_steps,
        closed_site=closed_site,
        closed_m=closed_m,
        stray_site=_stray_sites(asked),
        without_steps=_within_as(asked, _FREE, limit.limit_m),
        as_adult=_within_as(asked, _QUICK, limit.limit_s * PROFILES[_QUICK].speed_mps),
        won_from=nothing,
        by_ramp=nothing,
        behind=nothing,
    )


def usual_detour(asked: Uncovered) -> float:
    """Give the median, over the region's homes, of the walk to the nearest site by the metres as the crow flies."""
    counted = asked.counted
    away_m, _ = _away(asked, np.column_stack(counted.home_xy))
    walk_m = counted.home_walks(asked.limit.profile, asked.kinds).walk_m[:, 0]
    known = np.isfinite(walk_m) & (away_m > 0)
    return float(np.median(walk_m[known] / away_m[known])) if known.any() else 1.0


def _straight(asked: Uncovered) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """Give each home's metres as the crow flies to the nearest site that counts, and its row in the region."""
    away_m, site = _away(asked, asked.xy)
    every = np.array([asked.every.site_row(site.id) for site in asked.counted.sites], np.int32)
    return away_m, np.append(every, np.int32(NOTHING))[site]


def _away(asked: Uncovered, xy: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Give points' metres as the crow flies to the nearest site that counts, inf where there is none, and its row."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - scipy stays out of the way to a first answer

    counted = asked.counted
    sites = np.flatnonzero(counted.is_kind(asked.kinds))
    if not len(sites):
        return np.full(len(xy), np.inf), np.full(len(xy), NOTHING, np.intp)
    away_m, place = cKDTree(np.column_stack([counted.site_x, counted.site_y])[sites]).query(xy)
    return np.asarray(away_m, np.float64), sites[place]


def _streets_near(asked: Uncovered) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell of homes off the network whether any way is near, and whether it is one that who walks may not use."""
    ways, off = asked.ways, np.flatnonzero(~asked.places.on_network)
    by_street, only_steps = np.zeros(len(asked.rows), bool), np.zeros(len(asked.rows), bool)
    if len(off):
        every_edge = np.ones(ways.graph.edge_count, bool)
        near = snap.nearest_places(ways.index, every_edge, *asked.xy[off].T, max_access_m=ways.max_access_m)
        by_street[off] = near.on_network
        only_steps[off] = near.on_network & ~np.isfinite(ways.factor[near.edge])
    return by_street, only_steps


def _closed_sites(asked: Uncovered) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Give each home's nearest site of all, where that is within the limit though no open one is, and the walk."""
    walks = asked.every.home_walks(asked.limit.profile, asked.kinds)
    walk_m = walks.walk_m[asked.rows, 0]
    return np.where(walk_m <= asked.limit.limit_m, walks.site[asked.rows, 0], np.int32(NOTHING)), walk_m


def _within_as(asked: Uncovered, profile: str, limit_m: float) -> NDArray[np.bool_]:
    """Tell whether somebody else would find a site within a limit; asked only for those who walk worse than others."""
    if not PROFILES[asked.limit.profile].factors:
        return np.zeros(len(asked.rows), bool)
    walk_m = asked.counted.home_walks(profile, asked.kinds).walk_m[asked.rows, 0]
    return np.asarray(walk_m <= limit_m, bool)


def stray_rows(asked: Uncovered) -> NDArray[np.intp]:
    """Give the rows, in the counted edition, of sites that count but reach no street, though one is within 2 km."""
    counted = asked.counted
    places = counted.site_places(asked.limit.profile)
    return np.flatnonzero(counted.is_kind(asked.kinds) & ~places.on_network & np.isfinite(places.access_m))


def feet_of(asked: Uncovered, rows: NDArray[np.intp]) -> Places:
    """Give the places on the nearest usable streets of sites that reach none."""
    counted, ways = asked.counted, asked.ways
    x, y = counted.site_x[rows], counted.site_y[rows]
    return snap.nearest_places(ways.index, ways.usable, x, y, max_access_m=snap.SEARCH_M)


def _stray_sites(asked: Uncovered) -> NDArray[np.int32]:
    """Give each home a site that reaches no street, near enough as the crow flies, and within if it did reach one."""
    found = np.full(len(asked.rows), NOTHING, np.int32)
    counted, rows, limit_m = asked.counted, stray_rows(asked), asked.limit.limit_m
    if not len(rows):
        return found
    met = reach.within(asked.ways, feet_of(asked, rows), asked.places, limit_m)
    for place, row in enumerate(rows.tolist()):
        near = met.point[met.start[place] : met.start[place + 1]]
        away_m = np.hypot(*(asked.xy[near] - (counted.site_x[row], counted.site_y[row])).T)
        near = near[(away_m <= limit_m) & (found[near] < 0)]
        found[near] = asked.every.site_row(counted.sites[row].id)
    return found
