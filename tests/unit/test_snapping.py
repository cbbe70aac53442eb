"""The shortlists of the snap index against every piece there is, and points in any company."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from geomatch.network import reach, snap
from geomatch.network._kernels.ahead import fetch
from geomatch.network.profiles import PROFILES
from tests import networks


def legs_to_every_piece(graph, x, y):
    """Distance of one point from each straight piece, inf for the step from one polyline to the next."""
    a, b = graph.geom_xy[:-1], graph.geom_xy[1:]
    way, to = b - a, np.array([x, y]) - a
    square = (way * way).sum(axis=1)
    part = np.clip(np.divide((way * to).sum(axis=1), square, out=np.zeros(len(a)), where=square > 0), 0.0, 1.0)
    legs = np.hypot(*(to - part[:, None] * way).T)
    legs[graph.geom_start[1:-1] - 1] = np.inf
    return legs


def list_at(index, x, y):
    """The shortlist of the part that holds a point, read plainly; None where no list is kept."""
    across, up = (x - index.west) / index.cell_m, (y - index.south) / index.cell_m
    column, row = int(across), int(up)
    at = int(index.near_at[row * index.columns + column])
    if at < 0:
        return None
    side = 2 ** (at & 3)
    a, b = int((across - column) * side), int((up - row) * side)
    part = sum(((a >> bit & 1) << 2 * bit) + ((b >> bit & 1) << (2 * bit + 1)) for bit in range(3))
    first = (at >> 2) + part
    return index.near_piece[index.near_start[first] : index.near_start[first + 1]]


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), extent_m=st.sampled_from([300.0, 900.0, 4000.0]))
def test_a_shortlist_holds_whatever_is_nearest_in_its_part(seed, extent_m):
    """However dense the streets, each point's list holds the first piece that is as near as any, in ascending order."""
    graph = networks.random_network(seed, extent_m=extent_m)
    index = snap.build_index(graph)
    low = graph.geom_xy.min(axis=0)
    spread = np.array([index.columns, index.rows]) * index.cell_m
    rng = np.random.default_rng(seed)
    anywhere = low + rng.uniform(0.0, 1.0, (200, 2)) * spread
    corners = rng.choice(graph.geom_xy, 200)  # where several pieces are equally near, all around
    points = np.concatenate([anywhere, corners, corners + rng.normal(0.0, 4.0, corners.shape)])
    points = points[((points >= low) & (points < low + spread)).all(axis=1)]
    held = 0
    for x, y in points:
        listed = list_at(index, x, y)
        if listed is None:
            continue
        legs = legs_to_every_piece(graph, x, y)
        assert np.flatnonzero(legs**2 <= legs.min() ** 2 + networks.TIE_M2)[0] in listed
        assert np.all(np.diff(listed) > 0)
        held += 1
    assert held > 20


def test_dense_cells_are_divided_until_their_lists_are_short():
    """A hundred streets in one cell leave no list with anything near a hundred pieces."""
    graph = networks.grid(20, 20, step_m=8.0)
    index = snap.build_index(graph)
    assert np.diff(index.cell_start).max() > 100
    assert np.diff(index.near_start).mean() < 20


def test_a_cell_without_a_list_knows_how_far_the_streets_are():
    """Between two far clusters the index counts the rings of empty cells, no more and no fewer."""
    graph = networks.network_of([[(0, 0), (50, 0)], [(0, 3000), (50, 3000)]])
    index = snap.build_index(graph)
    rings = -index.near_at.reshape(index.rows, index.columns)[:, 0]
    street = np.flatnonzero(index.cell_start[1:] > index.cell_start[:-1]) // index.columns
    for row in range(index.rows):
        away = np.abs(street - row).min()
        assert rings[row] == away if away > 1 else rings[row] <= 0


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), profile=st.sampled_from(sorted(PROFILES)))
def test_a_point_is_snapped_alone_as_among_thousands(seed, profile):
    """Neither the batch nor the order of points changes where any of them meets the streets."""
    graph = networks.random_network(seed)
    ways = reach.ways_for(graph, snap.build_index(graph), PROFILES[profile], min_part_segments=5)
    points = np.random.default_rng(seed).uniform(-2500.0, 4000.0, (5000, 2))
    x, y = networks.xy(*points)
    many = reach.place(ways, x, y)
    turned = reach.place(ways, x[::-1], y[::-1]).take(np.arange(len(x))[::-1])
    some = np.arange(0, len(x), 100)
    alone = [reach.place(ways, x[i], y[i]) for i in some]
    for name in ("edge", "offset_m", "access_m"):
        values = getattr(many, name)
        assert np.array_equal(values, getattr(turned, name))
        assert np.array_equal(values[some], [getattr(place, name)[0] for place in alone])


def test_reading_ahead_changes_nothing_and_may_miss():
    """Rows that there are and rows far outside can be asked for, of arrays that may be written to and others."""

    @njit
    def ask(array):
        for row in (0, 1, -1, len(array), 10**15):
            fetch(array, row)
            fetch(array, np.uintp(row))

    square = np.arange(12.0).reshape(4, 3)
    for array in (square, square[::2, ::-1], square.astype(np.int32)[:, 0]):
        array.flags.writeable = False
        before = array.copy()
        ask(array)
        assert np.array_equal(array, before)
