"""Areas that people walk across: lines of sight between the corners of a square."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geomatch.network.cutting import RawWays
from geomatch.network.graph import KINDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_CORNERS = 40
"""A square's entries and inward corners beyond this number are left to its outline."""
FEW_CORNERS = 12
"""A square with no more corners than this is crossed between all of them, the outward ones included."""

_SQUARE = KINDS.index("square")
_TURN = 0.17  # radians: a bend of less than 10 degrees is no corner
_SLACK = 1e-8  # degrees, about a millimetre: the outline itself counts as inside


def lines(raw: RawWays, area: NDArray[np.bool_]) -> tuple[RawWays, int, int]:
    """Add to the ways the lines of sight across those that are areas.

    Args:
        raw: walkable ways.
        area: bool (W,), which of them are surfaces where they are closed.

    Returns:
        The ways with a two-node way of kind `square` for each line, the number of areas crossed, and the number
        of areas whose outline crosses itself and which are therefore walked only around.
    """
    _, place = np.unique(raw.ref, return_inverse=True)
    met = np.bincount(place)
    pairs: list[NDArray[np.int64]] = []
    owners: list[int] = []
    crossed = unclear = 0
    for way in np.flatnonzero(area).tolist():
        first, last = int(raw.start[way]), int(raw.start[way + 1]) - 1
        if last - first < 3 or raw.ref[first] != raw.ref[last] or np.isnan(raw.lon[first:last]).any():  # noqa: PLR2004 - a triangle
            continue
        seen = _sight(raw, first, last, met[place[first:last]])
        if seen is None:
            unclear += 1
            continue
        crossed += 1
        pairs.append(seen + first)
        owners += [way] * len(seen)
    if not owners:
        return raw, crossed, unclear
    return _with_pairs(raw, np.array(owners, np.int64), np.concatenate(pairs)), crossed, unclear


def _sight(raw: RawWays, first: int, last: int, met: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Find the pairs of a ring's elements that see each other inside it; None where the ring is no polygon."""
    # degrees of longitude are shorter away from the equator: angles need both axes in one measure
    shrink = np.cos(np.radians(raw.lat[first]))
    xy = np.column_stack([raw.lon[first:last] * shrink, raw.lat[first:last]])
    polygon = shapely.Polygon(xy)
    if not polygon.is_valid or polygon.area == 0:
        return None
    # the closing node stands only once in the ring without its last element, but twice in the way
    entry = met - (np.arange(len(xy)) == 0) > 1
    corners = _corners(xy, entry, ccw=bool(shapely.is_ccw(polygon.exterior)))
    a, b = np.triu_indices(len(corners), 1)
    a, b = corners[a], corners[b]
    apart = (np.abs(a - b) > 1) & (np.abs(a - b) < len(xy) - 1)  # neighbours have the outline
    a, b = a[apart], b[apart]
    sights = shapely.linestrings(np.stack([xy[a], xy[b]], axis=1)) if len(a) else np.empty(0, object)
    room = polygon.buffer(_SLACK, join_style="mitre")
    shapely.prepare(room)
    clear = shapely.covers(room, sights)
    return np.column_stack([a[clear], b[clear]]).astype(np.int64)


def _corners(xy: NDArray[np.float64], entry: NDArray[np.bool_], *, ccw: bool) -> NDArray[np.int64]:
    """Choose the corners worth joining: entries first, then inward ones, the others only where there are few.

    A shortest way across a polygon bends only at inward corners, so outward ones that nobody enters by add nothing
    but company to the few.
    """
    into, out = xy - np.roll(xy, 1, axis=0), np.roll(xy, -1, axis=0) - xy
    turn = np.arctan2(into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0], (into * out).sum(axis=1))
    inward = (-turn if ccw else turn) > _TURN
    outward = np.abs(turn) > _TURN
    rank = np.select([entry, inward, outward], [0, 1, 2], 3)
    wanted = np.flatnonzero(rank < (3 if np.count_nonzero(rank < 3) <= FEW_CORNERS else 2))  # noqa: PLR2004 - the ranks above
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
