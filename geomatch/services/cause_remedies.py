"""What would win the people of gaps: sites that open, stay open longer or are set right, each counted as a what-if."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geomatch.geo.coordinates import LngLat
from geomatch.network import naming, reach, snap
from geomatch.network.graph import KINDS
from geomatch.planning.causes import spots
from geomatch.planning.causes.found import Remedy, RemedyKind
from geomatch.planning.sites import Site, SiteKind
from geomatch.services import cause_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geomatch.planning.siting.candidates import Candidate
    from geomatch.services.cause_facts import Uncovered

DECIMALS = 7
"""Of the degrees in a remedy, about a centimetre: people are counted from the rounded place."""

MOST_OF_A_KIND = 2
"""Remedies of one kind that a gap is told of."""

_NO_PLACE = ("trunk", "steps", "elevator", "crossing", "square", "corridor", "platform")
"""Kinds of way beside which nobody opens a site."""


@dataclass(frozen=True)
class Option:
    """A site as it would be, and how that comes about."""

    kind: RemedyKind
    site: Site
    streets: tuple[str, ...] = ()


def sites(asked: Uncovered, gaps: int, candidates: Sequence[Candidate]) -> list[list[Remedy]]:
    """Give each gap the sites that would win most of its people, a few of every kind.

    Args:
        asked: the uncovered homes of all gaps.
        gaps: how many gaps there are.
        candidates: shops that could be opened.
    """
    options = [*_new_sites(asked, gaps), *_shops(asked, candidates), *_closed(asked), *_strays(asked)]
    people = _people(asked, options, gaps)
    found: list[list[Remedy]] = [[] for _ in range(gaps)]
    for kind in RemedyKind:
        rows = np.array([row for row, option in enumerate(options) if option.kind is kind], np.intp)
        for gap in range(gaps):
            best = rows[np.argsort(-people[rows, gap], kind="stable")[:MOST_OF_A_KIND]]
            for row in best[people[best, gap] > 0].tolist():
                site, total = options[row].site, int(people[row].sum())
                spot = (LngLat(site.lon, site.lat),)
                found[gap].append(Remedy(kind, total, int(people[row, gap]), site, spot, options[row].streets))
    return found


def _people(asked: Uncovered, options: Sequence[Option], gaps: int) -> NDArray[np.int64]:
    """Count the uncovered people within the limit of each option, int64 (options, gaps)."""
    plane = asked.counted.graph.plane
    lon, lat = (np.array([getattr(option.site, axis) for option in options], np.float64) for axis in ("lon", "lat"))
    places = reach.place(asked.ways, *plane.to_xy(lon, lat))
    found = reach.within(asked.ways, places, asked.places, asked.limit.limit_m)
    option = np.repeat(np.arange(len(options)), np.diff(found.start))
    cell = option * gaps + asked.gap[found.point]
    weights = asked.population[found.point].astype(np.float64)
    counted = np.bincount(cell, weights=weights, minlength=len(options) * gaps)
    return counted.astype(np.int64).reshape(len(options), gaps)


def _new_sites(asked: Uncovered, gaps: int) -> Iterator[Option]:
    """Find for each gap the place on the streets from which most of its people are within the limit."""
    kind = SiteKind.STATION if not asked.kinds or SiteKind.STATION in asked.kinds else asked.kinds[0]
    graph, index = asked.counted.graph, asked.ways.index
    allowed = _building_ground(asked)
    for gap in range(gaps):
        mine = np.flatnonzero(asked.gap == gap)
        node = spots.best_node(
            asked.ways, asked.places.take(mine), asked.population[mine], asked.limit.limit_m, allowed
        )
        if node >= 0:
            x, y = np.asarray(graph.node_xy)[node]
            lon, lat = graph.plane.to_lonlat(x, y)
            streets = naming.meeting_at(graph, node) or naming.nearest(graph, index, np.array([x]), np.array([y]))
            site = Site("new-1", "", kind, round(float(lon), DECIMALS), round(float(lat), DECIMALS))
            yield Option(RemedyKind.SITE, site, tuple(filter(None, streets)))


def _building_ground(asked: Uncovered) -> NDArray[np.bool_]:
    """Tell of the nodes whether a site may stand there: in a unit, beside a street that is usable and no stairs."""
    graph, ways = asked.counted.graph, asked.ways
    fit = ways.usable & ~np.isin(graph.edge_kind, [KINDS.index(kind) for kind in _NO_PLACE])
    allowed = np.zeros(graph.node_count, bool)
    allowed[graph.edge_u[fit]] = True
    allowed[graph.edge_v[fit]] = True
    lon, lat = graph.plane.to_lonlat(*np.asarray(graph.node_xy).T)
    return allowed & (asked.counted.townships.locate(lon, lat) >= 0)


def _shops(asked: Uncovered, candidates: Sequence[Candidate]) -> Iterator[Option]:
    if asked.kinds and SiteKind.OUTPOST not in asked.kinds:
        return
    taken = {site.id for site in asked.every.sites}
    for shop in candidates:
        site_id = f"shop-{shop.id}" if shop.id in taken else shop.id
        yield Option(RemedyKind.SHOP, Site(site_id, shop.name, SiteKind.OUTPOST, shop.lon, shop.lat))


def _closed(asked: Uncovered) -> Iterator[Option]:
    """Give the sites that would count were they open at the hour asked."""
    is_open = {site.id for site in asked.counted.sites}
    for site in asked.every.sites:
        if site.id not in is_open and (not asked.kinds or site.kind in asked.kinds):
            yield Option(RemedyKind.HOURS, site)


def _strays(asked: Uncovered) -> Iterator[Option]:
    """Give the sites that reach no street, moved to the nearest street that may be used."""
    counted, ways = asked.counted, asked.ways
    rows = cause_facts.stray_rows(asked)
    if not len(rows):
        return
    xy = snap.xy_of(counted.graph, ways.index, cause_facts.feet_of(asked, rows))
    lon, lat = counted.graph.plane.to_lonlat(xy[:, 0], xy[:, 1])
    for row, *spot in zip(rows.tolist(), lon.round(DECIMALS).tolist(), lat.round(DECIMALS).tolist(), strict=True):
        yield Option(RemedyKind.PLACE, replace(counted.sites[row], lon=spot[0], lat=spot[1]))
