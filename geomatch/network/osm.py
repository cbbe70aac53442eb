"""An OpenStreetMap extract to walkable segments, by the foot rules."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import InputError
from geomatch.network import cutting, extract, foot_rules, squares
from geomatch.network.graph import KINDS
from geomatch.network.health import ImportHealth

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from geomatch.network.cutting import Cuts, RawWays
    from geomatch.network.extract import Extract, Things
    from geomatch.network.graph import Segments

WANTED = extract.Wanted(
    keys=frozenset(("highway", "railway", "public_transport", "route", "barrier")), asked=foot_rules.KEYS | {"type"}
)

_KIND_CODE = {name: code for code, name in enumerate(KINDS)}
_REFUSED, _NO_STREET = -1, -2


@dataclass(frozen=True)
class _Judged:
    """What the rules say of each entry of Extract.told: a code of KINDS, _REFUSED or _NO_STREET, and why."""

    kind: NDArray[np.int64]
    reason: tuple[str, ...]

    def count(self, told: NDArray[np.int32]) -> tuple[int, Counter[str]]:
        """Count how many of some things are ways or areas at all, and those refused by reason."""
        kind = self.kind[told]
        refused = Counter(self.reason[entry] for entry in told[kind == _REFUSED].tolist())
        return int(np.count_nonzero(kind != _NO_STREET)), refused


@dataclass(frozen=True)
class _Streets:
    """What of an extract is walked.

    Attributes:
        raw: the walkable ways, then the members of areas that are none by themselves.
        surfaces: the ways, by place in raw, that bound each area to walk across.
        blocked: why a node cannot be passed, by node id.
        refused: how many ways and areas cannot be walked, by reason.
        looked_at: how many ways and areas the rules were asked about.
    """

    raw: RawWays
    surfaces: list[list[int]]
    blocked: dict[int, str]
    refused: Counter[str]
    looked_at: int


def read(path: Path, *, progress: Callable[[float], None] | None = None) -> tuple[Segments, ImportHealth]:
    """Read an extract's walkable segments: `segments_of` a file."""
    return segments_of(extract.read(path, WANTED), progress=progress)


def segments_of(found: Extract, *, progress: Callable[[float], None] | None = None) -> tuple[Segments, ImportHealth]:
    """Cut the walkable segments of an extract.

    Args:
        found: read for WANTED, and for others as well if need be.
        progress: called with the share done, 0 to 1.

    Returns:
        Segments cut at shared nodes and barriers, in WGS-84 degrees, and what was found and left out.

    Raises:
        InputError: there is nothing walkable in it.
    """
    tell = progress or _quiet
    tell(0.0)
    streets = _streets(found)
    tell(0.3)
    raw, bad_positions = _on_the_globe(streets.raw)
    raw = _look_again(found.path, raw)
    if not len(raw.way_id):
        raise InputError.of(str(found.path), "holds no street or path that people may walk")
    lines, crossed, unclear = squares.lines(raw, streets.surfaces)
    tell(0.6)
    segments, cuts = cutting.cut(lines, streets.blocked)
    if not len(segments.u):
        raise InputError.of(str(found.path), "holds walkable ways, but none with two nodes in the file and apart")
    tell(1.0)
    return segments, _health(streets, raw, cuts, segments, (crossed, unclear, bad_positions))


def _streets(found: Extract) -> _Streets:
    """Gather walkable ways, surfaces and blocked nodes."""
    judged = _judge(found)
    is_area = np.array([
        kind >= 0 and foot_rules.is_area(told, KINDS[kind])
        for told, kind in zip(found.told, judged.kind.tolist(), strict=True)
    ], bool)  # fmt: skip
    ways = found.ways.take(np.flatnonzero(judged.kind[found.ways.told] >= 0))
    outlines = [[way] for way in np.flatnonzero(ways.closed & is_area[ways.told]).tolist()]
    is_multipolygon = np.array([told.get("type", "") == "multipolygon" for told in found.told], bool)
    relations = found.relations.take(np.flatnonzero(is_multipolygon[found.relations.told]))
    raw, rings = _with_members(found, ways, judged, relations)
    looked_at, refused = judged.count(found.ways.told)
    areas_looked_at, areas_refused = judged.count(relations.told)
    reasons = [foot_rules.blocked(told) for told in found.told]
    return _Streets(
        raw=raw,
        surfaces=outlines + rings,
        blocked={
            node: reason
            for node, entry in zip(found.nodes.id.tolist(), found.nodes.told.tolist(), strict=True)
            if (reason := reasons[entry]) is not None
        },
        refused=refused + areas_refused,
        looked_at=looked_at + areas_looked_at,
    )


