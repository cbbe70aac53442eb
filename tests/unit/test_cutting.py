from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array, csgraph

from geomatch.network import cutting

WIDE = 5
"""Nodes 0 to 24 stand on a grid of 5 by 5; node 25 and above are missing."""

drawings = st.lists(st.lists(st.integers(0, 27), min_size=1, max_size=9), min_size=1, max_size=8)
gates = st.sets(st.integers(0, 24), max_size=4)
Pair = tuple[int, int]


def raw_ways(ways: list[list[int]]) -> cutting.RawWays:
    """Lay ways out as an importer does."""
    ref = np.array([node for way in ways for node in way], np.int64)
    there = ref < WIDE * WIDE
    return cutting.RawWays(
        way_id=np.arange(len(ways)), kind=np.full(len(ways), 11, np.uint8), name_id=np.full(len(ways), -1, np.int32),
        names=(), start=np.concatenate([[0], np.cumsum([len(way) for way in ways])]), ref=ref,
        lon=np.where(there, ref % WIDE, np.nan), lat=np.where(there, ref // WIDE, np.nan),
    )  # fmt: skip


def steps_of(ways: list[list[int]]) -> set[Pair]:
    """Give every step between two present neighbours on a way, once."""
    pairs = {(min(a, b), max(a, b)) for way in ways for a, b in itertools.pairwise(way) if a != b}
    return {(a, b) for a, b in pairs if b < WIDE * WIDE}


def parts_of(pairs: list[tuple[object, object]]) -> int:
    """Count the connected parts of pairs."""
    names = {name: index for index, name in enumerate({name for pair in pairs for name in pair})}
    links = [(names[a], names[b]) for a, b in pairs]
    matrix = coo_array((np.ones(len(links)), tuple(np.array(links).T)), shape=(len(names),) * 2)
    return int(csgraph.connected_components(matrix, directed=False)[0])


@given(drawings)
def test_segments_walk_every_step_of_the_ways_exactly_once(ways: list[list[int]]) -> None:
    """Whatever is drawn, over and again or across itself, each step between neighbours is in one segment."""
    segments, _ = cutting.cut(raw_ways(ways), ())
    walked: Counter[Pair] = Counter()
    for first, end in itertools.pairwise(segments.coord_start.tolist()):
        nodes = (segments.coord_lat[first:end] * WIDE + segments.coord_lon[first:end]).astype(int).tolist()
        walked.update((min(a, b), max(a, b)) for a, b in itertools.pairwise(nodes))
    assert walked == Counter(steps_of(ways))


@given(drawings, gates)
def test_segments_hang_together_as_the_ways_do(ways: list[list[int]], closed: set[int]) -> None:
    """Parts are those of the single steps, where a closed node is another node to each step that ends there."""
    segments, _ = cutting.cut(raw_ways(ways), closed)
    steps = [
        tuple((node, step) if node in closed else node for node in step) for step in steps_of(ways)
    ]  # fmt: skip
    if not steps:
        assert len(segments.u) == 0
        return
    joined = list(zip(segments.u.tolist(), segments.v.tolist(), strict=True))
    assert parts_of(joined) == parts_of([(a, b) for a, b in steps])


@given(drawings)
def test_segments_meet_only_at_their_ends(ways: list[list[int]]) -> None:
    """A node inside a polyline is in no other polyline, and no segment is without length."""
    segments, _ = cutting.cut(raw_ways(ways), ())
    position = segments.coord_lat * WIDE + segments.coord_lon
    inner = np.ones(len(position), bool)
    inner[segments.coord_start[:-1]] = inner[segments.coord_start[1:] - 1] = False
    counts = Counter(position.tolist())
    assert all(counts[place] == 1 for place in position[inner].tolist())
    assert (np.diff(segments.coord_start) >= 2).all()


def test_of_a_line_drawn_as_steps_and_as_a_path_the_path_stays() -> None:
    """A duplicate never turns a path into steps, whichever comes first."""
    raw = raw_ways([[0, 1, 2], [2, 1, 0]])
    kind = np.array([cutting.KINDS.index("steps"), cutting.KINDS.index("path")], np.uint8)
    for order in ([0, 1], [1, 0]):
        drawn = cutting.RawWays(raw.way_id, kind[order], raw.name_id, raw.names, raw.start, raw.ref, raw.lon, raw.lat)
        segments, cuts = cutting.cut(drawn, ())
        assert (cutting.KINDS[segments.kind[0]], cuts.duplicate_ways) == ("path", 1)
