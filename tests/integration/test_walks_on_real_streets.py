"""The engine against scipy on real extracts: tens of thousands of pairs, equal within a centimetre."""

from __future__ import annotations

import numpy as np
import pytest

from geomatch.geo import projection
from geomatch.network import graph as graphs
from geomatch.network import osm, reach, snap
from geomatch.network.profiles import PROFILES
from tests import networks

ORIGINS, GOALS = 60, 180


def open_extract(path):
    """Import an extract and index its streets."""
    segments, _ = osm.read(path)
    box = (segments.node_lon.min(), segments.node_lat.min(), segments.node_lon.max(), segments.node_lat.max())
    graph = graphs.build(segments, projection.metric_for(*map(float, box)))
    return graph, snap.build_index(graph)


@pytest.fixture(scope="module")
def helsinki(helsinki_pbf):
    """Helsinki's centre, on any machine."""
    return open_extract(helsinki_pbf)


@pytest.fixture(scope="module", params=["heidelberg", "beijing-core", "liechtenstein"])
def extract(request, shared_data):
    """Each larger extract of the shared data."""
    return open_extract(shared_data / "osm" / f"{request.param}.osm.pbf")


def draw_points(graph, seed):
    """Draw points that meet every case: beside streets, pairs on one segment, dead ends, islands, far afield."""
    rng = np.random.default_rng(seed)
    total = ORIGINS + GOALS
    near = graph.geom_xy[rng.integers(0, len(graph.geom_xy), total)] + rng.normal(0, 60, (total, 2))
    degree = np.diff(graph.arc_start)
    dead_ends = graph.node_xy[rng.choice(np.flatnonzero(degree == 1), 30)]
    longest = np.argsort(graph.edge_length_m)[-20:]
    on_long = graph.geom_xy[graph.geom_start[longest]] + 0.3 * (
        graph.geom_xy[graph.geom_start[longest] + 1] - graph.geom_xy[graph.geom_start[longest]]
    )
    points = near.copy()
    points[ORIGINS : ORIGINS + 30] = dead_ends
    points[:10], points[ORIGINS + 30 : ORIGINS + 40] = on_long[:10], on_long[:10] + rng.normal(0, 5, (10, 2))
    points[-5:] += 3000.0
    return points


def check_against_scipy(graph, index, profile_name):
    """Compare every pair of origins and goals by field, catchments and paths; give the number of finite pairs."""
    profile = PROFILES[profile_name]
    ways = reach.ways_for(graph, index, profile)
    oracle = networks.Oracle(graph, profile)
    points = draw_points(graph, 11)
    places = reach.place(ways, points[:, 0], points[:, 1])
    slow = [oracle.snap(*point) for point in points]
    assert list(places.on_network) == [spot.edge >= 0 for spot in slow]
    origins, goals = places.take(np.arange(ORIGINS)), places.take(np.arange(ORIGINS, ORIGINS + GOALS))
    truth = oracle.walks(slow[:ORIGINS], slow[ORIGINS:])
    pairs = reach.within(ways, origins, goals, 1e9)
    found = np.full_like(truth, np.inf)
    found[np.repeat(np.arange(ORIGINS), np.diff(pairs.start)), pairs.point] = pairs.walk_m
    np.testing.assert_allclose(found, truth, atol=0.01)
    _, walk_m = reach.nearest(ways, reach.field(ways, origins, 3), goals)
    np.testing.assert_allclose(walk_m, np.sort(truth, axis=0)[:3].T, atol=0.01)
    met = float(np.median(found[np.isfinite(found)]))
    exactly = reach.within(ways, origins, goals, met)
    assert len(exactly.point) == np.sum(found <= met)
    for row in range(5):
        path = reach.path(ways, origins.take([row]), goals.take([30 + row]))
        assert (path is None) == np.isinf(truth[row, 30 + row])
        assert path is None or abs(path.walk_m - truth[row, 30 + row]) < 0.01
    return int(np.isfinite(truth).sum())


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_ten_thousand_walks_in_helsinki_equal_scipy(helsinki, profile):
    """Every profile walks what scipy finds on the graph split at both ends, within a centimetre."""
    assert check_against_scipy(*helsinki, profile) > 5_000


@pytest.mark.shared
@pytest.mark.parametrize("profile", ["standard", "wheelchair"])
def test_ten_thousand_walks_on_larger_extracts_equal_scipy(extract, profile):
    """The same holds in a city on a river, in Beijing and in a rural valley."""
    assert check_against_scipy(*extract, profile) > 5_000
