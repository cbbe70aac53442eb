"""People are spread to the person, over homes, else over streets, else put at an inner point."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomatch.geo import projection
from geomatch.network import graph as street_graph
from geomatch.network.graph import KINDS, Segments, StreetGraph
from geomatch.planning.demand import DemandPoints, apportion, empty_units, people, street_points
from geomatch.planning.units import Unit, Units

WEST, SOUTH = 116.30, 39.90


def unit(name: str, population: int, column: int) -> Unit:
    """Make a township 0.01 degrees wide, `column` places to the east; neighbours share a border."""
    west = WEST + column / 100
    return Unit(name, name, population, shapely.box(west, SOUTH, west + 0.01, SOUTH + 0.01))


def homes(*places: tuple[float, float, float]) -> DemandPoints:
    """Make homes from (columns east, rows north, weight)."""
    lon, lat, weight = (np.array(part, np.float64) for part in zip(*places, strict=True))
    ids = tuple(f"H{number}" for number in range(len(places)))
    return DemandPoints(ids, ("",) * len(ids), WEST + lon / 100, SOUTH + lat / 100, weight)


def streets(*lines: tuple[str, float, float, float, float]) -> StreetGraph:
    """Build a graph of straight streets (kind, from column, from row, to column, to row)."""
    ends = np.array([line[1:] for line in lines], np.float64).reshape(-1, 4)
    lon, lat = WEST + ends[:, [0, 2]].ravel() / 100, SOUTH + ends[:, [1, 3]].ravel() / 100
    count = len(lines)
    segments = Segments(
        node_lon=lon,
        node_lat=lat,
        u=np.arange(0, 2 * count, 2, dtype=np.int32),
        v=np.arange(1, 2 * count, 2, dtype=np.int32),
        kind=np.array([KINDS.index(line[0]) for line in lines], np.uint8),
        way_id=np.arange(count, dtype=np.int64),
        name_id=np.full(count, -1, np.int32),
        names=(),
        coord_start=np.arange(0, 2 * count + 1, 2, dtype=np.int64),
        coord_lon=lon,
        coord_lat=lat,
    )
    return street_graph.build(segments, projection.plane("EPSG:4548"))


NO_STREETS = streets(("residential", 9.0, 9.0, 9.5, 9.5))


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**6) | st.floats(0, 1e300), min_size=1, max_size=60))
def test_shares_add_up_and_stay_within_one_of_their_quota(total: int, weights: list[float]) -> None:
    """The sum is the total to the person; no share is a person or more from its exact quota."""
    shares = apportion(total, weights)
    assert shares.dtype == np.int64
    assert int(shares.sum()) == total
    exact = [Fraction(weight) for weight in weights]
    whole = sum(exact)
    quotas = [total * weight / whole if whole else Fraction(total, len(weights)) for weight in exact]
    slack = Fraction(total, 10**12) + Fraction(1, 10**6)
    for share, quota, weight in zip(shares.tolist(), quotas, exact, strict=True):
        assert math.floor(quota - slack) <= share <= math.ceil(quota + slack)
        assert share == 0 or weight > 0 or not whole


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (7, [0, 0], [4, 3]),
        (7, [0, 1], [0, 7]),
        (0, [1, 2], [0, 0]),
        (100, [47, 16, 15.8, 12, 6.1, 3.1], [47, 16, 16, 12, 6, 3]),
        (5, [1e308, 1e308], [3, 2]),
        (3, [5e-324, 5e-324, 0], [2, 1, 0]),
        (5, [], []),
    ],
)
def test_the_largest_remainders_win_and_the_first_of_equals(
    total: int, weights: list[float], shares: list[int]
) -> None:
    """Known cases of the method, ties to the first, weights at the ends of what a float can say."""
    assert apportion(total, weights).tolist() == shares


def test_the_first_of_many_equals_win() -> None:
    """Of five hundred homes that are half a person short, the first half get one each."""
    assert apportion(750, [1.0, 2.0] * 500).tolist() == [1, 1] * 250 + [0, 1] * 250


def test_every_units_sum_is_its_census_figure() -> None:
    """Weights split a unit; a home outside of all keeps nobody and is named."""
    units = Units((unit("甲", 1001, 0), unit("乙", 7, 1)))
    points = homes((0.2, 0.5, 3), (0.4, 0.5, 1), (1.5, 0.5, 0), (1.6, 0.5, 0), (5, 5, 9))
    peopled = people(points, units, street_points(NO_STREETS, units, empty_units(points, units)))
    assert peopled.homes.population.tolist() == [751, 250, 4, 3, 0]
    assert peopled.homes.unit.tolist() == [0, 0, 1, 1, -1]
    assert peopled.outside == ("H4",)
    assert (peopled.on_streets, peopled.streetless) == ((), ())


def test_a_unit_without_homes_is_spread_over_its_residential_streets() -> None:
    """The main road beside them gets nobody; points stand at most 50 m apart and share by length."""
    units = Units((unit("甲", 10, 0), unit("乙", 1000, 1)))
    graph = streets(
        ("residential", 1.1, 0.5, 1.9, 0.5), ("primary", 1.1, 0.8, 1.9, 0.8), ("residential", 2.1, 0.5, 2.5, 0.5)
    )
    points = homes((0.5, 0.5, 1))
    assert empty_units(points, units) == (1,)
    peopled = people(points, units, street_points(graph, units, (1,)))
    made = peopled.homes.unit == 1
    assert peopled.on_streets == (1,)
    assert int(peopled.homes.population[made].sum()) == 1000
    assert np.allclose(peopled.homes.lat[made], SOUTH + 0.005, atol=1e-6)
    x, _ = graph.plane.to_xy(peopled.homes.lon[made], peopled.homes.lat[made])
    length_m = float(graph.edge_length_m.max())
    assert int(made.sum()) == math.ceil(length_m / 50)
    assert np.diff(np.sort(x)).max() <= 50
    assert np.ptp(peopled.homes.population[made]) <= 1
    assert len(set(peopled.homes.id)) == len(peopled.homes)


def test_where_no_street_is_residential_any_street_serves() -> None:
    """People of a unit of main roads live along the main roads."""
    units = Units((unit("甲", 100, 0),))
    points = street_points(streets(("primary", 0.1, 0.5, 0.9, 0.5)), units, (0,))
    assert len(points.lon) > 10
    assert set(points.unit.tolist()) == {0}


def test_a_street_counts_for_the_unit_that_each_piece_lies_in() -> None:
    """A street across a border is shared; pieces outside the wanted unit are left out."""
    units = Units((unit("甲", 100, 0), unit("乙", 100, 1)))
    graph = streets(("residential", 0.5, 0.5, 1.5, 0.5))
    both, one = street_points(graph, units, (0, 1)), street_points(graph, units, (0,))
    assert float(both.length_m.sum()) == pytest.approx(float(graph.edge_length_m.sum()))
    assert set(one.unit.tolist()) == {0}
    assert float(one.length_m.sum()) == pytest.approx(float(both.length_m.sum()) / 2, abs=50)


def test_a_unit_without_homes_and_streets_keeps_its_people_at_an_inner_point() -> None:
    """Nobody is lost: they stand in the unit, and the unit is named."""
    units = Units((unit("甲", 42, 0), unit("乙", 0, 1)))
    peopled = people(None, units, street_points(NO_STREETS, units, empty_units(None, units)))
    assert peopled.streetless == (0,)
    assert peopled.homes.population.tolist() == [42]
    assert units.locate(peopled.homes.lon, peopled.homes.lat).tolist() == [0]


def test_a_region_without_townships_holds_all_homes_in_one_unit() -> None:
    """No census, no people; but every home is there, wherever it lies."""
    units = Units.whole("r", "区", (WEST, SOUTH, WEST + 0.01, SOUTH + 0.01))
    points = homes((0.5, 0.5, 1), (7, 7, 1))
    peopled = people(points, units, street_points(NO_STREETS, units, empty_units(points, units)))
    assert peopled.homes.unit.tolist() == [0, 0]
    assert peopled.homes.population.tolist() == [0, 0]
    assert peopled.outside == ()


def test_no_homes_and_no_townships_is_nobody() -> None:
    """An empty answer is whole."""
    units = Units.whole("r", "区", (WEST, SOUTH, WEST + 0.01, SOUTH + 0.01))
    peopled = people(None, units, street_points(NO_STREETS, units, ()))
    assert len(peopled.homes) == 0
    assert peopled.homes.population.dtype == np.int64


@given(st.lists(st.tuples(st.integers(-5, 35), st.integers(-5, 15)), min_size=1, max_size=40))
def test_a_point_lies_in_exactly_the_first_unit_that_holds_it(places: list[tuple[int, int]]) -> None:
    """One by one or all at once, borders included, the answer is that of shapely on every polygon."""
    units = Units((unit("甲", 1, 0), unit("乙", 1, 1), unit("丙", 1, 2)))
    lon = np.array([WEST + x / 1000 for x, _ in places])
    lat = np.array([SOUTH + y / 1000 for _, y in places])
    found = units.locate(lon, lat)
    one_by_one = [int(units.locate(x, y)[0]) for x, y in zip(lon, lat, strict=True)]
    shapes = [member.geometry for member in units.units]
    slow = [
        next((index for index, shape in enumerate(shapes) if shape.intersects(shapely.Point(x, y))), -1)
        for x, y in zip(lon, lat, strict=True)
    ]
    assert found.tolist() == one_by_one == slow
