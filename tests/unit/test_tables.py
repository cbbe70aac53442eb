"""Tables in every disguise that offices give them."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import orjson
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.cell_range import CellRange

from geomatch.errors import InputError
from geomatch.files.site_table import OPTIONAL, REQUIRED, read_sites
from geomatch.files.tables import read_table
from geomatch.geo.coordinates import CoordSys

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

PLAIN = "id,name,kind,lon,lat\nS1,翠微路站,station,116.3,39.9\nS2,万柳站,站,116.31,39.95\n"


def faults_of(path: Path, content: bytes | str, coordsys: CoordSys = CoordSys.WGS84) -> list[str]:
    """Read sites that must be refused; give the faults as texts."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        read_sites(path, coordsys)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le-mark"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_encoding_delimiter_and_newline_reads_the_same(
    tmp_path: Path, encoding: str, delimiter: str, newline: str
) -> None:
    """What a text is written in does not change what it says."""
    text = PLAIN.replace(",", delimiter).replace("\n", newline)
    raw = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-mark" else text.encode(encoding)
    path = tmp_path / "sites.csv"
    path.write_bytes(raw)
    sites = read_sites(path, CoordSys.WGS84)
    assert [(site.id, site.name, site.kind.value, site.lon) for site in sites] == [
        ("S1", "翠微路站", "station", 116.3),
        ("S2", "万柳站", "station", 116.31),
    ]


def test_titles_blank_lines_and_chinese_headers_are_seen_through(tmp_path: Path) -> None:
    """The header is found below a title, and rows keep the numbers that a spreadsheet shows."""
    title, header = "海淀区站点一览表,,,,\n\n", "\ufeff编号,名　称,类 型,经度,纬度,,\n\n"
    text = f"{title}{header}S1,甲,驿站,１１６．３,39.9,,\n,,,,,,\nS2,乙,小景观,116.3,x,,\n"
    (fault,) = faults_of(tmp_path / "sites.csv", text)
    assert "row 7, column 纬度: is not a number of degrees" in fault
    assert "given: 'x'" in fault


def test_a_missing_column_is_named_with_the_columns_found(tmp_path: Path) -> None:
    """Whoever forgot a column reads which, and what was found."""
    (fault,) = faults_of(tmp_path / "sites.csv", "名称,类型,经度,备注\n甲,站,116,无\n")
    assert "lacks the columns id, lat; it has: 名称, 类型, 经度, 备注" in fault


def test_every_fault_of_every_row_is_listed(tmp_path: Path) -> None:
    """One reading finds all: empty cells, unknown kinds, wrong numbers, repeated ids, bad hours."""
    text = (
        "id,name,kind,lon,lat,hours,capacity\n"
        "S1,甲,站,116.3,39.9,Mo-Fr 09:00-17:30,20\n"
        "S1,,车站,nan,95,周一至周五,-1\n"
        ",丙,所,,39.9,,3.5\n"
    )
    faults = faults_of(tmp_path / "sites.csv", text)
    expected = [
        ("row 3, column id", "is the id of row 2 already"),
        ("row 3, column name", "is empty"),
        ("row 3, column kind", "the kinds are centre 中心"),
        ("row 3, column lon", "finite"),
        ("row 3, column lat", "outside -90 to 90"),
        ("row 3, column hours", "opening hours"),
        ("row 3, column capacity", "negative"),
        ("row 4, column id", "is empty"),
        ("row 4, column lon", "is empty"),
        ("row 4, column capacity", "whole number"),
    ]
    assert len(faults) == len(expected)
    for place, reason in expected:
        assert any(place in fault and reason in fault for fault in faults), (place, reason)


def test_a_swapped_row_is_refused_by_name(tmp_path: Path) -> None:
    """One swapped row among right ones is named; it is not set right in silence."""
    (fault,) = faults_of(tmp_path / "sites.csv", PLAIN + "S3,丙,站,39.9,116.3\n")
    assert "row 4" in fault
    assert "looks swapped" in fault


