"""The bundled region: made by its script, true to the figures, and with a story for a planner."""

from __future__ import annotations

import collections
import csv
import filecmp
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import osmium
import pytest
import shapely

from geomatch.files import region_file
from geomatch.geo import coordinates, projection
from geomatch.network import profiles
from geomatch.services import coverage as coverage_service
from geomatch.services import gaps as gaps_service
from geomatch.services import region as region_service
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from geomatch.services.region import Region

HAIDIAN = ROOT / "data" / "haidian"
MADE = ("streets.osm.pbf", "townships.geojson", "homes.csv", "sites.csv", "shops.csv")
COUNTED = {"primary", "secondary", "tertiary", "unclassified", "residential"}
UNMEASURED = {"上庄镇", "苏家坨镇"}  # north of 40.08 N, where the measured network ends
CROWDED = {"万柳镇"}  # less than 5 km2, and a ring road, a canal and a park meet there: half as many junctions again
PLANE = projection.plane("EPSG:4548")


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def on_plane(ring: list[list[float]]) -> NDArray[np.float64]:
    """Project degrees to metres, (n, 2)."""
    lon, lat = np.asarray(ring, np.float64).T
    return np.column_stack(PLANE.to_xy(lon, lat))


@pytest.fixture(scope="module")
def figures() -> dict[str, dict[str, str]]:
    """The townships' figures by name."""
    return {row["name"]: row for row in rows_of(ROOT / "data" / "haidian_townships.csv")}


@pytest.fixture(scope="module")
def shapes() -> dict[str, shapely.Polygon]:
    """The townships' shapes by name, on the plane."""
    features = json.loads((HAIDIAN / "townships.geojson").read_text(encoding="utf-8"))["features"]
    return {one["properties"]["name"]: shapely.Polygon(on_plane(one["geometry"]["coordinates"][0])) for one in features}


@dataclass(frozen=True)
class Extract:
    """What the tests look for in streets.osm.pbf, on the plane."""

    streets: NDArray[np.object_]
    junctions: NDArray[np.float64]
    unlived: NDArray[np.object_]
    tags: collections.Counter[str]


@pytest.fixture(scope="module")
def extract() -> Extract:
    """The extract, read without our importer."""
    lines, unlived, uses, place = [], [], collections.Counter[int](), {}
    tags: collections.Counter[str] = collections.Counter()
    for item in osmium.FileProcessor(str(HAIDIAN / "streets.osm.pbf")).with_locations():
        tags.update(f"{tag.k}={tag.v}" for tag in item.tags)
        if not item.is_way():
            continue
        ring = [(node.location.lon, node.location.lat) for node in item.nodes]
        if item.tags.get("natural") in {"water", "wood"} or item.tags.get("leisure") == "park":
            unlived.append(shapely.Polygon(on_plane(ring)).buffer(0))
        if item.tags.get("highway") in COUNTED:
            refs = [node.ref for node in item.nodes]
            uses.update(refs[1:])
            uses.update(refs[:-1])
            place.update(zip(refs, ring, strict=True))
            lines.append(shapely.LineString(on_plane(ring)))
    junctions = on_plane([place[ref] for ref, count in uses.items() if count >= 3])
    return Extract(np.array(lines, object), junctions, np.array(unlived, object), tags)


@pytest.fixture(scope="module")
def region(haidian_region: Path) -> Region:
    """The region, built from the committed files."""
    return region_service.open_region(haidian_region)


@pytest.mark.long
def test_the_script_makes_the_very_bytes_that_are_committed(tmp_path: Path) -> None:
    """A second run of the generator gives the committed files, byte for byte."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    script = str(ROOT / "data" / "make_region.py")
    subprocess.run([sys.executable, script, "haidian", str(tmp_path)], check=True, env=environment, timeout=400)
    same, different, missing = filecmp.cmpfiles(HAIDIAN, tmp_path, MADE, shallow=False)
    assert (sorted(same), different, missing) == (sorted(MADE), [], [])


def test_the_region_says_that_it_is_synthetic_and_stays_small() -> None:
    """The flag that every map shows is set, and the sources stay under 8 MB."""
    spec = region_file.load_spec(HAIDIAN)
    assert spec.synthetic
    assert spec.adcode == "110108"
    assert sum((HAIDIAN / name).stat().st_size for name in (*MADE, "region.toml")) < 8e6


def test_townships_have_their_true_names_people_and_areas(
    figures: dict[str, dict[str, str]], shapes: dict[str, shapely.Polygon]
) -> None:
    """29 valid shapes that do not overlap, within 10 % of the true areas, and all 3,133,469 people."""
    features = json.loads((HAIDIAN / "townships.geojson").read_text(encoding="utf-8"))["features"]
    people = {one["properties"]["name"]: one["properties"]["population"] for one in features}
    assert people == {name: int(row["population"]) for name, row in figures.items()}
    assert sum(people.values()) == 3_133_469
    assert all(shape.is_valid for shape in shapes.values())
    for name, shape in shapes.items():
        assert shape.area / 1e6 == pytest.approx(float(figures[name]["area_km2"]), rel=0.1), name
    together = shapely.union_all([shapely.set_precision(shape, 0.1) for shape in shapes.values()])
    assert sum(shape.area for shape in shapes.values()) - together.area < 1e5


def test_streets_are_as_dense_as_measured(
    figures: dict[str, dict[str, str]], shapes: dict[str, shapely.Polygon], extract: Extract
) -> None:
    """Street length per km2 is within 20 % of each township's figure, or within 0.5 km where there is next to none."""
    for name in figures.keys() - UNMEASURED:
        length_km = shapely.length(shapely.intersection(extract.streets, shapes[name])).sum() / 1e3
        density = length_km / (shapes[name].area / 1e6)
        assert density == pytest.approx(float(figures[name]["street_km_per_km2"]), rel=0.2, abs=0.5), name


