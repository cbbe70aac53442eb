"""Siting over HTTP and on the command line, held against coverage counted anew with the chosen sites open."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest

from geomatch import cli
from geomatch.network.profiles import limit_for
from geomatch.planning.sites import Site, SiteKind
from geomatch.services import coverage as coverage_service
from tests.regions import lonlat
from tests.serving import Asking, region_of

if TYPE_CHECKING:
    from pathlib import Path

SPOTS = ((0.5, 2.0), (1.0, 9.0), (7.0, 5.0), (20.0, 5.0), (29.0, 3.0), (29.0, 10.0), (4.0, -9.0))


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The API of the little region."""
    return Asking(little_region)


def collection(spots: tuple[tuple[float, float], ...] = SPOTS, **properties: Any) -> dict[str, Any]:
    """Candidates at street corners, the last of SPOTS far from any street."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": list(lonlat(*spot))},
                "properties": {"id": f"K{row}", "name": f"店{row}", **properties},
            }
            for row, spot in enumerate(spots)
        ],
    }


def ask(api: Asking, **body: Any) -> Any:
    """POST a question and read a 200."""
    response = api.client.post(f"{api.at}/siting", json=body)
    assert response.status_code == 200, response.text
    return response.get_json()


def refused(api: Asking, **body: Any) -> dict[str, str]:
    """POST, expect a 422, give its messages by place."""
    told = api.problem(api.client.post(f"{api.at}/siting", json=body), 422)
    return {".".join(map(str, error["loc"])): error["msg"] for error in told["errors"]}


def test_the_covered_people_are_those_of_coverage_with_the_sites_open(api: Asking) -> None:
    """Before and after equal the coverage table of the region without and with the chosen sites, unit by unit."""
    answer = ask(api, candidates=collection(), p=3, metres=600)
    limit = limit_for(metres=600)
    opened = [Site(row["id"], row["name"], SiteKind.OUTPOST, row["lon"], row["lat"]) for row in answer["chosen"]]
    before = coverage_service.coverage(api.region, limit)
    after = coverage_service.coverage(api.region.with_sites([*api.region.sites, *opened]), limit)
    assert (answer["covered_before"], answer["covered"]) == (before.total.covered, after.total.covered)
    assert [unit["covered_before"] for unit in answer["units"]] == [row.covered for row in before.units]
    assert [unit["covered"] for unit in answer["units"]] == [row.covered for row in after.units]
    assert sum(row["people_added"] for row in answer["chosen"]) == answer["covered"] - answer["covered_before"]
    assert [point["covered"] for point in answer["curve"]] == [
        answer["covered_before"], *(row["covered"] for row in answer["chosen"])
    ]  # fmt: skip
    assert answer["gap"] == pytest.approx((answer["bound"] - answer["covered"]) / answer["bound"])
    assert (answer["candidates"], [row["id"] for row in answer["off_network"]]) == (6, ["K6"])


def test_a_floor_that_cannot_be_met_says_by_how_much(api: Asking) -> None:
    """The home off the streets keeps its township from 100 %, and the answer tells how many are missing."""
    answer = ask(api, candidates=collection(), p=2, floor=100)
    west = next(row for row in answer["unmet"] if row["id"] == "w")
    assert west["what"] == "floor"
    assert west["short"] == west["wanted"] - west["reached"] > 0
    assert west["reachable"] < west["wanted"] == 12_000


def test_other_objectives_and_budgets_answer(api: Asking) -> None:
    """Every objective has its own figure, on the right side of its bound; budgets are kept."""
    least = ask(api, candidates=collection(), objective="lscp", target=80, metres=700)
    assert least["certificate"]["measure"] == "sites"
    assert least["covered"] >= 0.8 * least["population"] or least["unmet"]
    twice = ask(api, candidates=collection(), objective="backup", p=2)
    assert twice["certificate"]["value"] >= twice["certificate"]["before"]
    bought = ask(api, candidates=collection(cost=2.5), budget=6, metres=600)
    assert sum(row["cost"] for row in bought["chosen"]) <= 6
    for objective in ("p_median", "p_center"):
        walk = ask(api, candidates=collection(), objective=objective, p=2)["certificate"]
        assert walk["measure"] == "m"
        assert walk["bound"] <= walk["value"] <= walk["before"]
    apart = ask(api, candidates=collection(), objective="p_dispersion", p=3)
    assert len(apart["chosen"]) == 3
    assert 0 < apart["certificate"]["value"] <= apart["certificate"]["bound"]
    full = ask(api, candidates=collection(capacity=100), objective="capacitated", p=2, metres=600)
    assert full["covered"] - full["covered_before"] <= 200
    assert full["bound"] >= full["covered"]


def test_junctions_stand_on_a_grid(api: Asking) -> None:
    """With a grid alone the candidates are street corners, one a square, and the same each time."""
    first, again = (ask(api, grid_m=400, p=4, metres=500) for _ in range(2))
    assert first == again
    assert 4 < first["candidates"] < 60
    assert all(row["id"].startswith("J") for row in first["chosen"])


def test_places_come_and_go_in_the_asked_system(api: Asking) -> None:
    """A candidate asked for in GCJ-02 comes back where it was put."""
    from geomatch.geo.coordinates import CoordSys, from_wgs84

    given = collection(SPOTS[:1])
    place = given["features"][0]["geometry"]
    place["coordinates"] = [float(part) for part in from_wgs84(*place["coordinates"], CoordSys.GCJ02)]
    answer = ask(api, candidates=given, p=1, metres=400, coordsys="gcj02")
    assert [answer["chosen"][0][axis] for axis in ("lon", "lat")] == pytest.approx(place["coordinates"], abs=1e-7)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"candidates": collection()}, "body.p"),
        ({"candidates": collection(), "p": 2, "budget": 3}, "body.budget"),
        ({"p": 2}, "body.candidates"),
        ({"candidates": collection(), "objective": "lscp"}, "body.target"),
        ({"candidates": collection(), "objective": "lscp", "target": 50, "p": 1}, "body.p"),
        ({"candidates": collection(id="same"), "p": 1}, "body.candidates"),
        ({"candidates": collection(cost=-1), "p": 1}, "body.candidates.features.0.properties.cost"),
        ({"candidates": collection(), "p": 0}, "body.p"),
        ({"candidates": collection(), "p": 2, "objective": "capacitated"}, "body.capacity"),
        ({"candidates": collection(), "budget": 2, "objective": "p_median"}, "body.budget"),
        ({"candidates": collection(), "p": 2, "objective": "backup", "floor": 5}, "body.floor"),
        ({"grid_m": 1, "p": 1}, "body.grid_m"),
    ],
)
def test_a_question_at_fault_names_what_is_wrong(api: Asking, body: dict[str, Any], where: str) -> None:
    """Each message stands at its own parameter."""
    assert where in refused(api, **body)


def test_the_command_line_answers_as_the_service_does(little_region: Path, tmp_path: Path, capsys) -> None:
    """The file holds the same members; without a file it is told in words; every faulty row is listed."""
    table = tmp_path / "shops.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "name", "lon", "lat"])
        rows.writerows([f"K{row}", f"店{row}", *lonlat(*spot)] for row, spot in enumerate(SPOTS))
    out = tmp_path / "out.json"
    command = ["siting", str(little_region), str(table), "-p", "3", "--metres", "600"]
    assert cli.main([*command, "-o", str(out)]) == 0
    asked = ask(Asking(little_region), candidates=collection(), p=3, metres=600)
    assert json.loads(out.read_text(encoding="utf-8")) == asked
    capsys.readouterr()
    assert cli.main(command) == 0
    told = capsys.readouterr().out
    assert f"{asked['covered']:,}" in told
    assert "not on the network" in told
    table.write_text("id,lon,lat,cost\nA,x,39.9,1\nA,116.3,39.9,-2\n", encoding="utf-8")
    assert cli.main(command) == 1
    assert len(capsys.readouterr().err.splitlines()) >= 3
    assert region_of(little_region).spec.id == "little"
