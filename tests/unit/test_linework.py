"""Lines cut into squares, against shapely; what is drawn, against a reader of vector tiles written for this test."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.network import linework, slices

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE, MARGIN, TOLERANCE = 64, 8, 2.0
EVERYWHERE = (-100, -100, 100, 100)


def tangle(seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Walks of all lengths, some of which stand still, close or run straight on."""
    rng = np.random.default_rng(seed)
    walks = [np.cumsum(rng.normal(0, rng.choice([0.5, 10, 50]), (rng.integers(1, 15), 2)), axis=0) for _ in range(5)]
    walks += [np.repeat([[5.0, 5.0]], 3, axis=0), np.array([[0, 0], [50, 0], [50, 50], [0, 0.0]])]
    walks.append(np.column_stack([np.linspace(-90, 150, 40), np.zeros(40)]))
    return np.concatenate(walks), np.concatenate([[0], np.cumsum([len(walk) for walk in walks])])


def cut(xy: NDArray[np.float64], start: NDArray[np.int64], edges: tuple[int, ...] = EVERYWHERE) -> linework.Strokes:
    """Cut with the figures of this test."""
    return linework.cut(xy, start, scale=1.0, side=SIDE, margin=MARGIN, tolerance=TOLERANCE, edges=edges)


def strokes_of(strokes: linework.Strokes) -> dict[tuple[int, int, int], list[NDArray[np.int64]]]:
    """The places of each line in each square, in units from the origin: by line, column and row."""
    found = defaultdict(list)
    begin = 0
    for owner, column, row, end in zip(strokes.owner, strokes.column, strokes.row, strokes.end, strict=True):
        corner = np.array([column, row]) * SIDE
        found[int(owner), int(column), int(row)].append(strokes.units[begin:end].astype(np.int64) + corner)
        begin = int(end)
    return found


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_strokes_are_what_shapely_cuts(seed: int) -> None:
    """In each square a line's strokes run where shapely's thinned line does in the square's box, within rounding."""
    xy, start = tangle(seed)
    found = strokes_of(cut(xy, start))
    for line in range(len(start) - 1):
        own = xy[start[line] : start[line + 1]]
        squares = {place[1:] for place in found if place[0] == line}
        if len(own) < 2:
            assert not squares
            continue
        thinned = shapely.simplify(shapely.LineString(own), TOLERANCE, preserve_topology=False)
        low, high = np.floor(np.array(thinned.bounds) / SIDE).astype(int).reshape(2, 2).tolist()
        for column in range(low[0] - 1, high[0] + 2):
            for row in range(low[1] - 1, high[1] + 2):
                corner = np.array([column, row]) * SIDE
                box = shapely.box(*(corner - MARGIN), *(corner + SIDE + MARGIN))
                parts = shapely.get_parts(shapely.intersection(thinned, box))
                drawn = shapely.MultiLineString(found.get((line, column, row), []))
                # what is so short that it may round to one place is not drawn
                for place in places(parts[shapely.length(parts) > 2]):
                    assert shapely.distance(drawn, place) < 1
                for place in places([drawn]):
                    assert shapely.distance(shapely.intersection(thinned, box), place) < 1


def places(lines: object) -> object:
    """Points along lines, a unit apart at the most."""
    return shapely.points(shapely.get_coordinates(shapely.segmentize(lines, 1.0)))


def test_only_the_squares_that_are_wanted_are_made() -> None:
    """A line through many squares costs those within the edges."""
    xy = np.array([[-5000.0, 10], [5000, 10]])
    strokes = cut(xy, np.array([0, 2]), (3, 0, 5, 0))
    assert list(zip(strokes.column.tolist(), strokes.row.tolist(), strict=True)) == [(3, 0), (4, 0), (5, 0)]


