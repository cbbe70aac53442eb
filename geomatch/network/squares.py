"""Areas that people walk across: lines of sight between the corners of a square."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geomatch.network.cutting import RawWays
from geomatch.network.graph import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MAX_CORNERS = 40
"""A square's entries and inward corners beyond this number are left to its outline."""
FEW_CORNERS = 12
"""A square with no more corners than this is crossed between all of them, the outward ones included."""

_SQUARE = KINDS.index("square")
_TURN = 0.17  # radians: a bend of less than 10 degrees is no corner
_SLACK = 1e-8  # degrees, about a millimetre: the outline itself counts as inside


@dataclass(frozen=True)
class _Ring:
    """One closed line around a surface or around a hole in it.

    Attributes:
        at: int64 (n,), the elements of the ways it runs through, without the closing one.
        xy: float64 (n, 2), degrees with those of longitude shortened to the measure of those of latitude.
        polygon: what it bounds.
    """

    at: NDArray[np.int64]
    xy: NDArray[np.float64]
    polygon: shapely.Polygon


def lines(raw: RawWays, surfaces: Sequence[Sequence[int]]) -> tuple[RawWays, int, int]:
    """Add to the ways the lines of sight across surfaces.

    Args:
        raw: walkable ways.
        surfaces: the ways that bound each surface together: one closed way, or the members of a multipolygon.

    Returns:
        The ways with a two-node way of kind `square` for each line, the number of surfaces crossed, and the number
        of those whose outline is not closed, not whole or crosses itself and which are walked only along it.
    """
    _, place = np.unique(raw.ref, return_inverse=True)
    met = np.bincount(place)
    pairs: list[NDArray[np.int64]] = []
    owners: list[int] = []
    crossed = 0
    for ways in surfaces:
        rings = _rings(raw, ways)
        room = _room(rings)
        if room is None:
            continue
        crossed += 1
        own = np.concatenate([place[raw.start[way] : raw.start[way + 1]] for way in ways])
        corners, visits = np.unique(own, return_counts=True)
        seen = _sight(rings, room, set(corners[met[corners] > visits].tolist()), place)
        pairs.append(seen)
        owners += [ways[0]] * len(seen)
    if not owners:
        return raw, crossed, len(surfaces) - crossed
    return _with_pairs(raw, np.array(owners, np.int64), np.concatenate(pairs)), crossed, len(surfaces) - crossed


def _rings(raw: RawWays, ways: Sequence[int]) -> list[_Ring]:
    """Chain ways into closed rings; none at all where an end stays loose or a node is missing."""
    loose = [np.arange(raw.start[way], raw.start[way + 1]) for way in ways if raw.start[way + 1] > raw.start[way]]
    if not loose or np.isnan(raw.lon[np.concatenate(loose)]).any():
        return []
    rings: list[_Ring] = []
    # degrees of longitude are shorter away from the equator: angles need both axes in one measure, the same for all
    shrink = np.cos(np.radians(raw.lat[loose[0][0]]))
    while loose:
        chain = loose.pop()
        while raw.ref[chain[0]] != raw.ref[chain[-1]]:
            end = raw.ref[chain[-1]]
            following = next((way for way in loose if end in (raw.ref[way[0]], raw.ref[way[-1]])), None)
            if following is None:
                return []
            loose = [way for way in loose if way is not following]
            chain = np.concatenate([chain, (following if raw.ref[following[0]] == end else following[::-1])[1:]])
        if len(chain) < 4:  # noqa: PLR2004 - a triangle and its closing node
            return []
        at = chain[:-1]
        xy = np.column_stack([raw.lon[at] * shrink, raw.lat[at]])
        rings.append(_Ring(at, xy, shapely.Polygon(xy)))
    return rings


def _room(rings: list[_Ring]) -> shapely.Geometry | None:
    """Give the surface that rings bound, holes left out; None where they bound none."""
    if not rings or not all(ring.polygon.is_valid and ring.polygon.area > 0 for ring in rings):
        return None
    polygons: list[shapely.Geometry] = [ring.polygon for ring in rings]
    room = functools.reduce(shapely.symmetric_difference, polygons)
    return shapely.buffer(room, _SLACK, join_style="mitre")


def _sight(
    rings: list[_Ring], room: shapely.Geometry, entries: set[int], place: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Find the pairs of elements (n, 2) that see each other on a surface, neighbours on its outline left out."""
    at = np.concatenate([ring.at for ring in rings])
    xy = np.concatenate([ring.xy for ring in rings])
    ring_of = np.repeat(np.arange(len(rings)), [len(ring.at) for ring in rings])
    size = np.bincount(ring_of)[ring_of]
    entry = np.array([node in entries for node in place[at].tolist()])
    corners = _chosen(entry, np.concatenate([_bends(ring, rings) for ring in rings]))
    a, b = (corners[index] for index in np.triu_indices(len(corners), 1))
    neighbours = (ring_of[a] == ring_of[b]) & ((b - a == 1) | (b - a == size[a] - 1))
    a, b = a[~neighbours], b[~neighbours]
    if not len(a):
        return np.empty((0, 2), np.int64)
    shapely.prepare(room)
    clear = shapely.covers(room, shapely.linestrings(np.stack([xy[a], xy[b]], axis=1)))
    return np.column_stack([at[a[clear]], at[b[clear]]])


def _bends(ring: _Ring, rings: list[_Ring]) -> NDArray[np.float64]:
    """Give the turn at each corner in radians: negative where the outline bends into the surface."""
    into, out = ring.xy - np.roll(ring.xy, 1, axis=0), np.roll(ring.xy, -1, axis=0) - ring.xy
    left = np.arctan2(into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0], (into * out).sum(axis=1))
    around = sum(other is not ring and other.polygon.covers(ring.polygon) for other in rings)
    hole = around % 2 == 1
    return np.asarray(left if bool(shapely.is_ccw(ring.polygon.exterior)) != hole else -left, np.float64)


def _chosen(entry: NDArray[np.bool_], bends: NDArray[np.float64]) -> NDArray[np.int64]:
    """Choose the corners worth joining: entries first, then inward ones, the others only where there are few.

    A shortest way across a polygon bends only at inward corners, so outward ones that nobody enters by add nothing
    but company to the few.
    """
    rank = np.select([entry, bends < -_TURN, bends > _TURN], [0, 1, 2], 3)
    last_rank = 2 if np.count_nonzero(rank <= 2) <= FEW_CORNERS else 1  # noqa: PLR2004 - the ranks above
    wanted = np.flatnonzero(rank <= last_rank)
    return np.sort(wanted[np.argsort(rank[wanted], kind="stable")][:MAX_CORNERS])


def _with_pairs(raw: RawWays, owners: NDArray[np.int64], pairs: NDArray[np.int64]) -> RawWays:
    flat = pairs.ravel()
    return RawWays(
        way_id=np.concatenate([raw.way_id, raw.way_id[owners]]),
        kind=np.concatenate([raw.kind, np.full(len(owners), _SQUARE, np.uint8)]),
        name_id=np.concatenate([raw.name_id, raw.name_id[owners]]),
        names=raw.names,
        start=np.concatenate([raw.start, raw.start[-1] + 2 * np.arange(1, len(owners) + 1)]),
        ref=np.concatenate([raw.ref, raw.ref[flat]]),
        lon=np.concatenate([raw.lon, raw.lon[flat]]),
        lat=np.concatenate([raw.lat, raw.lat[flat]]),
    )
