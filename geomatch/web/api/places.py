"""Places on their way in and out: the asked coordinate system outside, WGS-84 inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import shapely

from geomatch.geo.coordinates import CoordSys, from_wgs84, to_wgs84

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely import MultiPolygon

    Polygons: TypeAlias = list[list[NDArray[np.float64]]]

_SAME = frozenset({CoordSys.WGS84, CoordSys.CGCS2000})


_WIDEST_SHIFT_DEG = 0.02


def widened(box: Sequence[float], coordsys: CoordSys) -> Sequence[float]:
    """Give a WGS-84 box that holds whatever the asked box does, in whichever system it was asked."""
    by = 0.0 if coordsys in _SAME else _WIDEST_SHIFT_DEG
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


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


def multipolygon(polygons: Polygons, coordsys: CoordSys) -> dict[str, Any]:
    """Write a GeoJSON MultiPolygon; its rings stay arrays, which orjson writes as they are."""
    if coordsys not in _SAME:
        polygons = [
            [np.column_stack(from_wgs84(ring[:, 0], ring[:, 1], coordsys)) for ring in rings] for rings in polygons
        ]
    return {"type": "MultiPolygon", "coordinates": polygons}


def rings_of(shape: MultiPolygon) -> Polygons:
    """Take a shape apart into polygons of rings; outer rings run anticlockwise, as RFC 7946 wants."""
    parts = shapely.get_parts(shapely.orient_polygons(shape))
    return [[shapely.get_coordinates(ring) for ring in shapely.get_rings(part)] for part in parts]
