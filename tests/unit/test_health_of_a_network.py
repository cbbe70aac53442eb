from __future__ import annotations

import itertools

import numpy as np
import pytest

from geomatch.geo import projection
from geomatch.network import health, reach, snap
from geomatch.network.graph import KINDS, Segments, build
from geomatch.network.profiles import PROFILES

PLANE = projection.plane("EPSG:4548")
ORIGIN_X, ORIGIN_Y = 440_000.0, 4_420_000.0


def network(chains: list[tuple[list[tuple[float, float]], str]], profile: str = "standard") -> reach.Ways:
    """Build streets from chains of points in metres, a segment between each two; parts of 3 segments count."""
    points = sorted({point for chain, _ in chains for point in chain})
    rank = {point: index for index, point in enumerate(points)}
    pairs = [(rank[a], rank[b], kind) for chain, kind in chains for a, b in itertools.pairwise(chain)]
    xy = np.array(points, float) + np.array([ORIGIN_X, ORIGIN_Y])
    lon, lat = PLANE.to_lonlat(xy[:, 0], xy[:, 1])
    ends = np.array([(u, v) for u, v, _ in pairs])
    segments = Segments(
        lon, lat, ends[:, 0].astype(np.int32), ends[:, 1].astype(np.int32),
        np.array([KINDS.index(kind) for *_, kind in pairs], np.uint8), np.arange(len(pairs)),
        np.full(len(pairs), -1, np.int32), (), 2 * np.arange(len(pairs) + 1), lon[ends.ravel()], lat[ends.ravel()],
    )  # fmt: skip
    graph = build(segments, PLANE)
    return reach.ways_for(graph, snap.build_index(graph), PROFILES[profile], min_part_segments=3)


MAIN = ([(0, 0), (100, 0), (200, 0), (300, 0)], "residential")
ISLAND = ([(0, 5000), (40, 5000)], "footway")
STEPS = ([(0, 9000), (50, 9000), (100, 9000), (150, 9000)], "steps")


def whys(ways: reach.Ways, *points: tuple[float, float]) -> list[str]:
    """Say why points, metres from the origin, are off the network."""
    x = np.array([point[0] for point in points]) + ORIGIN_X
    y = np.array([point[1] for point in points]) + ORIGIN_Y
    return [leg.why for leg in health.off_network(ways, reach.place(ways, x, y), x, y)]


def test_parts_are_counted_measured_and_found() -> None:
    """Each connected part has its segments, its metres and a place to look, the largest first."""
    main, island = health.parts(network([ISLAND, MAIN]).graph)
    assert (main.segments, island.segments) == (3, 1)
    assert (main.length_m, island.length_m) == (pytest.approx(300, abs=0.01), pytest.approx(40, abs=0.01))
    x, y = PLANE.to_xy(island.lon, island.lat)
    assert 0 <= x - ORIGIN_X + 0.01 <= 40.02
    assert y - ORIGIN_Y == pytest.approx(5000, abs=0.01)


def test_the_longest_legs_come_first() -> None:
    """Of the points on the network those with the longest legs are named, in falling order; those off it are not."""
    ways = network([MAIN])
    y = ORIGIN_Y + np.array([10.0, 240.0, 600.0, 90.0])
    legs = health.longest_legs(reach.place(ways, np.full(4, ORIGIN_X + 150), y), most=2)
    assert [(leg.index, round(leg.access_m)) for leg in legs] == [(1, 240), (3, 90)]


def test_a_point_too_far_from_every_street_is_told_how_far() -> None:
    """The leg and the bound it exceeds are in the sentence."""
    assert whys(network([MAIN]), (150, 10), (150, 600)) == ["nearest street is 600 m away, over 250"]


def test_a_point_in_open_country_is_told_so() -> None:
    """Where no street lies within the search there is no leg to name."""
    assert whys(network([MAIN]), (150, -3000)) == ["nothing within 2 km"]


def test_a_point_beside_an_island_is_told_of_it() -> None:
    """A street is near, but its part is too small; the nearest that counts is named where there is one."""
    told = whys(network([MAIN, ISLAND]), (20, 4990))
    assert told == ["only a part of 1 segments is near, 10 m away; none that counts is near"]
    near = ([(0, 1000), (40, 1000)], "footway")
    told = whys(network([MAIN, near]), (20, 990))
    assert told == ["only a part of 1 segments is near, 10 m away; the nearest that counts is 990 m away"]


def test_a_point_beside_steps_is_told_that_wheels_do_not_climb_them() -> None:
    """Only a way that the profile may not use is near."""
    told = whys(network([MAIN, STEPS], "wheelchair"), (75, 9020))
    assert told == ["only a way closed to wheelchair is near, 20 m away; none that counts is near"]


def test_points_on_the_network_are_not_listed() -> None:
    """Nobody is listed where everybody reaches a street."""
    assert whys(network([MAIN]), (150, 10)) == []
