"""Mapbox vector tiles (version 2.1), a whole zoom at a time on arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geomatch.drawing.pmtiles import varint
from geomatch.network import linework, slices
from geomatch.network.linework import Strokes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

EXTENT = 4096
FIELDS = ("theme", "kind", "name")
_MARGIN = 128
"""Tile units that a tile repeats of its neighbours: half the widest casing, and labels."""
_TOLERANCE = 4
"""Simplified by at most half a pixel of a 512-pixel tile, in tile units."""
_POINT, _LINE, _POLYGON = 0, 1, 3
_TYPE_FIELD = {_POINT: b"\x18\x01", _LINE: b"\x18\x02", _POLYGON: b"\x18\x03"}  # field 3: the tile's own numbers


@dataclass(frozen=True)
class Features:
    """What a map shows, in the Mercator square, 0 to 1 east and south.

    Attributes:
        line_xy: float64 (V, 2), line_start: int64 (L + 1,): the lines; they are the most by far.
        line_label: int (L,), index into labels.
        shapes: object (S,), points, polygons and their multiples.
        shape_label: int (S,), index into labels.
        labels: (theme, kind, name) of features.
        since: int (len(labels),), the first zoom at which each is shown.
    """

    line_xy: NDArray[np.float64]
    line_start: NDArray[np.int64]
    line_label: NDArray[np.intp]
    shapes: NDArray[np.object_]
    shape_label: NDArray[np.intp]
    labels: Sequence[tuple[str, str, str]]
    since: NDArray[np.int64]


@dataclass(frozen=True)
class _Cut:
    """Strokes, each with its feature's kind of geometry, by shapely's number, and label."""

    strokes: Strokes
    kind: NDArray[np.int64]
    label: NDArray[np.intp]


def mercator(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn degrees (n, 2) into the Mercator square, 0 to 1 east and south."""
    lat = np.radians(lonlat[:, 1])
    return np.column_stack([lonlat[:, 0] / 360 + 0.5, 0.5 - np.arcsinh(np.tan(lat)) / (2 * np.pi)])


def tiles_of(
    shown: Features, *, within: tuple[float, float, float, float], zoom: int, layer: str
) -> dict[tuple[int, int, int], bytes]:
    """Cut one zoom into tiles, plain bytes by (zoom, column, row).

    Args:
        shown: what the map shows.
        within: west, north, east, south in the Mercator square; tiles that do not touch it are not made, so that one
            river or stray node far outside an extract does not cost thousands of them.
        zoom: 0 to 22.
        layer: name of the one layer.
    """
    edges = np.floor(np.array(within) * (1 << zoom)).astype(np.int64)
    lines, shapes = _cut_lines(shown, zoom, edges), _cut_shapes(shown, zoom, edges)
    strokes = lines.strokes.joined(shapes.strokes)
    kind, label = np.concatenate([lines.kind, shapes.kind]), np.concatenate([lines.label, shapes.label])
    # one number a feature: sorting by it takes a quarter of sorting by its four parts
    key = (((strokes.column << zoom) + strokes.row) * (_POLYGON + 1) + kind) * len(shown.labels) + label
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.diff(key[order], prepend=key[order[:1]] - 1))
    chosen = order[first]
    bodies = linework.draw(strokes, order, np.append(first, len(order))[1:])
    places = np.column_stack([strokes.column[chosen], strokes.row[chosen]])
    of = np.column_stack([kind[chosen], label[chosen]]).tolist()
    begins = np.flatnonzero(np.any(np.diff(places, axis=0, prepend=-1), axis=1))
    ends = np.append(begins, len(first))[1:].tolist()
    return {
        (zoom, column, row): _layer(of[begin:end], bodies[begin:end], shown.labels, layer)
        for (column, row), begin, end in zip(places[begins].tolist(), begins.tolist(), ends, strict=True)
    }


def _cut_lines(shown: Features, zoom: int, edges: NDArray[np.int64]) -> _Cut:
    seen = np.flatnonzero(shown.since[shown.line_label] <= zoom)
    start, source = slices.chosen(shown.line_start, seen)
    strokes = linework.cut(
        shown.line_xy[source], start, scale=EXTENT << zoom, side=EXTENT, margin=_MARGIN, tolerance=_TOLERANCE,
        edges=edges.tolist(),
    )  # fmt: skip
    return _Cut(strokes, np.full(len(strokes.owner), _LINE), shown.line_label[seen][strokes.owner])


