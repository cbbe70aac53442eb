"""Maps out: layers of features with columns that say what they mean, and GeoJSON (RFC 7946) written as it comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely

from geomatch.files.atomic import write_beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

DECIMALS = 7
"""Decimals of a degree that are written: 1 cm on the ground."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on a map: WGS-84 geometry (None: nowhere) and plain properties."""

    geometry: BaseGeometry | None
    properties: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One property of a layer's features.

    Attributes:
        name: as files spell it.
        kind: str, int, float or bool; every value is of it, or None.
        zh, en: what it means.
        brief: its name where only 10 characters are allowed; `name` where empty.
    """

    name: str
    kind: type
    zh: str
    en: str
    brief: str = ""

    @property
    def short(self) -> str:
        """The name of at most 10 characters."""
        return self.brief or self.name


@dataclass(frozen=True, slots=True)
class Layer:
    """Features of one kind: all Point or all MultiPolygon (single polygons are taken for multiple ones)."""

    name: str
    geometry: str
    columns: tuple[Column, ...]
    features: Sequence[Feature]


def write_geojson(path: Path, features: Iterable[Feature], *, members: Mapping[str, Any] | None = None) -> None:
    """Write a FeatureCollection, one feature a line, held in memory one at a time.

    Args:
        path: the file; it appears whole or not at all.
        features: drawn one by one; outer rings turn counter-clockwise, numbers that are not finite become null.
        members: further members of the collection, such as the standard that the figures hold for.

    Raises:
        InputError: the file cannot be written there.
    """
    with write_beside(path) as beside, beside.open("wb") as file:
        head = orjson.dumps({"type": "FeatureCollection", **(members or {})}, option=orjson.OPT_SERIALIZE_NUMPY)
        file.write(head[:-1] + b',"features":[')
        for place, feature in enumerate(features):
            file.write((b",\n" if place else b"\n") + feature_json(feature))
        file.write(b"\n]}\n")


def feature_json(feature: Feature) -> bytes:
    """Give a feature as RFC 7946 JSON."""
    geometry = None if feature.geometry is None else orjson.Fragment(shapely.to_geojson(_ready(feature.geometry)))
    named = {} if feature.id is None else {"id": feature.id}
    whole = {"type": "Feature", **named, "geometry": geometry, "properties": dict(feature.properties)}
    return orjson.dumps(whole, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)


def _ready(geometry: BaseGeometry) -> BaseGeometry:
    """Round to what is written and turn outer rings counter-clockwise; a shape that rounding breaks stays exact."""
    rounded = shapely.transform(geometry, _rounded)
    kept = rounded if rounded.is_valid or not geometry.is_valid else geometry
    return shapely.orient_polygons(kept)


def _rounded(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(coordinates, DECIMALS)
