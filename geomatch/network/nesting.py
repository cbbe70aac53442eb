"""Make the rings of several limits nest to the last digit."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_DIGIT = 1e-7


def nest(levels: Sequence[NDArray[np.object_]]) -> list[NDArray[np.object_]]:
    """Cut each level by the next larger one, so that every larger polygon covers the smaller exactly.

    Args:
        levels: MultiPolygons in degrees (n,) of each limit, ascending; already nested but for thinning.

    Returns:
        The levels in the same order.
    """
    nested = [_nest_one(place) for place in zip(*levels, strict=True)]
    return [np.array(level, object) for level in zip(*nested, strict=True)]


def _nest_one(rings: Sequence[shapely.MultiPolygon]) -> list[shapely.MultiPolygon]:
    """Split the plane by every level's lines at once: levels made of whole faces share their edges exactly."""
    if all(outer.covers(inner) for inner, outer in pairwise(rings)):
        return list(rings)
    lines = shapely.union_all([ring.boundary for ring in rings], grid_size=_DIGIT)
    faces = np.array(shapely.get_parts(shapely.polygonize([lines])))
    inside = shapely.point_on_surface(faces)
    held = np.ones(len(faces), bool)
    nested = []
    for ring in reversed(rings):
        held = held & shapely.covers(ring, inside)
        nested.append(_joined(faces[held]))
    return nested[::-1]


def _joined(faces: NDArray[np.object_]) -> shapely.MultiPolygon:
    joined = shapely.normalize(shapely.coverage_union_all(faces))
    parts = [shapely.orient_polygons(part) for part in shapely.get_parts(joined)]
    return shapely.MultiPolygon(parts)