def _judge(found: Extract) -> _Judged:
    # what only others asked for may be disused or proposed, but is no street that is refused
    meant = [told if WANTED.keys & told.keys() else {} for told in found.told]
    verdicts = [foot_rules.judge(told) for told in meant]
    kind = [
        _NO_STREET if verdict.reason == foot_rules.NOT_A_STREET else _KIND_CODE.get(verdict.kind or "", _REFUSED)
        for verdict in verdicts
    ]
    return _Judged(np.array(kind, np.int64), tuple(verdict.reason for verdict in verdicts))


def _with_members(found: Extract, ways: Things, judged: _Judged, relations: Things) -> tuple[RawWays, list[list[int]]]:
    """Add to the ways the outlines of areas that are drawn as multipolygons of several ways; give these outlines."""
    areas = relations.take(np.flatnonzero(judged.kind[relations.told] >= 0))
    rings = [areas.ref[start:end].tolist() for start, end in zip(areas.start[:-1], areas.start[1:], strict=True)]
    known = {way: place for place, way in enumerate(ways.id.tolist())}
    wanted = {way: area for area, members in enumerate(rings) for way in members if way not in known}
    kind, name = judged.kind[ways.told], ways.name
    if wanted:
        members = extract.ways_by_id(found, wanted)
        known |= {way: len(ways) + place for place, way in enumerate(members.id.tolist())}
        area = [wanted[way] for way in members.id.tolist()]
        kind = np.concatenate([kind, judged.kind[areas.told[area]]])
        name = np.concatenate([name, areas.name[area]])
        ways = ways.joined(members)
    return _raw(found, ways, kind, name), [[known[way] for way in ring if way in known] for ring in rings]


def _raw(found: Extract, ways: Things, kind: NDArray[np.int64], name: NDArray[np.int32]) -> RawWays:
    """Number the names that the ways have in the order in which they first have them."""
    used, first, nth = np.unique(name, return_index=True, return_inverse=True)
    order = np.argsort(first)
    order = order[used[order] >= 0]
    number = np.full(len(used), -1, np.int32)
    number[order] = np.arange(len(order))
    return cutting.RawWays(
        way_id=ways.id,
        kind=kind.astype(np.uint8),
        name_id=number[nth],
        names=tuple(found.names[place] for place in used[order].tolist()),
        start=ways.start,
        ref=ways.ref,
        lon=ways.lon,
        lat=ways.lat,
    )


def _on_the_globe(raw: RawWays) -> tuple[RawWays, int]:
    """Take positions that are no place on the globe for missing; also give how many nodes have one."""
    lon, lat = raw.lon, raw.lat
    nowhere = (np.abs(lon) > 180) | (np.abs(lat) > 90) | ((lon == 0) & (lat == 0))  # noqa: PLR2004 - the globe
    lon, lat = (np.where(nowhere, np.nan, degrees) for degrees in (lon, lat))
    return dataclasses.replace(raw, lon=lon, lat=lat), len(np.unique(raw.ref[nowhere]))


def _look_again(path: Path, raw: RawWays) -> RawWays:
    """Find nodes that stand behind their ways in the file, or have ids below zero, as editors write them.

    Only the fast index of node positions lacks them. Extracts in PBF are sorted and hold real ids.
    """
    missing = np.isnan(raw.lon)
    wanted = set(np.unique(raw.ref[missing]).tolist())
    if not wanted or (path.name.endswith(".pbf") and min(wanted) >= 0):
        return raw
    found, nowhere = extract.positions(path, wanted), (np.nan, np.nan)
    lonlat = np.array([found.get(ref, nowhere) for ref in raw.ref[missing].tolist()]).reshape(-1, 2)
    lonlat[(lonlat == 0).all(axis=1)] = np.nan
    lon, lat = raw.lon.copy(), raw.lat.copy()
    lon[missing], lat[missing] = lonlat[:, 0], lonlat[:, 1]
    return dataclasses.replace(raw, lon=lon, lat=lat)


def _health(
    streets: _Streets, raw: RawWays, cuts: Cuts, segments: Segments, areas: tuple[int, int, int]
) -> ImportHealth:
    crossed, unclear, bad_positions = areas
    return ImportHealth(
        ways=streets.looked_at,
        walkable=streets.looked_at - streets.refused.total(),
        refused=dict(streets.refused.most_common()),
        missing_nodes=len(np.unique(raw.ref[np.isnan(raw.lon)])),
        bad_positions=bad_positions,
        ways_cut_short=cuts.ways_cut_short,
        ways_lost=cuts.ways_lost,
        edge_stubs=cuts.edge_stubs,
        duplicate_ways=cuts.duplicate_ways,
        duplicate_segments=cuts.duplicate_segments,
        zero_length=cuts.zero_length,
        loops=cuts.loops,
        barriers=dict(Counter(streets.blocked[node] for node in cuts.blocking_nodes).most_common()),
        squares=crossed,
        square_lines=int(np.count_nonzero(segments.kind == _KIND_CODE["square"])),
        squares_unclear=unclear,
        segments=len(segments.u),
        nodes=len(segments.node_lon),
    )


def _quiet(_share: float) -> None:
    """Say nothing."""
