"""The door for the office's list of candidates: what it reads, and how it tells faults."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from geomatch.geo.coordinates import CoordSys, from_wgs84
from tests.regions import lonlat
from tests.serving import Asking

if TYPE_CHECKING:
    from pathlib import Path

    from werkzeug.test import TestResponse

SPOTS = ((0.5, 2.0), (1.0, 9.0), (7.0, 5.0))


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The app of the little region."""
    return Asking(little_region)


def drop(api: Asking, data: bytes, name: str, **query: Any) -> TestResponse:
    """Send a file as the page does."""
    asked = {"name": name, **query}
    headers = {"Accept": "application/json", "Content-Type": "application/octet-stream"}
    return api.client.post("/map/little/candidates", data=data, query_string=asked, headers=headers)


def table(*, system: CoordSys = CoordSys.WGS84) -> str:
    """A list as an office has it, in Chinese."""
    rows = ["编号,名称,经度,纬度,费用"]
    for number, spot in enumerate(SPOTS, 1):
        lon, lat = (float(part) for part in from_wgs84(*lonlat(*spot), system))
        rows.append(f"K{number},第{number}家<b>店</b>,{lon:.8f},{lat:.8f},{number}.5")
    return "\n".join(rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_list_becomes_what_siting_takes(api: Asking, encoding: str) -> None:
    """Names, costs and places come through in WGS-84, whatever Excel saved them in, and siting answers for them."""
    response = drop(api, table(system=CoordSys.GCJ02).encode(encoding), "门店.csv", coordsys="gcj02")
    assert response.status_code == 200, response.text
    read = response.get_json()
    assert [one["properties"]["name"] for one in read["features"]] == [f"第{n}家<b>店</b>" for n in (1, 2, 3)]
    assert [one["properties"]["cost"] for one in read["features"]] == [1.5, 2.5, 3.5]
    for one, spot in zip(read["features"], SPOTS, strict=True):
        assert one["geometry"]["coordinates"] == pytest.approx(lonlat(*spot), abs=1e-7)
    answer = api.client.post(f"{api.at}/siting", json={"candidates": read, "budget": 4}).get_json()
    assert sum(row["cost"] for row in answer["chosen"]) <= 4


def test_a_workbook_and_a_layer_are_read_too(api: Asking) -> None:
    """The same rows as XLSX and as GeoJSON, known by their bytes and their name."""
    import json

    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in table().splitlines():
        sheet.append(row.split(","))
    book.save(out)
    first = drop(api, out.getvalue(), "门店.xlsx").get_json()
    again = drop(api, json.dumps(first).encode(), "门店.geojson").get_json()
    assert [one["properties"]["id"] for one in first["features"]] == ["K1", "K2", "K3"]
    assert [one["geometry"] for one in again["features"]] == [one["geometry"] for one in first["features"]]


def test_every_fault_is_told_by_its_row_in_the_readers_language(api: Asking) -> None:
    """Three rows at fault are three faults, Chinese by default and English where that was asked for."""
    text = table().replace("K3", "K1").replace("1.5", "一块半").replace(",2.5", ",-2.5")
    told = api.problem(drop(api, text.encode(), "门店.csv"), 422)
    assert told["count"] == 3
    assert [(one["row"], one["column"], one["value"], one["reason"]) for one in told["faults"]] == [
        (2, "费用", "一块半", "不是数字"),
        (3, "费用", "-2.5", "不能是负数"),
        (4, "编号", "K1", "与第 2 行的编号重复"),
    ]
    told = api.problem(drop(api, text.encode(), "门店.csv", lang="en"), 422)
    assert next(one["reason"] for one in told["faults"]) == "is not a number"


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.csv", "是空的"),
        (b"\xff\xfe\x00", "a.csv", "文字编码"),
        (b"PK\x03\x04 not really", "a.xlsx", "打不开"),
        (b"<html>", "a.csv", "是网页"),
        (b"{", "a.geojson", "不是有效的 JSON"),
        ("编号,经度\nK1,116".encode(), "a.csv", "缺少列 纬度"),
        (b"a,b\n1,2", "", "没有表头"),
        (b"id,lon,lat", "a.csv", "下面没有候选点"),
        (b'id,lon,lat\n"K1,116,40', "a.csv", "分不成单元格"),
        (b"id,lon,lat,{foo}\nK1,116,", "a.csv", "是空的"),
    ],
)
def test_what_is_no_list_is_refused_in_words(api: Asking, data: bytes, name: str, reason: str) -> None:
    """Never a 500, and never English to a Chinese reader."""
    told = api.problem(drop(api, data, name), 422)
    assert reason in told["faults"][0]["reason"]


def test_a_system_that_nobody_knows_is_refused(api: Asking) -> None:
    """The choices are named."""
    told = api.problem(drop(api, table().encode(), "a.csv", coordsys="mars"), 422)
    assert "gcj02" in told["detail"]


def test_a_list_that_is_too_long_says_how_long_it_may_be(api: Asking) -> None:
    """5,001 rows are one too many."""
    rows = "\n".join(f"K{number},116.3,39.9" for number in range(5_001))
    told = api.problem(drop(api, f"id,lon,lat\n{rows}".encode(), "a.csv"), 422)
    assert told["faults"][0]["reason"] == "有 5,001 个；一次最多 5,000 个"
