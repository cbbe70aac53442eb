"""Use case: what coverage would be if sites came, went or moved, or a footbridge or gate were there; nothing is saved.

Only what changes is walked anew: the new sites by a field of their own, the closed ones by what stands next on each
home's list. The figures are those of the same region built with the changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import Fault, InputError
from geomatch.network import reach
from geomatch.planning import coverage as coverage_room
from geomatch.planning import scenario
from geomatch.planning.coverage import People
from geomatch.planning.scenario import Nearby
from geomatch.services import coverage as coverage_service

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from geomatch.network.profiles import Limit
    from geomatch.network.reach import Ways
    from geomatch.network.snap import Places
    from geomatch.planning.coverage import CoverageTable
    from geomatch.planning.sites import Site, SiteKind
    from geomatch.services.region import Region

_BEYOND_M = 1e9
"""Where a place on the other side of the globe lies, which the plane of a region cannot show."""

LISTED = 4
"""Sites listed for each home: closing two of them still leaves the two that coverage needs."""


@dataclass(frozen=True, slots=True)
class Move:
    """A site that goes elsewhere, WGS-84 degrees."""

    id: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Link:
    """A straight footbridge or a gate that everybody may use, from one place to another, WGS-84 degrees.

    Both ends are joined to the nearest street by a straight leg, as any place is.
    """

    from_lon: float
    from_lat: float
    to_lon: float
    to_lat: float


@dataclass(frozen=True, slots=True)
class Changes:
    """What is asked: sites to add, ids to close, sites to move, links to build, ids to keep open at the hour asked."""

    add: tuple[Site, ...] = ()
    close: tuple[str, ...] = ()
    move: tuple[Move, ...] = ()
    links: tuple[Link, ...] = ()
    open: tuple[str, ...] = ()


@dataclass(frozen=True)
class WhatIf:
    """Coverage without and with the changes.

    Attributes:
        before, after: the coverage tables; their units stand in the same order.
        off_network: ids of added and moved sites that reach no street and so serve nobody.
        turned: int8, for each of the region's homes 1 where it comes within the limit, -1 where it falls out, else 0.
        left_m: for each link the metres that are left of the limit at its two ends, for who came there over a link;
            None where the link brings no site nearer, or not near enough. So the ground within the limit is that of
            the sites without links, and that around these ends within these metres.
        shut: ids of the sites that do not count, since they are not known to be open at the hour that was asked for.
    """

    before: CoverageTable
    after: CoverageTable
    off_network: tuple[str, ...]
    turned: NDArray[np.int8]
    left_m: tuple[tuple[float | None, float | None], ...]
    shut: tuple[str, ...]


def whatif(
    region: Region,
    changes: Changes,
    limit: Limit,
    kinds: Sequence[SiteKind] = (),
    *,
    open_at: datetime | None = None,
) -> WhatIf:
    """Count the people covered without and with some changes.

    Args:
        region: an open region.
        changes: what is asked.
        limit: how far is within reach, and for whom.
        kinds: only sites of these kinds count, old and new; all where empty.
        open_at: only sites known to be open then count, and new ones; a site that is closed then may be closed or moved
            without effect.

    Raises:
        InputError: an id that there is not or that stands twice, a link with an end that no street is near, a site to
            keep open without an hour.
    """
    _check(region, changes, has_hour=open_at is not None)
    every, region = region, region if open_at is None else region.open_at(open_at)
    gone, come = _moving(every, region, changes)
    ways = region.ways(limit.profile)
    before = coverage_service.coverage(region, limit, kinds)
    ends = _ends(ways, region, changes.links)
    points = _Points(region, limit.profile, ends)
    new = _New(region, limit.profile, come, kinds)
    walks = _walks(region, points, gone, new, kinds)
    straight_m = _straight(region, gone, new, kinds)
    if walks is None or straight_m is None:  # too many closed side by side: walk it all
        changed = _edition(region, gone, come)
        walks = _listed(changed, points, kinds, 2)
        straight_m = _straight_listed(changed, kinds, 1).away_m[:, 0]
    left_m: tuple[tuple[float | None, float | None], ...] = ()
    if ends is not None:
        to_ends = walks.take(slice(len(points.homes), None))
        at_ends = _through_links(to_ends, points, ends)
        walks = _over_links(walks, at_ends, points, ends)
        left_m = _left(to_ends, at_ends, limit.limit_m)
    people = People(
        population=region.homes.population,
        unit=region.homes.unit,
        on_network=points.homes.on_network,
        walk_m=walks.away_m[:, 0],
        second_m=walks.away_m[:, 1],
        straight_m=straight_m,
    )
    after = coverage_room.tabulate(people, region.townships.ids, region.unit_names, limit=limit, kinds=kinds)
    off = np.flatnonzero(~new.all_places.on_network).tolist()
    turned = scenario.turned(region.home_walks(limit.profile, kinds).walk_m[:, 0], people.walk_m, limit.limit_m)
    counted = {site.id for site in region.sites}
    shut = tuple(site.id for site in every.sites if site.id not in counted)
    return WhatIf(before, after, tuple(come[row].id for row in off), turned, left_m, shut)


def edition(region: Region, changes: Changes, *, open_at: datetime | None = None) -> Region:
    """Give the region with the sites that a what-if leaves it; its links are no part of it."""
    counted = region if open_at is None else region.open_at(open_at)
    return _edition(counted, *_moving(region, counted, changes))


def _edition(region: Region, gone: Sequence[int], come: Sequence[Site]) -> Region:
    closed = set(gone)
    return region.with_sites([*(site for row, site in enumerate(region.sites) if row not in closed), *come])


def _check(region: Region, changes: Changes, *, has_hour: bool) -> None:
    """Refuse changes that name no site, one site twice, or an id that is taken."""
    rows = {site.id for site in region.sites}
    opened = [(f"open.{place}", site_id) for place, site_id in enumerate(changes.open)]
    named = [(f"close.{place}", site_id) for place, site_id in enumerate(changes.close)]
    named += [(f"move.{place}.id", move.id) for place, move in enumerate(changes.move)]
    faults = [Fault(where, f"there is no site {site_id!r}") for where, site_id in named + opened if site_id not in rows]
    if opened and not has_hour:
        faults.append(Fault("open", "says nothing without open_at, the hour to be open at"))
    for told, one_list in (("closed or moved", named), ("opened", opened)):
        seen: set[str] = set()
        for where, site_id in one_list:
            if site_id in seen:
                faults.append(Fault(where, f"{site_id!r} is {told} more than once"))
            seen.add(site_id)
    closed = set(changes.close)
    faults += [Fault(where, f"{site_id!r} is closed as well") for where, site_id in opened if site_id in closed]
    taken = rows - closed
    for place, site in enumerate(changes.add):
        if site.id in taken:
            faults.append(Fault(f"add.{place}.id", f"{site.id!r} is the id of another site"))
        taken.add(site.id)
    if faults:
        raise InputError(faults)


def _moving(every: Region, counted: Region, changes: Changes) -> tuple[list[int], tuple[Site, ...]]:
    """Give the rows of the counted sites that leave their place, and the sites that come, moved ones included."""
    rows = {site.id: row for row, site in enumerate(counted.sites)}
    spots = {move.id: move for move in changes.move}
    opened = [site_id for site_id in changes.open if site_id not in rows]
    moved = [site_id for site_id in spots if site_id in rows]
    come = list(changes.add)
    for site_id in (*moved, *opened):
        site, spot = every.sites[every.site_row(site_id)], spots.get(site_id)
        come.append(site if spot is None else replace(site, lon=spot.lon, lat=spot.lat))
    return [rows[site_id] for site_id in (*changes.close, *moved) if site_id in rows], tuple(come)


@dataclass(frozen=True)
class _Ends:
    """Where L links meet the streets: first the ends that they come from, then those that they go to.

    Attributes:
        places: the 2 L ends.
        length_m: float64 (L,), straight metres from end to end.
    """

    places: Places
    length_m: NDArray[np.float64]


class _Points:
    """The homes, and behind them the ends of the links, whose nearest sites are asked for alike."""

    def __init__(self, region: Region, profile: str, ends: _Ends | None) -> None:
        self.ways = region.ways(profile)
        self.homes, self.ends = region.home_places(profile), None if ends is None else ends.places
        self.profile = profile

    def nearest(self, nearby: reach.Field) -> Nearby:
        """Give the nearest places of a field, of homes first and then of ends."""
        found = Nearby(*reach.nearest(self.ways, nearby, self.homes))
        if self.ends is None:
            return found
        ends = Nearby(*reach.nearest(self.ways, nearby, self.ends))
        return Nearby(np.concatenate([found.site, ends.site]), np.concatenate([found.away_m, ends.away_m]))


class _New:
    """The sites that come, with those of other kinds off the network."""

    def __init__(self, region: Region, profile: str, sites: Sequence[Site], kinds: Sequence[SiteKind]) -> None:
        self.sites = sites
        lon = np.array([site.lon for site in sites], np.float64)
        lat = np.array([site.lat for site in sites], np.float64)
        self.counts = np.array([not kinds or site.kind in kinds for site in sites], bool)
        self.x, self.y = region.graph.plane.to_xy(lon, lat)
        self.all_places = reach.place(region.ways(profile), self.x, self.y)
        edge = np.where(self.counts, self.all_places.edge, np.int32(-1)).astype(np.int32)
        self.places = replace(self.all_places, edge=edge)
        self.first = len(region.sites)  # new sites are numbered behind the old ones


def _ends(ways: Ways, region: Region, links: Sequence[Link]) -> _Ends | None:
    """Join both ends of each link to the streets."""
    if not links:
        return None
    lon = np.array([link.from_lon for link in links] + [link.to_lon for link in links], np.float64)
    lat = np.array([link.from_lat for link in links] + [link.to_lat for link in links], np.float64)
    x, y = region.graph.plane.to_xy(lon, lat)
    places, count, sides = reach.place(ways, x, y), len(links), ("from", "to")
    off = np.flatnonzero(~places.on_network).tolist()
    if off:
        named = [f"links.{row % count}.{sides[row // count]}" for row in off]
        raise InputError([Fault(where, "no street that may be walked is near this end") for where in named])
    return _Ends(places, np.hypot(x[:count] - x[count:], y[:count] - y[count:]))


def _listed(region: Region, points: _Points, kinds: Sequence[SiteKind], k: int) -> Nearby:
    return points.nearest(region.field(points.profile, kinds, k))


def _walks(region: Region, points: _Points, gone: Sequence[int], new: _New, kinds: Sequence[SiteKind]) -> Nearby | None:
    """Give the two nearest sites of homes and ends with the changes; None where the lists are too short to tell."""
    if points.ends is None:
        listed = region.home_lists.get(
            (points.profile, frozenset(kinds)), lambda: _listed(region, points, kinds, LISTED)
        )
    else:
        listed = _listed(region, points, kinds, LISTED)
    kept = listed.without(gone, 2)
    if kept is None or not new.counts.any():
        return kept
    found = points.nearest(reach.field(points.ways, new.places, min(2, int(new.counts.sum()))))
    return kept.joined(Nearby(np.where(found.site >= 0, found.site + new.first, found.site), found.away_m))


def _straight(region: Region, gone: Sequence[int], new: _New, kinds: Sequence[SiteKind]) -> NDArray[np.float64] | None:
    """Give each home's metres to the nearest site as the crow flies, with the changes; None as above."""
    listed = region.home_lists.get(("straight", frozenset(kinds)), lambda: _straight_listed(region, kinds, LISTED))
    kept = listed.without(gone, 1)
    if kept is None:
        return None
    away_m = kept.away_m[:, 0]
    if not new.counts.any():
        return away_m
    return np.minimum(away_m, _away(region, new.x[new.counts], new.y[new.counts], 1)[1][:, 0])


