"""Ways to segments: cut at shared nodes, at barriers and where nodes are missing. Plain numpy; knows no file format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.network import slices
from geomatch.network.graph import KINDS, Segments

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

_STEPS = KINDS.index("steps")
_SQUARE = KINDS.index("square")


@dataclass(frozen=True)
class RawWays:
    """Walkable ways as they stand in the file.

    Attributes:
        way_id: int64 (W,).
        kind: uint8 (W,), index into KINDS.
        name_id: int32 (W,), index into names, or -1.
        names: street names.
        start: int64 (W + 1,), the slice of ref, lon, lat of each way.
        ref: int64 (M,), node ids.
        lon, lat: float64 (M,), degrees; NaN where the node is missing or its position is no place on the globe.
    """

    way_id: NDArray[np.int64]
    kind: NDArray[np.uint8]
    name_id: NDArray[np.int32]
    names: tuple[str, ...]
    start: NDArray[np.int64]
    ref: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    @property
    def owner(self) -> NDArray[np.int64]:
        """int64 (M,), the way of each element."""
        return np.repeat(np.arange(len(self.way_id)), np.diff(self.start))


@dataclass(frozen=True)
class Cuts:
    """What was counted while cutting; the fields mean what they mean in health.ImportHealth."""

    ways_cut_short: int
    ways_lost: int
    edge_stubs: int
    duplicate_ways: int
    duplicate_segments: int
    zero_length: int
    loops: int
    blocking_nodes: tuple[int, ...]


@dataclass(frozen=True)
class _Line:
    """The elements of all ways in order, only those that are there: owner, place (a node's rank) and run."""

    owner: NDArray[np.int64]
    place: NDArray[np.int64]
    run: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


def cut(raw: RawWays, blocked: Collection[int]) -> tuple[Segments, Cuts]:
    """Cut ways into segments that meet only at their ends.

    Args:
        raw: walkable ways; ways meet only in nodes of the same id, never where they merely cross.
        blocked: ids of nodes that nobody passes: every way through one is cut, and its pieces do not touch there.
    """
    raw, duplicate_ways = _without_duplicates(raw)
    line, ids = _line(raw)
    closed = np.isin(ids, np.fromiter(blocked, np.int64, len(blocked)))
    line, zero_length = _without_zero_length(line, closed)
    first, last = _between_vertices(line, closed)
    duplicate, told = _duplicates(line, first, last, raw.kind)
    first, last = first[~duplicate], last[~duplicate]
    segments, blocking = _segments(raw, line, first, last, closed)
    pieces = np.unique(line.owner[first])
    short, stubs = _edges(raw, np.isin(np.arange(len(raw.way_id)), pieces))
    cuts = Cuts(
        ways_cut_short=short,
        ways_lost=_lost(raw),
        edge_stubs=stubs,
        duplicate_ways=duplicate_ways,
        duplicate_segments=told,
        zero_length=zero_length,
        loops=int(np.count_nonzero(segments.u == segments.v)),
        blocking_nodes=tuple(int(node) for node in ids[blocking]),
    )
    return segments, cuts


def take(raw: RawWays, ways: NDArray[np.int64]) -> RawWays:
    """Give some of the ways, in the order asked for."""
    start, source = slices.chosen(raw.start, ways)
    return RawWays(
        raw.way_id[ways], raw.kind[ways], raw.name_id[ways], raw.names,
        start, raw.ref[source], raw.lon[source], raw.lat[source],
    )  # fmt: skip


def _without_duplicates(raw: RawWays) -> tuple[RawWays, int]:
    """Keep one of the ways that run through the same nodes, and count those dropped, lines of sight apart."""
    order = np.argsort(_worse(raw.kind), kind="stable")
    seen: set[bytes] = set()
    kept = np.ones(len(raw.way_id), bool)
    for way in order[_may_repeat(raw)[order]].tolist():
        refs = raw.ref[raw.start[way] : raw.start[way + 1]]
        ahead, back = refs.tobytes(), refs[::-1].tobytes()
        key = min(ahead, back)
        kept[way] = key not in seen
        seen.add(key)
    if kept.all():
        return raw, 0
    thinned = take(raw, np.flatnonzero(kept))
    return thinned, int(np.count_nonzero(raw.kind != _SQUARE) - np.count_nonzero(thinned.kind != _SQUARE))


def _may_repeat(raw: RawWays) -> NDArray[np.bool_]:
    """Tell of each way whether another has as many nodes, of the same sum: few do that are not the same."""
    sums = np.concatenate([[0], np.cumsum(raw.ref)])[raw.start]  # may run over, the same way for all
    marks = np.column_stack([np.diff(raw.start), np.diff(sums)])
    order = np.lexsort(marks.T)
    same = np.all(np.diff(marks[order], axis=0) == 0, axis=1)
    repeats = np.zeros(len(raw.way_id), bool)
    repeats[order[1:][same]] = repeats[order[:-1][same]] = True
    return repeats


def _worse(kind: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Rank kinds for the case that one line is drawn several times: steps give way, lines of sight most of all."""
    return np.select([kind == _SQUARE, kind == _STEPS], [2, 1], 0).astype(np.int64)


def _line(raw: RawWays) -> tuple[_Line, NDArray[np.int64]]:
    there = np.isfinite(raw.lon)
    ids, place = np.unique(raw.ref, return_inverse=True)
    gaps_before = np.cumsum(~there)
    run = (raw.owner + gaps_before)[there]  # grows at every new way and after every gap
    return _Line(raw.owner[there], place[there].astype(np.int64), run, raw.lon[there], raw.lat[there]), ids


def _without_zero_length(line: _Line, closed: NDArray[np.bool_]) -> tuple[_Line, int]:
    """Make one node of neighbours on a way that stand at the same position; a zero-length segment joins them."""
    same_run = line.run[1:] == line.run[:-1]
    still = same_run & (line.lon[1:] == line.lon[:-1]) & (line.lat[1:] == line.lat[:-1])
    one, other = line.place[:-1][still], line.place[1:][still]
    free = ~(closed[one] | closed[other]) | (one == other)
    merged = np.arange(len(closed))
    for a, b in zip(one[free].tolist(), other[free].tolist(), strict=True):
        root_a, root_b = _root(merged, a), _root(merged, b)
        merged[max(root_a, root_b)] = min(root_a, root_b)
    if not still.any():
        return line, 0
    roots = np.array([_root(merged, place) for place in np.flatnonzero(merged != np.arange(len(merged))).tolist()])
    if len(roots):
        merged[merged != np.arange(len(merged))] = roots
    place = merged[line.place]
    keep = np.ones(len(place), bool)
    keep[1:] = ~(same_run & (place[1:] == place[:-1]))
    thinned = _Line(line.owner[keep], place[keep], line.run[keep], line.lon[keep], line.lat[keep])
    return thinned, int(np.count_nonzero(~keep))


def _root(merged: NDArray[np.int64], place: int) -> int:
    while merged[place] != place:
        place = int(merged[place])
    return place


def _between_vertices(line: _Line, closed: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the elements at which segments begin and end: ends of runs, nodes met twice, barriers, turns on the spot."""
    if not len(line.place):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    new_run = np.ones(len(line.run) + 1, bool)
    new_run[1:-1] = line.run[1:] != line.run[:-1]
    met = np.bincount(line.place, minlength=len(closed))
    vertex = new_run[:-1] | new_run[1:] | (met[line.place] > 1) | closed[line.place]
    vertex[1:-1] |= (line.place[2:] == line.place[:-2]) & (line.run[2:] == line.run[:-2])
    at = np.flatnonzero(vertex)
    joined = line.run[at[:-1]] == line.run[at[1:]]
    return at[:-1][joined], at[1:][joined]


def _duplicates(
    line: _Line, first: NDArray[np.int64], last: NDArray[np.int64], kind: NDArray[np.uint8]
) -> tuple[NDArray[np.bool_], int]:
    """Mark segments that repeat another one, and count those that were not laid across squares by us.

    Inner nodes are met once, so only segments without inner nodes can be the same.
    """
    u, v = line.place[first], line.place[last]
    bare = last == first + 1
    low, high = np.minimum(u, v), np.maximum(u, v)
    kinds = kind[line.owner[first]]
    order = np.lexsort((_worse(kinds), high, low, ~bare))
    repeats = np.zeros(len(order), bool)
    repeats[1:] = (low[order][1:] == low[order][:-1]) & (high[order][1:] == high[order][:-1])
    repeats &= bare[order]
    duplicate = np.zeros(len(order), bool)
    duplicate[order] = repeats
    return duplicate, int(np.count_nonzero(duplicate & (kinds != _SQUARE)))


def _segments(
    raw: RawWays, line: _Line, first: NDArray[np.int64], last: NDArray[np.int64], closed: NDArray[np.bool_]
) -> tuple[Segments, NDArray[np.int64]]:
    ends = np.concatenate([line.place[first], line.place[last]])
    where = np.concatenate([first, last])
    at_barrier = closed[ends]
    blocked_ends = np.bincount(ends[at_barrier], minlength=len(closed))
    # each piece of way ends at a barrier in a node of its own, so that the pieces do not meet there
    ends[at_barrier] = len(closed) + np.arange(np.count_nonzero(at_barrier))
    _, representative, node = np.unique(ends, return_index=True, return_inverse=True)
    counts = last - first + 1
    coord_start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    source = np.repeat(first - coord_start[:-1], counts) + np.arange(coord_start[-1])
    owner = line.owner[first]
    segments = Segments(
        node_lon=line.lon[where[representative]],
        node_lat=line.lat[where[representative]],
        u=node[: len(first)].astype(np.int32),
        v=node[len(first) :].astype(np.int32),
        kind=raw.kind[owner],
        way_id=raw.way_id[owner],
        name_id=raw.name_id[owner],
        names=raw.names,
        coord_start=coord_start,
        coord_lon=line.lon[source],
        coord_lat=line.lat[source],
    )
    return segments, np.flatnonzero(blocked_ends > 1)


def _edges(raw: RawWays, used: NDArray[np.bool_]) -> tuple[int, int]:
    """Count the used ways that lack nodes, and the places where a present node stands beside a missing one."""
    there, owner = np.isfinite(raw.lon), raw.owner
    short = np.unique(owner[~there])
    beside = (there[1:] != there[:-1]) & (owner[1:] == owner[:-1])
    return int(np.count_nonzero(used[short])), int(np.count_nonzero(beside & used[owner[1:]]))


def _lost(raw: RawWays) -> int:
    there, owner = np.isfinite(raw.lon), raw.owner
    pair = there[1:] & there[:-1] & (owner[1:] == owner[:-1])
    usable = np.zeros(len(raw.way_id), bool)
    usable[owner[1:][pair]] = True
    return int(np.count_nonzero(~usable))
