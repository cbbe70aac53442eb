"""Fairness, criticality, the week and the band over HTTP, each held against a plain recount."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from geomatch.network.profiles import PROFILES, limit_for
from geomatch.services import coverage as coverage_service
from geomatch.services import fairness as fairness_service
from geomatch.services import nearest as nearest_service
from geomatch.services.region import open_region
from tests.networks import Oracle, Snapped
from tests.serving import Asking

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.services.region import Region


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The API of the little region."""
    return Asking(little_region)


@pytest.fixture(scope="module")
def walk_m(little_region: Path) -> np.ndarray:
    """Every walk from a home to a site, by the slow reading of the model: (homes, sites)."""
    return walks_of(open_region(little_region))


def walks_of(region: Region, *, leg: float = 1.0) -> np.ndarray:
    """Walk from every home to every site with access legs so many times as long."""
    oracle = Oracle(region.graph, PROFILES["standard"])
    homes = [oracle.snap(x, y) for x, y in zip(*region.home_xy, strict=True)]
    sites = [oracle.snap(x, y) for x, y in zip(region.site_x, region.site_y, strict=True)]
    homes, sites = (
        [Snapped(spot.edge, spot.offset_m, spot.access_m * leg) for spot in spots] for spots in (homes, sites)
    )
    return oracle.walks(homes, sites)


def test_fairness_states_its_question_and_agrees_with_coverage(api: Asking) -> None:
    """The figures that both tables have are the same, and the over-claim is the straight-line share less the share."""
    answer, plain = api.answer("fairness", metres=800), api.answer("coverage", metres=800)
    assert (answer["standard"], answer["limit_m"], answer["kind"]) == ("custom", 800, [])
    for found, row in zip([*answer["units"], answer["total"]], [*plain["units"], plain["total"]], strict=True):
        same = ("population", "covered", "share", "median_walk_m", "p90_walk_m", "worst_decile_walk_m", "gini")
        assert {name: found[name] for name in same} == {name: row[name] for name in same}
        assert found["over_claim_share"] == pytest.approx(row["straight_line_share"] - row["share"])
        assert found["over_claim"] == found["straight_line"] - found["covered"] >= 0
    assert sum(unit["over_claim"] for unit in answer["units"]) == answer["total"]["over_claim"]
    assert answer["lorenz"][0] == [0, 0]
    assert answer["lorenz"][-1] == [1, 1]


def test_access_equals_the_formula_on_the_slow_walks(api: Asking, walk_m: np.ndarray) -> None:
    """2SFCA by two loops over walks that scipy found; the units' people times their access add up to the supply."""
    answer = api.answer("fairness", metres=800)
    people, unit = api.region.homes.population, api.region.homes.unit
    expected = np.zeros(len(people))
    for site in range(walk_m.shape[1]):
        within = walk_m[:, site] <= 800
        expected[within] += 1 / people[within].sum()
    for place, row in enumerate(answer["units"]):
        mean = (people * expected)[unit == place].sum() / people[unit == place].sum()
        assert row["access_per_10k"] == pytest.approx(mean * 10_000)
    supply = answer["supply"]
    assert (supply["stated"], supply["assumed"], supply["each"], supply["shared"]) == (0, 6, 1, 6)
    held = sum(row["access_per_10k"] / 10_000 * row["population"] for row in answer["units"])
    assert held == pytest.approx(supply["shared"])


def test_criticality_equals_closing_each_site(api: Asking) -> None:
    """Closing a site in earnest and counting all homes again loses what was told, for every site and kind."""
    region = api.region
    for kinds in ([], ["station", "outpost"]):
        told = {f["id"]: f["properties"] for f in api.answer("criticality", metres=700, kind=kinds)["features"]}
        limit = limit_for(metres=700)
        before = coverage_service.coverage(region, limit, kinds).total.covered
        assert {site.id for site in region.sites if not kinds or site.kind in kinds} == told.keys()
        for site_id, row in told.items():
            after = coverage_service.coverage(region.close(site_id), limit, kinds).total.covered
            assert row["lost"] == before - after
        assert sum(row["nearest"] for row in told.values()) == before
        assert [row["rank"] for row in told.values()] == list(range(1, len(told) + 1))


def test_the_week_agrees_with_asking_who_is_open(api: Asking, walk_m: np.ndarray) -> None:
    """At sampled hours the covered people are those to whom `nearest` names an open site within the limit."""
    answer = api.answer("week", day="2026-11-25")
    assert (answer["monday"], answer["sites"], answer["hours_unknown"]) == ("2026-11-23", 6, 1)
    region, limit = api.region, limit_for()
    homes = region.homes
    inside = [row for row in range(len(homes)) if region.covers(homes.lon[row], homes.lat[row])]
    assert len(inside) == len(homes)
    for hour in (0, 9, 12, 17, 19, 33, 150):
        when = datetime.fromisoformat("2026-11-23") + timedelta(hours=hour)
        covered = 0
        for row in inside:
            found = nearest_service.nearest(region, homes.lon[row], homes.lat[row], limit=limit, open_at=when)
            covered += int(homes.population[row]) if found.hits and found.hits[0].within else 0
        assert answer["covered"][hour // 24][hour % 24] == covered
        assert answer["share"][hour // 24][hour % 24] == covered / answer["population"]
    # S1, whose hours nobody knows, may be open in the night as well
    night = homes.population[(walk_m[:, [3, 5]] <= 1000).any(axis=1)].sum()
    assert answer["at_most"][0][3] == night > answer["covered"][0][3]


@pytest.mark.parametrize("day", ["2026-02-30", "today", "", "1969-12-31", "2100-01-01", "20261125", "2026-11-25\n"])
def test_a_day_that_is_none_is_refused_by_name(api: Asking, day: str) -> None:
    """The message names the parameter."""
    assert [*api.refused("week", day=day)] == ["query.day"]


def test_the_band_varies_what_it_says(api: Asking) -> None:
    """Speed as other limits of the plain coverage; access legs as walks of the slow model with longer legs."""
    answer = api.answer("sensitivity", metres=800)
    bands = {band["varied"]: band for band in answer["bands"]}
    plain = [api.answer("coverage", metres=metres)["total"]["covered"] for metres in (720, 800, 880)]
    speed = bands["speed"]
    assert [speed["low"]["covered"], answer["headline"]["covered"], speed["high"]["covered"]] == plain
    people = api.region.homes.population
    for varied, end, leg, limit_m in (
        ("access", "low", 1.5, 800), ("access", "high", 0.5, 800),
        ("both", "low", 1.5, 720), ("both", "high", 0.5, 880),
    ):  # fmt: skip
        told = bands[varied][end]
        assert (told["access_factor"], told["limit_m"]) == (leg, limit_m)
        walks = walks_of(api.region, leg=leg).min(axis=1)
        assert told["covered"] == people[walks <= limit_m].sum()
        assert told["share"] == told["covered"] / people.sum()


def test_real_haidian_keeps_the_identities(real_haidian: Path) -> None:
    """On real streets: 2SFCA loses nothing, and the most critical sites lose what closing them loses."""
    region, limit = open_region(real_haidian), limit_for()
    found = fairness_service.access(region, limit)
    assert found.total is not None
    assert found.total * region.homes.population.sum() == pytest.approx(found.shared)
    assert found.shared <= len(region.sites)
    before = coverage_service.coverage(region, limit).total.covered
    ranked = fairness_service.criticality(region, limit)
    for row in (*ranked[:4], ranked[100], ranked[-1]):
        after = coverage_service.coverage(region.close(row.site.id), limit).total.covered
        assert row.lost == before - after
