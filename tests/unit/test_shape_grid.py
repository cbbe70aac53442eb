"""The grid that circles are drawn from: the nearest usable street of every cell, told by a slow search."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.network import reach, shape, snap, unproject
from geomatch.network._kernels.grid import BLOCK
from geomatch.network.profiles import PROFILES
from tests import networks


def walked(graph, profile):
    """See a graph as a profile walks it, islands included."""
    return reach.ways_for(graph, snap.build_index(graph), PROFILES[profile], min_part_segments=1)


def cells(grid):
    """The cells as a dict from where their middles lie, in whole cells, to edge, share along it and access leg."""
    found = {}
    for at, block in enumerate(grid.block_at.tolist()):
        for cell in range(BLOCK * BLOCK):
            piece = int(grid.cell_piece[at * BLOCK * BLOCK + cell])
            if piece >= 0:
                place = (block[0] * BLOCK + cell // BLOCK, block[1] * BLOCK + cell % BLOCK)
                found[place] = (int(grid.pieces[piece, 3]), *grid.cell_leg[at * BLOCK * BLOCK + cell].tolist())
    return found


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), profile=st.sampled_from(["standard", "wheelchair"]))
def test_every_cell_knows_its_nearest_street(seed, profile):
    """A cell holds the access leg that shapely measures to all usable streets, where it is no longer than allowed."""
    ways = walked(networks.random_network(seed), profile)
    grid = shape.prepare(ways)
    graph = ways.graph
    lines = [graph.geom_xy[graph.geom_start[e] : graph.geom_start[e + 1]] for e in np.flatnonzero(ways.usable)]
    streets = shapely.MultiLineString(lines)
    told = cells(grid)
    rows, columns = (n * BLOCK for n in grid.block_slot.shape)
    rng = np.random.default_rng(seed)
    for row, column in zip(rng.integers(0, rows, 300).tolist(), rng.integers(0, columns, 300).tolist(), strict=True):
        x, y = grid.x0 + (column + 0.5) * grid.cell_m, grid.y0 + (row + 0.5) * grid.cell_m
        true_m = shapely.distance(streets, shapely.Point(x, y))
        if true_m <= ways.max_access_m:
            assert told[row, column][2] * grid.access_unit_m == pytest.approx(true_m, abs=grid.access_unit_m)
        elif (row, column) in told:
            assert told[row, column][2] * grid.access_unit_m > ways.max_access_m - grid.access_unit_m


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_grid_made_like_another_is_the_grid_of_its_own_streets(seed):
    """A wheelchair's grid made from the pedestrian's says of every cell what the one made from nothing says."""
    graph = networks.random_network(seed)
    rolled = walked(graph, "wheelchair")
    like = shape.prepare(walked(graph, "standard"))
    made = shape.prepare(rolled, like=like)
    alone = shape.prepare(rolled)
    if (alone.x0, alone.y0) == (like.x0, like.y0):
        assert cells(made) == cells(alone)
    assert {edge for edge, _, _ in cells(made).values()} <= set(np.flatnonzero(rolled.usable).tolist())
    assert (like.cell_piece >= 0).sum() >= (made.cell_piece >= 0).sum()
    lengths = [np.diff(grid.run_start)[rolled.usable].sum() for grid in (made, alone)]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.1)


@pytest.mark.parametrize("side_m", [800.0, 30_000.0, 250_000.0])
def test_the_polynomials_are_the_plane(side_m):
    """Over regions of any size they give the degrees that PROJ gives, within a tenth of a micron."""
    low = np.array(networks.ORIGIN_XY)
    centre, half_m, lon_terms, lat_terms = unproject.fit(networks.PLANE, low, low + side_m)
    x, y = np.random.default_rng(0).uniform(-1, 1, (2, 1000))
    lon, lat = networks.PLANE.to_lonlat(x * half_m + centre[0], y * half_m + centre[1])
    for terms, degrees in ((lon_terms, lon), (lat_terms, lat)):
        assert np.abs(np.polynomial.polynomial.polyval2d(x, y, terms) - degrees).max() < 1e-12
