"""The base map: a region's own streets, water, green and rail as one PMTiles file.

Law of the file: one vector layer, `base`, whose features say what they are by `theme` (road, rail, water, green, place)
and `kind` (the class within the theme), so that the painter in the browser needs no other source.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geomatch.drawing import pmtiles, vector_tiles
from geomatch.network import graph as street_graph
from geomatch.network import linework, slices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geomatch.network.graph import StreetGraph
    from geomatch.network.scenery import Scenery

LAYER = "base"
MIN_ZOOM = 8
MAX_ZOOM = 14
"""Data zooms; a tile is drawn one zoom deeper and enlarged beyond, so 14 gives half a metre."""

_FIRST_ZOOM = {
    "motorway": 8, "trunk": 8, "primary": 8, "secondary": 9, "tertiary": 10, "unclassified": 11, "residential": 11,
    "living_street": 12, "pedestrian": 12, "road": 12, "square": 12, "track": 12,
}  # fmt: skip
_FIRST_ZOOM_OF_THEME = {"road": 13, "rail": 9, "water": 8, "green": 9, "place": 10}
"""Data zoom from which a kind, or else its theme, is drawn: an overview shows what carries, not every path."""

_FOOT_KINDS = (
    "pedestrian", "track", "footway", "path", "cycleway", "bridleway", "crossing", "corridor", "platform", "elevator",
    "steps", "square",
)  # fmt: skip
"""Streets of the walking graph that a road map of cars does not hold."""


_BESIDE_DEG = 0.1
"""Scenery is drawn about 10 km beyond the streets; a river of the extract may run on for hundreds."""

_LINE = 1
"""Shapely's number of lines; scenery holds no multiples of them."""


class _Layers:
    """Features of all themes, in degrees, gathered before the cut."""

    def __init__(self) -> None:
        self._labels: dict[tuple[str, str, str], int] = {}
        self._shapes = [np.empty(0, object)]
        self._shape_label = [np.empty(0, np.intp)]
        self._lonlat = [np.empty((0, 2))]
        self._count = [np.empty(0, np.int64)]
        self._line_label = [np.empty(0, np.intp)]

    def add(self, theme: str, geometry: NDArray[np.object_], kinds: list[str], names: list[str]) -> None:
        """Append lines, points or polygons of one theme; kinds and names have their length."""
        label = self._label(theme, kinds, names)
        is_line = shapely.get_type_id(geometry) == _LINE
        lines = geometry[is_line]
        start = np.concatenate([[0], np.cumsum(shapely.get_num_points(lines))])
        self._add_lines(shapely.get_coordinates(lines), start, label[is_line])
        self._shapes.append(geometry[~is_line])
        self._shape_label.append(label[~is_line])

    def add_lines(
        self, theme: str, lonlat: NDArray[np.float64], start: NDArray[np.int64], kinds: list[str], names: list[str]
    ) -> None:
        """Append lines of one theme: their vertices, the slice of each, and what each is."""
        self._add_lines(lonlat, start, self._label(theme, kinds, names))

    def _label(self, theme: str, kinds: list[str], names: list[str]) -> NDArray[np.intp]:
        rows = [self._labels.setdefault((theme, *key), len(self._labels)) for key in zip(kinds, names, strict=True)]
        return np.array(rows, np.intp)

    def _add_lines(self, lonlat: NDArray[np.float64], start: NDArray[np.int64], label: NDArray[np.intp]) -> None:
        self._lonlat.append(lonlat)
        self._count.append(np.diff(start))
        self._line_label.append(label)

    def features(self) -> vector_tiles.Features:
        """Give everything on the Mercator square."""
        labels = list(self._labels)
        since = [_FIRST_ZOOM.get(kind, _FIRST_ZOOM_OF_THEME[theme]) for theme, kind, _ in labels]
        return vector_tiles.Features(
            line_xy=vector_tiles.mercator(np.concatenate(self._lonlat)),
            line_start=np.concatenate([[0], np.cumsum(np.concatenate(self._count))]),
            line_label=np.concatenate(self._line_label),
            shapes=shapely.transform(np.concatenate(self._shapes), vector_tiles.mercator),
            shape_label=np.concatenate(self._shape_label),
            labels=labels,
            since=np.array(since, np.int64),
        )


