"""The engine against a slow reading of the contract, on networks made by hand and at random."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.network import reach, snap
from geomatch.network.profiles import PROFILES
from tests import networks

PROFILE_NAMES = st.sampled_from(sorted(PROFILES))


def ways_on(graph, profile="standard", *, min_part_segments=1):
    """See a graph as a profile walks it, islands included unless said otherwise."""
    return reach.ways_for(graph, snap.build_index(graph), PROFILES[profile], min_part_segments=min_part_segments)


def random_points(seed, count, *, low=-300.0, high=1800.0):
    """Draw points on and around the random networks."""
    return networks.xy(*np.random.default_rng(seed).uniform(low, high, (count, 2)))


def snapped_and_oracle(seed, profile, count):
    """Snap the same points by the engine and by the oracle."""
    graph = networks.random_network(seed)
    ways = ways_on(graph, profile, min_part_segments=5)
    oracle = networks.Oracle(graph, PROFILES[profile], min_part_segments=5)
    x, y = random_points(seed + 1, count)
    return ways, oracle, reach.place(ways, x, y), [oracle.snap(*point) for point in zip(x, y, strict=True)]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), profile=PROFILE_NAMES)
def test_snapping_finds_the_nearest_usable_piece(seed, profile):
    """A point goes to the same leg length as trying every piece, and is off the network just when that says so."""
    _, _, places, slow = snapped_and_oracle(seed, profile, 60)
    assert list(places.on_network) == [spot.edge >= 0 for spot in slow]
    np.testing.assert_allclose(places.access_m, [spot.access_m for spot in slow], atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), profile=PROFILE_NAMES, k=st.integers(1, 4))
def test_nearest_of_a_field_is_the_nearest_by_dijkstra(seed, profile, k):
    """The k nearest places of every point have the k least walks that scipy finds on the split graph."""
    ways, oracle, places, slow = snapped_and_oracle(seed, profile, 40)
    sites, points = places.take(np.arange(8)), places.take(np.arange(8, 40))
    truth = np.sort(oracle.walks(slow[8:], slow[:8]), axis=1)[:, :k]
    index, walk_m = reach.nearest(ways, reach.field(ways, sites, k), points)
    np.testing.assert_allclose(walk_m, truth, atol=0.01)
    assert np.all((index >= 0) == np.isfinite(truth))
    assert all(len(set(row[row >= 0])) == np.sum(row >= 0) for row in index)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), profile=PROFILE_NAMES, limit_m=st.floats(20, 2500))
def test_within_lists_exactly_the_pairs_inside_the_limit(seed, profile, limit_m):
    """Catchments hold each pair within the limit once, with its walk, and no other."""
    ways, oracle, places, slow = snapped_and_oracle(seed, profile, 40)
    sites, points = places.take(np.arange(8)), places.take(np.arange(8, 40))
    truth = oracle.walks(slow[:8], slow[8:])
    pairs = reach.within(ways, sites, points, limit_m)
    found = np.full_like(truth, np.inf)
    for site in range(8):
        listed = pairs.point[pairs.start[site] : pairs.start[site + 1]]
        assert len(set(listed)) == len(listed)
        found[site, listed] = pairs.walk_m[pairs.start[site] : pairs.start[site + 1]]
    clear = np.abs(truth - limit_m) > 0.01
    np.testing.assert_allclose(found[clear], np.where(truth <= limit_m, truth, np.inf)[clear], atol=0.01)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), profile=PROFILE_NAMES, k=st.integers(1, 3))
def test_a_search_over_allowed_places_loses_none(seed, profile, k):
    """Filtered nearest by outward search equals sorting all walks of the places that are allowed."""
    ways, oracle, places, slow = snapped_and_oracle(seed, profile, 30)
    sites = places.take(np.arange(10))
    allowed = np.random.default_rng(seed).random(10) < 0.5
    nearby = reach.field(ways, sites)
    truth = oracle.walks(slow[10:], slow[:10])
    truth[:, ~allowed] = np.inf
    for row in range(20):
        index, walk_m = reach.nearest_allowed(ways, nearby, allowed, places.take([10 + row]), k)
        np.testing.assert_allclose(walk_m, np.sort(truth[row])[:k], atol=0.01)
        assert all(allowed[i] for i in index if i >= 0)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), profile=PROFILE_NAMES)
def test_a_path_is_as_long_as_its_walk(seed, profile):
    """One path costs what dijkstra says, and its line starts and ends at the snapped places without a jump."""
    ways, oracle, places, slow = snapped_and_oracle(seed, profile, 16)
    truth = oracle.walks(slow[:8], slow[8:])
    for a in range(8):
        for b in range(8):
            found = reach.path(ways, places.take([a]), places.take([8 + b]))
            assert (found is None) == np.isinf(truth[a, b])
            if found is not None:
                assert found.walk_m == pytest.approx(truth[a, b], abs=0.01)
                real_m = np.hypot(*np.diff(found.xy, axis=0).T).sum() + slow[a].access_m + slow[8 + b].access_m
                assert real_m <= found.walk_m + 0.01
                if profile != "elder":
                    assert real_m == pytest.approx(found.walk_m, abs=0.01)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), limit_m=st.floats(10, 1500))
def test_reach_lists_the_nodes_within_the_limit(seed, limit_m):
    """The reach of a place is every node whose walk is within the limit, met exactly, and no other."""
    graph = networks.random_network(seed)
    ways = ways_on(graph)
    oracle = networks.Oracle(graph, PROFILES["standard"], min_part_segments=1)
    x, y = random_points(seed, 6)
    slow = [oracle.snap(*point) for point in zip(x, y, strict=True)]
    nodes = [networks.Snapped(*_node_place(graph, node), 0.0) for node in range(graph.node_count)]
    truth = oracle.walks(slow, nodes)
    found = reach.reach(ways, reach.place(ways, x, y), limit_m)
    of_site = found.of_each_node(np.arange(6))
    for site in range(6):
        mine = slice(found.first[site], found.last[site])
        assert np.array_equal(np.flatnonzero(of_site == site), np.arange(mine.start, mine.stop))
        walk_m = np.full(graph.node_count, np.inf)
        walk_m[found.node[mine]] = found.walk_m[mine]
        clear = np.abs(truth[site] - limit_m) > 0.01
        np.testing.assert_allclose(
            walk_m[clear], np.where(truth[site] <= limit_m, truth[site], np.inf)[clear], atol=0.01
        )


def _node_place(graph, node):
    """Write a node as a place on one of its edges."""
    edge = int(graph.arc_edge[graph.arc_start[node]])
    return edge, 0.0 if graph.edge_u[edge] == node else float(graph.edge_length_m[edge])


def test_a_limit_met_exactly_is_inside():
    """1000 m of straight street with legs of 0 is within 1000 m, and not within a hair less."""
    graph = networks.network_of([[(0, 0), (600, 0)], [(600, 0), (1200, 0)]])
    ways = ways_on(graph)
    places = reach.place(ways, *networks.xy((100, 0), (1100, 0)))
    walk_m = float(reach.nearest(ways, reach.field(ways, places.take([0])), places.take([1]))[1][0, 0])
    assert walk_m == pytest.approx(1000.0, abs=1e-3)
    assert len(reach.within(ways, places.take([0]), places.take([1]), walk_m).point) == 1
    assert len(reach.within(ways, places.take([0]), places.take([1]), walk_m - 1e-9).point) == 0


@pytest.mark.parametrize("far", [np.inf, -np.inf, np.nan, 1e9, 1e12, 1e300])
@pytest.mark.parametrize("count", [1, 100])
def test_a_point_beyond_any_street_is_off_the_network(far, count):
    """Points that a projection lost, one or many, have no leg and warn of nothing; their company is snapped."""
    ways = ways_on(networks.grid(4, 4))
    alone = reach.place(ways, np.full(count, far), np.full(count, far))
    assert not alone.on_network.any()
    assert np.isinf(alone.access_m).all()
    near_x, near_y = networks.xy((50, 20))
    mixed = reach.place(ways, np.append(np.full(count, far), near_x), np.append(np.full(count, 0.0), near_y))
    assert mixed.on_network.tolist() == [False] * count + [True]


def test_degrees_do_not_pass_for_metres():
    """Whoever forgets to project hears of it, not of a point far from any street; one true point excuses the rest."""
    ways = ways_on(networks.grid(4, 4))
    with pytest.raises(InputError, match="look like degrees"):
        reach.place(ways, [116.3, 116.4], [39.9, 40.0])
    near_x, near_y = networks.xy((50, 20))
    assert reach.place(ways, [*near_x, 116.3], [*near_y, 39.9]).on_network.tolist() == [True, False]
    assert len(reach.place(ways, [], [])) == 0


def test_steps_without_length_are_barred_too():
    """A flight of no length, as between two gates on one spot, is not walked by a wheelchair."""
    graph = networks.network_of(
        [[(0, 0), (100, 0)], [(100, 0), (100 + 1e-11, 0)], [(100 + 1e-11, 0), (200, 0)]],
        ["footway", "steps", "footway"],
    )
    assert float(graph.edge_length_m.min()) == 0.0
    ways = ways_on(graph, "wheelchair")
    ends = reach.place(ways, *networks.xy((0, 0), (200, 0)))
    assert reach.path(ways, ends.take([0]), ends.take([1])) is None
    assert np.isinf(ways.arc_cost).sum() == 2


def test_an_island_is_not_snapped_to():
    """A point beside a small part goes to the large part further off, or nowhere if that is over 250 m away."""
    graph = networks.network_of([[(0, 0), (100, 0)], [(100, 0), (200, 0)], [(0, 200), (100, 200)]])
    ways = ways_on(graph, min_part_segments=2)
    places = reach.place(ways, *networks.xy((50, 190), (50, 251)))
    assert list(places.on_network) == [True, False]
    assert list(places.access_m.round(3)) == [190.0, 251.0]


def test_catchments_of_nobody_are_empty():
    """No points, points that are all off the network, and no sites give empty slices."""
    ways = ways_on(networks.grid(4, 4))
    some, off, none = (reach.place(ways, *networks.xy(*at)) for at in (((50, 5), (250, 5)), ((50, -900),), ()))
    for points in (off, none):
        assert reach.within(ways, some, points, 1000.0).start.tolist() == [0, 0, 0]
    assert reach.within(ways, none, some, 1000.0).start.tolist() == [0]
    assert reach.within(ways, off, some, 1000.0).start.tolist() == [0, 0]


def test_wheelchairs_take_no_steps_and_elders_take_them_slowly():
    """Steps count once for adults, one and a half times for elders, and bar wheelchairs."""
    graph = networks.network_of(
        [[(0, 0), (100, 0)], [(100, 0), (200, 0)], [(200, 0), (300, 0)]], ["footway", "steps", "footway"]
    )
    walks = {}
    for profile in ("adult", "elder", "wheelchair"):
        ways = ways_on(graph, profile)
        ends = reach.place(ways, *networks.xy((0, 0), (300, 0)))
        found = reach.path(ways, ends.take([0]), ends.take([1]))
        walks[profile] = None if found is None else round(found.walk_m, 3)
    assert walks == {"adult": 300.0, "elder": 350.0, "wheelchair": None}


def test_two_places_on_one_segment_walk_along_it():
    """The way between two doors of one street does not go round by its ends."""
    graph = networks.network_of([[(0, 0), (1000, 0)], [(1000, 0), (1000, 10)]])
    ways = ways_on(graph)
    doors = reach.place(ways, *networks.xy((400, 30), (450, -20)))
    found = reach.path(ways, doors.take([0]), doors.take([1]))
    assert found is not None
    assert found.walk_m == pytest.approx(100.0, abs=1e-3)


def test_a_saved_graph_opens_the_same(tmp_path):
    """Graph and index come back by memory map, array for array."""
    from geomatch.network import graph as graphs

    graph = networks.random_network(3)
    index = snap.build_index(graph)
    graphs.save(graph, tmp_path)
    snap.save(index, tmp_path)
    opened = graphs.load(tmp_path)
    reopened = snap.load(tmp_path, opened)
    assert isinstance(opened.geom_xy.base, np.memmap)
    assert opened.plane.code == graph.plane.code
    assert np.array_equal(opened.arc_head, graph.arc_head)
    x, y = random_points(5, 50)
    ways = reach.ways_for(opened, reopened, PROFILES["adult"], min_part_segments=1)
    assert np.array_equal(reach.place(ways, x, y).offset_m, reach.place(ways_on(graph, "adult"), x, y).offset_m)
