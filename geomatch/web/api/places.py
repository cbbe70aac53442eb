"""Places on their way in and out: the asked coordinate system outside, WGS-84 inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geomatch.geo.coordinates import CoordSys, from_wgs84, to_wgs84

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely import MultiPolygon

_SAME = frozenset({CoordSys.WGS84, CoordSys.CGCS2000})


def inward(lon: float, lat: float, coordsys: CoordSys) -> tuple[float, float]:
    """Turn one place of a question into WGS-84."""
    if coordsys in _SAME:
        return lon, lat
    there = to_wgs84(lon, lat, coordsys)
    return float(there[0]), float(there[1])


def outward(pairs: Sequence[tuple[float, float]], coordsys: CoordSys) -> Sequence[Sequence[float]]:
    """Turn WGS-84 places of an answer into the system that was asked for."""
    if coordsys in _SAME or not pairs:
        return [(lon, lat) for lon, lat in pairs]  # plain tuples: orjson does not write named ones
    degrees = np.asarray(pairs, np.float64)
    moved: list[list[float]] = np.column_stack(from_wgs84(degrees[:, 0], degrees[:, 1], coordsys)).tolist()
    return moved


def multipolygons(shapes: Sequence[MultiPolygon], coordsys: CoordSys) -> list[dict[str, Any]]:
    """Write many GeoJSON MultiPolygons; outer rings run anticlockwise, as RFC 7946 wants."""
    right = shapely.orient_polygons(np.asarray(shapes, object))
    corners = shapely.get_coordinates(right)
    if coordsys not in _SAME:
        corners = np.column_stack(from_wgs84(corners[:, 0], corners[:, 1], coordsys))
    return [{"type": "MultiPolygon", "coordinates": rings} for rings in _nested(right, corners)]


def _nested(shapes: NDArray[np.object_], corners: NDArray[np.float64]) -> list[list[list[list[list[float]]]]]:
    """Lay the corners out as shape, polygon, ring, corner."""
    parts, shape_of_part = shapely.get_parts(shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    ends = np.cumsum(shapely.get_num_coordinates(rings)).tolist()
    plain = corners.tolist()
    polygons: list[list[list[list[float]]]] = [[] for _ in range(len(parts))]
    start = 0
    for part, end in zip(part_of_ring.tolist(), ends, strict=True):
        polygons[part].append(plain[start:end])
        start = end
    laid: list[list[list[list[list[float]]]]] = [[] for _ in range(len(shapes))]
    for shape, polygon in zip(shape_of_part.tolist(), polygons, strict=True):
        laid[shape].append(polygon)
    return laid
