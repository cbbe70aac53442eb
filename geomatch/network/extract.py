"""An OpenStreetMap extract as arrays: the only home of osmium, which reads the file once for all who ask.

Asking osmium for every tag and every node of every way costs far more than reading them. So it filters the file and
writes what is left, with the positions of nodes on their ways, unpacked into memory; a kernel turns that into arrays.
"""

from __future__ import annotations

import mmap
import os
import struct
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium

from geomatch.errors import InputError
from geomatch.network import slices
from geomatch.network._kernels import blocks as kernel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

ENDINGS = (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2")
AREA_TYPES = ("multipolygon", "boundary")
"""Relations of these types make areas; no others are read."""

_FORMAT = "pbf,pbf_compression=none,locations_on_ways=true,add_metadata=false"
_PER_DEGREE = 1e7  # OpenStreetMap keeps positions as whole numbers; dividing gives the very floats that WKB holds
_UNKNOWN = np.iinfo(np.int32).max
_LARGEST_FILTERED_ID = 2**40  # the filter by id keeps a bit a number: far beyond any real id it would eat memory
_WAY_MEMBER = 1


@dataclass(frozen=True)
class Wanted:
    """What a reader is after.

    Attributes:
        keys: things that carry one of these are read.
        asked: the keys whose values it looks at, `name` apart.
    """

    keys: frozenset[str]
    asked: frozenset[str]


@dataclass(frozen=True)
class Things:
    """Nodes, ways or relations in the file's order.

    Attributes:
        id: int64 (n,).
        told: int32 (n,), index into Extract.told.
        name: int32 (n,), index into Extract.names, or -1.
        start: int64 (n + 1,), the slice of ref, lon and lat (m,) of each.
        ref: int64, the node itself, the nodes of a way, or the ways that are members of a relation.
        lon, lat: float64, degrees as the file has them, be it outside the globe; NaN where it has none.
    """

    id: NDArray[np.int64]
    told: NDArray[np.int32]
    name: NDArray[np.int32]
    start: NDArray[np.int64]
    ref: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.id)

    @property
    def closed(self) -> NDArray[np.bool_]:
        """Which ways end at the node where they start."""
        there = np.flatnonzero(np.diff(self.start))
        closed = np.zeros(len(self), bool)
        closed[there] = self.ref[self.start[there]] == self.ref[self.start[there + 1] - 1]
        return closed

    def joined(self, others: Things) -> Things:
        """These things and others after them."""
        start = np.concatenate([self.start, self.start[-1] + others.start[1:]])
        arrays = ("id", "told", "name", "ref", "lon", "lat")
        both = {name: np.concatenate([getattr(self, name), getattr(others, name)]) for name in arrays}
        return Things(**both, start=start)

    def take(self, which: NDArray[np.int64]) -> Things:
        """Some of the things, in the order asked for."""
        start, source = slices.chosen(self.start, which)
        return Things(
            self.id[which], self.told[which], self.name[which], start, self.ref[source], self.lon[source],
            self.lat[source],
        )  # fmt: skip


@dataclass(frozen=True)
class Extract:
    """What was read of one file.

    Attributes:
        path: the file.
        located: where all its nodes are, for what is read of it later.
        nodes, ways, relations: the things that carry one of the keys; relations only of AREA_TYPES.
        told: the tags of things by the keys asked for; things that are tagged the same share an entry.
        names: their names, each once.
    """

    path: Path
    located: Any
    nodes: Things
    ways: Things
    relations: Things
    told: tuple[Mapping[str, str], ...]
    names: tuple[str, ...]


def read(path: Path, *wanted: Wanted) -> Extract:
    """Read what the askers want, all in one pass.

    Raises:
        InputError: no such file, another ending, or not readable as OpenStreetMap to its end.
    """
    has_key = osmium.filter.KeyFilter(*sorted({key for one in wanted for key in one.keys}))
    is_area = osmium.filter.TagFilter(*(("type", kind) for kind in AREA_TYPES))
    is_area.enable_for(osmium.osm.RELATION)
    asked = frozenset(key for one in wanted for key in one.asked)
    located = osmium.index.create_map("flex_mem")
    return _read(path, asked, osmium.osm.ALL, located, _locating(located), has_key, is_area)


def ways_by_id(found: Extract, ids: Iterable[int]) -> Things:
    """Read more ways of an extract, whatever their tags are; those that the file lacks are left out."""
    real = [way for way in ids if 0 <= way < _LARGEST_FILTERED_ID]
    handlers = osmium.filter.IdFilter(real), _locating(found.located)
    return _read(found.path, frozenset(), osmium.osm.WAY, found.located, *handlers).ways


