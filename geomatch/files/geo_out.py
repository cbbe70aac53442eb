"""Maps out: GeoJSON (RFC 7946) written as it comes, and GeoPackage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely

from geomatch.errors import InputError
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


def write_gpkg(path: Path, features: Sequence[Feature], *, layer: str) -> None:
    """Write one layer of a GeoPackage in WGS-84; lists and tables in properties become JSON texts.

    Raises:
        InputError: the file cannot be written there.
    """
    import geopandas  # noqa: PLC0415 - 0.5 s that no other door must pay
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError  # noqa: PLC0415 - as above

    columns = list(dict.fromkeys(name for feature in features for name in feature.properties))
    table = {name: [_plain(feature.properties.get(name)) for feature in features] for name in columns}
    shapes = [feature.geometry for feature in features]
    frame = geopandas.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
    with write_beside(path) as beside:
        beside.unlink()  # GDAL would open an empty file as a broken GeoPackage
        try:
            frame.to_file(beside, driver="GPKG", layer=layer, engine="pyogrio", promote_to_multi=_mixed(shapes))
        except (DataSourceError, DataLayerError, FieldError, FeatureError, UnicodeEncodeError) as error:
            # GDAL knows no ENOSPC, and takes no path that is not UTF-8
            raise InputError.of(ascii(str(path)), f"cannot be written here: {str(error)[:200]}") from error


def _ready(geometry: BaseGeometry) -> BaseGeometry:
    """Round to what is written and turn outer rings counter-clockwise; a shape that rounding breaks stays exact."""
    rounded = shapely.transform(geometry, _rounded)
    kept = rounded if rounded.is_valid or not geometry.is_valid else geometry
    return shapely.orient_polygons(kept)


def _rounded(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(coordinates, DECIMALS)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple | dict):
        return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return value


def _mixed(shapes: Iterable[BaseGeometry | None]) -> bool:
    """Tell whether single and multiple polygons stand together, which one layer may not hold."""
    kinds = {shape.geom_type for shape in shapes if shape is not None}
    return {"Polygon", "MultiPolygon"} <= kinds or {"LineString", "MultiLineString"} <= kinds
