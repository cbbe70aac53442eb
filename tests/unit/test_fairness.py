"""Lorenz, over-claim, 2SFCA, criticality and the week, held against people counted one by one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geomatch.network.reach import Catchments
from geomatch.planning import access, coverage, criticality, fairness, opening, week
from geomatch.planning.coverage import People

INF = float("inf")
TIMEZONE = "Asia/Shanghai"

walks = st.lists(st.tuples(st.integers(1, 40), st.floats(0, 5000, allow_subnormal=False)), min_size=1, max_size=12)


def people_of(*rows: tuple[int, int, float, float]) -> People:
    """Make people of rows (population, unit, walk_m, straight_m)."""
    population, unit, walk_m, straight_m = zip(*rows, strict=True)
    return People(
        population=np.array(population, np.int64),
        unit=np.array(unit, np.int32),
        on_network=np.ones(len(rows), bool),
        walk_m=np.array(walk_m, float),
        second_m=np.full(len(rows), INF),
        straight_m=np.array(straight_m, float),
    )


@given(walks)
def test_the_lorenz_curve_equals_that_of_people_one_by_one(rows: list[tuple[int, float]]) -> None:
    """At every share of people the curve is the share of all metres that those who walk least walk together."""
    rows = sorted(rows, key=lambda row: row[1])
    metres, people = np.array([m for _, m in rows]), np.array([count for count, _ in rows])
    curve = fairness.lorenz(metres, people)
    each = np.repeat(metres, people)
    total = each.sum()
    for share, found in curve:
        whole = int(share * len(each) + 1e-9)
        part = each[:whole].sum() + (each[whole] * (share * len(each) - whole) if whole < len(each) else 0.0)
        assert found == pytest.approx(part / total if total else share, abs=1e-9)
    assert curve[0].tolist() == [0, 0]
    assert curve[-1].tolist() == [1, 1]


def test_the_area_under_the_lorenz_curve_gives_the_gini() -> None:
    """Gini is one minus twice the area, with bends at hundredths exactly."""
    metres, people = np.array([10.0, 50.0, 200.0, 1000.0]), np.array([20, 30, 40, 10])
    curve = fairness.lorenz(metres, people)
    area = float(((curve[1:, 1] + curve[:-1, 1]) / 2 * np.diff(curve[:, 0])).sum())
    assert 1 - 2 * area == pytest.approx(coverage.gini(metres, people), abs=1e-12)


def test_over_claim_is_straight_line_less_walking_in_people_and_shares() -> None:
    """Of 60 people the compass claims 50 and 10 can walk: 40 too many; units add up to the total."""
    found = fairness.tabulate(
        people_of((10, 0, 900.0, 500.0), (40, 1, 1200.0, 900.0), (10, 1, INF, 1001.0)), "ab", "AB", limit_m=1000
    )
    assert (found.total.straight_line, found.total.over_claim) == (50, 40)
    assert found.total.over_claim_share == pytest.approx(40 / 60)
    assert [unit.over_claim for unit in found.units] == [0, 40]
    assert [unit.over_claim_share for unit in found.units] == [0.0, 0.8]


def test_p90_over_p40_and_what_nobody_walks() -> None:
    """Percentiles are of people; where all live at the door, or none reach a site, there is no ratio."""
    found = fairness.tabulate(
        people_of((4, 0, 100.0, 1.0), (5, 0, 300.0, 1.0), (1, 0, 900.0, 1.0)), "a", "A", limit_m=1
    )
    assert (found.total.p40_walk_m, found.total.p90_walk_m, found.total.p90_p40) == (100, 300, 3)
    at_door = fairness.tabulate(people_of((4, 0, 0.0, 0.0)), "ab", "AB", limit_m=1)
    assert (at_door.total.p90_p40, at_door.total.gini) == (None, 0.0)
    assert (at_door.units[1].share, at_door.units[1].p90_walk_m) == (None, None)
    nobody = fairness.tabulate(people_of((4, 0, INF, 0.0)), "a", "A", limit_m=1)
    assert (nobody.total.gini, nobody.lorenz) == (None, ())


SITES, HOMES = 5, 8
WALKS = arrays.arrays(float, (SITES, HOMES), elements=st.one_of(st.floats(0, 2000), st.sampled_from([1000.0, INF])))
POPULATION = arrays.arrays(np.int64, HOMES, elements=st.integers(0, 50))


def catchments(walk_m: np.ndarray, limit_m: float) -> Catchments:
    """List the pairs within a limit as the network does."""
    site, home = np.nonzero(walk_m <= limit_m)
    start = np.searchsorted(site, np.arange(len(walk_m) + 1))
    return Catchments(start, home.astype(np.int32), walk_m[site, home])


@given(WALKS, POPULATION, st.lists(st.one_of(st.none(), st.integers(0, 500)), min_size=SITES, max_size=SITES))
def test_two_step_access_equals_two_plain_loops_and_loses_nothing(walk_m, population, capacities) -> None:
    """A_i by the formula; the sum of P_i A_i is the supply of the sites that somebody can reach."""
    supply = access.supply_of(capacities)
    found = access.two_step(catchments(walk_m, 1000.0), supply.of_site, population)
    expected = np.zeros(HOMES)
    shared = 0.0
    for site in range(SITES):
        within = walk_m[site] <= 1000.0
        demand = population[within].sum()
        if demand:
            expected[within] += supply.of_site[site] / demand
            shared += supply.of_site[site]
    assert found.of_home == pytest.approx(expected)
    assert found.shared == pytest.approx(shared)
    assert (population * found.of_home).sum() == pytest.approx(shared)
    unit = np.array([0, 0, 0, 1, 1, 1, 1, -1], np.int32)
    for place, mean in enumerate(access.mean_by_unit(found, population, unit, 2)):
        people = population[unit == place]
        held = (people * expected[unit == place]).sum()
        assert mean == (pytest.approx(held / people.sum()) if people.sum() else pytest.approx(np.nan, nan_ok=True))


def test_a_site_without_capacity_counts_as_the_median_of_the_others() -> None:
    """Where none states any, each counts 1: supply is then sites."""
    some, none = access.supply_of([100, None, 300]), access.supply_of([None, None])
    assert (some.of_site.tolist(), some.stated, some.assumed, some.each) == ([100, 200, 300], 2, 1, 200)
    assert (none.of_site.tolist(), none.stated, none.each) == ([1, 1], 0, 1)


@given(WALKS, POPULATION)
def test_criticality_equals_closing_each_site_one_by_one(walk_m, population) -> None:
    """What the two nearest sites of each home tell is what is lost when a site is really closed."""
    order = np.argsort(walk_m, axis=0, kind="stable")[:2].T
    nearest_m = np.take_along_axis(walk_m.T, order, axis=1)
    site = np.where(np.isfinite(nearest_m), order, -1).astype(np.int32)
    found = criticality.weigh(site, nearest_m, population, sites=SITES, limit_m=1000.0)
    covered = population[walk_m.min(axis=0) <= 1000.0].sum()
    for closed in range(SITES):
        left = np.delete(walk_m, closed, axis=0).min(axis=0)
        assert found.lost[closed] == covered - population[left <= 1000.0].sum()
    assert found.nearest.sum() == covered
    ranked = criticality.order(found)
    assert sorted(ranked.tolist()) == list(range(SITES))
    assert np.all(np.diff(found.lost[ranked]) <= 0)


HOURS = st.sampled_from([
    None, "24/7", "Mo-Fr 09:00-17:30", "Sa-Su 10:00-12:00", "Mo-Su 22:00-02:00", '"by appointment"',
    "Mo-Su 08:00-20:00; PH off",
])  # fmt: skip


@given(WALKS, POPULATION, st.lists(HOURS, min_size=SITES, max_size=SITES))
def test_the_week_equals_asking_every_hour_for_every_home(walk_m, population, hours) -> None:
    """At the start of each hour, whoever has a site in reach that is open; unknown hours count in at_most only."""
    monday = date(2026, 9, 28)  # the National Day holidays begin on its Thursday
    distinct, pattern = week.patterns(hours)
    states = np.array([week.states(text, monday, timezone=TIMEZONE) for text in distinct], np.uint8)
    found = week.tabulate(catchments(walk_m, 1000.0), pattern, states, population)
    for hour in range(0, 168, 5):
        when = datetime.combine(monday, time()) + timedelta(hours=hour)
        is_open = [opening.is_open(text, when, timezone=TIMEZONE) for text in hours]
        sure, maybe = np.array([told is True for told in is_open]), np.array([told is not False for told in is_open])
        within = walk_m <= 1000.0
        assert found.covered[hour // 24, hour % 24] == population[within[sure].any(axis=0)].sum()
        assert found.at_most[hour // 24, hour % 24] == population[within[maybe].any(axis=0)].sum()


def test_a_week_begins_on_monday_and_the_ordinary_one_has_no_holiday() -> None:
    """Any day names its week; on the ordinary one "public holidays off" closes nothing."""
    assert week.monday_of(date(2026, 11, 29)) == date(2026, 11, 23)
    assert week.monday_of(week.ORDINARY_MONDAY) == week.ORDINARY_MONDAY
    told = [week.states(text, week.ORDINARY_MONDAY, timezone=TIMEZONE) for text in ("24/7", "24/7; PH off")]
    assert told[0].tolist() == told[1].tolist() == [week.OPEN] * 168
    golden = week.states("24/7; PH off", date(2026, 9, 28), timezone=TIMEZONE)
    assert week.CLOSED in golden


def test_a_week_without_sites_is_empty() -> None:
    """No sites, nobody covered; nothing breaks."""
    none = Catchments(np.zeros(1, np.int64), np.empty(0, np.int32), np.empty(0))
    found = week.tabulate(none, np.empty(0, np.intp), np.empty((0, 168), np.uint8), np.array([5, 6]))
    assert found.covered.sum() == found.at_most.sum() == 0