def positions(path: Path, ids: Collection[int]) -> dict[int, tuple[float, float]]:
    """Search the whole file for nodes, whatever their number and wherever they stand: id to longitude and latitude."""
    nodes: Iterable[Any] = osmium.FileProcessor(str(path), osmium.osm.NODE)
    with _guarded(path):
        return {
            node.id: (node.location.lon_without_check(), node.location.lat_without_check())
            for node in nodes
            if node.id in ids and node.location.valid()
        }


def areas(found: Extract, keys: Iterable[str]) -> Iterator[tuple[Any, str]]:
    """Put closed ways and multipolygons with one of the keys together: their tags, and MultiPolygons as hex of WKB.

    What the extract holds only in part is left out. The tags are good until the next area is asked for.
    """
    wanted, factory = osmium.filter.KeyFilter(*keys), osmium.geom.WKBFactory()
    manager, put_together = osmium.area.AreaManager(), osmium.BufferIterator(wanted)
    with _guarded(found.path):
        with _opened(found.path, osmium.osm.RELATION) as reader:
            osmium.apply(reader, wanted, manager.first_pass_handler())
        with _opened(found.path, osmium.osm.WAY | osmium.osm.RELATION) as reader:
            osmium.apply(reader, _locating(found.located), manager.second_pass_to_buffer(put_together))
        some: Iterable[Any] = put_together
        for area in some:
            try:
                text: str = factory.create_multipolygon(area)
            except (osmium.InvalidLocationError, RuntimeError):
                continue
            yield area.tags, text


def _read(path: Path, asked: frozenset[str], kinds: Any, located: Any, *handlers: Any) -> Extract:
    _check_file(path)
    gathered = _Gathered(asked)
    with _guarded(path):
        for block in _blocks(path, kinds, *handlers):
            gathered.add(block)
    return gathered.done(path, located)


def _opened(path: Path, kinds: Any) -> Any:
    return osmium.io.Reader(str(path), kinds)


def _locating(located: Any) -> Any:
    """Give what notes where nodes are, and tells it to the ways that come after them."""
    handler = osmium.NodeLocationsForWays(located)
    handler.ignore_errors()
    return handler


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise InputError.of(str(path), "there is no such file")
    if not path.name.endswith(ENDINGS):
        raise InputError.of(str(path), f"must end in {', '.join(ENDINGS)}")
    if path.stat().st_size == 0:
        raise InputError.of(str(path), "is empty")


@contextmanager
def _guarded(path: Path) -> Iterator[None]:
    """Turn what keeps a file from being read to its end into InputError."""
    try:
        yield
    except (RuntimeError, ValueError, OSError, MemoryError, osmium.InvalidLocationError) as error:
        raise InputError.of(
            str(path), f"cannot be read as OpenStreetMap data; fetch the extract again ({error})"
        ) from error


def _blocks(path: Path, kinds: Any, *handlers: Any) -> Iterator[bytes]:
    """Filter a file into memory, never to a disk that may be full, and give its unpacked blocks one by one."""
    descriptor = os.memfd_create("geomatch-extract")
    try:
        out = osmium.io.File(f"/proc/self/fd/{descriptor}", _FORMAT)
        with osmium.SimpleWriter(out, overwrite=True) as writer, _opened(path, kinds) as reader:
            osmium.apply(reader, *handlers, writer)
        with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as written:
            at = 0
            while at < len(written):
                (size,) = struct.unpack_from(">I", written, at)
                head = dict(_fields(written[at + 4 : at + 4 + size]))
                at += 4 + size + head[_DATA_SIZE]
                if head[_KIND] == b"OSMData":
                    yield dict(_fields(written[at - head[_DATA_SIZE] : at]))[_RAW]
    finally:
        os.close(descriptor)


_KIND, _DATA_SIZE, _RAW = 1, 3, 1


