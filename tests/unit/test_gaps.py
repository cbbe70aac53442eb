"""Gaps made of homes and a field of walks drawn by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.geo import projection
from geomatch.planning import gaps
from geomatch.planning.gaps import Gap, Uncovered

PLANE = projection.plane("EPSG:4548")
X0, Y0 = 440_000.0, 4_420_000.0


def homes_at(*places: tuple[float, float], people: int = 10, off: tuple[int, ...] = ()) -> Uncovered:
    """Make uncovered homes at metres from an origin; those in `off` reach no street."""
    xy = np.array(places, np.float64).reshape(-1, 2)
    count = len(xy)
    on_network = np.array([row not in off for row in range(count)], bool)
    return Uncovered(
        home=np.arange(count) + 100,
        x=xy[:, 0] + X0,
        y=xy[:, 1] + Y0,
        population=np.full(count, people, np.int64),
        unit=np.zeros(count, np.int32),
        on_network=on_network,
        site=np.where(on_network, 0, -1).astype(np.int32),
        walk_m=np.where(on_network, 1100.0 + np.arange(count), np.inf),
    )


def find(homes: Uncovered, *, covered_west_of_m: float = -np.inf) -> tuple[Gap, ...]:
    """Find gaps where everything east of a line is too far from a site."""
    return gaps.find(
        homes,
        is_uncovered=lambda x, _y: np.asarray(x > X0 + covered_west_of_m),
        plane=PLANE,
        unit_names=["甲"],
        site_ids=["S1"],
    )


def holds(gap: Gap, homes: Uncovered) -> list[int]:
    """Tell which homes lie in a gap's polygon."""
    lon, lat = PLANE.to_lonlat(homes.x, homes.y)
    return np.flatnonzero(shapely.intersects_xy(gap.geometry, lon, lat)).tolist()


def test_homes_near_each_other_form_one_gap_and_far_ones_another() -> None:
    """Two homes 200 m apart are one gap, a third 2 km away is its own; the fuller gap comes first."""
    homes = homes_at((0, 0), (200, 0), (2000, 0))
    found = find(homes)
    assert [(gap.rank, gap.people) for gap in found] == [(1, 20), (2, 10)]
    assert [holds(gap, homes) for gap in found] == [[0, 1], [2]]
    assert found[0].nearest_walk_m == 1100.0
    assert found[0].nearest_site == "S1"
    assert [gap.homes.tolist() for gap in found] == [[100, 101], [102]]


def test_a_gap_does_not_spread_over_covered_ground() -> None:
    """Ground within the limit is left out: a gap follows the walks, it is no disc around homes."""
    found = find(homes_at((0, 0), (60, 0)), covered_west_of_m=-10.0)
    x, _ = PLANE.to_xy(*shapely.get_coordinates(found[0].geometry).T)
    assert x.min() > X0 - 80
    assert x.max() > X0 + 180


def test_off_network_homes_form_a_gap_with_its_reason() -> None:
    """A home that reaches no street has no nearest site, and the gap says why."""
    gap = find(homes_at((0, 0), off=(0,)))[0]
    assert (gap.reason, gap.nearest_site, gap.nearest_walk_m) == ("off_network", None, None)


def test_nobody_uncovered_is_no_gap() -> None:
    """Without uncovered homes there is nothing to rank."""
    assert find(homes_at()) == ()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1500), st.floats(0, 1500), st.booleans()), min_size=1, max_size=25),
    st.floats(-100, 1600),
)
def test_every_uncovered_home_is_in_exactly_one_gap(places: list[tuple[float, float, bool]], line_m: float) -> None:
    """By polygon as by count: no home is lost, none is in two, shapes are valid and disjoint."""
    off = tuple(row for row, (_, _, is_off) in enumerate(places) if is_off)
    homes = homes_at(*((x, y) for x, y, _ in places), off=off)
    found = find(homes, covered_west_of_m=line_m)
    assert sum(gap.people for gap in found) == homes.population.sum()
    assert sorted(row for gap in found for row in holds(gap, homes)) == list(range(len(places)))
    assert all(gap.geometry.is_valid for gap in found)
    assert [gap.people for gap in found] == sorted((gap.people for gap in found), reverse=True)
    for row, gap in enumerate(found):
        assert len(holds(gap, homes)) * 10 == gap.people
        assert not any(gap.geometry.intersects(other.geometry) for other in found[row + 1 :])


def test_the_unit_of_a_gap_is_where_most_of_its_people_live() -> None:
    """Of two units the one with more people names the gap."""
    homes = homes_at((0, 0), (60, 0), (120, 0))
    mixed = replace(homes, population=np.array([5, 7, 7]), unit=np.array([0, 1, 1], np.int32))
    found = gaps.find(
        mixed, is_uncovered=lambda x, _y: np.ones(len(x), bool), plane=PLANE, unit_names=["甲", "乙"], site_ids=["S1"]
    )
    assert [gap.unit for gap in found] == ["乙"]
    assert found[0].people == pytest.approx(19)
