"""Everything into files: streets.osm.pbf, townships.geojson, homes.csv, sites.csv; the same bytes every time."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Protocol

import numpy as np
import osmium
import shapely
from osmium.osm import mutable

from geomatch.geo import coordinates
from makers import plane, ways

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from geomatch.geo.projection import Plane
    from makers.homes import Homes
    from makers.shops import Shop
    from makers.sites import Site
    from makers.townships import Township

VERSION = {"version": 1, "visible": True}


class Laid(Protocol):
    """What is written: townships, ways to join with each other, where they meet, and what only lies there."""

    @property
    def towns(self) -> Sequence[Township]:
        """The townships."""

    @property
    def walkable(self) -> list[ways.Way]:
        """The ways to join."""

    @property
    def joints(self) -> NDArray[np.float64]:
        """Where ways meet without ending there, metres (n, 2)."""

    @property
    def scenery(self) -> list[ways.Way]:
        """Water, woods, railways, motorways and walls."""


def townships(folder: Path, towns: Sequence[Township], ground: Plane = plane.PLANE) -> None:
    """Write the shapes of the townships with their populations."""
    features = []
    shapes = shapely.set_precision(np.array([town.shape.simplify(4.0) for town in towns], object), 0.0)
    for town, shape in zip(towns, shapes, strict=True):
        ring = plane.to_lonlat(np.asarray(shape.exterior.coords), ground).round(6).tolist()
        properties = {"name": town.name, "population": town.population}
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    _text(folder / "townships.geojson", f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n')


def homes(folder: Path, settled: Homes, ground: Plane = plane.PLANE) -> None:
    """Write where people live, WGS-84."""
    lonlat = plane.to_lonlat(settled.xy, ground)
    rows = (
        (f"H{n + 1:05d}", name, f"{lon:.6f}", f"{lat:.6f}", int(weight))
        for n, (name, (lon, lat), weight) in enumerate(zip(settled.name, lonlat, settled.weight, strict=True))
    )
    _table(folder / "homes.csv", ("id", "name", "lon", "lat", "weight"), rows)


def sites(folder: Path, founded: Sequence[Site], ground: Plane = plane.PLANE) -> None:
    """Write the sites in GCJ-02, as offices have them."""
    lonlat = plane.to_lonlat(np.array([site.xy for site in founded]), ground)
    lon, lat = coordinates.from_wgs84(lonlat[:, 0], lonlat[:, 1], coordinates.CoordSys.GCJ02)
    rows = (
        (
            site.id,
            site.name,
            site.kind,
            f"{x:.6f}",
            f"{y:.6f}",
            site.parent,
            site.unit,
            site.hours,
            ";".join(site.services),
        )
        for site, x, y in zip(founded, lon, lat, strict=True)
    )
    header = ("id", "name", "kind", "lon", "lat", "parent", "unit", "hours", "services")
    _table(folder / "sites.csv", header, rows)


def shops(folder: Path, listed: Sequence[Shop], ground: Plane = plane.PLANE) -> None:
    """Write the shops in GCJ-02, as a partner would hand them over."""
    lonlat = plane.to_lonlat(np.array([shop.xy for shop in listed]), ground)
    lon, lat = coordinates.from_wgs84(lonlat[:, 0], lonlat[:, 1], coordinates.CoordSys.GCJ02)
    rows = ((shop.id, shop.name, f"{x:.6f}", f"{y:.6f}") for shop, x, y in zip(listed, lon, lat, strict=True))
    _table(folder / "shops.csv", ("id", "name", "lon", "lat"), rows)


def _table(path: Path, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)


def streets(folder: Path, city: Laid, ground: Plane = plane.PLANE) -> dict[str, int]:
    """Write the streets and the scenery as one OpenStreetMap extract; gives counts for the report."""
    walkable = _joined(city)
    every = [*walkable, *city.scenery]
    sizes = [len(way.xy) for way in every]
    points = np.vstack([way.xy for way in every])
    places, owner = ways.merge_points(points)
    tagged = _marks(places, walkable)
    path = folder / "streets.osm.pbf"
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(str(path)) as writer:
        for n, (lon, lat) in enumerate(plane.to_lonlat(places, ground)):
            where = (round(float(lon), 7), round(float(lat), 7))
            writer.add_node(mutable.Node(id=n + 1, location=where, tags=tagged.get(n, {}), **VERSION))
        for n, (way, refs) in enumerate(zip(every, np.split(owner + 1, np.cumsum(sizes)[:-1]), strict=True)):
            keep = np.concatenate([[True], np.diff(refs) != 0])
            if keep.sum() > 1:
                writer.add_way(mutable.Way(id=n + 1, nodes=refs[keep].tolist(), tags=way.tags, **VERSION))
    return {"nodes": len(places), "ways": len(every), "bytes": path.stat().st_size}


def _joined(city: Laid) -> list[ways.Way]:
    """Give the ways with a vertex wherever another one ends or crosses on purpose."""
    ends = np.vstack([way.xy[[0, -1]] for way in city.walkable])
    joints = np.unique(np.vstack([ends, city.joints]).round(3), axis=0)
    open_ways = [n for n, way in enumerate(city.walkable) if way.joins]
    cut = ways.cut_at([city.walkable[n].xy for n in open_ways], joints)
    joined = list(city.walkable)
    for n, xy in zip(open_ways, cut, strict=True):
        joined[n] = ways.Way(xy, joined[n].tags, joins=True, marks=joined[n].marks)
    return joined


def _marks(places: NDArray[np.float64], walkable: Sequence[ways.Way]) -> dict[int, dict[str, str]]:
    marks = [mark for way in walkable for mark in way.marks]
    if not marks:
        return {}
    tree = shapely.STRtree(shapely.points(places))
    at = tree.nearest(shapely.points([mark[:2] for mark in marks]))
    return {int(n): mark[2] for n, mark in zip(at, marks, strict=True)}
