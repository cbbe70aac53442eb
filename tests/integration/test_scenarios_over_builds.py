"""Scenarios outlive the builds they were saved on: rebuilt regions, regions no longer served, several regions."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from geomatch.config import Settings
from geomatch.services import build
from geomatch.services.region import open_region
from geomatch.web.app import app_for
from tests.regions import lonlat, write_little_region

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

LON, LAT = lonlat(2, 3)
ADD = [{"lon": LON, "lat": LAT, "kind": "station"}]


@pytest.fixture
def region(little_region: Path, tmp_path: Path) -> Path:
    """A built little region of the test's own."""
    return shutil.copytree(little_region, tmp_path / "little")


def served(tmp_path: Path, *folders: Path) -> FlaskClient:
    """Start the service anew over the test's own database."""
    url = f"sqlite:///{tmp_path / 'new folder' / 'scenarios %#?.db'}"
    return app_for([open_region(folder) for folder in folders], Settings(database_url=url)).test_client()


def save(client: FlaskClient, name: str, at: str = "little", **question: Any) -> Any:
    """Save a scenario and read a 201."""
    response = client.post(f"/api/v1/regions/{at}/scenarios", json={"name": name, "question": question})
    assert response.status_code == 201, response.text
    return response.get_json()


def build_with_one_site_less(folder: Path, site_id: str) -> None:
    """Build a region again without one of its sites."""
    path = folder / "sites.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if not row.startswith(f"{site_id},")), encoding="utf-8")
    build.build(folder)


def test_a_scenario_of_a_rebuilt_region_shows_both_figures(region: Path, tmp_path: Path) -> None:
    """It says so, keeps what was saved and its hash, and reckons anew what holds now; saved again, it is of today."""
    told = save(served(tmp_path, region), "甲", add=ADD)
    build_with_one_site_less(region, "P1")
    client = served(tmp_path, region)
    opened = client.get(f"/api/v1/scenarios/{told['id']}").get_json()
    assert (opened["rebuilt"], opened["saved"], opened["faults"]) == (True, told["saved"], [])
    figures = client.post("/api/v1/regions/little/whatif", json={"add": ADD}).get_json()
    assert opened["now"]["after"] == figures["after"] != told["saved"]["after"]
    assert opened["now"]["hash"] == figures["hash"] != told["saved"]["hash"]
    (row,) = client.get("/api/v1/regions/little/scenarios").get_json()["scenarios"]
    assert (row["rebuilt"], row["saved"]) == (True, told["saved"])
    body = {"name": "甲", "question": opened["question"]}
    again = client.put(f"/api/v1/scenarios/{told['id']}", json=body, headers={"If-Match": '"1"'}).get_json()
    assert (again["rebuilt"], again["saved"]) == (False, opened["now"])


def test_a_build_of_the_same_sources_gives_the_same_figures_and_hash(region: Path, tmp_path: Path) -> None:
    """The region was built again, and nothing is different."""
    told = save(served(tmp_path, region), "甲", add=ADD, close=["P1"])
    build.build(region)
    opened = served(tmp_path, region).get(f"/api/v1/scenarios/{told['id']}").get_json()
    same = {name: value for name, value in told["saved"].items() if name != "built_at"}
    assert opened["rebuilt"]
    assert {name: value for name, value in opened["now"].items() if name != "built_at"} == same


def test_a_scenario_that_no_longer_fits_opens_and_says_why(region: Path, tmp_path: Path) -> None:
    """A site that it closes is gone: its saved figures stay, those of now are null, and nothing fails."""
    told = save(served(tmp_path, region), "甲", close=["O1", "P1"], move=[{"id": "S2", "lon": LON, "lat": LAT}])
    build_with_one_site_less(region, "P1")
    client = served(tmp_path, region)
    opened = client.get(f"/api/v1/scenarios/{told['id']}").get_json()
    assert (opened["now"], opened["saved"]) == (None, told["saved"])
    assert opened["faults"] == [{"loc": ["question", "close", 1], "msg": "there is no site 'P1'"}]
    assert client.get("/api/v1/regions/little/scenarios").status_code == 200
    compared = client.get(f"/api/v1/scenarios/compare?a={told['id']}&b=now")
    assert compared.status_code == 422
    assert compared.get_json(force=True)["errors"][0]["loc"] == ["query", "a", "close", 1]
    features = client.get(f"/api/v1/scenarios/{told['id']}/geojson").get_json(force=True)["features"]
    assert [feature["geometry"] is None for feature in features] == [False, True, False]


def test_regions_keep_their_scenarios_apart(region: Path, tmp_path: Path) -> None:
    """Each has its own names and its own list; they cannot be compared; one not served is not answered for."""
    other = write_little_region(tmp_path / "other", region_id="other")
    build.build(other)
    client = served(tmp_path, region, other)
    here, there = save(client, "甲", add=ADD), save(client, "甲", at="other", add=ADD)
    assert [row["id"] for row in client.get("/api/v1/regions/other/scenarios").get_json()["scenarios"]] == [there["id"]]
    compared = client.get(f"/api/v1/scenarios/compare?a={here['id']}&b={there['id']}")
    assert compared.get_json(force=True)["errors"][0]["loc"] == ["query", "b"]
    alone = served(tmp_path, region)
    assert alone.get(f"/api/v1/scenarios/{there['id']}").status_code == 404
    assert alone.get(f"/api/v1/scenarios/{here['id']}").status_code == 200
