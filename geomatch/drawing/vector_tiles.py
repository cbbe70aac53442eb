"""Mapbox vector tiles (version 2.1) from shapely geometries, a whole zoom at a time on arrays."""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geomatch.drawing.pmtiles import varint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

EXTENT = 4096
FIELDS = ("theme", "kind", "name")
_MARGIN = 128
"""Tile units that a tile repeats of its neighbours: half the widest casing, and labels."""
_TOLERANCE = 4
"""Simplified by at most half a pixel of a 512-pixel tile, in tile units."""
_MOVE, _LINE, _CLOSE = 1, 2, 7
_GEOMETRY_TYPES = {0: 1, 1: 2, 3: 3}  # shapely's point, line, polygon -> the tile's


@dataclass(frozen=True)
class Features:
    """What a zoom shows.

    Attributes:
        geometry: points, lines, polygons and their multiples in the Mercator square, 0 to 1 east and south, (n,).
        label: int (n,), index into labels.
        labels: (theme, kind, name) of features.
    """

    geometry: NDArray[np.object_]
    label: NDArray[np.intp]
    labels: Sequence[tuple[str, str, str]]


def mercator(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn degrees (n, 2) into the Mercator square, 0 to 1 east and south."""
    lat = np.radians(lonlat[:, 1])
    return np.column_stack([lonlat[:, 0] / 360 + 0.5, 0.5 - np.arcsinh(np.tan(lat)) / (2 * np.pi)])


def tiles_of(
    features: Features, *, within: tuple[float, float, float, float], zoom: int, layer: str
) -> dict[tuple[int, int, int], bytes]:
    """Cut one zoom into tiles, plain bytes by (zoom, column, row).

    Args:
        features: what the zoom shows.
        within: west, north, east, south in the Mercator square; tiles that do not touch it are not made, so that one
            river or stray node far outside an extract does not cost thousands of them.
        zoom: 0 to 22.
        layer: name of the one layer.
    """
    scaled = shapely.transform(features.geometry, lambda xy: xy * (EXTENT << zoom))
    is_point = shapely.get_type_id(scaled) == 0
    scaled[~is_point] = shapely.simplify(scaled[~is_point], _TOLERANCE, preserve_topology=False)
    owner, column, row = _spread(scaled, np.floor(np.array(within) * (1 << zoom)).astype(np.int64))
    shapes, owner, column, row = _cut(scaled, owner, column, row)
    kind = shapely.get_type_id(shapes)
    order = np.lexsort((features.label[owner], kind, row, column))
    shapes, kind, column, row = shapes[order], kind[order], column[order], row[order]
    label = features.label[owner[order]]
    keys = np.column_stack([column, row, kind, label])
    first = np.flatnonzero(np.any(np.diff(keys, axis=0, prepend=-1), axis=1))
    bodies = _geometries(shapes, column * EXTENT, row * EXTENT, first)
    tiles: dict[tuple[int, int, int], list[tuple[int, int, bytes]]] = defaultdict(list)
    for at, body in zip(first, bodies, strict=True):
        tiles[zoom, int(column[at]), int(row[at])].append((int(label[at]), _GEOMETRY_TYPES[int(kind[at])], body))
    return {place: _layer(found, features.labels, layer) for place, found in tiles.items()}


def _spread(
    scaled: NDArray[np.object_], edges: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.int64], NDArray[np.int64]]:
    """Pair every geometry with every tile that its box touches: owner, column, row.

    `edges` names the first column and row and the last column and row that are made.
    """
    bounds = shapely.bounds(scaled)
    known = np.flatnonzero(~np.isnan(bounds[:, 0]))
    low = np.maximum(np.floor((bounds[known, :2] - _MARGIN) / EXTENT).astype(np.int64), edges[:2])
    high = np.minimum(np.floor((bounds[known, 2:] + _MARGIN) / EXTENT).astype(np.int64), edges[2:])
    wide, tall = np.maximum(high - low + 1, 0).T
    count = wide * tall
    owner = np.repeat(np.arange(len(known)), count)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    return known[owner], low[owner, 0] + nth % wide[owner], low[owner, 1] + nth // wide[owner]


def _cut(
    scaled: NDArray[np.object_], owner: NDArray[np.intp], column: NDArray[np.int64], row: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.intp], NDArray[np.int64], NDArray[np.int64]]:
    """Clip what is larger than its tile; give single parts with their owner and tile."""
    west, north = column * EXTENT - _MARGIN, row * EXTENT - _MARGIN
    east, south = west + EXTENT + 2 * _MARGIN, north + EXTENT + 2 * _MARGIN
    shapes = scaled[owner]
    bounds = shapely.bounds(shapes)
    inside = (bounds[:, 0] >= west) & (bounds[:, 1] >= north) & (bounds[:, 2] <= east) & (bounds[:, 3] <= south)
    over = ~inside
    boxes = shapely.box(west[over], north[over], east[over], south[over])
    shapes[over] = shapely.intersection(shapely.make_valid(shapes[over]), boxes)
    parts, pair = shapely.get_parts(shapes, return_index=True)
    keep = ~shapely.is_empty(parts) & np.isin(shapely.get_type_id(parts), (0, 1, 3))
    parts, pair = parts[keep], pair[keep]
    return shapely.orient_polygons(parts), owner[pair], column[pair], row[pair]


def _geometries(
    shapes: NDArray[np.object_], west: NDArray[np.int64], north: NDArray[np.int64], first: NDArray[np.intp]
) -> list[bytes]:
    """Encode the geometry of each feature, which owns the shapes from its `first` to the next one's."""
    rings, ring_shape, closed = _rings(shapes)
    xy, point_ring = shapely.get_coordinates(rings, return_index=True)
    shape = ring_shape[point_ring]
    units = np.rint(xy).astype(np.int64) - np.column_stack([west[shape], north[shape]])
    starts_ring = np.diff(point_ring, prepend=-1) != 0
    ends_ring = np.diff(point_ring, append=len(rings)) != 0
    moved = np.any(np.diff(units, axis=0, prepend=0), axis=1)
    kept = (starts_ring | moved) & ~(ends_ring & closed[point_ring])
    units, point_ring, shape = units[kept], point_ring[kept], shape[kept]
    feature_of_shape = np.searchsorted(first, np.arange(len(shapes)), side="right") - 1
    feature = feature_of_shape[shape]
    begins = np.diff(feature, prepend=-1) != 0
    step = np.diff(units, axis=0, prepend=0)
    step[begins] = units[begins]  # the pen starts every feature at the tile's corner
    return _commands(step, point_ring, feature, closed, len(first))


def _rings(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.intp], NDArray[np.bool_]]:
    """Split polygons into rings, in order; give lines, the shape each belongs to, and whether it closes."""
    is_polygon = shapely.get_type_id(shapes) == 3  # noqa: PLR2004 - shapely's number of polygons
    rings, of_polygon = shapely.get_rings(shapes[is_polygon], return_index=True)
    owner = np.concatenate([np.flatnonzero(~is_polygon), np.flatnonzero(is_polygon)[of_polygon]])
    lines = np.concatenate([shapes[~is_polygon], rings])
    order = np.argsort(owner, kind="stable")
    return lines[order], owner[order], is_polygon[owner[order]]