def test_streets_meet_as_often_as_measured(
    figures: dict[str, dict[str, str]], shapes: dict[str, shapely.Polygon], extract: Extract
) -> None:
    """Junctions per km2 are within 20 % of each township's figure, or within 3.5 where there are few."""
    for name in figures.keys() - UNMEASURED - CROWDED:
        count = shapely.contains_xy(shapes[name], extract.junctions).sum() / (shapes[name].area / 1e6)
        assert count == pytest.approx(float(figures[name]["junctions_per_km2"]), rel=0.2, abs=3.5), name


def test_the_extract_holds_what_makes_walking_hard(extract: Extract) -> None:
    """Ring roads, water with few bridges, railways, walls, gates, steps, underpasses and squares are all there."""
    least = {
        "highway=motorway": 4, "highway=trunk": 4, "railway=rail": 2, "waterway=river": 2, "waterway=canal": 3,
        "barrier=wall": 300, "barrier=gate": 500, "access=private": 10, "bridge=yes": 80, "tunnel=yes": 20,
        "highway=steps": 50, "footway=crossing": 50, "highway=pedestrian": 30, "natural=wood": 2, "natural=water": 8,
    }  # fmt: skip
    assert {tag: extract.tags[tag] for tag, count in least.items() if extract.tags[tag] < count} == {}


def test_nobody_lives_in_water_park_or_wood(extract: Extract, shapes: dict[str, shapely.Polygon]) -> None:
    """8,000 to 15,000 homes stand inside the district and outside water, parks and woods."""
    rows = rows_of(HAIDIAN / "homes.csv")
    assert 8_000 <= len(rows) <= 15_000
    places = on_plane([[float(row["lon"]), float(row["lat"])] for row in rows])
    hit, _ = shapely.STRtree(extract.unlived).query(shapely.points(places), predicate="within")
    assert [rows[n]["id"] for n in np.unique(hit)] == []
    inside = shapely.STRtree(list(shapes.values())).query(shapely.points(places), predicate="within")[0]
    assert len(np.unique(inside)) > 0.999 * len(rows)


def test_sites_are_counted_named_and_under_their_parents() -> None:
    """1 centre, 29 offices, 648 stations and 220 outposts, each under the site above it."""
    rows = rows_of(HAIDIAN / "sites.csv")
    kinds = collections.Counter(row["kind"] for row in rows)
    assert kinds == {"centre": 1, "office": 29, "station": 648, "outpost": 220}
    kind_of = {row["id"]: row["kind"] for row in rows}
    above = {"centre": {""}, "office": {"centre"}, "station": {"office"}, "outpost": {"office"}}
    assert all(kind_of.get(row["parent"], "") in above[row["kind"]] for row in rows)
    assert len(kind_of) == len(rows)
    stations = {row["name"].removesuffix("新时代文明实践站") for row in rows if row["kind"] == "station"}
    assert stations == {row["name"] for row in rows_of(ROOT / "data" / "haidian_communities.csv")}
    assert all(row["hours"] and row["services"] for row in rows)


def test_sites_are_written_as_offices_have_them_in_gcj02(shapes: dict[str, shapely.Polygon]) -> None:
    """Read as GCJ-02 every site lies in the township it names or close by; read as WGS-84 many do not."""
    rows = [row for row in rows_of(HAIDIAN / "sites.csv") if row["kind"] != "outpost"]
    lon = np.array([float(row["lon"]) for row in rows])
    lat = np.array([float(row["lat"]) for row in rows])
    away = {}
    for coordsys in (coordinates.CoordSys.GCJ02, coordinates.CoordSys.WGS84):
        x, y = PLANE.to_xy(*coordinates.to_wgs84(lon, lat, coordsys))
        away[coordsys] = np.array(
            [
                shapes[row["unit"]].distance(shapely.Point(point))
                for row, point in zip(rows, zip(x, y, strict=True), strict=True)
            ]
        )
    assert away[coordinates.CoordSys.GCJ02].max() < 50.0
    assert (away[coordinates.CoordSys.WGS84] > 50.0).mean() > 0.05


def test_every_home_and_site_reaches_the_network(region: Region) -> None:
    """Fewer than one home in 200 and no site is off the network."""
    homes, sites = region.home_places("standard").on_network, region.site_places("standard").on_network
    assert homes.mean() > 0.995
    assert sites.all()


def test_the_region_has_a_story_for_a_planner(region: Region) -> None:
    """Most people are near a site but many are not; straight lines hide it, and the gaps are of many townships."""
    limit = profiles.limit_for()
    table = coverage_service.coverage(region, limit)
    assert 0.65 < table.total.share < 0.85
    assert table.total.straight_line_share > table.total.share + 0.08
    assert table.total.backup_share < table.total.share
    worst = min(row.share for row in table.units)
    best = max(row.share for row in table.units)
    assert worst < 0.6
    assert best > 0.95
    large = [gap for gap in gaps_service.gaps(region, limit) if gap.people >= 2_000]
    assert len(large) >= 25
    assert len({gap.unit for gap in large}) >= 10
