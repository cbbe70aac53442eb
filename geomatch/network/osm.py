"""An OpenStreetMap extract to walkable segments, by pyosmium and the foot rules."""

from __future__ import annotations

import dataclasses
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium

from geomatch.errors import InputError
from geomatch.network import cutting, foot_rules, squares
from geomatch.network.graph import KINDS
from geomatch.network.health import ImportHealth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from geomatch.network.cutting import Cuts, RawWays
    from geomatch.network.graph import Segments

ENDINGS = (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2")

_KIND_CODE = {name: code for code, name in enumerate(KINDS)}
_STREET_KEYS = ("highway", "railway", "public_transport", "route", "barrier")
_PER_DEGREE = 1e7  # OpenStreetMap keeps positions as whole numbers; dividing gives the very floats that WKB holds
_LARGEST_FILTERED_ID = 2**40  # the filter by id keeps a bit a number: far beyond any real id it would eat memory
_WKB_HEAD = 18  # hex digits before the first coordinate of a WKB line: byte order, type, count


@dataclass
class Collected:
    """What the passes over the file gather, in lists that only grow; one entry a walkable way unless said.

    Attributes:
        ref: node ids of all ways, one after the other; count says how many are whose.
        lonlat: their positions as little-endian doubles, longitude first; NaN where one is not known.
        surfaces: the ways, by place in these lists, that bound each area to walk across.
        blocked: why a node cannot be passed, by node id.
        refused: ways that cannot be walked, by reason.
        looked_at: how many ways and areas the rules were asked about.
    """

    way_id: list[int] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    name_id: list[int] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    count: list[int] = field(default_factory=list)
    ref: array[int] = field(default_factory=lambda: array("q"))
    lonlat: bytearray = field(default_factory=bytearray)
    surfaces: list[list[int]] = field(default_factory=list)
    blocked: dict[int, str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    looked_at: int = 0


def read(path: Path, *, progress: Callable[[float], None] | None = None) -> tuple[Segments, ImportHealth]:
    """Read an extract's walkable segments.

    Args:
        path: .osm.pbf, .osm, .osm.gz or .osm.bz2.
        progress: called with the share done, 0 to 1.

    Returns:
        Segments cut at shared nodes and barriers, in WGS-84 degrees, and what was found and left out.

    Raises:
        InputError: no such file, another ending, not readable as OpenStreetMap, or nothing walkable in it.
    """
    tell = progress or _quiet
    check_file(path)
    tell(0.0)
    collected = collect(path)
    tell(0.7)
    raw, bad_positions = _arrays(collected)
    raw = _look_again(path, raw)
    if not len(raw.way_id):
        raise InputError.of(str(path), "holds no street or path that people may walk")
    lines, crossed, unclear = squares.lines(raw, collected.surfaces)
    tell(0.85)
    segments, cuts = cutting.cut(lines, collected.blocked)
    if not len(segments.u):
        raise InputError.of(str(path), "holds walkable ways, but none with two nodes in the file and apart")
    tell(1.0)
    return segments, _health(collected, raw, cuts, segments, (crossed, unclear, bad_positions))


def check_file(path: Path) -> None:
    """Raise InputError where a path cannot be an extract: absent, empty, another ending."""
    if not path.is_file():
        raise InputError.of(str(path), "there is no such file")
    if not path.name.endswith(ENDINGS):
        raise InputError.of(str(path), f"must end in {', '.join(ENDINGS)}")
    if path.stat().st_size == 0:
        raise InputError.of(str(path), "is empty")


def collect(path: Path) -> Collected:
    """Gather walkable ways, surfaces and blocked nodes."""
    collected = Collected()
    wkb = osmium.geom.WKBFactory()
    for entity in entities(path, osmium.osm.NODE | osmium.osm.WAY, osmium.filter.KeyFilter(*_STREET_KEYS)):
        if entity.is_node():
            reason = foot_rules.blocked(entity.tags)
            if reason is not None:
                collected.blocked[entity.id] = reason
        else:
            _take_way(collected, entity, wkb)
    _take_relations(collected, path, wkb)
    return collected


def entities(path: Path, kinds: Any, *filters: Any) -> Iterator[Any]:
    """Give what passes the filters, ways with positions; InputError where the file cannot be read to its end."""
    processor = osmium.FileProcessor(str(path), kinds)
    if kinds & osmium.osm.NODE:
        processor.with_locations()
    for chosen in filters:
        processor.with_filter(chosen)
    return guarded(path, processor)


def guarded(path: Path, processor: Any) -> Iterator[Any]:
    """Give what a file processor finds; InputError where it cannot read the file to its end."""
    try:
        yield from processor
    except (RuntimeError, ValueError, OSError, MemoryError, osmium.InvalidLocationError) as error:
        raise InputError.of(
            str(path), f"cannot be read as OpenStreetMap data; fetch the extract again ({error})"
        ) from error


def _take_way(collected: Collected, way: Any, wkb: Any) -> None:
    tags = way.tags
    kind = _verdict(collected, tags)
    if kind is None:
        return
    if way.is_closed() and foot_rules.is_area(tags, kind):
        collected.surfaces.append([len(collected.way_id)])
    _add(collected, way, kind, tags.get("name", ""), wkb)


def _verdict(collected: Collected, tags: Any) -> str | None:
    """Ask the rules, and count the answer."""
    verdict = foot_rules.judge(tags)
    if verdict.reason == foot_rules.NOT_A_STREET:
        return None
    collected.looked_at += 1
    if verdict.kind is None:
        collected.refused[verdict.reason] += 1
    return verdict.kind


def _add(collected: Collected, way: Any, kind: str, name: str, wkb: Any) -> None:
    nodes = way.nodes
    refs = [nodes[index].ref for index in range(len(nodes))]  # its own iterator is a third slower
    collected.way_id.append(way.id)
    collected.kind.append(_KIND_CODE[kind])
    collected.name_id.append(collected.names.setdefault(name, len(collected.names)) if name else -1)
    collected.count.append(len(refs))
    collected.ref.extend(refs)
    collected.lonlat += _positions(way, wkb)


def _take_relations(collected: Collected, path: Path, wkb: Any) -> None:
    """Add the outlines of areas that are drawn as multipolygons of several ways."""
    areas: list[tuple[str, str, list[int]]] = []
    for relation in entities(path, osmium.osm.RELATION, osmium.filter.KeyFilter(*_STREET_KEYS)):
        if relation.tags.get("type", "") != "multipolygon":
            continue
        kind = _verdict(collected, relation.tags)
        if kind is not None:
            members = [member.ref for member in relation.members if member.type == "w"]
            areas.append((kind, relation.tags.get("name", ""), members))
    if not areas:
        return
    known = {way: place for place, way in enumerate(collected.way_id)}
    wanted = {way: (kind, name) for kind, name, members in areas for way in members if way not in known}
    for way in _ways_by_id(path, [way for way in wanted if 0 <= way < _LARGEST_FILTERED_ID]):
        known[way.id] = len(collected.way_id)
        _add(collected, way, *wanted[way.id], wkb)
    collected.surfaces += [[known[way] for way in members if way in known] for _, _, members in areas]


def _ways_by_id(path: Path, ids: list[int]) -> Iterator[Any]:
    if not ids:
        return iter(())
    only_ways = osmium.filter.EntityFilter(osmium.osm.WAY)
    return entities(path, osmium.osm.NODE | osmium.osm.WAY, only_ways, osmium.filter.IdFilter(ids))


def _positions(way: Any, wkb: Any) -> bytes:
    """Give a way's lon, lat as little-endian doubles; NaN stands for a position that is not known.

    One call into WKB for a whole way is ten times as fast as asking node by node.
    """
    try:
        text: str = wkb.create_linestring(way, osmium.geom.use_nodes.ALL)
    except (osmium.InvalidLocationError, RuntimeError):
        undefined = np.iinfo(np.int32).max
        fixed = np.array([(node.x, node.y) for node in way.nodes], np.int64).reshape(-1, 2)
        degrees = np.where(fixed == undefined, np.nan, fixed / _PER_DEGREE)
        return degrees.astype("<f8").tobytes()
    return bytes.fromhex(text[_WKB_HEAD:])


def _arrays(collected: Collected) -> tuple[RawWays, int]:
    lonlat = np.frombuffer(collected.lonlat, "<f8").reshape(-1, 2)
    lon, lat = lonlat[:, 0].copy(), lonlat[:, 1].copy()
    nowhere = (np.abs(lon) > 180) | (np.abs(lat) > 90) | ((lon == 0) & (lat == 0))  # noqa: PLR2004 - the globe
    ref = np.array(collected.ref, np.int64)
    lon[nowhere] = lat[nowhere] = np.nan
    raw = cutting.RawWays(
        way_id=np.array(collected.way_id, np.int64),
        kind=np.array(collected.kind, np.uint8),
        name_id=np.array(collected.name_id, np.int32),
        names=tuple(collected.names),
        start=np.concatenate([[0], np.cumsum(collected.count)]).astype(np.int64),
        ref=ref,
        lon=lon,
        lat=lat,
    )
    return raw, len(np.unique(ref[nowhere]))


def _look_again(path: Path, raw: RawWays) -> RawWays:
    """Find nodes that stand behind their ways in the file, or have ids below zero, as editors write them.

    Only the fast index of node positions lacks them. Extracts in PBF are sorted and hold real ids.
    """
    missing = np.isnan(raw.lon)
    wanted = set(np.unique(raw.ref[missing]).tolist())
    if not wanted or (path.name.endswith(".pbf") and min(wanted) >= 0):
        return raw
    found = {
        node.id: (node.location.lon_without_check(), node.location.lat_without_check())
        for node in entities(path, osmium.osm.NODE)
        if node.id in wanted and node.location.valid()
    }
    nowhere = (np.nan, np.nan)
    lonlat = np.array([found.get(ref, nowhere) for ref in raw.ref[missing].tolist()]).reshape(-1, 2)
    lonlat[(lonlat == 0).all(axis=1)] = np.nan
    lon, lat = raw.lon.copy(), raw.lat.copy()
    lon[missing], lat[missing] = lonlat[:, 0], lonlat[:, 1]
    return dataclasses.replace(raw, lon=lon, lat=lat)


def _health(
    collected: Collected, raw: RawWays, cuts: Cuts, segments: Segments, areas: tuple[int, int, int]
) -> ImportHealth:
    crossed, unclear, bad_positions = areas
    return ImportHealth(
        ways=collected.looked_at,
        walkable=collected.looked_at - collected.refused.total(),
        refused=dict(collected.refused.most_common()),
        missing_nodes=len(np.unique(raw.ref[np.isnan(raw.lon)])),
        bad_positions=bad_positions,
        ways_cut_short=cuts.ways_cut_short,
        ways_lost=cuts.ways_lost,
        edge_stubs=cuts.edge_stubs,
        duplicate_ways=cuts.duplicate_ways,
        duplicate_segments=cuts.duplicate_segments,
        zero_length=cuts.zero_length,
        loops=cuts.loops,
        barriers=dict(Counter(collected.blocked[node] for node in cuts.blocking_nodes).most_common()),
        squares=crossed,
        square_lines=int(np.count_nonzero(segments.kind == _KIND_CODE["square"])),
        squares_unclear=unclear,
        segments=len(segments.u),
        nodes=len(segments.node_lon),
    )


def _quiet(_share: float) -> None:
    """Say nothing."""
