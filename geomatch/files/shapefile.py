"""Shapefiles out: UTF-8, and names of at most the 10 characters that they hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geomatch.files.geo_out import Feature
from geomatch.files.geo_package import write_with_gdal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from geomatch.files.geo_out import Layer

LONGEST_TEXT = 254
"""Bytes that a text of a shapefile holds; what is longer is cut."""


def write_shapes(folder: Path, layers: Sequence[Layer], *, made: datetime) -> None:
    """Write a shapefile a layer (.shp, .shx, .dbf, .prj, .cpg), columns by their short names, dated `made`."""
    for layer in layers:
        write_with_gdal(
            folder / f"{layer.name}.shp",
            _shortened(layer),
            driver="ESRI Shapefile",
            encoding="UTF-8",
            layer_options={"DBF_DATE_LAST_UPDATE": f"{made:%Y-%m-%d}"},
        )


def _shortened(layer: Layer) -> Layer:
    names = {column.name: column.short for column in layer.columns}
    features = [
        Feature(feature.geometry, {names[name]: _cut(value) for name, value in feature.properties.items()})
        for feature in layer.features
    ]
    return replace(layer, columns=tuple(replace(one, name=one.short) for one in layer.columns), features=features)


def _cut(value: Any) -> Any:
    return value.encode()[:LONGEST_TEXT].decode(errors="ignore") if isinstance(value, str) else value
