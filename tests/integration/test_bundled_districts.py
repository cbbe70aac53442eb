"""The two small bundled districts: made by their script, counted, sane, and found by a point among three."""

from __future__ import annotations

import collections
import csv
import filecmp
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geomatch import cli
from geomatch.config import Settings
from geomatch.errors import InputError
from geomatch.files import region_file
from geomatch.geo import projection
from geomatch.planning.sites import SiteKind
from geomatch.services import build as build_service
from geomatch.services import region as region_service
from geomatch.services.build_report import BuildReport
from geomatch.services.setting import CAVEAT
from geomatch.web.app import app_for
from tests import regions
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient

    from geomatch.services.region import Region

DATA = ROOT / "data"
MADE = ("streets.osm.pbf", "townships.geojson", "homes.csv", "sites.csv")
COUNTS = {"ledu": {"centre": 1, "office": 19, "station": 59, "outpost": 36}, "chaozhou": {"landscape": 18}}
MOST_BYTES = 1.5e6


def rows_of(name: str, table: str) -> list[dict[str, str]]:
    """Read a table of a bundled region."""
    with (DATA / name / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def built(bundled_region: Callable[[str], Path]) -> dict[str, tuple[Region, BuildReport]]:
    """Both districts, built from the committed files, and what their builds told."""
    made = {}
    for name in COUNTS:
        region = region_service.open_region(bundled_region(name))
        told = json.loads((region.build_folder / build_service.REPORT).read_text(encoding="utf-8"))
        made[name] = (region, BuildReport(**told))
    return made


@pytest.fixture(scope="module")
def asking(built: dict[str, tuple[Region, BuildReport]], little_region: Path) -> FlaskClient:
    """A client of one service over three regions."""
    opened = [region_service.open_region(little_region), *(region for region, _ in built.values())]
    return app_for(opened, Settings(max_points=100)).test_client()


@pytest.mark.parametrize("name", COUNTS)
def test_the_script_makes_the_very_bytes_that_are_committed(name: str, tmp_path: Path) -> None:
    """A second run of the generator gives the committed files, byte for byte."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    script = str(DATA / "make_region.py")
    subprocess.run([sys.executable, script, name, str(tmp_path)], check=True, env=environment, timeout=200)
    same, different, missing = filecmp.cmpfiles(DATA / name, tmp_path, MADE, shallow=False)
    assert (sorted(same), different, missing) == (sorted(MADE), [], [])


@pytest.mark.parametrize("name", COUNTS)
def test_the_region_says_that_it_is_synthetic_and_stays_small(name: str) -> None:
    """The flag that every map shows is set, and the sources stay small."""
    assert region_file.load_spec(DATA / name).synthetic
    assert sum((DATA / name / file).stat().st_size for file in (*MADE, "region.toml")) < MOST_BYTES


@pytest.mark.parametrize("name", COUNTS)
def test_a_sample_is_the_whole_of_it(name: str, tmp_path: Path) -> None:
    """`geomatch sample` writes every file that region.toml names, unchanged."""
    assert cli.main(["sample", name, str(tmp_path / name)]) == 0
    same, different, missing = filecmp.cmpfiles(DATA / name, tmp_path / name, (*MADE, "region.toml"), shallow=False)
    assert (len(same), different, missing) == (5, [], [])


@pytest.mark.parametrize("name", COUNTS)
def test_sites_are_counted_and_under_their_parents(name: str) -> None:
    """As many of each kind as there are, each under the site above it, with hours and services."""
    rows = rows_of(name, "sites.csv")
    assert collections.Counter(row["kind"] for row in rows) == COUNTS[name]
    kind_of = {row["id"]: row["kind"] for row in rows}
    assert len(kind_of) == len(rows)
    above = {"centre": "", "office": "centre", "station": "office", "outpost": "office", "landscape": ""}
    assert all(kind_of.get(row["parent"], "") == above[row["kind"]] for row in rows)
    assert all(row["hours"] and row["services"] for row in rows)


def test_every_township_of_ledu_has_its_office() -> None:
    """19 offices stand for 19 townships, and every station names one of them."""
    rows = rows_of("ledu", "sites.csv")
    offices = {row["unit"] for row in rows if row["kind"] == "office"}
    assert len(offices) == 19
    assert {row["unit"] for row in rows if row["kind"] == "station"} == offices


def test_the_van_is_in_one_place_at_a_time() -> None:
    """No two stops of the science van share a time window, and every stop has one short window a week."""
    stops = [row for row in rows_of("ledu", "sites.csv") if row["kind"] == "outpost"]
    van = [row["hours"] for row in stops if row["name"].startswith("科普大篷车")]
    assert len(van) == len(set(van)) == 20
    assert all(row["hours"].count("-") == 1 and "," not in row["hours"] for row in stops)


@pytest.mark.parametrize("name", COUNTS)
def test_the_plane_fits_the_district(name: str) -> None:
    """The stated CRS is within 1.5 degrees of its central meridian, so lengths err by less than 1 in 2,000."""
    spec = region_file.load_spec(DATA / name)
    assert spec.metric_crs is not None
    plane = projection.plane(spec.metric_crs)
    lon, lat = (np.array([float(row[axis]) for row in rows_of(name, "homes.csv")]) for axis in ("lon", "lat"))
    x, y = plane.to_xy(lon, lat)
    east, north = plane.to_xy(lon + 1e-4, lat)
    true_m = 1e-4 * np.deg2rad(1) * 6_378_137.0 * np.cos(np.deg2rad(lat))
    true_m /= np.sqrt(1 - 0.00669438 * np.sin(np.deg2rad(lat)) ** 2)
    assert np.abs(np.hypot(east - x, north - y) / true_m - 1).max() < 5e-4


@pytest.mark.parametrize("name", COUNTS)
def test_a_build_finds_nothing_at_fault(name: str, built: dict[str, tuple[Region, BuildReport]]) -> None:
    """No faults, no islands, and every home and site reaches a street within a few metres."""
    region, report = built[name]
    assert not report.flags
    assert not report.off_network
    assert report.island_count == 0
    assert region.home_places("standard").on_network.all()
    assert region.site_places("standard").on_network.all()
    assert float(region.home_places("standard").access_m.max()) < 60.0


def test_landscapes_stand_far_from_each_other_on_main_roads(built: dict[str, tuple[Region, BuildReport]]) -> None:
    """No two of the 18 are within 600 m, and each is within 25 m of a primary or secondary street."""
    region, _ = built["chaozhou"]
    away_m = np.hypot(*(axis[:, None] - axis[None, :] for axis in (region.site_x, region.site_y)))
    assert away_m[~np.eye(len(away_m), dtype=bool)].min() > 600.0
    assert float(region.site_places("standard").access_m.max()) < 25.0


def test_the_region_of_a_point_is_found_among_three(
    asking: FlaskClient, built: dict[str, tuple[Region, BuildReport]], little_region: Path
) -> None:
    """A point is answered by the district that holds it; one outside all three names the nearest."""
    opened = [region_service.open_region(little_region), *(region for region, _ in built.values())]
    for region in opened:
        for row in (0, len(region.sites) - 1):
            site = region.sites[row]
            found = asking.get(f"/api/v1/nearest?lon={site.lon}&lat={site.lat}").get_json()
            assert found["region"] == region.spec.id
    nowhere = asking.get("/api/v1/nearest?lon=115&lat=24")
    assert nowhere.status_code == 404
    assert "chaozhou" in nowhere.get_json()["detail"]


def test_a_rural_region_says_what_1000_m_is_worth_and_gives_minutes(
    asking: FlaskClient, built: dict[str, tuple[Region, BuildReport]]
) -> None:
    """Coverage, standards and minutes of Ledu carry the caveat, and the bands are those of its homes one by one."""
    at, region = "/api/v1/regions/ledu", built["ledu"][0]
    told = asking.get(f"{at}/minutes?kind=centre&kind=office&kind=station").get_json()
    assert told["rural"]
    assert told["caveat"] == asking.get(f"{at}/coverage").get_json()["caveat"] is not None
    rule = asking.get(f"{at}/standards").get_json()["rural"]
    assert (rule["applies"], rule["rule"], rule["caveat"]) == (True, "setting", told["caveat"])
    kinds = (SiteKind.CENTRE, SiteKind.OFFICE, SiteKind.STATION)
    walk_s = region.home_walks("standard", kinds).walk_m[:, 0] / (1000 / 900)
    people = region.homes.population
    ends_s = np.array([5, 10, 15, 30, 60, 120]) * 60 + 1e-6
    counted = [int(people[walk_s <= end].sum()) for end in ends_s]
    assert np.cumsum([*told["total"]["minutes"].values()])[:6].tolist() == counted
    line = np.sort(np.repeat(walk_s, people))
    assert told["total"]["median_minutes"] == pytest.approx(line[(len(line) + 1) // 2 - 1] / 60)
    for band, figure in told["total"]["minutes"].items():
        assert sum(unit["minutes"][band] for unit in told["units"]) == figure
    everything = asking.get(f"{at}/minutes").get_json()["total"]["median_minutes"]
    assert everything < told["total"]["median_minutes"]  # stops of the van count only where they are asked for


def test_a_town_has_no_caveat(asking: FlaskClient) -> None:
    """Chaozhou is densely settled and states no setting: the standard stands without a word."""
    told = asking.get("/api/v1/regions/chaozhou/minutes").get_json()
    assert (told["rural"], told["caveat"]) == (False, None)
    assert asking.get("/api/v1/regions/chaozhou/coverage").get_json()["caveat"] is None


def test_the_first_page_switches_between_regions(asking: FlaskClient) -> None:
    """Every region is a link, the one shown is marked, and an unknown one is no page."""
    page = asking.get("/?region=ledu").text
    assert all(f'href="/?region={name}"' in page for name in ("little", "ledu", "chaozhou"))
    assert re.search(r'href="/\?region=ledu" aria-current="page"', page)
    assert asking.get("/?region=atlantis").status_code == 404


def test_a_place_is_found_in_whichever_region_has_it(
    asking: FlaskClient, built: dict[str, tuple[Region, BuildReport]]
) -> None:
    """The first page answers for the region of the point, whichever was shown."""
    for name, (region, _) in built.items():
        site = region.sites[-1]
        page = asking.get(f"/?region=little&lon={site.lon}&lat={site.lat}").text
        assert site.name in page
        assert f'"region": "{name}"' in page


def test_the_command_says_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`geomatch coverage` prints the caveat with the minutes, and files carry it; a bad setting is refused by name."""
    folder = regions.write_little_region(tmp_path / "little")
    toml = folder / "region.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace("[region]\n", '[region]\nsetting = "rural"\n', 1), encoding="utf-8")
    build_service.build(folder)
    assert cli.main(["coverage", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert CAVEAT[0] in printed
    assert "minutes to the nearest site" in printed
    assert "three quarters within" in printed
    assert cli.main(["coverage", str(folder), "-o", str(tmp_path / "out.json")]) == 0
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["caveat"] == " ".join(CAVEAT)
    assert cli.main(["map", str(folder), "-o", str(tmp_path / "out.html")]) == 0
    assert '"three_quarter_minutes"' in (tmp_path / "out.html").read_text(encoding="utf-8")
    toml.write_text(text.replace("[region]\n", '[region]\nsetting = "lunar"\n', 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"region\.setting"):
        region_file.load_spec(folder)
