"""Layers go out in every form with the same rows, columns that fit, and no clock in their bytes."""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import geopandas
import openpyxl
import pyogrio
import pytest
import shapely

from geomatch.errors import InputError
from geomatch.files import layers_out
from geomatch.files.geo_out import Column, Feature, Layer
from geomatch.files.layers_out import Imprint
from geomatch.files.shapefile import LONGEST_TEXT
from geomatch.services import layers as layers_service

if TYPE_CHECKING:
    from pathlib import Path

MADE = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
COLUMNS = (
    Column("name", str, "名称", "name"),
    Column("people_within", int, "人数", "people", "people"),
    Column("share", float, "比例", "share"),
    Column("passes", bool, "达标", "passes"),
)
ROWS = [
    Feature(shapely.box(116, 39, 117, 40), {"name": "=甲", "people_within": 12, "share": 0.5, "passes": True}),
    Feature(None, {"name": "乙", "people_within": None, "share": None, "passes": None}),
]
LAYER = Layer("districts", "MultiPolygon", COLUMNS, ROWS)
IMPRINT = Imprint(MADE, {Column("attribution", str, "署名", "credit", "credit"): "© OSM"}, {"districts": "<qgis/>"})
POINTS = Layer("places", "Point", COLUMNS[:1], [Feature(shapely.Point(116.5, 39.5), {"name": "丙"})])


def test_a_geopackage_keeps_types_and_styles(tmp_path: Path) -> None:
    """Whole numbers stay whole beside missing ones, and the styles stand where QGIS looks for them."""
    path = tmp_path / "out.gpkg"
    layers_out.write_layers(path, [LAYER, POINTS], IMPRINT)
    assert [tuple(row) for row in pyogrio.list_layers(path)][:2] == [("districts", "MultiPolygon"), ("places", "Point")]
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT name, people_within, share, passes, attribution FROM districts").fetchall()
        kinds = dict(database.execute("SELECT name, type FROM pragma_table_info('districts')").fetchall())
        styled = database.execute(
            "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
        ).fetchall()
        listed = database.execute("SELECT data_type, last_change FROM gpkg_contents ORDER BY table_name").fetchall()
    assert rows == [("=甲", 12, 0.5, 1, "© OSM"), ("乙", None, None, None, "© OSM")]
    assert (kinds["people_within"], kinds["passes"], kinds["share"]) == ("INTEGER", "BOOLEAN", "REAL")
    assert styled == [("districts", "geom", "<qgis/>", 1)]
    assert {moment for _, moment in listed} == {"2026-03-04T05:06:07.000Z"}
    assert [kind for kind, _ in listed] == ["features", "attributes", "features"]


def test_an_empty_layer_keeps_its_columns(tmp_path: Path) -> None:
    """A region without gaps has a layer of gaps that its style still fits."""
    layers_out.write_layers(tmp_path / "out.gpkg", [Layer("gaps", "MultiPolygon", COLUMNS, [])], IMPRINT)
    frame = geopandas.read_file(tmp_path / "out.gpkg", layer="gaps")
    assert (len(frame), [*frame.columns]) == (0, [*(column.name for column in COLUMNS), "attribution", "geometry"])


def test_shapefiles_say_their_encoding_and_what_their_names_mean(tmp_path: Path) -> None:
    """UTF-8 by .cpg, short names with a legend, the style beside, a long text cut at a whole character."""
    long = Feature(shapely.box(0, 0, 1, 1), {"name": "街" * 200, "people_within": 1, "share": 0.1, "passes": False})
    path = tmp_path / "out.shp.zip"
    layers_out.write_layers(path, [Layer("districts", "MultiPolygon", COLUMNS, [*ROWS, long])], IMPRINT)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("districts.cpg") == b"UTF-8"
        assert archive.read("districts.qml") == b"<qgis/>"
        legend = list(csv.reader(io.StringIO(archive.read("legend.csv").decode("utf-8-sig"))))
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 3, 4, 5, 6, 6)}
        archive.extractall(tmp_path / "open")
    assert ["districts", "people_within", "people", "人数", "people"] in legend
    frame = geopandas.read_file(tmp_path / "open" / "districts.shp")
    assert [*frame.columns] == ["name", "people", "share", "passes", "credit", "geometry"]
    assert (frame["name"][1], frame["name"][2]) == ("乙", "街" * (LONGEST_TEXT // 3))


def test_tables_open_in_excel_with_a_place_to_look_at(tmp_path: Path) -> None:
    """CSV begins with its mark and runs nothing; a workbook has a sheet a layer and the legend."""
    layers_out.write_layers(tmp_path / "out.csv.zip", [LAYER, POINTS], IMPRINT)
    with zipfile.ZipFile(tmp_path / "out.csv.zip") as archive:
        assert archive.namelist() == ["districts.csv", "legend.csv", "places.csv"]
        text = archive.read("districts.csv")
        places = list(csv.reader(io.StringIO(archive.read("places.csv").decode("utf-8-sig"))))
    assert text.startswith(b"\xef\xbb\xbf")
    first, second = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert (first["name"], first["lon"], second["lon"]) == ("'=甲", "116.5", "")
    assert places == [["lon", "lat", "name", "attribution"], ["116.5", "39.5", "丙", "© OSM"]]
    layers_out.write_layers(tmp_path / "out.xlsx", [LAYER, POINTS], IMPRINT)
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["districts", "places", "legend"]
    assert (book["districts"]["C2"].value, book["districts"]["D2"].value) == ("=甲", 12)
    assert book.properties.created == MADE.replace(tzinfo=None)


def test_an_ending_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    """The message names the endings, and nothing is written."""
    with pytest.raises(InputError, match=r"must end in \.gpkg"):
        layers_out.write_layers(tmp_path / "out.kml", [LAYER], IMPRINT)
    assert list(tmp_path.iterdir()) == []


def test_every_column_fits_a_shapefile() -> None:
    """Short names are at most 10 characters, and none stands twice in a layer, case aside."""
    said = layers_service._SAID
    for name in ("_TOWNSHIP", "_GAP", "_CIRCLE", "_SITE", "_HOME", "_AREA_OF"):
        columns = getattr(layers_service, name)
        own = {column.name for column in columns}
        short = [one.short.lower() for one in (*columns, *(one for one in said if one.name not in own))]
        assert len(set(short)) == len(short)
        assert max(map(len, short)) <= 10
