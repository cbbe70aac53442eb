"""Exclusive areas over HTTP, on the command line and on real streets."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from geomatch import cli
from geomatch.network import reach
from geomatch.network.profiles import limit_for
from geomatch.services import areas as areas_service
from geomatch.services import circles as circles_service
from geomatch.services import coverage as coverage_service
from geomatch.services.region import open_region
from tests.serving import Asking

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.services.region import Region


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The API of the little region."""
    return Asking(little_region)


def agree(region: Region, metres: float) -> float:
    """Give the share of sampled points, covered or drawn, that lie in the area of their own nearest site."""
    found = areas_service.areas(region, limit_for(metres=metres))
    rng = np.random.default_rng(20261124)
    x = rng.uniform(region.site_x.min() - 600, region.site_x.max() + 600, 60_000)
    y = rng.uniform(region.site_y.min() - 600, region.site_y.max() + 600, 60_000)
    ways = region.ways("standard")
    site, walk_m = reach.nearest(ways, region.field("standard"), reach.place(ways, x, y))
    truth = np.where(walk_m[:, 0] <= metres, site[:, 0], -1)
    lon, lat = region.graph.plane.to_lonlat(x, y)
    held, area = shapely.STRtree([area.geometry for area in found]).query(shapely.points(lon, lat), predicate="within")
    assert len(np.unique(held)) == len(held), "a point lies in two areas"
    told = np.full(len(x), -1)
    told[held] = [region.site_row(found[place].site) for place in area.tolist()]
    counted = (truth >= 0) | (told >= 0)
    return float((told == truth)[counted].mean())


def check_tiles(region: Region, metres: float) -> None:
    """Hold areas to their laws: they tile the covered ground, and their people are all who are covered."""
    limit = limit_for(metres=metres)
    found = areas_service.areas(region, limit)
    shapes = np.array([area.geometry for area in found])
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes[~shapely.is_empty(shapes)])
    assert sum(area.population for area in found) == coverage_service.coverage(region, limit).total.covered
    circles = shapely.union_all([circle.geometry for circle in circles_service.circles(region, (limit,))])
    ground = shapely.coverage_union_all(shapes[~shapely.is_empty(shapes)])
    assert ground.symmetric_difference(circles).area < 0.01 * circles.area
    assert agree(region, metres) >= 0.99


def test_areas_tile_the_little_region(little_region: Path) -> None:
    """No gap, no overlap, the union of the circles, and points agree with their own walk."""
    check_tiles(open_region(little_region), 500)


def test_areas_tile_real_haidian(real_haidian: Path) -> None:
    """The same on real streets."""
    check_tiles(open_region(real_haidian), 1000)


def test_areas_count_people_by_their_own_walk(api: Asking) -> None:
    """People and homes are those whose nearest site within the limit it is; every site of the kinds has its feature."""
    region = api.region
    answer = api.answer("areas", metres=500, kind=["station", "office"])
    assert (answer["query"]["limit_m"], answer["query"]["standard"]) == (500, "custom")
    told = {feature["properties"]["site"]: feature["properties"] for feature in answer["features"]}
    assert [*told] == [site.id for site in region.sites if site.kind in {"station", "office"}]
    walks = region.home_walks("standard", ["station", "office"])
    for site_id, row in told.items():
        mine = (walks.site[:, 0] == region.site_row(site_id)) & (walks.walk_m[:, 0] <= 500)
        assert row["population"] == region.homes.population[mine].sum()
        assert row["homes"] == (region.homes.population[mine] > 0).sum()
        assert row["area_m2"] > 0


def test_areas_move_with_the_coordinate_system(api: Asking) -> None:
    """In GCJ-02 the same ground stands where maps in GCJ-02 show it."""
    plain, moved = (api.answer("areas", metres=500, coordsys=system)["features"][0] for system in ("wgs84", "gcj02"))
    first, there = (feature["geometry"]["coordinates"][0][0][0] for feature in (plain, moved))
    assert 0.004 < there[0] - first[0] < 0.008
    assert plain["properties"] == moved["properties"]


def test_the_command_line_writes_areas_and_criticality(little_region: Path, tmp_path: Path, capsys) -> None:
    """Both files say what they are of; a file of another kind is wrong usage."""
    out, table = tmp_path / "areas.geojson", tmp_path / "critical.csv"
    assert cli.main(["areas", str(little_region), "--metres", "500", "-o", str(out)]) == 0
    told = json.loads(out.read_text(encoding="utf-8"))
    assert (told["limit_m"], told["synthetic"], len(told["features"])) == (500, True, 6)
    assert cli.main(["criticality", str(little_region), "-o", str(table)]) == 0
    with table.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    answer = Asking(little_region).answer("criticality")
    assert [row["id"] for row in rows] == [feature["id"] for feature in answer["features"]]
    assert {row["standard"] for row in rows} == {"GB 50180-2018"}
    assert cli.main(["criticality", str(little_region), "-o", str(tmp_path / "critical.xlsx")]) == 0
    assert (tmp_path / "critical.xlsx").stat().st_size > 0
    capsys.readouterr()
    with pytest.raises(SystemExit, match="2"):
        cli.main(["areas", str(little_region), "-o", str(tmp_path / "areas.shp")])
