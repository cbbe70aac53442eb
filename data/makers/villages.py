"""Villages beside a country road, and those up the slope at the end of a track."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString

from makers import compounds, names, plane
from makers.ways import Way

if TYPE_CHECKING:
    from numpy.typing import NDArray

APART_M = (1_150.0, 2_300.0)
UP_THE_SLOPE = 0.42
"""The share of places along a road where a track leaves for a village above, beside the one at the road."""
CLIMB_M = (900.0, 4_400.0)
LANES = (2, 5)
ARM_M = (70.0, 190.0)


@dataclass(frozen=True)
class Village:
    """One village.

    Attributes:
        name: unique in the district.
        ways: its lanes, and the track that leads to it.
        joints: where its lanes meet the road or each other, metres (n, 2).
        houses: places of houses, metres (n, 2).
        above: whether it lies up the slope.
    """

    name: str
    ways: tuple[Way, ...]
    joints: NDArray[np.float64]
    houses: NDArray[np.float64]
    above: bool


def along(road: Way, taken: set[str]) -> list[Village]:
    """Set villages along a road, the first well after the junction; adds their names to those taken."""
    rng = plane.chance("villages", road.tags["name"])
    line = LineString(road.xy)
    found = []
    at = float(rng.uniform(700.0, 1_100.0))
    while at < line.length - 250.0:
        found.append(_beside(line, at, _named(rng, taken), rng))
        if rng.random() < UP_THE_SLOPE:
            found.append(_above(line, at + 200.0, _named(rng, taken), rng))
        at += float(rng.uniform(*APART_M))
    return found


def _named(rng: np.random.Generator, taken: set[str]) -> str:
    while (name := names.village(rng)) in taken:
        pass
    taken.add(name)
    return name


def _beside(line: LineString, at: float, name: str, rng: np.random.Generator) -> Village:
    """Lay lanes off both sides of a stretch of road, their far ends joined on one side by a back lane."""
    ways, joints, backs = [], [], []
    for place in at + np.arange(rng.integers(*LANES)) * rng.uniform(75.0, 110.0):
        foot, across = _square_on(line, min(float(place), line.length - 5.0))
        for side in (1.0, -1.0):
            end = foot + side * float(rng.uniform(*ARM_M)) * across
            ways.append(Way(np.array([foot, end]), {"highway": "residential"}))
            if side > 0:
                backs.append(foot + 0.8 * (end - foot))
        joints.append(foot)
    if len(backs) > 1:
        ways.append(Way(np.array(backs), {"highway": "service", "service": "alley"}))
        joints += backs
    return _village(name, ways, np.array(joints), rng, above=False)


def _above(line: LineString, at: float, name: str, rng: np.random.Generator) -> Village:
    """Wind a track up one side of the valley and lay a lane with arms at its end."""
    foot, across = _square_on(line, min(at, line.length - 5.0))
    side = float(rng.choice([-1.0, 1.0]))
    up = foot + side * float(rng.uniform(*CLIMB_M)) * across
    steps = max(4, round(float(np.hypot(*(up - foot))) / 220.0))
    share = np.linspace(0.0, 1.0, steps + 1)[:, None]
    turn = np.array([-across[1], across[0]]) * 95.0
    bends = np.where(np.arange(steps + 1)[:, None] % 2 == 0, -1.0, 1.0) * turn
    bends[[0, -1]] = 0.0
    track = plane.rounded(foot + share * (up - foot) + bends, closed=False, passes=2)
    lane = np.vstack([up, up + side * 260.0 * across + rng.normal(0.0, 25.0, 2)])
    ways = [Way(track, {"highway": "track"}), Way(lane, {"highway": "residential"})]
    joints = [foot, up]
    for share_of_lane in (0.35, 0.8):
        middle = lane[0] + share_of_lane * (lane[1] - lane[0])
        for arm in (1.0, -1.0):
            end = middle + arm * float(rng.uniform(60.0, 140.0)) * turn / np.hypot(*turn)
            ways.append(Way(np.array([middle, end]), {"highway": "service", "service": "alley"}))
        joints.append(middle)
    return _village(name, ways, np.array(joints), rng, above=True)


def _square_on(line: LineString, at: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the place on a line and the unit vector to its left."""
    here, ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, [at, at + 2.0]))
    along_m = (ahead - here) / max(float(np.hypot(*(ahead - here))), 1e-9)
    return here, np.array([-along_m[1], along_m[0]])


def _village(
    name: str, ways: list[Way], joints: NDArray[np.float64], rng: np.random.Generator, *, above: bool
) -> Village:
    lanes = [way.xy for way in ways if way.highway != "track"]
    houses = np.vstack([compounds.houses_along(xy, rng, compounds.HOUSE_ASIDE_M) for xy in lanes])
    return Village(name, tuple(ways), joints, houses, above)
