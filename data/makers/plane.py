"""The planes that everything is drawn on, and a seeded source of chance for each topic."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

from geomatch.geo import projection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.geo.projection import Plane

PLANE = projection.plane("EPSG:4548")  # Haidian and Chaozhou
LEDU = projection.plane("EPSG:4543")
SEED = 20201101  # the night of the census whose figures are used


def to_xy(points: Sequence[tuple[float, float]], ground: Plane = PLANE) -> NDArray[np.float64]:
    """Project (lon, lat) pairs to metres, shape (n, 2)."""
    lon, lat = np.asarray(points, np.float64).T
    return np.column_stack(ground.to_xy(lon, lat))


def to_lonlat(xy: NDArray[np.float64], ground: Plane = PLANE) -> NDArray[np.float64]:
    """Unproject metres (n, 2) to degrees (n, 2), longitude first."""
    return np.column_stack(ground.to_lonlat(xy[:, 0], xy[:, 1]))


def chance(*topic: str | int) -> np.random.Generator:
    """Give the random generator of a topic: changing one topic leaves every other as it was."""
    return np.random.default_rng([SEED, zlib.crc32("/".join(map(str, topic)).encode())])


def rounded(points: NDArray[np.float64], *, closed: bool, passes: int = 3) -> NDArray[np.float64]:
    """Round the corners of a line or ring (Chaikin's corner cutting); an open line keeps its ends."""
    for _ in range(passes):
        following = np.roll(points, -1, axis=0)
        cut = np.empty((2 * len(points), 2))
        cut[0::2] = 0.75 * points + 0.25 * following
        cut[1::2] = 0.25 * points + 0.75 * following
        points = cut if closed else np.vstack([points[:1], cut[:-2], points[-1:]])
    return points