def _commands(
    step: NDArray[np.int64],
    point_ring: NDArray[np.intp],
    feature: NDArray[np.intp],
    closed: NDArray[np.bool_],
    features: int,
) -> list[bytes]:
    """Write move-to, line-to and close-path commands as varints, one bytes a feature."""
    first = np.flatnonzero(np.diff(point_ring, prepend=-1) != 0)
    count = np.diff(first, append=len(step))
    ring_closed = closed[point_ring[first]]
    size = 3 + np.where(count > 1, 1 + 2 * (count - 1), 0) + ring_closed
    at = np.cumsum(size) - size
    out = np.empty(int(size.sum()), np.uint64)
    out[at] = _MOVE | 1 << 3
    lined = count > 1
    out[at[lined] + 3] = (_LINE | (count[lined] - 1) << 3).astype(np.uint64)
    out[at[ring_closed] + size[ring_closed] - 1] = _CLOSE | 1 << 3
    nth = np.arange(len(step)) - np.repeat(first, count)
    slot = np.repeat(at, count) + 1 + 2 * nth + (nth > 0)
    zigzag = (step << 1 ^ step >> 63).astype(np.uint64)
    out[slot], out[slot + 1] = zigzag[:, 0], zigzag[:, 1]
    data, end = _varints(out)
    ring_feature = feature[first]
    last = np.searchsorted(ring_feature, np.arange(features), side="right") - 1
    stops = [0, *end[at[last] + size[last] - 1].tolist()]
    return [data[start:stop] for start, stop in itertools.pairwise(stops)]


def _varints(values: NDArray[np.uint64]) -> tuple[bytes, NDArray[np.int64]]:
    """Write many whole numbers below 2^35; also give where each one ends."""
    sevens = np.stack([values >> np.uint64(7 * place) & np.uint64(0x7F) for place in range(5)], axis=1)
    length = np.maximum(5 - np.argmax((sevens != 0)[:, ::-1], axis=1), 1)
    length[~np.any(sevens, axis=1)] = 1
    place = np.arange(5)
    more = place < (length - 1)[:, None]
    out = (sevens | np.where(more, np.uint64(0x80), np.uint64(0))).astype(np.uint8)
    return out[place < length[:, None]].tobytes(), np.cumsum(length)


def _layer(found: list[tuple[int, int, bytes]], labels: Sequence[tuple[str, str, str]], name: str) -> bytes:
    """Wrap a tile's features, (label, type, geometry), as its one layer."""
    values: dict[str, int] = {}
    features = bytearray()
    for label, geometry_type, geometry in found:
        tags = b"".join(
            varint(key) + varint(values.setdefault(text, len(values))) for key, text in enumerate(labels[label]) if text
        )
        body = _field(2, tags) + bytes([3 << 3, geometry_type]) + _field(4, geometry)
        features += _field(2, body)
    keys = b"".join(_field(3, key) for key in map(str.encode, FIELDS))
    texts = b"".join(_field(4, _field(1, text.encode())) for text in values)
    version, extent = bytes([15 << 3, 2]), bytes([5 << 3]) + varint(EXTENT)
    return _field(3, version + _field(1, name.encode()) + bytes(features) + keys + texts + extent)


def _field(number: int, body: bytes) -> bytes:
    return bytes([number << 3 | 2]) + varint(len(body)) + body
