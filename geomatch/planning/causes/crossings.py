"""Where one way more - a footbridge, a gate, a path - would bring homes within reach of a site.

A way leads from a stop on the homes' side to a stop on the site's. A home is won where its walk to the first, the way,
and the walk from the second to a site are within the limit together; so both walks are known before any way is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from geomatch.network import barriers as barriers_room
from geomatch.network import reach, snap
from geomatch.network.snap import Places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.network.barriers import Barriers
    from geomatch.network.reach import Field, Ways

SHORT_M, LONG_M = 80.0, 250.0
"""How far apart the ends of a way may be; the long ones only over water, railways and roads."""

SAVED_M = 100.0
"""A way that saves less to the nearest site is none worth building."""

SHORTER_SHARE, PLAIN_SHARE = 0.8, 0.6
"""The share of the most people that a shorter way must win to go before, and that one across nothing else must."""
NEW_SHARE = 0.5
"""A second way is told of if this share of its people is won by none before."""

BUILT_WEIGHT = 0.5
"""A metre to be built weighs as much as so many metres more to walk."""

STOPS_APART_M = 40.0
NOTHING = -1


@dataclass(frozen=True)
class Stops:
    """Points of the streets where a way could end, m of them: every junction, and others along long segments.

    Attributes:
        places, xy: where they are; xy float64 (m, 2), metres on the plane.
        to_site_m: float64 (m,), the walk to the nearest site, inf where there is none.
        to_home_m: float64 (m,), the walk to the nearest uncovered home, inf where there is none.
    """

    places: Places
    xy: NDArray[np.float64]
    to_site_m: NDArray[np.float64]
    to_home_m: NDArray[np.float64]


@dataclass(frozen=True)
class Crossings:
    """Ways that would win somebody, k of them.

    Attributes:
        here, there: int64 (k,), the stops on the homes' side and on the site's.
        length_m: float64 (k,), straight metres.
        rest_m: float64 (k,), the way and the walk from its far end to a site.
        label: int32 (k,), what it leads across, as Barriers labels it: the hardest; -1 for nothing on record.
        besides: bool (k,), whether it leads across something else as well.
    """

    here: NDArray[np.int64]
    there: NDArray[np.int64]
    length_m: NDArray[np.float64]
    rest_m: NDArray[np.float64]
    label: NDArray[np.int32]
    besides: NDArray[np.bool_]

    def take(self, rows: NDArray[np.intp]) -> Crossings:
        """Give some of them."""
        return Crossings(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


def stops_of(ways: Ways, sites: Field, homes: Places) -> Stops:
    """Set stops along the streets, and walk from all of them to sites and to uncovered homes."""
    graph = ways.graph
    usable = np.flatnonzero(ways.usable)
    nodes = reach.at_nodes(ways, ways.usable)
    pieces = np.ceil(graph.edge_length_m[usable] / STOPS_APART_M).astype(np.int64)
    between = np.repeat(usable, pieces - 1)
    place = np.arange(len(between)) - np.repeat(np.cumsum(pieces - 1) - (pieces - 1), pieces - 1) + 1
    along_m = graph.edge_length_m[between] * place / np.repeat(pieces, pieces - 1)
    places = Places(
        np.concatenate([nodes.edge[nodes.on_network], between]).astype(np.int32),
        np.concatenate([nodes.offset_m[nodes.on_network], along_m]),
        np.zeros(int(nodes.on_network.sum()) + len(between)),
    )
    return walked(ways, sites, homes, places)


def walked(ways: Ways, sites: Field, homes: Places, places: Places) -> Stops:
    """Walk from places to sites and to uncovered homes."""
    to_site_m = reach.nearest(ways, sites, places)[1][:, 0]
    to_home_m = reach.nearest(ways, reach.field(ways, homes), places)[1][:, 0]
    return Stops(places, snap.xy_of(ways.graph, ways.index, places), to_site_m, to_home_m)


def find(stops: Stops, barriers: Barriers, limit_m: float) -> Crossings:
    """Find the ways that would win at least one home, for every stop the best over each kind of thing in between."""
    wide = barriers.is_wide()
    begins = np.flatnonzero((stops.to_home_m < limit_m) & (stops.to_site_m > SAVED_M))
    short = _pairs(stops, begins, SHORT_M, limit_m)
    long = _pairs(stops, begins[barriers_room.beside(barriers, wide, stops.xy[begins], LONG_M)], LONG_M, limit_m)
    here, there, length_m = (np.concatenate(both) for both in zip(short, long, strict=True))
    line, label = barriers_room.crossed(barriers, stops.xy[here], stops.xy[there])
    hardest = barriers_room.hardest(barriers, len(here), line, label)
    is_wide = np.append(wide, False)[hardest]
    kept = np.flatnonzero(is_wide | (length_m <= SHORT_M))
    besides = np.bincount(line, minlength=len(here)) > 1
    rest_m = length_m + stops.to_site_m[there]
    return _best_of_each(Crossings(here, there, length_m, rest_m, hardest, besides).take(kept))


def _pairs(
    stops: Stops, here: NDArray[np.intp], apart_m: float, limit_m: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Pair stops on the homes' side with stops on the site's where a way would save enough and win somebody."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - scipy stays out of the way to a first answer

    there = np.flatnonzero(stops.to_site_m < limit_m)
    found = cKDTree(stops.xy[here]).sparse_distance_matrix(cKDTree(stops.xy[there]), apart_m, output_type="ndarray")
    here, there, length_m = here[found["i"]], there[found["j"]], found["v"]
    rest_m = length_m + stops.to_site_m[there]
    worth = (stops.to_site_m[here] - rest_m >= SAVED_M) & (stops.to_home_m[here] + rest_m <= limit_m)
    return here[worth], there[worth], length_m[worth]


def wins(
    ways: Ways, stops: Stops, found: Crossings, homes: Places, limit_m: float
) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """Give every pair of a way and an uncovered home that it would bring within the limit."""
    if not len(found.here):
        return np.empty(0, np.intp), np.empty(0, np.int32)
    starts, of_way = np.unique(found.here, return_inverse=True)
    met = reach.within(ways, stops.places.take(starts), homes, float((limit_m - found.rest_m).max()))
    count = np.diff(met.start)[of_way]
    way = np.repeat(np.arange(len(found.here)), count)
    entry = np.repeat(met.start[of_way] - (np.cumsum(count) - count), count) + np.arange(len(way))
    won = met.walk_m[entry] + found.rest_m[way] <= limit_m
    return way[won], met.point[entry[won]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A way worth telling a gap of.

    Attributes:
        gap: which gap.
        label: what it leads across, as in Crossings.
        way: its place in Crossings.
        turn: 0 for the best over that thing, 1 for the best of the people whom that one leaves out, and so on.
    """

    gap: int
    label: int
    way: int
    turn: int