def test_a_stroke_reaches_into_the_margin() -> None:
    """Units count from the corner of the square, the margin is below 0 and beyond the side."""
    strokes = cut(np.array([[-100.0, 10], [100, 10]]), np.array([0, 2]), (0, 0, 0, 0))
    assert strokes.units.tolist() == [[-MARGIN, 10], [SIDE + MARGIN, 10]]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_chains_hold_every_edge_once_and_hang_together(seed: int) -> None:
    """Edges of one group follow each other head to tail, and no two chains could be put together."""
    rng = np.random.default_rng(seed)
    u, v, group = rng.integers(0, 8, (3, rng.integers(0, 40)))
    order, start = linework.chain(u.astype(np.int32), v.astype(np.int32), group)
    assert sorted(order.tolist()) == list(range(len(u)))
    chains = [order[one:other] for one, other in itertools.pairwise(start)]
    for chain in chains:
        assert (v[chain[:-1]] == u[chain[1:]]).all()
        assert len(set(group[chain].tolist())) == 1
    heads = {(int(group[chain[0]]), int(u[chain[0]])) for chain in chains if u[chain[0]] != v[chain[-1]]}
    tails = {(int(group[chain[0]]), int(v[chain[-1]])) for chain in chains if u[chain[0]] != v[chain[-1]]}
    assert not heads & tails


def read_commands(data: bytes) -> list[tuple[list[tuple[int, int]], bool]]:
    """Read a feature's geometry as the specification of vector tiles (2.1, 4.3) tells: strokes, and whether closed."""
    numbers: list[int] = []
    shift = value = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(value)
            shift = value = 0
    strokes: list[tuple[list[tuple[int, int]], bool]] = []
    x = y = at = 0
    while at < len(numbers):
        command, count = numbers[at] & 7, numbers[at] >> 3
        at += 1
        if command == 7:
            strokes[-1] = (strokes[-1][0], True)
            continue
        if command == 1:
            strokes.append(([], False))
        for _ in range(count):
            x, y = x + (numbers[at] >> 1 ^ -(numbers[at] & 1)), y + (numbers[at + 1] >> 1 ^ -(numbers[at + 1] & 1))
            strokes[-1][0].append((x, y))
            at += 2
    return strokes


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), reach=st.sampled_from([5, 100, 5000, 2**30]))
def test_drawn_features_read_back(seed: int, reach: int) -> None:
    """Any strokes, put together to features in any order, come out of the bytes as they went in."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(1, 9, rng.integers(1, 12))
    units = rng.integers(-reach, reach, (counts.sum(), 2)).astype(np.int32)
    closed = rng.random(len(counts)) < 0.3
    nothing = np.zeros(len(counts), np.int64)
    strokes = linework.Strokes(nothing, nothing, nothing, np.cumsum(counts), closed, units)
    order = rng.permutation(len(counts))
    ends = np.unique(np.append(rng.integers(1, len(counts) + 1, 3), len(counts)))
    drawn = linework.draw(strokes, order, ends)
    start = np.concatenate([[0], np.cumsum(counts)])
    for data, first, last in zip(drawn, [0, *ends[:-1]], ends, strict=True):
        told = [
            ([tuple(place) for place in units[start[s] : start[s + 1]].tolist()], closed[s]) for s in order[first:last]
        ]
        assert read_commands(data) == told


def test_nothing_is_drawn_of_nothing() -> None:
    """No lines make no strokes and no bytes."""
    strokes = cut(np.empty((0, 2)), np.array([0]))
    assert linework.draw(strokes, np.empty(0, np.int64), np.empty(0, np.int64)) == []


@pytest.mark.parametrize(("which", "held"), [([2, 0], [5, 6, 0, 1]), ([], []), ([1, 1], [2, 3, 4, 2, 3, 4])])
def test_slices_are_chosen_in_the_order_asked_for(which: list[int], held: list[int]) -> None:
    """The elements of the chosen slices stand one after the other."""
    start, source = slices.chosen(np.array([0, 2, 5, 7]), np.array(which, np.int64))
    assert source.tolist() == held
    assert start[-1] == len(held)
