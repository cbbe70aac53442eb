"""What points meet under every reading: how far the nearest street is, and which township they stand in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geomatch.network import snap
from geomatch.planning.doctor.readings import SYSTEMS, readings_of

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geomatch.network.graph import StreetGraph
    from geomatch.network.snap import SnapIndex
    from geomatch.planning.units import Units

_BLOCK_M = 250.0


@dataclass(frozen=True)
class Surroundings:
    """What points are judged by: a region's streets and townships."""

    graph: StreetGraph
    index: SnapIndex
    units: Units


@dataclass(frozen=True)
class Measured:
    """What n points meet under S readings.

    Attributes:
        offset_m: float64 (S, 2), as Readings has it.
        street_m: float64 (S, n), to the nearest street, inf where none lies within 2 km.
        fits: bool (S, n), stands in the township that its row names, or, where it names none, in any township; True
            throughout for a region that states no townships.
        named: bool (n,), its row names a township.
        block: int64 (n,), which block of 250 m it stands in; the numbers mean nothing else.
    """

    offset_m: NDArray[np.float64]
    street_m: NDArray[np.float64]
    fits: NDArray[np.bool_]
    named: NDArray[np.bool_]
    block: NDArray[np.int64]

    @cached_property
    def weight(self) -> NDArray[np.float64]:
        """One over the number of points in each point's block: neighbours say the same thing twice; float64 (n,)."""
        _, block, count = np.unique(self.block, return_inverse=True, return_counts=True)
        return np.asarray(1.0 / count[block], np.float64)

    def take(self, points: ArrayLike) -> Measured:
        """Give some of the points, chosen as numpy chooses."""
        chosen = np.asarray(points)
        return replace(
            self,
            street_m=self.street_m[:, chosen],
            fits=self.fits[:, chosen],
            named=self.named[chosen],
            block=self.block[chosen],
        )


def measure(
    lon: NDArray[np.float64], lat: NDArray[np.float64], unit: NDArray[np.int32], around: Surroundings
) -> Measured:
    """Measure points under every reading.

    Args:
        lon: degrees as the file has them, (n,) with n of 1 or more.
        lat: the same, (n,).
        unit: (n,), index of the township that each row names, or -1.
        around: the region's streets and townships.
    """
    readings = readings_of(lon, lat)
    x, y = around.graph.plane.to_xy(readings.lon.ravel(), readings.lat.ravel())
    any_street = np.ones(around.graph.edge_count, bool)
    street_m = snap.nearest_places(around.index, any_street, x, y, max_access_m=np.inf).access_m
    named = (unit >= 0) & around.units.stated
    fits = np.ones(readings.lon.shape, bool)
    if around.units.stated:
        fits = shapely.intersects_xy(around.units.ground, readings.lon, readings.lat)
        polygons = around.units.geometries[unit[named]]
        fits[:, named] = shapely.intersects_xy(polygons, readings.lon[:, named], readings.lat[:, named])
    middle = slice(len(lon), 2 * len(lon))  # the GCJ-02 reading
    blocks = np.column_stack([x[middle] // _BLOCK_M, y[middle] // _BLOCK_M])
    _, block = np.unique(blocks, axis=0, return_inverse=True)
    return Measured(
        readings.offset_m, street_m.reshape(readings.lon.shape), fits, named, block.ravel().astype(np.int64)
    )


def gap_m(measured: Measured) -> NDArray[np.float64]:
    """Measure how far each reading lies from the nearest reading by a system: float64 (S,), 0 for the systems."""
    ways = measured.offset_m[:, None] - measured.offset_m[None, : len(SYSTEMS)]
    return np.asarray(np.hypot(ways[..., 0], ways[..., 1]).min(axis=1), np.float64)