def _straight_listed(region: Region, kinds: Sequence[SiteKind], k: int) -> Nearby:
    rows = np.flatnonzero(region.is_kind(kinds)).astype(np.int32)
    place, away_m = _away(region, region.site_x[rows], region.site_y[rows], k)
    return Nearby(np.append(rows, np.int32(scenario.NONE))[place], away_m)


def _away(
    region: Region, x: NDArray[np.float64], y: NDArray[np.float64], k: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Give each home's k nearest of some places as the crow flies; those that there are not are len(x), inf away."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - scipy stays out of the way to a first answer

    homes = np.column_stack(region.home_xy)
    if not len(x):
        return np.zeros((len(homes), k), np.intp), np.full((len(homes), k), np.inf)
    spots = np.nan_to_num(np.column_stack([x, y]), posinf=_BEYOND_M, neginf=-_BEYOND_M)
    away_m, place = cKDTree(spots).query(homes, k=list(range(1, k + 1)))
    return np.asarray(place, np.intp), np.asarray(away_m, np.float64)


def _through_links(to_ends: Nearby, points: _Points, ends: _Ends) -> Nearby:
    """Give the nearest sites of the ends once the links may be walked."""
    links = np.arange(len(ends.length_m))
    between_m = _every_walk(points.ways, ends.places, ends.places)
    for here, there in ((links, links + len(links)), (links + len(links), links)):
        between_m[here, there] = np.minimum(between_m[here, there], ends.length_m)
    return scenario.through(to_ends, between_m)


def _over_links(walks: Nearby, at_ends: Nearby, points: _Points, ends: _Ends) -> Nearby:
    """Let homes walk over the links; in `walks` the ends stand behind the homes."""
    to_homes_m = _every_walk(points.ways, ends.places, points.homes)
    return scenario.over(walks.take(slice(0, len(points.homes))), at_ends, to_homes_m.T)


def _left(before: Nearby, after: Nearby, limit_m: float) -> tuple[tuple[float | None, float | None], ...]:
    """Give what is left of the limit at both ends of each link that brings a site nearer."""
    left_m = limit_m - after.away_m[:, 0]
    helps = (after.away_m[:, 0] < before.away_m[:, 0]) & (left_m > 0)
    told = [left if help_ else None for left, help_ in zip(left_m.tolist(), helps.tolist(), strict=True)]
    return tuple(zip(told[: len(told) // 2], told[len(told) // 2 :], strict=True))


def _every_walk(ways: Ways, sites: Places, points: Places) -> NDArray[np.float64]:
    """Give the walk from every place to every point, float64 (sites, points), inf where there is none."""
    found = reach.within(ways, sites, points, np.inf)
    walk_m = np.full((len(sites), len(points)), np.inf)
    walk_m[np.repeat(np.arange(len(sites)), np.diff(found.start)), found.point] = found.walk_m
    return walk_m
