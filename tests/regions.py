"""Little regions, written as the files a planner would bring: an extract, a unit file, homes and sites."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import numpy as np

from geomatch.geo import projection

if TYPE_CHECKING:
    from pathlib import Path

PLANE = projection.plane("EPSG:4548")
CORNER_XY = (440_000.0, 4_422_000.0)
COLUMNS, ROWS, STEP_M = 31, 12, 100.0
RIVER_AFTER, RIVER_BEFORE = 14, 16
"""Column 15 is the river; only the northernmost street crosses it."""

SITES = (
    # id, name, kind, column, row, parent, unit, hours
    ("C1", "两岸区新时代文明实践中心", "centre", 12.0, 6.0, "", "西岸街道", "Mo-Fr 09:00-17:30"),
    ("O1", "西岸街道实践所", "office", 11.0, 2.0, "C1", "西岸街道", "Mo-Fr 09:00-17:30"),
    ("O2", "东岸街道实践所", "office", 24.0, 9.0, "C1", "东岸街道", "Mo-Su 08:00-20:00"),
    ("S1", "望河社区站", "station", 13.6, 1.0, "O1", "西岸街道", ""),
    ("S2", "东柳社区站", "station", 24.0, 1.2, "O2", "东岸街道", "Tu-Su 10:00-18:00"),
    ("P1", "便民驿站 <一>", "outpost", 22.5, 9.0, "S2", "东岸街道", "24/7"),
)
UNITS = (("w", "西岸街道", 12_000, -7.0, 15.0), ("e", "东岸街道", 8_001, 15.0, 37.0))
OFF_STREET_HOME = (4.0, -6.0)


def lonlat(column: float, row: float) -> tuple[float, float]:
    """Give the place of a street corner, or between corners, in WGS-84 degrees."""
    lon, lat = PLANE.to_lonlat(CORNER_XY[0] + column * STEP_M, CORNER_XY[1] + row * STEP_M)
    return float(lon), float(lat)


def write_little_region(folder: Path, *, region_id: str = "little", synthetic: bool = True) -> Path:
    """Write the sources of a small town on two banks of a river; returns the folder.

    Two units, six sites, 61 homes (the last far from any street), 20,001 people, blocks of 100 m and one bridge in the
    north. The homes of the far west have no site within 1000 m. `S1` looks close from the east bank and is not.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "streets.osm").write_text(_osm(), encoding="utf-8")
    (folder / "units.geojson").write_text(json.dumps(_units(), ensure_ascii=False), encoding="utf-8")
    _write_csv(folder / "homes.csv", ("id", "lon", "lat", "weight"), _homes())
    header = ("id", "name", "kind", "lon", "lat", "parent", "unit", "hours")
    rows = [(i, name, kind, *lonlat(column, row), *rest) for i, name, kind, column, row, *rest in SITES]
    _write_csv(folder / "sites.csv", header, rows)
    (folder / "region.toml").write_text(_toml(region_id, synthetic=synthetic), encoding="utf-8")
    return folder


def _osm() -> str:
    nodes, ways = [], []
    for row in range(ROWS):
        for column in range(COLUMNS):
            lon, lat = lonlat(column, row)
            nodes.append(f'<node id="{_node(column, row)}" lat="{lat:.9f}" lon="{lon:.9f}" version="1"/>')
    for row in range(ROWS):
        spans = [(0, COLUMNS - 1)] if row == ROWS - 1 else [(0, RIVER_AFTER), (RIVER_BEFORE, COLUMNS - 1)]
        ways += [_way([_node(c, row) for c in range(first, last + 1)], f"横{row}街") for first, last in spans]
    for column in range(COLUMNS):
        if column != RIVER_AFTER + 1:
            ways.append(_way([_node(column, r) for r in range(ROWS)], f"纵{column}街"))
    numbered = [way.replace("ID", str(number)) for number, way in enumerate(ways, 1)]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">', *nodes, *numbered, "</osm>"])


def _node(column: int, row: int) -> int:
    return 1 + row * COLUMNS + column


def _way(nodes: list[int], name: str) -> str:
    references = "".join(f'<nd ref="{node}"/>' for node in nodes)
    tags = f'<tag k="highway" v="residential"/><tag k="name" v="{name}"/>'
    return f'<way id="ID" version="1">{references}{tags}</way>'


def _units() -> dict[str, object]:
    features = []
    for unit_id, name, population, first, last in UNITS:
        corners = [(first, -8), (last, -8), (last, ROWS + 5), (first, ROWS + 5), (first, -8)]
        features.append(
            {
                "type": "Feature",
                "properties": {"code": unit_id, "name": name, "population": population},
                "geometry": {"type": "Polygon", "coordinates": [[lonlat(*corner) for corner in corners]]},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _homes() -> list[tuple[object, ...]]:
    rng = np.random.default_rng(20261123)
    west = np.column_stack([rng.uniform(0, RIVER_AFTER, 30), rng.uniform(0, ROWS - 1, 30)])
    east = np.column_stack([rng.uniform(RIVER_BEFORE, COLUMNS - 1, 30), rng.uniform(0, ROWS - 1, 30)])
    places = [*west.tolist(), *east.tolist(), OFF_STREET_HOME]
    return [(f"h{i}", *lonlat(column, row), 1 + i % 5) for i, (column, row) in enumerate(places)]


def _toml(region_id: str, *, synthetic: bool) -> str:
    return f"""[region]
id = "{region_id}"
name = "两岸区"
name_en = "Two Banks"
synthetic = {str(synthetic).lower()}
[streets]
osm = "streets.osm"
[units]
file = "units.geojson"
id = "code"
name = "name"
population = "population"
[demand]
file = "homes.csv"
weight = "weight"
coordsys = "wgs84"
[[sites]]
file = "sites.csv"
coordsys = "wgs84"
"""


def _write_csv(path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
