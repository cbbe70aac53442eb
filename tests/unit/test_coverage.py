"""The figures of a coverage table, held against people counted one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.network.profiles import limit_for
from geomatch.planning import coverage
from geomatch.planning.coverage import People, tabulate

INF = np.inf


def people_of(*homes: tuple[int, int, float, float, float], off: tuple[int, ...] = ()) -> People:
    """Make homes of (population, unit, walk_m, second_m, straight_m); those listed in `off` reach no street."""
    columns = list(zip(*homes, strict=True)) if homes else [(), (), (), (), ()]
    return People(
        population=np.array(columns[0], np.int64),
        unit=np.array(columns[1], np.int32),
        on_network=np.array([row not in off for row in range(len(homes))], bool),
        walk_m=np.array(columns[2], np.float64),
        second_m=np.array(columns[3], np.float64),
        straight_m=np.array(columns[4], np.float64),
    )


def test_counts_and_shares_are_of_all_people() -> None:
    """Who cannot reach a site stays in the population and is not covered; the limit is inclusive."""
    people = people_of(
        (10, 0, 1000.0, 1200.0, 500.0),
        (20, 0, 1000.1, INF, 900.0),
        (30, 1, 5.0, 1000.0, 5.0),
        (40, 1, INF, INF, 999.0),
        off=(3,),
    )
    table = tabulate(people, ["a", "b"], ["A", "B"], limit=limit_for())
    a, b = table.units
    assert (a.population, a.covered, a.off_network, a.share) == (30, 10, 0, 10 / 30)
    assert (b.population, b.covered, b.off_network, b.backup_share) == (70, 30, 40, 30 / 70)
    assert (a.straight_line_share, b.straight_line_share) == (1.0, 1.0)
    total = table.total
    assert (total.population, total.covered, total.off_network) == (100, 40, 40)
    assert total.population == a.population + b.population
    assert total.covered == a.covered + b.covered


def test_a_unit_without_people_has_no_shares() -> None:
    """Where nobody lives every share and distance is null, and every count 0."""
    row = tabulate(people_of((5, 0, 1.0, 2.0, 1.0)), ["a", "b"], ["A", "B"], limit=limit_for()).units[1]
    assert (row.population, row.covered, row.off_network) == (0, 0, 0)
    assert {row.share, row.median_walk_m, row.p90_walk_m, row.worst_decile_walk_m, row.gini} == {None}


def test_a_unit_where_nobody_reaches_a_site_has_no_distances() -> None:
    """Nobody covered is a share of 0; there is no walk to average."""
    row = tabulate(people_of((5, 0, INF, INF, 10.0)), ["a"], ["A"], limit=limit_for()).units[0]
    assert (row.share, row.median_walk_m, row.gini) == (0.0, None, None)


homes = st.lists(st.tuples(st.integers(0, 40), st.floats(0, 5000, allow_nan=False)), min_size=1, max_size=12).filter(
    lambda rows: any(people for people, _ in rows)
)


@given(homes)
def test_spread_equals_people_counted_one_by_one(rows: list[tuple[int, float]]) -> None:
    """Percentiles, worst decile and Gini by weights equal those of the list in which each person stands alone."""
    people = people_of(*((count, 0, walk_m, INF, walk_m) for count, walk_m in rows))
    row = tabulate(people, ["a"], ["A"], limit=limit_for()).total
    each = np.sort(np.repeat([walk_m for _, walk_m in rows], [count for count, _ in rows]))
    assert row.median_walk_m == np.percentile(each, 50, method="inverted_cdf")
    assert row.p90_walk_m == each[int(np.ceil(round(0.9 * len(each), 9))) - 1]
    taken = np.clip(0.1 * len(each) - np.arange(len(each))[::-1], 0, 1)
    assert row.worst_decile_walk_m == pytest.approx((taken * each).sum() / taken.sum(), rel=1e-9, abs=1e-9)
    differences = np.abs(each[:, None] - each).mean()
    expected = differences / (2 * each.mean()) if each.mean() else 0.0
    assert row.gini == pytest.approx(expected, abs=1e-9)


def test_gini_knows_equality_and_the_textbook_case() -> None:
    """Equal walks give 0; one in two walking everything gives a half."""
    assert coverage.gini(np.array([300.0, 300.0]), np.array([3, 9])) == 0.0
    assert coverage.gini(np.array([0.0, 100.0]), np.array([1, 1])) == pytest.approx(0.5)
    assert coverage.gini(np.array([0.0]), np.array([4])) == 0.0
