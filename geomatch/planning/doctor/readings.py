"""The places that a file's numbers may mean: one for each coordinate system, and many that no system means.

A shift by a round distance in some direction is no coordinate system. What such shifts show on the streets and in the
townships is what a wrong system shows: they are the measure of chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.geo import coordinates
from geomatch.geo.coordinates import CoordSys
from geomatch.geo.degrees import M_PER_DEGREE

if TYPE_CHECKING:
    from numpy.typing import NDArray

SYSTEMS = (CoordSys.WGS84, CoordSys.GCJ02, CoordSys.BD09)
"""The systems that differ; CGCS2000 is the same place as WGS-84 within centimetres."""

SHIFTS = 192
SHIFTED_UP_TO_M = 2000.0
_GOLDEN_TURN = np.pi * (3.0 - np.sqrt(5.0))


@dataclass(frozen=True)
class Readings:
    """What n points mean under S readings: the systems in the order of SYSTEMS, then the shifts.

    Attributes:
        lon, lat: WGS-84 degrees, float64 (S, n).
        offset_m: float64 (S, 2), the median way east and north from the GCJ-02 reading.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    offset_m: NDArray[np.float64]


def readings_of(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Readings:
    """Give every reading of points as they stand in a file, degrees, (n,) with n of 1 or more.

    The shifts stand around the GCJ-02 reading, which lies between the other two.
    """
    read = [coordinates.to_wgs84(lon, lat, system) for system in SYSTEMS]
    middle_lon, middle_lat = read[SYSTEMS.index(CoordSys.GCJ02)]
    east_per_degree = M_PER_DEGREE * np.cos(np.deg2rad(middle_lat))
    read += [(middle_lon + east / east_per_degree, middle_lat + north / M_PER_DEGREE) for east, north in _sunflower()]
    lons, lats = np.stack([pair[0] for pair in read]), np.stack([pair[1] for pair in read])
    east_m = np.median((lons - middle_lon) * east_per_degree, axis=1)
    north_m = np.median((lats - middle_lat) * M_PER_DEGREE, axis=1)
    return Readings(lons, lats, np.column_stack([east_m, north_m]))


def _sunflower() -> NDArray[np.float64]:
    """Spread shifts evenly over a disc as a sunflower spreads its seeds (Vogel, 1979): metres east and north."""
    seed = np.arange(SHIFTS)
    radius_m = SHIFTED_UP_TO_M * np.sqrt((seed + 0.5) / SHIFTS)
    return np.column_stack([radius_m * np.cos(seed * _GOLDEN_TURN), radius_m * np.sin(seed * _GOLDEN_TURN)])