def test_a_file_swapped_throughout_gets_one_clear_message(tmp_path: Path) -> None:
    """Two exchanged headers are said once, then row by row."""
    faults = faults_of(tmp_path / "sites.csv", PLAIN.replace("lon,lat", "lat,lon"))
    assert "swapped in every row; exchange the names of the columns lon and lat" in faults[0]
    assert len(faults) == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel file"),
        (b"PK\x03\x04rest", "not an Excel workbook"),
        (b"<html><table>", "web page"),
        (b"id,name\n\xff\xff\xff", "neither UTF-8 nor GBK"),
        (b"a,b\n1,2\n", "no header row"),
        (b"id,name,kind,lon,lat\n", "no sites below"),
        (b"id,name,kind,lon,lat,lat\n", "more than once"),
        (b"id,name,kind,lon,lat,\xe7\xba\xac\xe5\xba\xa6\n", "more than once"),
        (b"id,name,kind,lon,lat,x,x\n", "more than once"),
        (b'id,name,kind,lon,lat\n"S1,a,station,1,2\n', "quote"),
        (b"id,name,kind,lon,lat\nS1,a,station,1,2,3\n", "more cells than the header"),
        (b"id,name,kind,lon,lat\nS1,a\0b,station,1,2\n", "NUL"),
        (b"id,name,kind,lon,lat\nS1," + b"a" * 40_000 + b",station,1,2\n", "too long"),
        (b"id,name,kind,lon,lat\nS1," + b"a" * 140_000 + b",station,1,2\n", "overlong"),
        (b"id,name,kind,lon,lat\nS1,a\x07b,station,1,2\n", "control or invisible"),
        ("id,name,kind,lon,lat\nS1\u200b,a,station,1,2\n".encode(), "control or invisible"),
        ("id,name,kind,lon,lat\nS1,a,station,1\u200b,2\n".encode(), "not a number of degrees"),
    ],
)
def test_broken_texts_are_refused_with_a_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    """Each way a text can be broken has its own words."""
    assert any(reason in fault for fault in faults_of(tmp_path / "sites.csv", content))


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    """A wrong path and a folder are faults, not crashes."""
    absent = (tmp_path / "no.csv", "does not exist"), (tmp_path, "is a folder"), (Path("/dev/zero"), "is a device")
    for path, reason in (*absent, (tmp_path / "\0", "cannot be read"), (tmp_path / ("x" * 300), "cannot be read")):
        with pytest.raises(InputError, match=reason):
            read_table(path, required=REQUIRED)


def workbook(path: Path, rows: list[list[object]]) -> Worksheet:
    """Write rows to a workbook; give its sheet to be changed and saved again."""
    sheet = openpyxl.Workbook().active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    assert sheet.parent is not None
    sheet.parent.save(path)
    return sheet


HEADER: list[object] = ["编号", "名称", "类型", "经度", "纬度", "街镇"]


def test_a_workbook_with_merged_titles_and_cells_is_read_as_it_looks(tmp_path: Path) -> None:
    """A title across the columns is passed over; a township merged downwards holds for each of its rows."""
    path = tmp_path / "sites.xlsx"
    sheet = workbook(
        path, [["站点一览表"], [], HEADER, ["S1", "甲", "站", 116.3, 39.9, "万柳"], ["S2", "乙", "站", 116.4, 39.8]]
    )
    sheet["F5"] = "被盖住"
    sheet.merged_cells.ranges = {CellRange("A1:F1"), CellRange("F4:F5")}  # and what stood in F5 stays in the file
    sheet.parent.save(path)
    assert [(site.id, site.unit) for site in read_sites(path, CoordSys.WGS84)] == [("S1", "万柳"), ("S2", "万柳")]


def test_a_workbook_is_known_by_its_bytes(tmp_path: Path) -> None:
    """A workbook that somebody named .csv is read all the same."""
    workbook(tmp_path / "a.xlsx", [HEADER, [110108001001, "甲", "站", 116, 39.9]])
    path = (tmp_path / "a.xlsx").rename(tmp_path / "a.csv")
    (site,) = read_sites(path, CoordSys.WGS84)
    assert (site.id, site.lon) == ("110108001001", 116.0)


def test_dates_formulas_and_errors_in_cells_are_refused(tmp_path: Path) -> None:
    """What Excel made of a text cannot be trusted."""
    path = tmp_path / "sites.xlsx"
    workbook(path, [HEADER, [dt.datetime(2026, 1, 2), "=A1", "站", "#REF!", 39.9]])  # noqa: DTZ001 - Excel has no zones
    with pytest.raises(InputError) as caught:
        read_sites(path, CoordSys.WGS84)
    reasons = {fault.column: fault.reason for fault in caught.value.faults}
    assert "date" in reasons["编号"]
    assert "formula" in reasons["名称"]
    assert "error" in reasons["经度"]


