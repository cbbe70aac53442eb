"""Files go out whole, in the form that their readers expect, with nothing in them that runs."""

from __future__ import annotations

import csv
import json
import math
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.files import geo_out, geo_package, sheet_out
from geomatch.files.atomic import write_beside
from geomatch.files.geo_out import Column, Feature, Layer

ROOT = Path(__file__).resolve().parents[2]
MADE = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
RING = shapely.Polygon(shapely.box(0, 0, 1, 1).exterior.coords[::-1], [shapely.box(0.4, 0.4, 0.6, 0.6).exterior.coords])


def test_a_file_appears_whole_under_its_name(tmp_path: Path) -> None:
    """The old content stands until the new one is complete; nothing is left beside."""
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    with write_beside(path) as beside:
        beside.write_text("new", encoding="utf-8")
        assert path.read_text(encoding="utf-8") == "old"
        assert beside.parent == tmp_path
    assert path.read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    """A failure halfway changes nothing and leaves nothing."""
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError), write_beside(path) as beside:
        beside.write_text("half \ud800", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_writer_that_is_killed_leaves_what_was_there(tmp_path: Path) -> None:
    """SIGKILL in the middle of a write changes nothing under the name."""
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")
    program = (
        "import os, signal, sys; from pathlib import Path; from geomatch.files.sheet_out import write_csv\n"
        "def rows():\n"
        "    yield from ([str(number)] for number in range(100_000))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_csv(Path(sys.argv[1]), ['a'], rows())\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(path)], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert path.read_text(encoding="utf-8") == "old"


def test_a_new_file_is_readable_by_those_whom_the_umask_allows(tmp_path: Path) -> None:
    """Writing beside gives the rights that plain writing gives."""
    before = os.umask(0o027)
    try:
        with write_beside(tmp_path / "out.txt") as beside:
            beside.write_text("x", encoding="utf-8")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.txt").stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """What the link names is replaced, not the link."""
    (tmp_path / "real.txt").touch()
    (tmp_path / "link.txt").symlink_to("real.txt")
    with write_beside(tmp_path / "link.txt") as beside:
        beside.write_text("new", encoding="utf-8")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text(encoding="utf-8") == "new"


def test_where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    """A folder that is not there, a folder under the name, a device: faults with the path as given."""
    (tmp_path / "file").touch()
    (tmp_path / "ring").symlink_to("ring")
    names = ("no/out.txt", ".", "file/out.txt", "\0", "ring", "x" * 300)
    for path in (*(tmp_path / name for name in names), Path("/dev/null"), Path("/proc/out.txt")):
        with pytest.raises(InputError, match=r"cannot be written|name a file"), write_beside(path):
            pytest.fail("the block must not begin")


def test_geojson_follows_its_standard(tmp_path: Path) -> None:
    """Outer rings counter-clockwise, holes clockwise, seven decimals, null for what is not a number."""
    path = tmp_path / "out.geojson"
    features = [
        Feature(RING, {"name": "中心", "walk_m": math.inf}, id="a"),
        Feature(shapely.Point(116.123456789, 39.9), {}),
        Feature(None, {"list": [1, 2]}),
    ]
    geo_out.write_geojson(path, iter(features), members={"limit_m": 1000.0})
    layer = json.loads(path.read_text(encoding="utf-8"))
    assert (layer["type"], layer["limit_m"], len(layer["features"])) == ("FeatureCollection", 1000.0, 3)
    first, second, third = layer["features"]
    assert (first["id"], first["properties"]) == ("a", {"name": "中心", "walk_m": None})
    outer, hole = (shapely.LinearRing(ring) for ring in first["geometry"]["coordinates"])
    assert (outer.is_ccw, hole.is_ccw) == (True, False)
    assert second["geometry"]["coordinates"] == [116.1234568, 39.9]
    assert (third["geometry"], third["properties"]) == (None, {"list": [1, 2]})
    assert "id" not in second


def test_a_shape_that_rounding_would_break_stays_exact() -> None:
    """A sliver thinner than a centimetre is written valid."""
    thin = shapely.Polygon([(0, 0), (1, 1e-9), (2, 0), (1, -1e-9)])
    written = json.loads(geo_out.feature_json(Feature(thin)))
    assert shapely.geometry.shape(written["geometry"]).is_valid


@pytest.mark.parametrize("count", [0, 1, 3])
def test_geojson_and_geopackage_hold_the_same(tmp_path: Path, count: int) -> None:
    """Polygons and multipolygons in one layer, in WGS-84, with their properties; none at all is a layer too."""
    shapes = [RING, shapely.MultiPolygon([shapely.box(2, 2, 3, 3)]), shapely.box(5, 5, 6, 6)][:count]
    features = [Feature(shape, {"name": f"第{place}", "walk_m": place + 0.5}) for place, shape in enumerate(shapes)]
    columns = (Column("name", str, "名称", "name"), Column("walk_m", float, "步行", "walk"))
    layer = Layer("circles", "MultiPolygon", columns, features)
    geo_package.write_gpkg(tmp_path / "out.gpkg", [layer], made=MADE)
    geo_out.write_geojson(tmp_path / "out.geojson", features)
    frame = geopandas.read_file(tmp_path / "out.gpkg", layer="circles")
    layer = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    assert frame.crs.to_epsg() == 4326
    assert len(frame) == len(layer["features"]) == count
    for row, feature in zip(frame.itertuples(), layer["features"], strict=True):
        assert {"name": row.name, "walk_m": row.walk_m} == feature["properties"]
        assert shapely.geometry.shape(feature["geometry"]).equals(row.geometry)
    assert len(list(tmp_path.iterdir())) == 2


ACTIVE = "=cmd|' /C calc'!A0"


def test_csv_opens_in_excel_and_runs_nothing(tmp_path: Path) -> None:
    """A byte-order mark, inert formulas, numbers as numbers, nothing for what is not a number."""
    path = tmp_path / "out.csv"
    rows: list[list[Any]] = [
        [ACTIVE, 1.5, True],
        ["-116.3", math.inf, None],
        ["+86 10", -2, False],
        ["@x", math.nan, "=1"],
    ]
    sheet_out.write_csv(path, ["名称", "=walk_m", "within"], rows)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["名称", "'=walk_m", "within"],
            [f"'{ACTIVE}", "1.5", "true"],
            ["-116.3", "", ""],
            ["'+86 10", "-2", "false"],
            ["'@x", "", "'=1"],
        ]


def test_csv_for_programs_has_no_mark(tmp_path: Path) -> None:
    """Whoever reads plain UTF-8 finds the first column under its name."""
    sheet_out.write_csv(tmp_path / "out.csv", ["id"], [["中"]], mark=False)
    assert (tmp_path / "out.csv").read_bytes() == "id\n中\n".encode()


TEXTS = st.text(st.characters(codec="utf-8")) | st.text(st.sampled_from("=+-@\t\r\n,\"' a1"))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TEXTS, st.floats(allow_nan=False, allow_infinity=False)), min_size=5))
def test_any_texts_and_numbers_survive_csv(tmp_path: Path, rows: list[tuple[str, float]]) -> None:
    """What is written is read back, apart from the apostrophe before what could run."""
    path = tmp_path / "out.csv"
    sheet_out.write_csv(path, ["text", "number"], rows)
    with path.open(encoding="utf-8-sig", newline="") as file:
        read = [(text, float(number)) for text, number in list(csv.reader(file))[1:]]
    for (text, number), (text_read, number_read) in zip(rows, read, strict=True):
        assert number_read == number
        lines = text.replace("\r\n", "\n").replace("\r", "\n")
        assert text_read in {lines, f"'{lines}"}
        assert not text_read.startswith(("=", "@", "\t", "\r"))


def test_a_workbook_keeps_texts_as_texts(tmp_path: Path) -> None:
    """A formula typed as a name is a name; numbers have their format; the header stays in view."""
    path = tmp_path / "out.xlsx"
    rows: list[list[Any]] = [[ACTIVE, 1234.5, True], ["http://x", math.inf, None]]
    sheet = sheet_out.Sheet("覆盖", ["名称", "people", "within"], rows, {"people": "#,##0"})
    sheet_out.write_xlsx(path, [sheet], made=MADE)
    page = openpyxl.load_workbook(path)["覆盖"]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["名称", "people", "within"],
        [ACTIVE, 1234.5, True],
        ["http://x", None, None],
    ]
    assert page["A2"].data_type == "s"
    assert page.column_dimensions["B"].width >= 8
    assert (page.freeze_panes, page["A1"].font.b) == ("A2", True)
    assert list(tmp_path.iterdir()) == [path]


def test_what_excel_cannot_hold_is_refused(tmp_path: Path) -> None:
    """An overlong text is not cut in silence."""
    with pytest.raises(InputError, match=r"write \.csv instead"):
        sheet_out.write_xlsx(tmp_path / "out.xlsx", [sheet_out.Sheet("s", ["a"], [["x" * 40_000]])], made=MADE)
    assert list(tmp_path.iterdir()) == []
