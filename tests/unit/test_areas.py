"""Exclusive areas: they tile, every cell lies in its own area, and points asked one by one agree."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from geomatch.network import areas, reach, shape, snap
from geomatch.network.profiles import PROFILES
from tests import networks


def drawn_on(graph, sites, limit_m, *, profile="standard"):
    """Draw the areas of sites in metres from the origin; gives ways, field, areas, and their shapes in metres."""
    ways = reach.ways_for(graph, snap.build_index(graph), PROFILES[profile], min_part_segments=1)
    nearby = reach.field(ways, reach.place(ways, *networks.xy(*sites)))
    found = areas.areas(ways, shape.prepare(ways), nearby, limit_m)
    flat = shapely.transform(
        found.geometry,
        lambda lonlat: np.column_stack(ways.graph.plane.to_xy(lonlat[:, 0], lonlat[:, 1])) - networks.ORIGIN_XY,
    )
    return ways, nearby, found, flat


def tiles(shapes) -> bool:
    """Tell whether no two areas overlap and neighbours share every vertex of their border."""
    return bool(shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes))


def test_two_sites_on_a_street_share_it_at_the_middle():
    """The border crosses the street half way between the sites, and what is beyond the limit is nobody's."""
    _, _, found, (west, east) = drawn_on(networks.network_of([[(-1000, 0), (1000, 0)]]), [(-300, 0), (300, 0)], 400)
    assert found.place.tolist() == [0, 1]
    assert tiles(found.geometry)
    assert west.bounds[2] == pytest.approx(0, abs=2)
    assert east.bounds[0] == pytest.approx(0, abs=2)
    assert (west.bounds[0], east.bounds[2]) == (pytest.approx(-700, abs=6), pytest.approx(700, abs=6))
    # the diamond of 400 m cut by the middle, and by the access legs of 250 m
    half = [(-700, 0), (-450, -250), (-150, -250), (0, -100), (0, 100), (-150, 250), (-450, 250)]
    assert found.area_m2 == pytest.approx(shapely.Polygon(half).area, rel=0.01)


def test_a_river_gives_the_bank_to_the_site_that_can_be_walked_to():
    """Across a river without a bridge the near site has nothing; each bank is its own site's."""
    graph = networks.network_of([[(-600, 0), (600, 0)], [(-600, 80), (600, 80)]])
    _, _, found, (south, north) = drawn_on(graph, [(0, 0), (500, 80)], 700)
    assert south.contains(shapely.Point(400, 30))
    assert north.contains(shapely.Point(0, 50))
    assert not north.intersects(shapely.box(-600, -200, 600, 38))
    assert tiles(found.geometry)


def test_nothing_within_reach_gives_no_areas():
    """A site off the network has no ground."""
    _, _, found, _ = drawn_on(networks.grid(3, 3), [(900, 900)], 500)
    assert len(found.place) == len(found.geometry) == len(found.area_m2) == 0


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from(["standard", "elder", "wheelchair"]), st.floats(100, 900))
def test_areas_on_random_streets_tile_and_agree_with_points_asked_one_by_one(seed, profile, limit_m):
    """Sampled points lie in the area of the site that their own walk names, but for a thin border; none lies in two."""
    graph = networks.random_network(seed)
    rng = np.random.default_rng(seed)
    sites = [tuple(point) for point in rng.uniform(0, 1500, (9, 2))]
    ways, nearby, found, flat = drawn_on(graph, sites, limit_m, profile=profile)
    assert tiles(found.geometry)
    points = rng.uniform(-250, 1750, (6000, 2))
    place, walk_m = reach.nearest(ways, nearby, reach.place(ways, *networks.xy(*points)))
    truth = np.where(walk_m[:, 0] <= limit_m, place[:, 0], -1)
    held, area = shapely.STRtree(flat).query(shapely.points(points), predicate="within")
    assert len(np.unique(held)) == len(held)
    told = np.full(len(points), -1)
    told[held] = found.place[area]
    apart = told != truth
    counted = (told >= 0) | (truth >= 0)
    assert apart[counted].mean() < 0.04 if counted.any() else True


LABELS = arrays.arrays(np.int32, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.integers(-1, 3))


def areas_of(label):
    """Draw the areas of labelled cells of one metre, borders half way between; gives cells, labels and their shapes."""
    framed = np.full(np.add(label.shape, 2), -1, np.int32)
    framed[1:-1, 1:-1] = label
    wide = framed.shape[1]
    east = np.flatnonzero(np.pad(framed[:, 1:] != framed[:, :-1], ((0, 0), (0, 1))).ravel())
    north = np.flatnonzero((framed[1:] != framed[:-1]).ravel())
    across = np.column_stack([east % wide + 0.5, east // wide])
    along = np.column_stack([north % wide, north // wide + 0.5])
    crossings = areas._Crossings(east, north, np.concatenate([across, along]))
    return framed, *areas._polygons(*areas._rings(areas._Raster(framed, 0.0, 0.0, 1.0), crossings))


@given(LABELS.filter(lambda label: label.max() >= 0))
def test_any_pattern_of_cells_becomes_areas_that_tile_it(label):
    """Saddles, corners of three and four, holes and islands: every cell's middle lies in its own label's area only."""
    framed, place, shapes = areas_of(label)
    assert set(place.tolist()) == set(framed.ravel().tolist()) - {-1}
    assert tiles(shapes)
    owner = dict(zip(place.tolist(), shapes, strict=True))
    for (row, column), mine in np.ndenumerate(framed):
        holding = [other for other, ground in owner.items() if ground.intersects(shapely.Point(column, row))]
        assert holding == ([mine] if mine >= 0 else [])


def test_areas_that_face_each_other_across_a_corner_are_joined_once():
    """On a chessboard of two, one label is joined through every corner and the other parted: rings never touch."""
    _, _, (parted, joined) = areas_of(np.indices((6, 6)).sum(axis=0).astype(np.int32) % 2)
    assert len(parted.geoms) == 18
    assert len(joined.geoms) == 1
    assert all(one.disjoint(other) for one, other in pairwise(parted.geoms))


def test_one_place_alone_has_one_area():
    """A single ring is a ring."""
    _, place, (alone,) = areas_of(np.zeros((2, 3), np.int32))
    assert place.tolist() == [0]
    assert alone.area == pytest.approx(2 * 3 - 4 / 8)
