"""The metric plane of an area: the one room that chooses a projected CRS and refuses degrees where metres are meant."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyproj

from geomatch.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from geomatch.geo.coordinates import LonLatArrays

_CHINA_CM_SERIES = range(4534, 4555)  # CGCS2000 / 3-degree Gauss-Kruger CM 75E ... 135E, without zone prefix
_WIDEST_DEGREES = 6.0
_WORST_SCALE = 0.01
_STEP_DEGREES = 0.001
_CGCS2000 = "China Geodetic Coordinate System 2000"


class Plane:
    """A projected CRS in metres; safe to share between threads.

    Attributes:
        code: the CRS as an authority code such as "EPSG:4548".
    """

    def __init__(self, code: str) -> None:
        """Open the CRS; InputError where it is unknown or not metric."""
        self.code = code
        try:
            crs = pyproj.CRS.from_user_input(code)
        except pyproj.exceptions.CRSError as error:
            raise InputError.of(
                "metric_crs", "is not a coordinate reference system that PROJ knows", value=code
            ) from error
        if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info):
            raise InputError.of("metric_crs", "must be a projected system in metres, such as EPSG:4548", value=code)
        self._crs = crs
        degrees = crs.geodetic_crs
        # the same places within centimetres, and PROJ finds no step between the two, but searches 0.04 s for one
        self._degrees = degrees if degrees is not None and degrees.name == _CGCS2000 else pyproj.CRS.from_epsg(4326)
        self._local = threading.local()
        self._pipelines: dict[str, str] = {}

    def to_xy(self, lon: ArrayLike, lat: ArrayLike) -> LonLatArrays:
        """Project WGS-84 degrees to metres east and north; arrays of the given shape."""
        if not (isinstance(lon, float) and isinstance(lat, float)):  # plain floats are four times as fast
            lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        x, y = self._transformer("forward").transform(lon, lat)
        return np.asarray(x, np.float64), np.asarray(y, np.float64)

    def to_lonlat(self, x: ArrayLike, y: ArrayLike) -> LonLatArrays:
        """Unproject metres to WGS-84 degrees; arrays of the given shape."""
        lon, lat = self._transformer("inverse").transform(np.asarray(x, np.float64), np.asarray(y, np.float64))
        return np.asarray(lon, np.float64), np.asarray(lat, np.float64)

    def _transformer(self, direction: str) -> pyproj.Transformer:
        transformer: pyproj.Transformer | None = getattr(self._local, direction, None)
        if transformer is None:
            pair = (self._degrees, self._crs)
            source, target = pair if direction == "forward" else pair[::-1]
            if direction in self._pipelines:
                transformer = pyproj.Transformer.from_pipeline(self._pipelines[direction])
            else:
                transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)
                self._keep_pipeline(direction, transformer)
            setattr(self._local, direction, transformer)
        return transformer

    def _keep_pipeline(self, direction: str, transformer: pyproj.Transformer) -> None:
        """Spare the next thread the search through PROJ's database, 0.2 s, where it can have one outcome only."""
        if transformer.definition.startswith("proj="):
            self._pipelines[direction] = transformer.definition

    def __repr__(self) -> str:
        return f"Plane({self.code!r})"


@lru_cache(maxsize=64)
def plane(code: str) -> Plane:
    """Give the plane of a CRS code, opened once."""
    return Plane(code)


def metric_for(west: float, south: float, east: float, north: float) -> Plane:
    """Choose the metric plane of an extent in WGS-84 degrees.

    In China the 3-degree Gauss-Kruger zone of CGCS2000 that holds the middle, elsewhere the UTM zone.

    Raises:
        InputError: the extent is not in degrees, is empty, crosses a pole, or is too wide for one plane.
    """
    if not (-180 <= west <= east <= 180 and -80 <= south <= north <= 84):  # noqa: PLR2004 - the bounds of UTM
        raise InputError.of(
            "extent", "must be west, south, east, north in degrees, within UTM", value=(west, south, east, north)
        )
    if east - west > _WIDEST_DEGREES:
        raise InputError.of(
            "extent", f"is wider than {_WIDEST_DEGREES:g} degrees; split it into regions", value=(west, east)
        )
    lon, lat = (west + east) / 2, (south + north) / 2
    if 73.5 <= lon < 136.5 and 18.0 <= lat <= 53.6:  # noqa: PLR2004 - mainland China
        return plane(f"EPSG:{_CHINA_CM_SERIES[int((lon + 1.5) // 3) - 25]}")
    zone = min(int((lon + 180) // 6) + 1, 60)
    return plane(f"EPSG:{(32600 if lat >= 0 else 32700) + zone}")


def check_fits(area: Plane, west: float, south: float, east: float, north: float) -> None:
    """Refuse a plane on which a metre is no metre in an extent, in WGS-84 degrees: Web Mercator, a zone far away.

    Raises:
        InputError: somewhere in the extent lengths are more than 1 % wrong, or the plane does not reach there.
    """
    lon, lat = (axis.ravel() for axis in np.meshgrid(np.linspace(west, east, 3), np.linspace(south, north, 3)))
    on_ground = pyproj.Geod(ellps="WGS84")
    x, y = area.to_xy(lon, lat)
    for step_lon, step_lat in ((_STEP_DEGREES, 0.0), (0.0, _STEP_DEGREES)):
        there_x, there_y = area.to_xy(lon + step_lon, lat + step_lat)
        true_m = np.asarray(on_ground.inv(lon, lat, lon + step_lon, lat + step_lat)[2])
        with np.errstate(invalid="ignore"):  # infinite where the plane does not reach
            scale = np.hypot(there_x - x, there_y - y) / true_m
        wrong = np.flatnonzero(~(np.abs(scale - 1.0) <= _WORST_SCALE))
        if len(wrong):
            at = f"{lon[wrong[0]]:.2f}, {lat[wrong[0]]:.2f}"
            reason = f"measures {scale[wrong[0]]:.2f} m for every metre at {at}; leave it out to have one chosen"
            raise InputError.of("metric_crs", reason, value=area.code)


def refuse_degrees(x: ArrayLike, y: ArrayLike) -> None:
    """Raise where coordinates meant as metres all look like degrees.

    Raises:
        InputError: every x lies within +-180 and every y within +-90.
    """
    xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
    if xs.size and bool(np.all(np.abs(xs) <= 180) and np.all(np.abs(ys) <= 90)):  # noqa: PLR2004 - the globe in degrees
        raise InputError.of(
            "x, y", "look like degrees where metres of the region's plane are meant; project them first"
        )
