"""Places in degrees and in metres, and the four coordinate systems met in China.

GCJ-02 is the shifted system of mainland maps, BD-09 Baidu's further shift of it. The forward formulas are the published
ones: a fixed series of sines scaled to degrees on the Krasovsky 1940 ellipsoid. The inverse is their fixed point: each
pass leaves about a thousandth of what the one before left, so that less than 1e-6 m remains after a few.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    FloatArray: TypeAlias = NDArray[np.float64]
    LonLatArrays: TypeAlias = tuple[FloatArray, FloatArray]
    Turn: TypeAlias = Callable[[FloatArray, FloatArray], LonLatArrays]

_SEMI_MAJOR_M = 6_378_245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD_PI = np.pi * 3000.0 / 180.0
_BD_LON_SHIFT, _BD_LAT_SHIFT = 0.0065, 0.006
_GCJ_PASSES, _BD_PASSES = 4, 3  # for all; then only those go on that still move
_FURTHER_PASSES = 3  # near 105 E, where the series has a root without a slope, a pass leaves up to a fiftieth
_SETTLED_DEG = 2e-10  # whoever moved by less in a pass is within 1e-6 m
_BLOCK = 4096

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


# West, south, east, north in degrees. The shift applies inside the first box, less boxes that hold no mainland ground.
_SHIFTED_BOX = (72.004, 0.8293, 137.8347, 55.8271)
_UNSHIFTED_BOXES = (
    (119.95, 21.70, 122.20, 25.40),  # Taiwan
    (113.83, 22.13, 114.40, 22.44),  # Hong Kong
    (113.53, 22.178, 113.565, 22.214),  # Macao, the peninsula
    (113.553, 22.105, 113.60, 22.178),  # Macao, Taipa and Coloane
    (124.60, 24.00, 137.8347, 39.80),  # Korea and Japan
    (131.50, 39.80, 137.8347, 44.60),  # the sea of Japan and Vladivostok
    (96.00, 44.00, 111.00, 55.8271),  # Mongolia and Siberia
    (72.004, 48.00, 85.00, 55.8271),  # Kazakhstan and Siberia
    (72.004, 0.8293, 97.00, 26.70),  # India, Bangladesh
    (72.004, 26.70, 88.50, 27.75),  # Nepal
    (72.004, 26.70, 78.30, 35.00),  # the north of India and Pakistan
    (72.004, 35.00, 73.40, 48.00),  # Tajikistan and the west of Kyrgyzstan
    (73.40, 42.30, 80.00, 48.00),  # Kyrgyzstan and the south-east of Kazakhstan
    (72.004, 0.8293, 107.90, 21.10),  # Indochina
    (117.00, 0.8293, 137.8347, 21.00),  # the Philippines
)


def to_wgs84(lon: ArrayLike, lat: ArrayLike, coordsys: CoordSys) -> LonLatArrays:
    """Turn coordinates of any known system into WGS-84.

    Args:
        lon: degrees east, any shape.
        lat: degrees north, the same shape.
        coordsys: the system that they are in.

    Returns:
        Longitude and latitude as float64 arrays of the given shape, within 1e-6 m of the exact inverse.
    """
    return _in_blocks(_TO_WGS84[coordsys], lon, lat)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, coordsys: CoordSys) -> LonLatArrays:
    """Turn WGS-84 coordinates into another system; shapes as in `to_wgs84`."""
    return _in_blocks(_FROM_WGS84[coordsys], lon, lat)


def looks_swapped(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Tell where a pair makes sense in China only with its two numbers changed over.

    In China longitude (73-136) is always larger than latitude (3-54), so no true pair is accused.
    """
    lon_deg, lat_deg = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    return (lat_deg >= CHINA_LON[0]) & (lat_deg <= CHINA_LON[1]) & (lon_deg >= CHINA_LAT[0]) & (lon_deg <= CHINA_LAT[1])