def test_every_way_of_writing_a_cell_shows_the_same(tmp_path: Path) -> None:
    """Texts in the cell or shared, a formula with its value, a styled figure."""
    path = tmp_path / "sites.xlsx"
    for in_the_cell in (True, False):
        book = xlsxwriter.Workbook(path, {"constant_memory": in_the_cell})
        sheet, money = book.add_worksheet(), book.add_format({"num_format": "0.00"})
        sheet.write_string(0, 0, "各站")
        sheet.write_row(1, 0, HEADER)
        sheet.write_row(2, 0, [7.0, "甲 ", "站"])
        sheet.write_number(2, 3, 116.25, money)
        sheet.write_formula(2, 4, "=30+9.5", None, 39.5)
        sheet.write_formula(2, 5, '="万"&"柳"', None, "万柳")
        book.close()
        rows = read_table(path, required=REQUIRED, optional=OPTIONAL).rows
        assert [row.cells for row in rows] == [("7", "甲 ", "站", "116.25", "39.5", "万柳")]


def test_a_sheet_styled_to_its_last_cell_is_read_at_once(tmp_path: Path) -> None:
    """Seventeen billion empty cells are not made before they are passed over."""
    path = tmp_path / "sites.xlsx"
    sheet = workbook(path, [HEADER, ["S1", "甲", "站", 116.3, 39.9]])
    sheet["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    sheet.parent.save(path)
    assert [site.id for site in read_sites(path, CoordSys.WGS84)] == ["S1"]


def test_the_delimiter_is_the_headers_own(tmp_path: Path) -> None:
    """Tabs, semicolons and full-width commas inside cells part nothing; a stray quote is still found."""
    path = tmp_path / "sites.csv"
    path.write_text("id,name,kind,lon,lat\nS1,a;b，c\td,station,116.3,39.9\n", encoding="utf-8")
    assert read_sites(path, CoordSys.WGS84)[0].name == "a;b，c d"
    (fault,) = faults_of(path, 'id,name,kind,lon,lat\nS1,a;b,station,116.3,39.9\nS2,"a"b,station,116.3,39.9\n')
    assert "row 3" in fault
    assert "quote" in fault


def test_two_sheets_with_a_table_are_not_chosen_between(tmp_path: Path) -> None:
    """Which of two lists is meant is not guessed; a hidden one does not count."""
    path = tmp_path / "sites.xlsx"
    sheet = workbook(path, [HEADER, ["S1", "甲", "站", 116.3, 39.9]])
    other = sheet.parent.create_sheet("旧表")
    for row in (HEADER, ["S2", "乙", "站", 116.4, 39.8]):
        other.append(row)
    sheet.parent.save(path)
    with pytest.raises(InputError, match="more than one sheet"):
        read_sites(path, CoordSys.WGS84)
    other.sheet_state = "hidden"
    sheet.parent.save(path)
    assert [site.id for site in read_sites(path, CoordSys.WGS84)] == ["S1"]


def layer(*features: object) -> bytes:
    """Write a GeoJSON layer."""
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def point(lon: object, lat: object, **properties: object) -> dict[str, object]:
    """Write a GeoJSON feature."""
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]}, "properties": properties}


def test_a_geojson_layer_is_a_table_too(tmp_path: Path) -> None:
    """Points carry their own place; properties are the other columns."""
    path = tmp_path / "sites.geojson"
    path.write_bytes(layer(point(116.3, 39.9, id=7, 名称="甲", kind="center", services=["科普", "法律"], 经度=1)))
    (site,) = read_sites(path, CoordSys.WGS84)
    assert (site.id, site.name, site.kind.value, site.lon, site.services) == (
        "7",
        "甲",
        "centre",
        116.3,
        ("科普", "法律"),
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "not JSON"),
        (b"[]", "FeatureCollection"),
        (b'{"features": [1]}', "FeatureCollection"),
        (layer(), "no features"),
        (layer({"geometry": None}), "must be a Point"),
        (layer({"geometry": {"type": "Polygon"}}), "must be a Point"),
        (layer(point("a", 1)), "in numbers"),
        (layer(point([], 1)), "in numbers"),
        (b'{"features": [{}], "crs": {"properties": {"name": "EPSG:4548"}}}', "crs"),
    ],
)
def test_broken_layers_are_refused_with_a_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    """Each way a layer can be broken has its own words."""
    assert any(reason in fault for fault in faults_of(tmp_path / "sites.geojson", content))


