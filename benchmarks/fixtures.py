"""What every race starts from: a built region over a real extract, 868 seeded sites, 100,000 seeded points."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.geo import projection
from geomatch.network import graph as graph_room
from geomatch.network import osm

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SITES, POINTS = 868, 100_000
SEED = 20261123


@dataclass(frozen=True)
class City:
    """One extract, prepared.

    Attributes:
        name: of the extract.
        extract: the file.
        region: a region folder over it, to be built by geomatch.
        folder: where the sides find network.npz.
    """

    name: str
    extract: Path
    region: Path
    folder: Path


def prepare(name: str, extract: Path, work: Path) -> City:
    """Write the region folder and the dump of the network that the other sides read."""
    folder = work / name
    region = folder / "region"
    region.mkdir(parents=True, exist_ok=True)
    segments, _ = osm.read(extract)
    plane = projection.metric_for(*bounds(segments.node_lon, segments.node_lat))
    graph = graph_room.build(segments, plane)
    rng = np.random.default_rng(SEED)
    site_xy = along_streets(graph, SITES, rng, spread_m=10.0)
    point_xy = along_streets(graph, POINTS, rng, spread_m=40.0)
    np.savez(folder / "network.npz", **dump(graph, site_xy, point_xy))
    write_region(region, name, extract, plane.to_lonlat(*site_xy.T))
    return City(name, extract, region, folder)


def first_point(city: City) -> tuple[float, float]:
    """One seeded point, in degrees."""
    lon, lat = np.load(city.folder / "network.npz")["point_lonlat"][0].tolist()
    return lon, lat


def bounds(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """West, south, east, north."""
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def main_part(graph: graph_room.StreetGraph) -> NDArray[np.bool_]:
    """Which segments belong to the largest connected part: where every side can answer."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - only fixtures need it
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    n = graph.node_count
    links = csr_array((np.ones(graph.edge_count), (graph.edge_u, graph.edge_v)), shape=(n, n))
    _, part = connected_components(links, directed=False)
    return np.asarray(part[graph.edge_u] == np.bincount(part).argmax())


def along_streets(
    graph: graph_room.StreetGraph, count: int, rng: np.random.Generator, *, spread_m: float
) -> NDArray[np.float64]:
    """Points beside the streets of the largest part, more where there is more street; float64 (count, 2)."""
    weight = graph.edge_length_m * main_part(graph)
    edge = rng.choice(graph.edge_count, count, p=weight / weight.sum())
    first = graph.geom_start[edge]
    piece = first + rng.integers(0, graph.geom_start[edge + 1] - first - 1)
    share = rng.random((count, 1))
    on_street = graph.geom_xy[piece] * (1 - share) + graph.geom_xy[piece + 1] * share
    return np.asarray(on_street + rng.normal(0.0, spread_m / 2, (count, 2)))


def dump(
    graph: graph_room.StreetGraph, site_xy: NDArray[np.float64], point_xy: NDArray[np.float64]
) -> dict[str, NDArray[np.float64]]:
    """The network and the places as plain arrays; of parallel segments only the shortest, as matrices hold one."""
    low, high = np.minimum(graph.edge_u, graph.edge_v), np.maximum(graph.edge_u, graph.edge_v)
    order = np.lexsort((graph.edge_length_m, high, low))
    low, high, length_m = low[order], high[order], graph.edge_length_m[order]
    keep = np.ones(len(order), bool)
    keep[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    keep &= low != high
    lon, lat = graph.plane.to_lonlat(*site_xy.T)
    point_lon, point_lat = graph.plane.to_lonlat(*point_xy.T)
    return {
        "node_xy": graph.node_xy,
        "u": low[keep],
        "v": high[keep],
        "length_m": length_m[keep],
        "site_xy": site_xy,
        "point_xy": point_xy,
        "site_lonlat": np.column_stack([lon, lat]),
        "point_lonlat": np.column_stack([point_lon, point_lat]),
    }


def write_region(
    region: Path, name: str, extract: Path, lonlat: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> None:
    """A region of streets and sites alone."""
    (region / "region.toml").write_text(
        f'[region]\nid = "{name}"\nname = "{name}"\n\n[streets]\nosm = "{extract}"\n\n'
        '[[sites]]\nfile = "sites.csv"\ncoordsys = "wgs84"\n',
        encoding="utf-8",
    )
    with (region / "sites.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "name", "kind", "lon", "lat"])
        rows.writerows(
            [f"S{i:04d}", f"Station {i}", "station", f"{lon:.7f}", f"{lat:.7f}"]
            for i, (lon, lat) in enumerate(zip(*lonlat, strict=True))
        )
