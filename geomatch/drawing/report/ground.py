"""Ground that circles cover, and ground that two or more of them cover: for the eye, no figure comes from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BITS = 10


def once_and_twice(circles: NDArray[np.object_]) -> tuple[shapely.Geometry, shapely.Geometry]:
    """Give the ground that any circle covers, and that which two or more cover.

    Pairs of neighbours are joined, then pairs of pairs, so that no step meets large shapes more often than it must:
    what two halves cover together is covered once, where they meet it is covered twice.
    """
    once = shapely.make_valid(circles[~shapely.is_empty(circles)])
    if not len(once):
        return shapely.MultiPolygon(), shapely.MultiPolygon()
    once = once[np.argsort(_morton(shapely.get_coordinates(shapely.centroid(once))), kind="stable")]
    twice = np.array([shapely.MultiPolygon()] * len(once), object)
    while len(once) > 1:
        if len(once) % 2:
            once, twice = _even(once), _even(twice)
        left, right = once[0::2], once[1::2]
        meeting = _polygons(shapely.intersection(left, right))
        twice = _polygons(shapely.union(shapely.union(twice[0::2], twice[1::2]), meeting))
        once = _polygons(shapely.union(left, right))
    return once[0], twice[0]


def _even(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.array([*shapes.tolist(), shapely.MultiPolygon()], object)


def _polygons(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Drop the lines and points in which shapes only touch."""
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    for place in np.flatnonzero(mixed).tolist():
        parts = [part for part in shapely.get_parts(shapes[place]) if part.geom_type.endswith("Polygon")]
        shapes[place] = shapely.union_all(parts) if parts else shapely.MultiPolygon()
    flat = np.isin(shapely.get_type_id(shapes), (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    shapes[~flat] = shapely.MultiPolygon()
    return shapes


def _morton(xy: NDArray[np.float64]) -> NDArray[np.int64]:
    """Order places along a curve that keeps neighbours together (Morton 1966)."""
    low, wide = xy.min(axis=0), np.maximum(np.ptp(xy, axis=0), 1e-9)
    cells = ((xy - low) / wide * ((1 << _BITS) - 1)).astype(np.int64)
    order = np.zeros(len(xy), np.int64)
    for bit in range(_BITS):
        order |= (cells[:, 0] >> bit & 1) << (2 * bit) | (cells[:, 1] >> bit & 1) << (2 * bit + 1)
    return order
