"""Places in degrees and in metres, and the four coordinate systems met in China.

GCJ-02 is the shifted system of mainland maps, BD-09 Baidu's further shift of it; the formulas are in _kernels/shift.py.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from geomatch import threads

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray: TypeAlias = NDArray[np.float64]
    LonLatArrays: TypeAlias = tuple[FloatArray, FloatArray]

CHINA_LON = (73.0, 136.0)
CHINA_LAT = (3.0, 54.0)


class CoordSys(StrEnum):
    """A coordinate system that a file or a request may be in."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class LngLat(NamedTuple):
    """A place on the globe, WGS-84 degrees, longitude first."""

    lon: float
    lat: float


class XY(NamedTuple):
    """A place on the plane of a region's metric CRS, metres east and north."""

    x: float
    y: float


_SHIFTED_SYSTEMS = (CoordSys.GCJ02, CoordSys.BD09)


def to_wgs84(lon: ArrayLike, lat: ArrayLike, coordsys: CoordSys) -> LonLatArrays:
    """Turn coordinates of any known system into WGS-84.

    Args:
        lon: degrees east, any shape.
        lat: degrees north, the same shape.
        coordsys: the system that they are in.

    Returns:
        Longitude and latitude as new float64 arrays of the given shape, within 1e-6 m of the exact inverse.

    Raises:
        ValueError: the two differ in shape.
    """
    return _turned(lon, lat, coordsys, is_back=True)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, coordsys: CoordSys) -> LonLatArrays:
    """Turn WGS-84 coordinates into another system; shapes as in `to_wgs84`."""
    return _turned(lon, lat, coordsys, is_back=False)


def _turned(lon: ArrayLike, lat: ArrayLike, coordsys: CoordSys, *, is_back: bool) -> LonLatArrays:
    new_lon, new_lat = _copies(lon, lat)
    if coordsys in _SHIFTED_SYSTEMS:
        from geomatch.geo._kernels import shift  # noqa: PLC0415 - opens numba, for those only who need it

        flat_lon, flat_lat = new_lon.ravel(), new_lat.ravel()  # views

        def turn(some: slice) -> None:
            shift.turn(flat_lon[some], flat_lat[some], is_back, coordsys is CoordSys.BD09)

        threads.in_slices(turn, flat_lon.size)
    return new_lon, new_lat


def _copies(lon: ArrayLike, lat: ArrayLike) -> LonLatArrays:
    """Make arrays of our own in C order, which a kernel may write to."""
    lon_deg, lat_deg = np.array(lon, np.float64, order="C"), np.array(lat, np.float64, order="C")
    if lon_deg.shape != lat_deg.shape:
        raise ValueError(f"lon and lat differ in shape: {lon_deg.shape} and {lat_deg.shape}")
    return lon_deg, lat_deg


def is_shifted(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Tell where mainland maps shift coordinates; elsewhere all four systems agree."""
    from geomatch.geo._kernels import shift  # noqa: PLC0415 - as above

    lon_deg, lat_deg = _copies(lon, lat)
    shifted = np.empty(lon_deg.shape, dtype=np.bool_)
    shift.are_shifted(lon_deg.ravel(), lat_deg.ravel(), shifted.ravel())
    return shifted


def looks_swapped(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Tell where a pair makes sense in China only with its two numbers changed over.

    In China longitude (73-136) is always larger than latitude (3-54), so no true pair is accused.
    """
    lon_deg, lat_deg = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    return (lat_deg >= CHINA_LON[0]) & (lat_deg <= CHINA_LON[1]) & (lon_deg >= CHINA_LAT[0]) & (lon_deg <= CHINA_LAT[1])