def is_shifted(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
    """Tell where mainland maps shift coordinates; elsewhere all four systems agree."""
    lon_deg, lat_deg = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    shifted = _inside(lon_deg, lat_deg, _SHIFTED_BOX)
    for box in _UNSHIFTED_BOXES:
        shifted &= ~_inside(lon_deg, lat_deg, box)
    return shifted


def _inside(lon: FloatArray, lat: FloatArray, box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    west, south, east, north = box
    inside: NDArray[np.bool_] = np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    return inside


def _harmonics(turns: FloatArray) -> tuple[FloatArray, ...]:
    """Give sin(pi t) at t / 30, t / 12, t / 3, t, 2 t and 6 t, all from one sine and cosine by multiple angles."""
    base = turns * (np.pi / 60.0)
    sin_1, cos_1 = np.sin(base), np.cos(base)
    sin_2, cos_2 = _double(sin_1, cos_1)
    sin_4, cos_4 = _double(sin_2, cos_2)
    sin_5, cos_5 = sin_4 * cos_1 + cos_4 * sin_1, cos_4 * cos_1 - sin_4 * sin_1
    sin_20, cos_20 = _double(*_double(sin_5, cos_5))
    sin_60, cos_60 = sin_20 * (3.0 - 4.0 * sin_20 * sin_20), cos_20 * (4.0 * cos_20 * cos_20 - 3.0)
    sin_120 = 2.0 * sin_60 * cos_60
    return sin_2, sin_5, sin_20, sin_60, sin_120, sin_120 * (3.0 - 4.0 * sin_120 * sin_120)


def _double(sine: FloatArray, cosine: FloatArray) -> LonLatArrays:
    return 2.0 * sine * cosine, 1.0 - 2.0 * sine * sine


def _shift(lon: FloatArray, lat: FloatArray) -> LonLatArrays:
    """Give the GCJ-02 shift in degrees at WGS-84 places, as if all of them were on the mainland."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    sin_x30, sin_x12, sin_x3, sin_x, sin_2x, sin_6x = _harmonics(x)
    sin_y30, sin_y12, sin_y3, sin_y, _, _ = _harmonics(y)
    shared = 20.0 * (sin_6x + sin_2x)
    waves_north = shared + 20.0 * sin_y + 40.0 * sin_y3 + 160.0 * sin_y12 + 320.0 * sin_y30
    waves_east = shared + 20.0 * sin_x + 40.0 * sin_x3 + 150.0 * sin_x12 + 300.0 * sin_x30
    north_m = -100.0 + 2.0 * x + y * (3.0 + 0.2 * y + 0.1 * x) + 0.2 * root + waves_north * (2.0 / 3.0)
    east_m = 300.0 + x * (1.0 + 0.1 * x + 0.1 * y) + 2.0 * y + 0.1 * root + waves_east * (2.0 / 3.0)
    sin_lat = np.sin(np.deg2rad(lat))
    flattening = 1.0 - _ECCENTRICITY_SQUARED * sin_lat * sin_lat
    prime_vertical_m = _SEMI_MAJOR_M / np.sqrt(flattening)
    meridional_m = prime_vertical_m * (1.0 - _ECCENTRICITY_SQUARED) / flattening
    cos_lat = np.sqrt(1.0 - sin_lat * sin_lat)
    return np.rad2deg(east_m / (prime_vertical_m * cos_lat)), np.rad2deg(north_m / meridional_m)


def _wgs84_to_gcj02(lon: FloatArray, lat: FloatArray) -> LonLatArrays:
    shifted = is_shifted(lon, lat)
    east, north = _shift(lon, lat)
    return lon + np.where(shifted, east, 0.0), lat + np.where(shifted, north, 0.0)


def _gcj02_to_wgs84(lon: FloatArray, lat: FloatArray) -> LonLatArrays:
    true_lon, true_lat = _origin(_mainland_gcj02, lon, lat, passes=_GCJ_PASSES)
    shifted = is_shifted(true_lon, true_lat)
    return np.where(shifted, true_lon, lon), np.where(shifted, true_lat, lat)


def _mainland_gcj02(lon: FloatArray, lat: FloatArray) -> LonLatArrays:
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def _origin(turn: Turn, lon: FloatArray, lat: FloatArray, *, passes: int) -> LonLatArrays:
    """Find the places that `turn` takes to these, (n,): each goes where it is still off, until it hardly moves."""
    there_lon, there_lat = turn(lon, lat)
    at_lon, at_lat = lon + (lon - there_lon), lat + (lat - there_lat)
    for _ in range(passes - 1):
        there_lon, there_lat = turn(at_lon, at_lat)
        off_lon, off_lat = lon - there_lon, lat - there_lat
        at_lon, at_lat = at_lon + off_lon, at_lat + off_lat
    moving = np.flatnonzero(np.maximum(np.abs(off_lon), np.abs(off_lat)) > _SETTLED_DEG)
    for _ in range(_FURTHER_PASSES if len(moving) else 0):
        there_lon, there_lat = turn(at_lon[moving], at_lat[moving])
        at_lon[moving] += lon[moving] - there_lon
        at_lat[moving] += lat[moving] - there_lat
    return at_lon, at_lat


def _bd_turn(lon: FloatArray, lat: FloatArray) -> LonLatArrays:
    """Turn GCJ-02 into BD-09: stretch the radius and rotate it by an angle so small that its series ends at once."""
    radius = np.sqrt(lon * lon + lat * lat)
    stretch = 1.0 + 2e-5 * np.sin(lat * _BD_PI) / radius
    angle = 3e-6 * np.cos(lon * _BD_PI)
    cosine = 1.0 - 0.5 * angle * angle
    bd_lon = stretch * (lon * cosine - lat * angle) + _BD_LON_SHIFT
    bd_lat = stretch * (lat * cosine + lon * angle) + _BD_LAT_SHIFT
    return bd_lon, bd_lat


def _wgs84_to_bd09(lon: FloatArray, lat: FloatArray) -> LonLatArrays:
    shifted = is_shifted(lon, lat)
    bd_lon, bd_lat = _bd_turn(*_wgs84_to_gcj02(lon, lat))
    return np.where(shifted, bd_lon, lon), np.where(shifted, bd_lat, lat)


def _bd09_to_wgs84(lon: FloatArray, lat: FloatArray) -> LonLatArrays:
    true_lon, true_lat = _gcj02_to_wgs84(*_origin(_bd_turn, lon, lat, passes=_BD_PASSES))
    shifted = is_shifted(true_lon, true_lat)
    return np.where(shifted, true_lon, lon), np.where(shifted, true_lat, lat)


def _unchanged(lon: FloatArray, lat: FloatArray) -> LonLatArrays:
    return lon, lat


_TO_WGS84 = {
    CoordSys.WGS84: _unchanged,
    CoordSys.CGCS2000: _unchanged,
    CoordSys.GCJ02: _gcj02_to_wgs84,
    CoordSys.BD09: _bd09_to_wgs84,
}
_FROM_WGS84 = {
    CoordSys.WGS84: _unchanged,
    CoordSys.CGCS2000: _unchanged,
    CoordSys.GCJ02: _wgs84_to_gcj02,
    CoordSys.BD09: _wgs84_to_bd09,
}


def _in_blocks(turn: Turn, lon: ArrayLike, lat: ArrayLike) -> LonLatArrays:
    """Apply a conversion block by block: the many temporaries then stay in the processor's cache (3 x faster)."""
    lon_deg, lat_deg = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    # the series has no value at the poles and at 0, 0, where its result is thrown away: nothing to warn of
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        flat_lon, flat_lat = lon_deg.ravel(), lat_deg.ravel()
        new_lon, new_lat = np.empty_like(flat_lon), np.empty_like(flat_lat)
        for start in range(0, flat_lon.size, _BLOCK):
            block = slice(start, start + _BLOCK)
            new_lon[block], new_lat[block] = turn(flat_lon[block], flat_lat[block])
        return new_lon.reshape(lon_deg.shape), new_lat.reshape(lat_deg.shape)
