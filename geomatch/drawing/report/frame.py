"""The frame of a map: degrees to the units of a picture, and the base map of a region cut to it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geomatch.drawing import basemap

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

WIDTH, TALLEST = 640.0, 600.0
_PADDING = 0.04
_EQUATOR_M = 40_075_016.68557849
_TILE_PX = 256
_SIMPLER = 0.35
"""Units by which shapes are thinned: what cannot be seen."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a map lies on the Mercator plane, and how large it is drawn.

    Attributes:
        west, north: the frame's corner, metres of EPSG:3857.
        scale: units a metre there.
        height: units; the width is WIDTH.
        cosine: of the middle's latitude, by which metres of the plane are longer than those of the ground.
    """

    west: float
    north: float
    scale: float
    height: float
    cosine: float

    @property
    def units_per_m(self) -> float:
        """Units a metre on the ground, in the middle of the map."""
        return self.scale / self.cosine

    @property
    def zoom(self) -> float:
        """The zoom at which a web map has this scale."""
        return math.log2(_EQUATOR_M * self.scale / _TILE_PX)

    def place(self, shapes: Iterable[BaseGeometry]) -> NDArray[np.object_]:
        """Turn shapes in degrees into units, thinned to what can be seen."""
        turned = shapely.transform(np.array(list(shapes), object), lambda degrees: self._units(_mercator(degrees)))
        return np.asarray(shapely.simplify(turned, _SIMPLER), object)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Turn a place in degrees into units."""
        x, y = self._units(_mercator(np.array([[lon, lat]])))[0].tolist()
        return x, y

    def base(self, path: Path) -> dict[tuple[str, str], NDArray[np.object_]]:
        """Give the base map in units, cut to the frame: shapes by theme and kind of `drawing.basemap`."""
        from pyogrio import raw  # noqa: PLC0415 - GDAL takes a while to open

        zoom = min(max(math.ceil(self.zoom), basemap.MIN_ZOOM), basemap.MAX_ZOOM)
        box = (self.west, self.north - self.height / self.scale, self.west + WIDTH / self.scale, self.north)
        _, _, wkb, fields = raw.read(
            str(path), layer=basemap.LAYER, bbox=box, columns=["theme", "kind"], ZOOM_LEVEL=zoom
        )
        shapes = shapely.from_wkb(wkb, on_invalid="ignore")  # a line that its tile rounds to a point
        drawn = ~shapely.is_missing(shapes)
        units = shapely.transform(shapes[drawn], self._units)
        cut = shapely.clip_by_rect(units, -5.0, -5.0, WIDTH + 5.0, self.height + 5.0)
        return _by_kind(fields[0][drawn], fields[1][drawn], shapely.simplify(cut, _SIMPLER))

    def _units(self, metres: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([(metres[:, 0] - self.west) * self.scale, (self.north - metres[:, 1]) * self.scale])


def frame_of(bbox: tuple[float, float, float, float]) -> Frame:
    """Fit a frame around a box in degrees: as wide as the page, and no taller than leaves room for a legend."""
    west, south, east, north = bbox
    (left, bottom), (right, top) = _mercator(np.array([[west, south], [east, north]])).tolist()
    wide, tall = max(right - left, 1.0) * (1 + 2 * _PADDING), max(top - bottom, 1.0) * (1 + 2 * _PADDING)
    scale = min(WIDTH / wide, TALLEST / tall)
    height = max(tall * scale, WIDTH / 2)
    middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
    cosine = math.cos(math.radians((south + north) / 2))
    return Frame(middle_x - WIDTH / scale / 2, middle_y + height / scale / 2, scale, height, cosine)


def _by_kind(theme: Any, kind: Any, shapes: NDArray[np.object_]) -> dict[tuple[str, str], NDArray[np.object_]]:
    found: dict[tuple[str, str], list[Any]] = {}
    for key, shape in zip(zip(theme.tolist(), kind.tolist(), strict=True), shapes.tolist(), strict=True):
        if not shape.is_empty:
            found.setdefault(key, []).append(shape)
    return {key: np.array(found[key], object) for key in sorted(found, key=str)}


def _mercator(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    lat = np.radians(degrees[:, 1])
    radius = _EQUATOR_M / (2 * math.pi)
    return np.column_stack([np.radians(degrees[:, 0]) * radius, np.arcsinh(np.tan(lat)) * radius])
