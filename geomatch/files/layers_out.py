"""Layers out, in the form that the name of the file asks for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import shapely

from geomatch.errors import InputError
from geomatch.files import geo_out, geo_package, sheet_out
from geomatch.files.geo_out import Column, Feature
from geomatch.files.shapefile import write_shapes
from geomatch.files.zip_out import zipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from geomatch.files.geo_out import Layer

MAP_ENDINGS = (".geojson", ".gpkg", ".shp.zip")
"""What one layer may be written as."""
ALL_ENDINGS = (".gpkg", ".shp.zip", ".geojson.zip", ".csv.zip", ".xlsx")
"""What several may be written as."""

_LEGEND = ("layer", "column", "in_shapefile", "zh", "en")


@dataclass(frozen=True, slots=True)
class Imprint:
    """What every file says of itself.

    Attributes:
        made: the moment that files name as their last change: that of the build, for there is no clock in them.
        members: columns and their values, the same for every feature; members of the collection in GeoJSON.
        styles: layer's name -> QML, for GeoPackage, and beside GeoJSON and shapefiles in a ZIP.
    """

    made: datetime
    members: Mapping[Column, Any]
    styles: Mapping[str, str] = field(default_factory=dict)

    def named(self) -> dict[str, Any]:
        """Give the members by name."""
        return {column.name: value for column, value in self.members.items()}


def write_layer(path: Path, layer: Layer, imprint: Imprint) -> None:
    """Write one layer as GeoJSON, GeoPackage or zipped shapefile.

    Raises:
        InputError: the file cannot be written there, or its ending is none of MAP_ENDINGS.
    """
    if path.name.lower().endswith(".geojson"):
        geo_out.write_geojson(path, layer.features, members=imprint.named())
    else:
        write_layers(path, [layer], imprint)


def write_layers(path: Path, layers: Sequence[Layer], imprint: Imprint) -> None:
    """Write layers as one of ALL_ENDINGS; the same layers give the same bytes.

    Raises:
        InputError: the file cannot be written there, or its ending is none of ALL_ENDINGS.
    """
    name, made = path.name.lower(), imprint.made
    if name.endswith(".gpkg"):
        geo_package.write_gpkg(path, [_signed(layer, imprint) for layer in layers], made=made, styles=imprint.styles)
    elif name.endswith(".xlsx"):
        sheet_out.write_xlsx(path, _sheets(layers, imprint), made=made)
    elif name.endswith(ALL_ENDINGS):
        with zipped(path, made=made) as folder, geo_package.refused(path):
            _fill(folder, name, layers, imprint)
    else:
        raise InputError.of(str(path), f"must end in {' or '.join(ALL_ENDINGS)}")


def _fill(folder: Path, name: str, layers: Sequence[Layer], imprint: Imprint) -> None:
    """Write what a ZIP of this name holds: tables with their legend, or maps with it and their styles."""
    if name.endswith(".csv.zip"):
        for sheet in _sheets(layers, imprint):
            sheet_out.write_csv(folder / f"{sheet.name}.csv", sheet.columns, sheet.rows)
        return
    signed = [_signed(layer, imprint) for layer in layers]
    sheet_out.write_csv(folder / "legend.csv", _LEGEND, _legend(signed))
    for layer in layers:
        if layer.name in imprint.styles:
            (folder / f"{layer.name}.qml").write_text(imprint.styles[layer.name], encoding="utf-8")
    if name.endswith(".shp.zip"):
        write_shapes(folder, signed, made=imprint.made)
        return
    for layer in layers:
        geo_out.write_geojson(folder / f"{layer.name}.geojson", layer.features, members=imprint.named())


def _signed(layer: Layer, imprint: Imprint) -> Layer:
    """Put what the file says of itself on every feature: these forms have no other place for it."""
    own = {column.name for column in layer.columns}
    members = {column: value for column, value in imprint.members.items() if column.name not in own}
    added = {column.name: value for column, value in members.items()}
    features = [Feature(one.geometry, dict(one.properties) | added, one.id) for one in layer.features]
    return replace(layer, columns=(*layer.columns, *members), features=features)


def _sheets(layers: Sequence[Layer], imprint: Imprint) -> list[sheet_out.Sheet]:
    """Give a table a layer, its places as the longitude and latitude of a point in them, and the legend."""
    told = [_signed(layer, imprint) for layer in layers]
    sheets = [
        sheet_out.Sheet(
            layer.name,
            ["lon", "lat", *(column.name for column in layer.columns)],
            [[*_spot(one), *(one.properties.get(column.name) for column in layer.columns)] for one in layer.features],
        )
        for layer in told
    ]
    return [*sheets, sheet_out.Sheet("legend", _LEGEND, _legend(told))]


def _legend(layers: Sequence[Layer]) -> list[list[str]]:
    return [
        [layer.name, column.name, column.short, column.zh, column.en] for layer in layers for column in layer.columns
    ]


def _spot(feature: Feature) -> tuple[float | None, float | None]:
    if feature.geometry is None or feature.geometry.is_empty:
        return None, None
    point = shapely.point_on_surface(feature.geometry)
    return round(point.x, geo_out.DECIMALS), round(point.y, geo_out.DECIMALS)
