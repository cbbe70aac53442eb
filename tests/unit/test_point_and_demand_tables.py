"""Homes and lookup points are read from the tables that people have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from geomatch.errors import InputError
from geomatch.files.demand_table import read_demand
from geomatch.files.point_table import ADDED_COLUMNS, read_points
from geomatch.files.region_file import DemandSpec, SitesSpec
from geomatch.files.site_table import read_site_files
from geomatch.geo.coordinates import CoordSys

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, text: str) -> Path:
    """Write a text file."""
    path.write_text(text, encoding="utf-8")
    return path


def test_homes_without_ids_have_their_row_numbers(tmp_path: Path) -> None:
    """Ids are only wanted where the file has them; equal weights where none are named."""
    path = write(tmp_path / "homes.csv", "经度,纬度,weight\n\n116.3,39.9,7\n116.4,39.8,8\n")
    points = read_demand(DemandSpec(path, None, CoordSys.WGS84))
    assert (points.id, points.name) == (("3", "4"), ("", ""))
    assert points.weight.tolist() == [1.0, 1.0]


def test_the_weight_column_is_the_one_that_region_toml_names(tmp_path: Path) -> None:
    """Weights may be any numbers of 0 or more; a column that is not there is a fault."""
    path = write(tmp_path / "homes.csv", "id,name,lon,lat,户数\nA,甲,116.3,39.9,7.5\nB,,116.4,39.8,0\n")
    assert read_demand(DemandSpec(path, "户数", CoordSys.WGS84)).weight.tolist() == [7.5, 0.0]
    with pytest.raises(InputError, match="lacks the columns people; it has: id, name, lon, lat, 户数"):
        read_demand(DemandSpec(path, "people", CoordSys.WGS84))


def test_every_fault_of_homes_is_listed(tmp_path: Path) -> None:
    """Weights below zero or empty, ids twice, places that are none."""
    path = write(tmp_path / "homes.csv", "id,lon,lat,w\nA,116.3,39.9,-1\nA,116.3,,\n,116.3,39.9,inf\n")
    with pytest.raises(InputError) as caught:
        read_demand(DemandSpec(path, "w", CoordSys.WGS84))
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (2, "w"),
        (3, "lat"),
        (3, "id"),
        (3, "w"),
        (4, "id"),
        (4, "w"),
    ]


def test_lookup_points_keep_their_columns_in_order(tmp_path: Path) -> None:
    """Everything that came in goes out; a column named like an added one is kept under another name."""
    path = write(tmp_path / "in.csv", "备注,lat,kind,lon,電話\n =x ,39.9,旧,116.3,010\n\n,39.8,,116.4,\n")
    points = read_points(path, CoordSys.WGS84)
    assert points.columns == ("备注", "lat", "input_kind", "lon", "電話")
    assert points.rows == (("=x ", "39.9", "旧", "116.3", "010"), ("", "39.8", "", "116.4", ""))
    assert np.array_equal(points.lon, [116.3, 116.4])
    assert points.plain_utf8
    assert not set(points.columns) & set(ADDED_COLUMNS)


def test_a_marked_or_gbk_input_asks_for_a_marked_answer(tmp_path: Path) -> None:
    """Only plain UTF-8 goes out as plain UTF-8."""
    text = "名称,lon,lat\n甲,116.3,39.9\n"
    for encoding in ("utf-8-sig", "gbk"):
        (tmp_path / "in.csv").write_bytes(text.encode(encoding))
        assert not read_points(tmp_path / "in.csv", CoordSys.WGS84).plain_utf8


def test_faulty_points_are_all_listed(tmp_path: Path) -> None:
    """Nothing is looked up while a row is at fault."""
    path = write(tmp_path / "in.csv", "lon,lat\n116.3,39.9\n,39.9\n116.3,abc\n39.9,116.3\n")
    with pytest.raises(InputError) as caught:
        read_points(path, CoordSys.GCJ02)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(3, "lon"), (4, "lat"), (5, "lon, lat")]


def test_an_id_used_in_two_files_is_a_fault_that_names_both(tmp_path: Path) -> None:
    """A region's sites may come in several files, but an id means one site; other files' faults are listed too."""
    one = write(tmp_path / "one.csv", "id,name,kind,lon,lat\nS1,甲,站,116.3,39.9\n")
    two = write(tmp_path / "two.csv", "id,name,kind,lon,lat\nS1,乙,站,116.3,39.9\n")
    bad = write(tmp_path / "bad.csv", "id,name,kind,lon,lat\nS2,乙,站,x,39.9\n")
    with pytest.raises(InputError) as caught:
        read_site_files([SitesSpec(path, CoordSys.WGS84) for path in (one, two, bad)])
    twice, wrong = caught.value.faults
    assert (twice.where, twice.value) == (str(two), "S1")
    assert str(one) in twice.reason
    assert (wrong.where, wrong.row) == (str(bad), 2)


def test_many_points_are_read_in_seconds(tmp_path: Path) -> None:
    """A file of 20,000 points takes well under five seconds."""
    import time

    rows = "".join(f"{number},甲,116.{number:06d},39.9\n" for number in range(20_000))
    path = write(tmp_path / "in.csv", f"id,name,lon,lat\n{rows}")
    start = time.perf_counter()
    assert len(read_points(path, CoordSys.GCJ02).lon) == 20_000
    assert time.perf_counter() - start < 5