def write_basemap(graph: StreetGraph, scenery: Scenery | None, out_path: Path) -> None:
    """Draw a region's streets and scenery into a PMTiles file; an old file stays until the new one is whole.

    Args:
        graph: the walking streets.
        scenery: what else the extract holds; None, or with empty layers, where it holds nothing.
        out_path: the .pmtiles file.
    """
    layers = _Layers()
    if scenery is not None:
        _add_scenery(layers, scenery)
    _add_streets(layers, graph, cars_drawn=scenery is not None and len(scenery.roads) > 0)
    features = layers.features()
    bounds = _bounds(graph)
    shown = _around(bounds)
    tiles = {}
    for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
        tiles.update(vector_tiles.tiles_of(features, within=shown, zoom=zoom, layer=LAYER))
    with _beside(out_path) as draft:
        draft.write_bytes(pmtiles.pack(tiles, bounds=bounds, layer=LAYER, fields=vector_tiles.FIELDS))


def _add_scenery(layers: _Layers, scenery: Scenery) -> None:
    themes = (
        ("green", scenery.green), ("water", scenery.water), ("rail", scenery.rail), ("road", scenery.roads),
        ("place", scenery.places),
    )  # fmt: skip
    for theme, layer in themes:
        kinds = [kind.removesuffix("_link") for kind in layer.kind]
        layers.add(theme, layer.geometry, kinds, list(layer.name))


def _add_streets(layers: _Layers, graph: StreetGraph, *, cars_drawn: bool) -> None:
    """Add walkable streets, the segments of one way joined again; only the ways for feet where the others are drawn."""
    edges = np.arange(graph.edge_count)
    if cars_drawn:
        edges = edges[np.isin(graph.edge_kind, [street_graph.KINDS.index(kind) for kind in _FOOT_KINDS])]
    _, way = np.unique(graph.edge_way[edges], return_inverse=True)
    group = way * len(street_graph.KINDS) + graph.edge_kind[edges]
    order, chains = linework.chain(graph.edge_u[edges], graph.edge_v[edges], group)
    edges = edges[order]
    start, source = slices.chosen(graph.geom_start, edges)
    inner = np.ones(len(edges), bool)
    inner[chains[:-1]] = False
    kept = np.ones(len(source), bool)
    kept[start[:-1][inner]] = False  # where the edge before it ended
    lonlat = np.column_stack(graph.plane.to_lonlat(*graph.geom_xy[source[kept]].T))
    start = np.concatenate([[0], np.cumsum(kept)])[start[chains]]
    first = edges[chains[:-1]]
    kinds = [street_graph.KINDS[code] for code in graph.edge_kind[first].tolist()]
    names = [graph.names[code] if code >= 0 else "" for code in graph.edge_name[first].tolist()]
    layers.add_lines("road", lonlat, start, kinds, names)


def _bounds(graph: StreetGraph) -> tuple[float, float, float, float]:
    lon, lat = graph.plane.to_lonlat(graph.node_xy[:, 0], graph.node_xy[:, 1])
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def _around(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Widen the box of the streets by what a map shows beside it: west, north, east, south in the Mercator square."""
    west, south, east, north = bounds
    corners = np.array([[west - _BESIDE_DEG, north + _BESIDE_DEG], [east + _BESIDE_DEG, south - _BESIDE_DEG]])
    left, top, right, bottom = vector_tiles.mercator(corners).ravel().tolist()
    return left, top, right, bottom


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a path to write to, in a folder beside the target; move the file into place when it is whole."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        draft = Path(folder) / path.name
        yield draft
        os.replace(draft, path)  # noqa: PTH105 - the rename is the point