def _cut_shapes(shown: Features, zoom: int, edges: NDArray[np.int64]) -> _Cut:
    seen = shown.since[shown.shape_label] <= zoom
    scaled = shapely.transform(shown.shapes[seen], lambda xy: xy * (EXTENT << zoom))
    is_point = shapely.get_type_id(scaled) == _POINT
    scaled[~is_point] = shapely.simplify(scaled[~is_point], _TOLERANCE, preserve_topology=False)
    shapes, owner, column, row = _clip(scaled, *_spread(scaled, edges))
    rings, of_shape, closed = _rings(shapes)
    column, row, owner = column[of_shape], row[of_shape], owner[of_shape]
    end, units = _units(rings, closed, np.column_stack([column, row]) * EXTENT)
    strokes = Strokes(owner, column, row, end, closed, units)
    kind = np.where(closed, _POLYGON, _POINT)
    return _Cut(strokes, kind, shown.shape_label[seen][owner])


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


def _clip(
    scaled: NDArray[np.object_], owner: NDArray[np.intp], column: NDArray[np.int64], row: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.intp], NDArray[np.int64], NDArray[np.int64]]:
    """Clip what is larger than its tile; give single points and polygons with their owner and tile."""
    west, north = column * EXTENT - _MARGIN, row * EXTENT - _MARGIN
    east, south = west + EXTENT + 2 * _MARGIN, north + EXTENT + 2 * _MARGIN
    shapes = scaled[owner]
    bounds = shapely.bounds(shapes)
    inside = (bounds[:, 0] >= west) & (bounds[:, 1] >= north) & (bounds[:, 2] <= east) & (bounds[:, 3] <= south)
    over = ~inside
    boxes = shapely.box(west[over], north[over], east[over], south[over])
    shapes[over] = shapely.intersection(shapely.make_valid(shapes[over]), boxes)
    parts, pair = shapely.get_parts(shapes, return_index=True)
    keep = ~shapely.is_empty(parts) & np.isin(shapely.get_type_id(parts), (_POINT, _POLYGON))
    parts, pair = parts[keep], pair[keep]
    return shapely.orient_polygons(parts), owner[pair], column[pair], row[pair]


def _rings(
    shapes: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.intp], NDArray[np.bool_]]:
    """Split polygons into rings, in order; give rings and points, the shape each belongs to, and whether it closes."""
    is_polygon = shapely.get_type_id(shapes) == _POLYGON
    rings, of_polygon = shapely.get_rings(shapes[is_polygon], return_index=True)
    owner = np.concatenate([np.flatnonzero(~is_polygon), np.flatnonzero(is_polygon)[of_polygon]])
    every = np.concatenate([shapes[~is_polygon], rings])
    order = np.argsort(owner, kind="stable")
    return every[order], owner[order], is_polygon[owner[order]]


def _units(
    rings: NDArray[np.object_], closed: NDArray[np.bool_], corner: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Round rings to whole units from their tile's corner, repeated and closing places left out; where each ends."""
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    units = np.rint(xy).astype(np.int64) - corner[ring]
    starts, ends = np.diff(ring, prepend=-1) != 0, np.diff(ring, append=len(rings)) != 0
    moved = np.any(np.diff(units, axis=0, prepend=0), axis=1)
    kept = (starts | moved) & ~(ends & closed[ring])
    return np.cumsum(np.bincount(ring[kept], minlength=len(rings))), units[kept].astype(np.int32)


def _layer(
    of: Sequence[Sequence[int]], bodies: Sequence[bytes], labels: Sequence[tuple[str, str, str]], name: str
) -> bytes:
    """Wrap a tile's features as its one layer: of each its kind by shapely's number and its label, and its geometry."""
    values: dict[str, int] = {}
    features = bytearray()
    for (kind, label), body in zip(of, bodies, strict=True):
        tags = b""
        for key, text in enumerate(labels[label]):
            if text:
                tags += varint(key) + varint(values.setdefault(text, len(values)))
        features += _field(2, b"".join((_field(2, tags), _TYPE_FIELD[kind], _field(4, body))))
    keys = b"".join(_field(3, key) for key in map(str.encode, FIELDS))
    texts = b"".join(_field(4, _field(1, text.encode())) for text in values)
    version, extent = bytes([15 << 3, 2]), bytes([5 << 3]) + varint(EXTENT)
    return _field(3, version + _field(1, name.encode()) + bytes(features) + keys + texts + extent)


def _field(number: int, body: bytes) -> bytes:
    return bytes([number << 3 | 2]) + varint(len(body)) + body
