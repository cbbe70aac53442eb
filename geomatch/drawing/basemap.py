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


class _Layers:
    """Features of all themes, gathered before the cut."""

    def __init__(self) -> None:
        self.geometry: list[NDArray[np.object_]] = []
        self.label: list[NDArray[np.intp]] = []
        self.labels: dict[tuple[str, str, str], int] = {}

    def add(self, theme: str, geometry: NDArray[np.object_], kinds: list[str], names: list[str]) -> None:
        """Append features of one theme, in degrees; kinds and names have the geometry's length."""
        rows = [self.labels.setdefault((theme, *key), len(self.labels)) for key in zip(kinds, names, strict=True)]
        self.geometry.append(geometry)
        self.label.append(np.array(rows, np.intp))

    def features(self) -> vector_tiles.Features:
        """Give everything on the Mercator square."""
        flat = shapely.transform(np.concatenate(self.geometry), vector_tiles.mercator)
        return vector_tiles.Features(flat, np.concatenate(self.label), list(self.labels))


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
        tiles.update(vector_tiles.tiles_of(_shown_at(features, zoom), within=shown, zoom=zoom, layer=LAYER))
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
    lonlat = np.column_stack(graph.plane.to_lonlat(graph.geom_xy[:, 0], graph.geom_xy[:, 1]))
    edge_of_vertex = np.repeat(np.arange(graph.edge_count), np.diff(graph.geom_start))
    lines = np.asarray(shapely.linestrings(lonlat, indices=edge_of_vertex))
    keys = np.column_stack([graph.edge_way, graph.edge_kind.astype(np.int64)])
    order = np.lexsort(keys.T[::-1])
    starts = np.flatnonzero(np.any(np.diff(keys[order], axis=0, prepend=-1), axis=1))
    group = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(order)))
    joined = np.asarray(shapely.line_merge(shapely.multilinestrings(lines[order], indices=group)))
    first = order[starts]
    if cars_drawn:
        foot = np.isin(graph.edge_kind[first], [street_graph.KINDS.index(kind) for kind in _FOOT_KINDS])
        first, joined = first[foot], joined[foot]
    kinds = [street_graph.KINDS[code] for code in graph.edge_kind[first]]
    names = [graph.names[code] if code >= 0 else "" for code in graph.edge_name[first]]
    layers.add("road", joined, kinds, names)


def _shown_at(features: vector_tiles.Features, zoom: int) -> vector_tiles.Features:
    first = [_FIRST_ZOOM.get(kind, _FIRST_ZOOM_OF_THEME[theme]) for theme, kind, _ in features.labels]
    shown = np.array(first)[features.label] <= zoom
    return vector_tiles.Features(features.geometry[shown], features.label[shown], features.labels)


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