def choose(
    found: Crossings,
    won: tuple[NDArray[np.intp], NDArray[np.int32]],
    gap: NDArray[np.intp],
    population: NDArray[np.int64],
    most: int,
) -> list[Choice]:
    """Choose for each gap and each thing in between a few ways that win most of its people, not the same people twice.

    Args:
        found: the ways.
        won: what `wins` gave.
        gap: int (n,), which gap each home is in.
        population: int64 (n,), people of each home.
        most: how many over one thing.
    """
    way, home = won
    order = np.lexsort((way, found.label[way], gap[home]))
    way, home = way[order], home[order]
    keys = np.column_stack([gap[home], found.label[way]])
    edges = [*np.flatnonzero(np.any(np.diff(keys, axis=0, prepend=keys[:1] - 1), axis=1)).tolist(), len(way)]
    chosen = []
    for start, end in pairwise(edges):
        gap_of, label = (int(part) for part in keys[start])
        best = _greedy(found, way[start:end], home[start:end], population, most)
        chosen += [Choice(gap_of, label, one, turn) for turn, one in enumerate(best)]
    return chosen


def _greedy(
    found: Crossings, way: NDArray[np.intp], home: NDArray[np.int32], population: NDArray[np.int64], most: int
) -> list[int]:
    """Choose ways one after another by the people whom none before wins, until most of what one wins is won already."""
    ways, place = np.unique(way, return_inverse=True)
    weight = population[home].astype(np.float64)
    alone, left = np.bincount(place, weights=weight), weight.copy()
    chosen: list[int] = []
    while len(chosen) < most and left.any():
        best = _most_sensible(found, ways, np.bincount(place, weights=left))
        if left[place == best].sum() < NEW_SHARE * alone[best]:
            break
        chosen.append(int(ways[best]))
        left[np.isin(home, home[place == best])] = 0.0
    return chosen


def _most_sensible(found: Crossings, ways: NDArray[np.intp], people: NDArray[Any]) -> int:
    """Give the place of the way to build of those that win nearly the most people.

    That is the shortest; one that leads across nothing else goes before.
    """
    plain = np.where(found.besides[ways], 0.0, people)
    if plain.max() >= PLAIN_SHARE * people.max():
        people = plain
    good = np.flatnonzero(people >= SHORTER_SHARE * people.max())
    return int(good[np.argmin(found.length_m[ways[good]])])


def won_from(
    found: Crossings,
    won: tuple[NDArray[np.intp], NDArray[np.int32]],
    gap: NDArray[np.intp],
    population: NDArray[np.int64],
) -> NDArray[np.int32]:
    """Give each home the thing that one way across would win it from, -1 where none would.

    Of several things that is the one that keeps most people of the gap out.
    """
    way, home = won
    over = found.label[way] != NOTHING
    pairs = np.unique(np.column_stack([home[over], found.label[way[over]]]), axis=0)
    result = np.full(len(gap), NOTHING, np.int32)
    if not len(pairs):
        return result
    key = gap[pairs[:, 0]] * (int(pairs[:, 1].max()) + 1) + pairs[:, 1]
    people = np.bincount(key, weights=population[pairs[:, 0]])[key]
    order = np.lexsort((-pairs[:, 1], people, pairs[:, 0]))  # of the things of one home the greatest is written last
    result[pairs[order, 0]] = pairs[order, 1]
    return result


def _best_of_each(found: Crossings) -> Crossings:
    """Keep for every stop and label the way with the least to walk and to build, and that across nothing else."""
    effort_m = found.rest_m + BUILT_WEIGHT * found.length_m
    order = np.lexsort((effort_m, found.besides, found.label, found.here))
    keys = np.column_stack([found.here, found.label, found.besides])[order]
    return found.take(order[np.any(np.diff(keys, axis=0, prepend=-2), axis=1)])
