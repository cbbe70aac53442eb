"""GeoPackage out: layers in WGS-84, and the styles by which QGIS shows them when it opens the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from datetime import UTC
from typing import TYPE_CHECKING, Any

from geomatch.errors import InputError
from geomatch.files.atomic import write_beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from geomatch.files.geo_out import Layer

_DTYPES = {str: "object", int: "Int64", float: "float64", bool: "boolean"}
_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
)
"""
"""The table in which QGIS looks for the styles of a GeoPackage's layers, and keeps its own."""


def write_gpkg(path: Path, layers: Sequence[Layer], *, made: datetime, styles: Mapping[str, str] | None = None) -> None:
    """Write a GeoPackage; the same layers give the same bytes.

    Args:
        path: the file; it appears whole or not at all.
        layers: in the order in which they are listed.
        made: the moment that the file names as its last change.
        styles: layer's name -> QML; none for layers that are not in it.

    Raises:
        InputError: the file cannot be written there.
    """
    with write_beside(path) as beside:
        beside.unlink()  # GDAL would open an empty file as a broken GeoPackage
        with refused(path), dated(made):
            for layer in layers:
                write_with_gdal(beside, layer, driver="GPKG")
            if styles:
                _add_styles(beside, {layer.name: styles[layer.name] for layer in layers if layer.name in styles}, made)


def write_with_gdal(path: Path, layer: Layer, **options: Any) -> None:
    """Write one layer in the form that `options` name, its columns of the type that they state, empty or not."""
    import geopandas  # noqa: PLC0415 - 0.5 s that no other door must pay
    import pandas as pd  # noqa: PLC0415 - as above
    import pyogrio  # noqa: PLC0415 - as above

    columns = {
        column.name: pd.array(
            [feature.properties.get(column.name) for feature in layer.features], dtype=_DTYPES[column.kind]
        )
        for column in layer.columns
    }
    shapes = [feature.geometry for feature in layer.features]
    frame = geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")
    multiple = layer.geometry.startswith("Multi")
    pyogrio.write_dataframe(
        frame, path, layer=layer.name, geometry_type=layer.geometry, promote_to_multi=multiple, **options
    )


@contextmanager
def refused(path: Path) -> Iterator[None]:
    """Turn GDAL's refusals to write into our own."""
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError  # noqa: PLC0415 - as above

    refusals = (DataSourceError, DataLayerError, FieldError, FeatureError, UnicodeEncodeError, sqlite3.Error)
    try:
        yield
    except refusals as error:  # GDAL knows no ENOSPC, and takes no path that is not UTF-8
        raise InputError.of(ascii(str(path)), f"cannot be written here: {str(error)[:200]}") from error


@contextmanager
def dated(made: datetime) -> Iterator[None]:
    """Have GDAL take a moment for now, so that files hold no clock."""
    import pyogrio  # noqa: PLC0415 - as above

    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _utc(made)})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _add_styles(path: Path, styles: Mapping[str, str], made: datetime) -> None:
    moment = _utc(made)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_STYLES)
        database.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
            " styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)"
            " VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '', NULL, ?)",
            [(name, name, qml, moment) for name, qml in styles.items()],
        )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
            (moment,),
        )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
