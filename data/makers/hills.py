"""The few paths and flights of steps in the mountains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString

from makers import plane
from makers.ways import Way

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry import Polygon

APART_M = 1_300.0
STRIDE_M = 70.0
STRIDES = 38


def paths(name: str, hill: Polygon, foot: list[NDArray[np.float64]]) -> list[Way]:
    """Wind paths up from the foot of a mountain, every now and then by steps."""
    rng = plane.chance("hill", name)
    ways: list[Way] = []
    for line in foot:
        track = LineString(line)
        for at in np.arange(APART_M * rng.uniform(0.2, 0.6), track.length, APART_M):
            start = np.asarray(track.interpolate(at).coords[0])
            ways += _pieces(_wind(start, hill, rng), rng)
    return ways


def _wind(start: NDArray[np.float64], hill: Polygon, rng: np.random.Generator) -> NDArray[np.float64]:
    inside = hill.buffer(-60.0)
    nearest = np.asarray(shapely.shortest_line(shapely.Point(start), inside).coords[-1])
    heading = float(np.arctan2(*(nearest - start)[::-1]))
    points, first = [start], heading
    for _ in range(STRIDES):
        heading = 0.86 * (heading + rng.normal(0.0, 0.5)) + 0.14 * first
        step = points[-1] + STRIDE_M * np.array([np.cos(heading), np.sin(heading)])
        if not shapely.contains_xy(hill, *step):
            break
        points.append(step)
    return np.array(points)


def _pieces(line: NDArray[np.float64], rng: np.random.Generator) -> list[Way]:
    ways, at = [], 0
    while at < len(line) - 1:
        to = min(len(line) - 1, at + int(rng.integers(3, 9)))
        stairs = at > 0 and rng.random() < 0.35  # noqa: PLR2004 - a third of the climb is by steps
        ways.append(Way(line[at : to + 1], {"highway": "steps" if stairs else "path"}))
        at = to
    return ways
