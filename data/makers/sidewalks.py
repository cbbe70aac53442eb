"""Sidewalks beside the great streets, and marked crossings from one side to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString

from makers import plane
from makers.ways import Way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ASIDE_M = 6.5
CROSSING_EVERY_M = 260.0
SHORTEST_M = 150.0


def along(streets: Sequence[Way]) -> tuple[list[Way], NDArray[np.float64]]:
    """Lay sidewalks on both sides of primary streets, with crossings; also gives where crossings meet the street."""
    walks: list[Way] = []
    kerbs: list[NDArray[np.float64]] = [np.empty((0, 2))]
    for way in streets:
        line = LineString(way.xy)
        if way.highway == "primary" and way.joins and line.length > SHORTEST_M:
            sides = [line.offset_curve(aside) for aside in (ASIDE_M, -ASIDE_M)]
            if all(isinstance(side, LineString) for side in sides):
                walks += [Way(np.asarray(side.coords), {"highway": "footway", "footway": "sidewalk"}) for side in sides]
                crossings, middles = _crossings(line, sides)
                walks += crossings
                kerbs.append(middles)
    return walks, np.vstack(kerbs)


def _crossings(line: LineString, sides: list[LineString]) -> tuple[list[Way], NDArray[np.float64]]:
    rng = plane.chance("crossing", round(line.centroid.x), round(line.centroid.y))
    ways, middles = [], []
    for at in np.arange(rng.uniform(40.0, 120.0), line.length - 30.0, CROSSING_EVERY_M):
        middle = line.interpolate(float(at))
        feet = [np.asarray(shapely.shortest_line(middle, side).coords[-1]) for side in sides]
        place = np.asarray(middle.coords[0])
        mark = (float(place[0]), float(place[1]), {"highway": "crossing", "crossing": "traffic_signals"})
        xy = np.vstack([feet[0], place, feet[1]])
        ways.append(Way(xy, {"highway": "footway", "footway": "crossing"}, marks=(mark,)))
        middles.append(place)
    return ways, np.array(middles).reshape(-1, 2)


def meetings(walks: Sequence[Way], others: Sequence[Way]) -> NDArray[np.float64]:
    """Give where sidewalks meet the ways that cross them, metres (n, 2)."""
    mine = np.array([LineString(way.xy) for way in walks if way.tags.get("footway") == "sidewalk"], object)
    theirs = np.array([LineString(way.xy) for way in others if way.joins], object)
    a, b = shapely.STRtree(theirs).query(mine, predicate="intersects")
    return shapely.get_coordinates(shapely.intersection(mine[a], theirs[b]))
