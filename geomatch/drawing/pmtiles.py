"""The PMTiles container, version 3: many gzipped vector tiles in one file that a browser reads by ranges.

Written here because GDAL's driver takes 16 s for a district (every zoom from scratch), this takes about one.
"""

from __future__ import annotations

import gzip
import json
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Tile = tuple[int, int, int]  # zoom, column, row

_HEADER_BYTES = 127
_ROOT_BYTES = 16_384 - _HEADER_BYTES
_GZIP = 2
_MVT = 1
_LEAF_ENTRIES = 4096
_SHORT = [bytes([value]) for value in range(128)]


def pack(
    tiles: Mapping[Tile, bytes], *, bounds: tuple[float, float, float, float], layer: str, fields: Sequence[str] = ()
) -> bytes:
    """Make the file's bytes.

    Args:
        tiles: plain vector tiles by (zoom, column, row), at least one.
        bounds: west, south, east, north in degrees.
        layer: name of the tiles' one layer.
        fields: names of its texts.
    """
    entries, blobs, position = [], [], 0
    for tile_id, tile in sorted((hilbert_id(*place), tile) for place, tile in tiles.items()):
        blob = gzip.compress(tile, 6, mtime=0)
        entries.append((tile_id, position, len(blob)))
        blobs.append(blob)
        position += len(blob)
    root, leaves = _directories(entries)
    zooms = [zoom for zoom, _, _ in tiles]
    about = {"vector_layers": [{"id": layer, "fields": dict.fromkeys(fields, "String")}]}
    metadata = gzip.compress(json.dumps(about).encode(), mtime=0)
    sizes = (len(root), len(metadata), len(leaves), position)
    head = _header(sizes, len(entries), zooms=(min(zooms), max(zooms)), bounds=bounds)
    return b"".join([head, root, metadata, leaves, *blobs])


def hilbert_id(zoom: int, column: int, row: int) -> int:
    """Number a tile: all tiles of lower zooms first, then along the Hilbert curve."""
    first = ((1 << (2 * zoom)) - 1) // 3
    step, place = 1 << zoom >> 1, 0
    while step:
        right, low = int(column & step > 0), int(row & step > 0)
        place += step * step * ((3 * right) ^ low)
        if not low:
            if right:
                column, row = step - 1 - (column & (step - 1)), step - 1 - (row & (step - 1))
            column, row = row, column
        step >>= 1
    return first + place


def varint(value: int) -> bytes:
    """Write a whole number, 0 or more, seven bits a byte."""
    if value <= 0x7F:  # noqa: PLR2004 - seven bits
        return _SHORT[value]
    out = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _directories(entries: list[tuple[int, int, int]]) -> tuple[bytes, bytes]:
    """Write the root directory, and leaves where it would not fit the first read of 16 KB."""
    root = _directory((tile_id, 1, length, offset) for tile_id, offset, length in entries)
    if len(root) <= _ROOT_BYTES:
        return root, b""
    leaves, pointers = bytearray(), []
    for start in range(0, len(entries), _LEAF_ENTRIES):
        part = entries[start : start + _LEAF_ENTRIES]
        leaf = _directory((tile_id, 1, length, offset) for tile_id, offset, length in part)
        pointers.append((part[0][0], 0, len(leaf), len(leaves)))
        leaves += leaf
    return _directory(pointers), bytes(leaves)


def _directory(entries: Iterable[tuple[int, int, int, int]]) -> bytes:
    """Write (tile id, run length, length, offset) column by column, gzipped; run length 0 points to a leaf."""
    rows = list(entries)
    ids = [row[0] for row in rows]
    columns = [
        [after - before for before, after in zip([0, *ids], ids, strict=False)],
        [row[1] for row in rows],
        [row[2] for row in rows],
        [row[3] + 1 for row in rows],  # 0 would mean "right after the one before"
    ]
    body = varint(len(rows)) + b"".join(varint(value) for column in columns for value in column)
    return gzip.compress(body, mtime=0)


def _header(
    sizes: tuple[int, int, int, int],
    tiles: int,
    *,
    zooms: tuple[int, int],
    bounds: tuple[float, float, float, float],
) -> bytes:
    places, position = [], _HEADER_BYTES
    for size in sizes:
        places += [position, size]
        position += size
    west, south, east, north = (round(degrees * 1e7) for degrees in bounds)
    middle = (round((west + east) / 2), round((south + north) / 2))
    return struct.pack(
        "<7sB11Q6B4iB2i",
        b"PMTiles",
        3,
        *places,
        tiles,
        tiles,
        tiles,
        1,  # clustered: tiles lie in the order of their ids
        _GZIP,
        _GZIP,
        _MVT,
        *zooms,
        west,
        south,
        east,
        north,
        zooms[0],
        *middle,
    )
