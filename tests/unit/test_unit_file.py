"""Townships are read from any vector file, mended where they may be, refused where they may not."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import geopandas
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.files.region_file import UnitsSpec
from geomatch.files.unit_file import UnitsRead, read_units

if TYPE_CHECKING:
    from pathlib import Path

A, B = shapely.box(116.30, 39.90, 116.31, 39.91), shapely.box(116.31, 39.90, 116.32, 39.91)
BOW_TIE = shapely.Polygon([(116.30, 39.90), (116.31, 39.91), (116.31, 39.90), (116.30, 39.91)])


def spec_of(path: Path) -> UnitsSpec:
    """Name the columns that these tests use."""
    return UnitsSpec(path, id="编码", name="名称", population="人口")


def written(path: Path, shapes: list[Any], *, crs: str | None = "EPSG:4326", **columns: list[Any]) -> Path:
    """Write polygons; columns not given are right."""
    count = len(shapes)
    table = {
        "编码": [f"U{number}" for number in range(count)],
        "名称": [f"第{number}街道" for number in range(count)],
        "人口": [100 + number for number in range(count)],
    } | columns
    frame = geopandas.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
    frame = frame if crs is None else frame.to_crs(crs)
    frame.to_file(path, engine="pyogrio", **({"encoding": "GBK"} if path.suffix == ".shp" else {}))
    return path


def faults_of(path: Path) -> list[str]:
    """Read townships that must be refused."""
    with pytest.raises(InputError) as caught:
        read_units(spec_of(path))
    return [str(fault) for fault in caught.value.faults]


def check_right(read: UnitsRead) -> None:
    """See that the two right townships arrived."""
    assert read.warnings == ()
    assert read.units.ids == ("U0", "U1")
    assert read.units.names == ("第0街道", "第1街道")
    assert read.units.populations.tolist() == [100, 101]
    assert read.units.locate([116.305, 116.315], [39.905, 39.905]).tolist() == [0, 1]


@pytest.mark.parametrize("name", ["u.geojson", "u.gpkg", "u.shp"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4548", "EPSG:4490"])
def test_any_format_in_any_crs_comes_out_in_degrees(tmp_path: Path, name: str, crs: str) -> None:
    """A shapefile in GBK and metres says the same as GeoJSON in degrees."""
    check_right(read_units(spec_of(written(tmp_path / name, [A, B], crs=crs))))


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_a_shapefile_that_lost_its_encoding_is_read_strictly(tmp_path: Path, encoding: str) -> None:
    """Without its .cpg a shapefile's Chinese is UTF-8 or GBK, and never Latin letters."""
    path = written(tmp_path / "u.shp", [A, B])
    if encoding == "UTF-8":
        geopandas.read_file(path).to_file(path, engine="pyogrio", encoding="UTF-8")
    path.with_suffix(".cpg").unlink()
    table = path.with_suffix(".dbf")
    raw = bytearray(table.read_bytes())
    raw[29] = 0  # the header's own mark of the language
    table.write_bytes(raw)
    check_right(read_units(spec_of(path)))


def test_a_polygon_that_crosses_itself_is_mended_and_flagged(tmp_path: Path) -> None:
    """The area stays, the warning names the row."""
    read = read_units(spec_of(written(tmp_path / "u.geojson", [BOW_TIE])))
    assert read.units.units[0].geometry.is_valid
    assert read.units.units[0].geometry.area == pytest.approx(5e-5)
    (warning,) = read.warnings
    assert (warning.row, warning.column) == (1, "geometry")
    assert "was mended" in warning.reason


def test_townships_that_share_ground_are_flagged(tmp_path: Path) -> None:
    """An overlap of a tenth is said; a shared border is none."""
    shifted = shapely.box(116.309, 39.90, 116.319, 39.91)
    (warning,) = read_units(spec_of(written(tmp_path / "u.geojson", [A, shifted]))).warnings
    assert warning.row == 2
    assert "overlaps 第0街道 (row 1) by 10.0%" in warning.reason


@pytest.mark.parametrize(
    ("columns", "place", "reason"),
    [
        ({"人口": [100, -1]}, "row 2, column 人口", "negative"),
        ({"人口": [100, 1.5]}, "row 2, column 人口", "whole number"),
        ({"人口": [None, 5]}, "row 1, column 人口", "is empty"),
        ({"人口": ["12万", "5"]}, "row 1, column 人口", "not a number"),
        ({"编码": ["U0", "U0"]}, "row 2, column 编码", "is the id of row 1 already"),
        ({"名称": ["甲", ""]}, "row 2, column 名称", "is empty"),
    ],
)
def test_wrong_figures_are_refused_by_row(tmp_path: Path, columns: dict[str, Any], place: str, reason: str) -> None:
    """A census figure that is none, an id that stands twice, a name that is missing."""
    (fault,) = faults_of(written(tmp_path / "u.geojson", [A, B], **columns))
    assert place in fault
    assert reason in fault


def test_populations_may_be_texts(tmp_path: Path) -> None:
    """A figure copied with its thousands comma is that figure."""
    read = read_units(spec_of(written(tmp_path / "u.geojson", [A, B], 人口=["121,453", "２０２２"])))
    assert read.units.populations.tolist() == [121453, 2022]


def test_shapes_that_are_no_polygons_are_refused(tmp_path: Path) -> None:
    """Points, nothing, and metres without a CRS are faults of their rows."""
    faults = faults_of(
        written(tmp_path / "u.geojson", [A.centroid, None, shapely.transform(A, lambda c: c * 1000)], crs=None)
    )
    assert ["must be a polygon" in faults[0], "is empty" in faults[1], "not degrees" in faults[2]] == [True] * 3


def test_missing_columns_are_named_with_those_found(tmp_path: Path) -> None:
    """Whoever misspelt a column reads what there is."""
    path = written(tmp_path / "u.geojson", [A])
    with pytest.raises(InputError, match="lacks the columns code, people; it has: 编码, 名称, 人口"):
        read_units(UnitsSpec(path, id="code", name="名称", population="people"))


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"type":"FeatureCollection","features":[]}', b"a,b\n1,2\n", b"\0" * 50]
)
@pytest.mark.parametrize("name", ["u.geojson", "u.gpkg", "u.shp", "u.csv", "u"])
def test_what_holds_no_polygons_is_refused(tmp_path: Path, content: bytes, name: str) -> None:
    """Empty, broken and other files have a message, not a crash."""
    (tmp_path / name).write_bytes(content)
    assert faults_of(tmp_path / name)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=200), cut=st.integers(0, 600), name=st.sampled_from(["u.geojson", "u.gpkg", "u.kml"]))
def test_any_bytes_are_townships_or_refused(tmp_path: Path, raw: bytes, cut: int, name: str) -> None:
    """Random bytes, and a right file with bytes put in, only ever raise the refusal."""
    whole = written(tmp_path / "right.geojson", [A, B]).read_bytes()
    for content in (raw, whole[:cut] + raw + whole[cut:]):
        (tmp_path / name).write_bytes(content)
        with contextlib.suppress(InputError):
            assert len(read_units(spec_of(tmp_path / name)).units)
