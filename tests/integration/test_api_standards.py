"""Standards over HTTP and on the command line, held against plain coverage and a count by hand."""

from __future__ import annotations

import csv
import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geomatch import cli
from geomatch.network.profiles import PROFILES, limit_for
from geomatch.planning.standards import BANDS
from geomatch.services import build
from geomatch.services import standards as standards_service
from tests.serving import Asking

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The API of the little region."""
    return Asking(little_region)


def test_standards_agree_with_coverage_and_add_up(api: Asking) -> None:
    """Every unit is judged on its own coverage; minutes and units add up to the total."""
    answer = api.answer("standards", target=60, metres=700)
    plain = api.answer("coverage", metres=700)
    assert (answer["standard"], answer["limit_m"], answer["target"]) == ("custom", 700, 60)
    for judged, row in zip([*answer["units"], answer["total"]], [*plain["units"], plain["total"]], strict=True):
        assert {key: judged[key] for key in ("population", "covered", "share")} == {
            key: row[key] for key in ("population", "covered", "share")
        }
        assert judged["passes"] == (row["covered"] >= 0.6 * row["population"])
        assert judged["shortfall"] == max(0, int(np.ceil(0.6 * row["population"])) - row["covered"])
        assert sum(judged["minutes"].values()) == row["population"]
    assert [*answer["total"]["minutes"]] == list(BANDS)
    assert answer["units_passed"] == sum(unit["passes"] for unit in answer["units"])
    assert answer["units_shortfall"] == sum(unit["shortfall"] for unit in answer["units"])
    assert answer["units_shortfall"] >= answer["total"]["shortfall"]


def test_each_preset_states_its_clause_and_its_own_coverage(api: Asking) -> None:
    """The 10 minutes of GB 50180-2018 are its 500 m, said with the clause."""
    tiers = {tier["id"]: tier for tier in api.answer("standards")["presets"]}
    ten = tiers["gb50180-10"]
    assert (ten["standard"], ten["clause"]) == ("GB 50180-2018", "2.0.3, table 3.0.4")
    assert (ten["limit_m"], ten["limit_s"], ten["minutes"]) == (500, 600, 10)
    assert ten["total"]["covered"] == api.answer("coverage", metres=500)["total"]["covered"]
    assert tiers["tdt1062-15"]["total"]["covered"] == api.answer("coverage")["total"]["covered"]
    assert [city["target"] for city in api.answer("standards")["city_targets"]] == [85, 99]


def test_a_thinly_settled_region_says_that_a_kilometre_makes_no_sense(api: Asking) -> None:
    """The units of the little region hold thousands of people per km2; a hundredth of them would be rural."""
    answer = api.answer("standards")
    assert answer["rural"] == {"below_people_per_km2": 300, "units": 0, "people": 0, "applies": False,
        "rule": "density", "caveat": None,
    }  # fmt: skip
    west = answer["units"][0]
    assert west["people_per_km2"] == pytest.approx(12_000 / (2.2 * 2.5), rel=1e-3)
    homes = api.region.homes
    before = homes.population.copy()
    try:
        homes.population[:] = before // 100
        found = standards_service.standards(api.region.with_sites(api.region.sites), limit_for())
    finally:
        homes.population[:] = before
    assert found.total_setting.rural
    assert found.ground.rural_units == 2


def test_profiles_stand_side_by_side(api: Asking) -> None:
    """Each profile's row is its own coverage; the slower walks reach no more people in the same minutes."""
    answer = api.answer("profiles", minutes=10)
    assert [row["profile"] for row in answer["profiles"]] == list(PROFILES)
    for row in answer["profiles"]:
        plain = api.answer("coverage", minutes=10, profile=row["profile"])
        assert (row["total"], row["units"], row["limit_m"]) == (plain["total"], plain["units"], plain["limit_m"])
    covered = {row["profile"]: row["total"]["covered"] for row in answer["profiles"]}
    assert covered["wheelchair"] <= covered["elder"] <= covered["standard"] <= covered["adult"]