def test_sites_of_two_systems_land_in_one(tmp_path: Path) -> None:
    """A GCJ-02 file comes out in WGS-84, by the golden vector."""
    path = tmp_path / "sites.csv"
    path.write_text("id,name,kind,lon,lat\nS1,甲,站,116.487585178,39.991754014\n", encoding="utf-8")
    (site,) = read_sites(path, CoordSys.GCJ02)
    assert (site.lon, site.lat) == pytest.approx((116.481499, 39.990475), abs=1e-6)


FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def only_refuses(path: Path, raw: bytes) -> None:
    """Read bytes as sites: they are sites, or refused with reasons."""
    path.write_bytes(raw)
    with contextlib.suppress(InputError):
        assert read_sites(path, CoordSys.GCJ02)


@FUZZ
@given(raw=st.binary(max_size=300), suffix=st.sampled_from(["csv", "xlsx", "geojson", "txt"]))
def test_any_bytes_are_sites_or_refused(tmp_path: Path, raw: bytes, suffix: str) -> None:
    """No file makes the reader fail in any other way than by its refusal."""
    only_refuses(tmp_path / f"sites.{suffix}", raw)


CELLS = st.sampled_from(
    ["", '"', "116.3", "39.9", "站", "S1", "\0", "=1", "NaN", "，", "\r", "1e9", "Mo-Fr", "\u2028", "°"]
)


@FUZZ
@given(
    rows=st.lists(st.lists(CELLS | st.text(max_size=5), max_size=10), max_size=6),
    head=st.permutations(REQUIRED + OPTIONAL),
)
def test_any_table_is_sites_or_refused(tmp_path: Path, rows: list[list[str]], head: list[str]) -> None:
    """Strange cells under a right header are refused one by one."""
    text = "\n".join([",".join(head), *(",".join(row) for row in rows)])
    only_refuses(tmp_path / "sites.csv", text.encode("utf-8", "surrogatepass"))


def members() -> dict[str, bytes]:
    """Give the parts of a right workbook."""
    buffer = io.BytesIO()
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (HEADER, ["S1", "甲", "站", 116.3, 39.9]):
        book.active.append(row)
    book.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = members()
DAMAGE = st.sampled_from([b"", b"<", b"\0", b"&x;", b"1e999", b"-1", b"A1:XFD1048576", b't="d"', b"</row>"])


@FUZZ
@given(part=st.sampled_from(sorted(PARTS)), cut=st.floats(0, 1), length=st.integers(0, 30), damage=DAMAGE)
def test_any_damaged_workbook_is_sites_or_refused(
    tmp_path: Path, part: str, cut: float, length: int, damage: bytes
) -> None:
    """A workbook with a part of its XML cut out or replaced is read or refused."""
    place = int(cut * len(PARTS[part]))
    broken = PARTS[part][:place] + damage + PARTS[part][place + length :]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in PARTS.items():
            archive.writestr(name, broken if name == part else content)
    only_refuses(tmp_path / "sites.xlsx", buffer.getvalue())


@pytest.mark.parametrize(
    "entity", [b'<!ENTITY a "&b;&b;&b;"><!ENTITY b "boom">', b'<!ENTITY a SYSTEM "file:///etc/hostname">']
)
def test_entities_in_a_workbook_open_nothing(tmp_path: Path, entity: bytes) -> None:
    """XML that unfolds itself or reads other files never reaches a cell."""
    part = "xl/worksheets/sheet1.xml"
    laced = b"<!DOCTYPE a [" + entity + b"]>" + PARTS[part].replace(b"<v>116.3</v>", b"<v>&a;</v>")
    assert b"&a;" in laced
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in PARTS.items():
            archive.writestr(name, laced if name == part else content)
    faults = faults_of(tmp_path / "sites.xlsx", buffer.getvalue())
    assert not any("boom" in fault for fault in faults[1:])


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=4) | st.integers(-(2**70), 2**70),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "features", "geometry", "coordinates", "properties", "id", "crs"]), inner
        )
    ),
    max_leaves=12,
)


@FUZZ
@given(features=st.lists(JSON, max_size=3), crs=JSON)
def test_any_layer_is_sites_or_refused(tmp_path: Path, features: list[object], crs: object) -> None:
    """Strange JSON is refused, never stumbled over."""
    only_refuses(tmp_path / "sites.geojson", json.dumps({"features": features, "crs": crs}).encode("utf-8", "replace"))