def _fields(message: bytes) -> Iterator[tuple[int, Any]]:
    """Give the fields of a short protocol buffer: whole numbers, and bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        value, at = _varint(message, at)
        if key & 7:
            yield key >> 3, message[at : at + value]
            at += value
        else:
            yield key >> 3, value


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while message[at] & 0x80:
        value |= (message[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
    return value | message[at] << shift, at + 1


class _Gathered:
    """What the blocks held, piece by piece."""

    def __init__(self, asked: frozenset[str]) -> None:
        self._asked = {key.encode() for key in asked}
        self._told: dict[tuple[tuple[str, str], ...], int] = {}
        self._names: dict[str, int] = {}
        self._pieces: list[tuple[NDArray[Any], ...]] = []

    def add(self, block: bytes) -> None:
        """Read one block."""
        data, sizes = np.frombuffer(bytearray(block), np.uint8), np.zeros(4, np.int64)
        kernel.block_sizes(data, sizes)
        texts, things, tags, parts = sizes.tolist()
        spans = np.empty((texts, 2), np.int64)
        kind, (ids, tag_end, part_end) = np.empty(things, np.uint8), np.empty((3, things), np.int64)
        (key, value), (ref, x, y) = np.empty((2, tags), np.int32), np.empty((3, parts), np.int64)
        kernel.read_block(data, spans, kind, ids, tag_end, part_end, key, value, ref, x, y)
        written = [block[start:end] for start, end in spans.tolist()]
        key, value = key[: tag_end[-1]], value[: tag_end[-1]]
        told = self._look_up(written, key, value, tag_end)
        name = self._name(written, key, value, tag_end)
        member = np.repeat(kind == kernel.RELATION, np.diff(part_end, prepend=0))
        kept = ~member | (x == _WAY_MEMBER)
        x[member] = y[member] = _UNKNOWN
        count = np.diff(np.concatenate([[0], np.cumsum(kept)])[part_end], prepend=0)
        self._pieces.append((kind, ids, told, name, count, ref[kept], x[kept], y[kept]))

    def _look_up(
        self, written: list[bytes], key: NDArray[np.int32], value: NDArray[np.int32], tag_end: NDArray[np.int64]
    ) -> NDArray[np.int32]:
        """Number the tags of each thing, as far as they were asked for."""
        is_asked = np.array([text in self._asked for text in written], bool)[key]
        packed = np.column_stack([key, value])[is_asked].tobytes()
        ends = 8 * np.concatenate([[0], np.cumsum(is_asked)])[tag_end]
        here: dict[bytes, int] = {}
        told, start = [], 0
        for end in ends.tolist():
            pairs = packed[start:end]
            start = end
            number = here.get(pairs)
            if number is None:
                number = here[pairs] = self._number(written, pairs)
            told.append(number)
        return np.array(told, np.int32)

    def _number(self, written: list[bytes], pairs: bytes) -> int:
        texts = [written[place].decode() for place in np.frombuffer(pairs, np.int32).tolist()]
        return self._told.setdefault(tuple(zip(texts[::2], texts[1::2], strict=True)), len(self._told))

    def _name(
        self, written: list[bytes], key: NDArray[np.int32], value: NDArray[np.int32], tag_end: NDArray[np.int64]
    ) -> NDArray[np.int32]:
        """Number the name of each thing, -1 where it has none."""
        name = np.full(len(tag_end), -1, np.int32)
        tags = np.flatnonzero(np.array([text == b"name" for text in written], bool)[key])
        used, nth = np.unique(value[tags], return_inverse=True)
        texts = [written[place].decode() for place in used.tolist()]
        numbers = [self._names.setdefault(text, len(self._names)) if text else -1 for text in texts]
        # of several names the first one holds: it is written last
        name[np.searchsorted(tag_end, tags, side="right")[::-1]] = np.array(numbers, np.int32)[nth][::-1]
        return name

    def done(self, path: Path, located: Any) -> Extract:
        """Give everything, by kind of thing."""
        nothing = tuple(np.empty(0, kind) for kind in (np.uint8, "q", "i", "i", "q", "q", "q", "q"))
        kind, ids, told, name, count, ref, x, y = map(np.concatenate, zip(nothing, *self._pieces, strict=True))
        start = np.concatenate([[0], np.cumsum(count)])
        lon, lat = (np.where(fixed == _UNKNOWN, np.nan, fixed / _PER_DEGREE) for fixed in (x, y))
        every = Things(ids, told, name, start, ref, lon, lat)
        kinds = (kernel.NODE, kernel.WAY, kernel.RELATION)
        nodes, ways, relations = (every.take(np.flatnonzero(kind == one)) for one in kinds)
        # a dictionary keeps the last of several values for one key, osmium the first
        tags = tuple(dict(reversed(pairs)) for pairs in self._told)
        return Extract(path, located, nodes, ways, relations, tags, tuple(self._names))