def test_a_region_without_townships_and_people_is_judged_without_a_word_too_many(
    little_region: Path, tmp_path: Path
) -> None:
    """Nobody to count: every share is null, nothing passes or fails, and every door still answers."""
    folder = shutil.copytree(little_region, tmp_path / "bare", ignore=shutil.ignore_patterns("build"))
    told = (folder / "region.toml").read_text(encoding="utf-8")
    before, _, rest = told.partition("[units]")
    (folder / "region.toml").write_text(before + "[demand]" + rest.partition("[demand]")[2], encoding="utf-8")
    build.build(folder)
    bare = Asking(folder)
    judged = bare.answer("standards")
    assert {unit["passes"] for unit in judged["units"]} == {judged["total"]["passes"]} == {None}
    assert (judged["total"]["people_per_km2"], judged["rural"]["applies"]) == (None, False)
    assert bare.answer("fairness")["total"]["access_per_10k"] is None
    assert bare.answer("fairness")["lorenz"] == []
    assert bare.answer("week")["share"][0][0] is None
    assert bare.answer("sensitivity")["headline"]["share"] is None
    assert {feature["properties"]["lost"] for feature in bare.answer("criticality")["features"]} == {0}
    assert {feature["properties"]["population"] for feature in bare.answer("areas")["features"]} == {0}


def test_where_no_site_counts_nobody_is_covered(api: Asking) -> None:
    """The little region has no base: nothing to rank, no ground, and everybody unreachable."""
    nothing = {"kind": "base"}
    assert api.answer("standards", **nothing)["total"]["minutes"]["unreachable"] == 20_001
    assert api.answer("criticality", **nothing)["features"] == api.answer("areas", **nothing)["features"] == []
    assert api.answer("fairness", **nothing)["supply"]["total"] == 0
    assert api.answer("week", **nothing)["sites"] == 0
    assert api.answer("sensitivity", **nothing)["bands"][0]["high"]["covered"] == 0


@pytest.mark.parametrize("target", ["0", "-5", "100.5", "nan", "x", ""])
def test_a_target_that_is_no_percentage_is_refused_by_name(api: Asking, target: str) -> None:
    """The message names the parameter."""
    assert [*api.refused("standards", target=target)] == ["query.target"]


def test_the_command_line_adds_pass_and_shortfall(little_region: Path, tmp_path: Path, capsys) -> None:
    """With --target the table has two columns more and states the target; without it nothing changes."""
    out = tmp_path / "coverage.csv"
    assert cli.main(["coverage", str(little_region), "--target", "60", "-o", str(out)]) == 0
    with out.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    answer = Asking(little_region).answer("standards", target=60)
    judged = [*answer["units"], answer["total"]]
    assert [row["passes"] for row in rows] == [json.dumps(unit["passes"]) for unit in judged]
    assert [int(row["shortfall"]) for row in rows] == [unit["shortfall"] for unit in judged]
    assert {row["target"] for row in rows} == {"60.0"}
    capsys.readouterr()
    assert cli.main(["coverage", str(little_region), "--target", "60", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [unit["shortfall"] for unit in [*told["units"], told["total"]]] == [unit["shortfall"] for unit in judged]
    assert cli.main(["coverage", str(little_region), "--target", "120"]) == 1
    assert "target" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_the_command_line_writes_every_tier(little_region: Path, tmp_path: Path, ending: str) -> None:
    """One row for each tier and unit with the clause beside the figures; in each of the three forms."""
    out = tmp_path / f"tiers.{ending}"
    assert cli.main(["standards", str(little_region), "-o", str(out)]) == 0
    if ending == "csv":
        with out.open(encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    elif ending == "json":
        rows = json.loads(out.read_text(encoding="utf-8"))["tiers"]
    else:
        from openpyxl import load_workbook

        columns, *cells = load_workbook(out).active.iter_rows(values_only=True)
        rows = [dict(zip(columns, row, strict=True)) for row in cells]
    assert len(rows) == 5 * 3
    assert {row["clause"] or None for row in rows if row["tier"] == "gb50180-5"} == {"2.0.4, table 3.0.4"}
    asked = [row for row in rows if row["tier"] == "asked"]
    assert sum(int(asked[-1][f"minutes_{band}"]) for band in BANDS) == 20_001


def test_the_command_line_tells_the_tiers_in_words(little_region: Path, capsys) -> None:
    """Each tier on a line of its own with its clause, then the minutes."""
    assert cli.main(["standards", str(little_region)]) == 0
    told = capsys.readouterr().out
    assert "(2.0.3, table 3.0.4)" in told
    assert "TD/T 1062-2021" in told
    assert "unreachable" in told
