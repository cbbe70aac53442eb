"""What would win the people of gaps: sites that open, stay open longer or are set right, each counted as a what-if."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geomatch.geo.coordinates import LngLat
from geomatch.network import naming, reach, snap
from geomatch.network.graph import KINDS
from geomatch.planning.causes import spots as spots_room
from geomatch.planning.causes.found import Remedy, RemedyKind
from geomatch.planning.sites import Site, SiteKind
from geomatch.services import cause_facts, cause_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geomatch.network.snap import Places
    from geomatch.planning.siting.candidates import Candidate
    from geomatch.services.cause_facts import Uncovered

MOST_OF_A_KIND = 2
"""Remedies of one kind that a gap is told of."""

_NO_PLACE = ("trunk", "steps", "elevator", "crossing", "square", "corridor", "platform")
"""Kinds of way beside which nobody opens a site."""


@dataclass(frozen=True)
class Option:
    """A site as it would be, how that comes about, and the gap that it was looked for, None where for any."""

    kind: RemedyKind
    site: Site
    streets: tuple[str, ...] = ()
    gap: int | None = None


def sites(asked: Uncovered, gaps: int, candidates: Sequence[Candidate]) -> list[list[Remedy]]:
    """Give each gap the sites that would win most of its people, a few of every kind.

    Args:
        asked: the uncovered homes of all gaps.
        gaps: how many gaps there are.
        candidates: shops that could be opened.
    """
    options = [*_new_sites(asked, gaps), *_shops(asked, candidates), *_closed(asked), *_strays(asked)]
    spots = [LngLat(option.site.lon, option.site.lat) for option in options]
    _, places = cause_places.placed(asked, spots)
    met = reach.within(asked.ways, places, asked.places, asked.limit.limit_m)
    people = asked.by_gap(np.repeat(np.arange(len(options)), np.diff(met.start)), met.point, len(options), gaps)
    found: list[list[Remedy]] = [[] for _ in range(gaps)]
    for gap in range(gaps):
        for row in _best(options, people[:, gap], gap):
            option, won = options[row], int(people[row].sum())
            remedy = Remedy(option.kind, won, int(people[row, gap]), option.site, (spots[row],), option.streets)
            found[gap].append(remedy)
    return found


def _best(options: Sequence[Option], people: NDArray[np.int64], gap: int) -> Iterator[int]:
    """Give a few options of every kind, those that win most people of the gap; other gaps' own spots are left out."""
    for kind in RemedyKind:
        rows = [
            row
            for row, option in enumerate(options)
            if option.kind is kind and people[row] and option.gap in (None, gap)
        ]
        yield from sorted(rows, key=lambda row: -people[row])[:MOST_OF_A_KIND]


def _new_sites(asked: Uncovered, gaps: int) -> Iterator[Option]:
    """Find for each gap the places on the streets from which most of its people are within the limit."""
    kind = SiteKind.STATION if not asked.kinds or SiteKind.STATION in asked.kinds else asked.kinds[0]
    ways, ground = asked.ways, _building_ground(asked)
    own: list[tuple[int, int]] = []
    for gap in range(gaps):
        mine = np.flatnonzero(asked.gap == gap)
        places, people = asked.places.take(mine), asked.population[mine]
        nodes = spots_room.best_nodes(ways, ground, places, people, asked.limit.limit_m, most=MOST_OF_A_KIND)
        own += [(gap, node) for node in nodes]
    places = ground.take(np.array([node for _, node in own], np.intp))
    xy = snap.xy_of(ways.graph, ways.index, places)
    found = zip(own, cause_places.rounded(asked, xy), cause_places.names(asked, xy, places), strict=True)
    for (gap, node), spot, name in found:
        streets = naming.meeting_at(ways.graph, node) or ((name,) if name else ())
        yield Option(RemedyKind.SITE, Site("new-1", "", kind, *spot), streets, gap)


def _building_ground(asked: Uncovered) -> Places:
    """Give the nodes as places; off the network where no site may stand: outside the units, on stairs, on a square."""
    graph, ways = asked.counted.graph, asked.ways
    nodes = reach.at_nodes(ways, ways.usable & ~np.isin(graph.edge_kind, [KINDS.index(kind) for kind in _NO_PLACE]))
    lon, lat = graph.plane.to_lonlat(*np.asarray(graph.node_xy).T)
    inside = asked.counted.townships.locate(lon, lat) >= 0
    return replace(nodes, edge=np.where(inside, nodes.edge, np.int32(-1)))


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
    xy = snap.xy_of(ways.graph, ways.index, cause_facts.feet_of(asked, rows))
    for row, spot in zip(rows.tolist(), cause_places.rounded(asked, xy), strict=True):
        yield Option(RemedyKind.PLACE, replace(counted.sites[row], lon=spot.lon, lat=spot.lat))
