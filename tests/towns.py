"""Towns drawn by hand for one question each: streets in metres, what lies between them, homes and sites."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from geomatch.services import build
from geomatch.services.region import Region, open_region
from tests.regions import CORNER_XY, PLANE

if TYPE_CHECKING:
    from pathlib import Path

    Spot = tuple[float, float]


def lonlat(spot: Spot) -> tuple[float, float]:
    """Give a spot, metres from the town's corner, in degrees."""
    lon, lat = PLANE.to_lonlat(CORNER_XY[0] + spot[0], CORNER_XY[1] + spot[1])
    return float(lon), float(lat)


def metres(lon: float, lat: float) -> Spot:
    """Give degrees as metres from the town's corner."""
    x, y = PLANE.to_xy(lon, lat)
    return float(x) - CORNER_XY[0], float(y) - CORNER_XY[1]


@dataclass
class Town:
    """What is drawn so far; ways that name the same spot meet there, unless `apart` keeps them from it.

    Attributes:
        homes: spots and people.
        sites: id, kind, spot, hours.
    """

    homes: list[tuple[Spot, int]] = field(default_factory=list)
    sites: list[tuple[str, str, Spot, str]] = field(default_factory=list)
    nodes: dict[tuple[Spot, str], int] = field(default_factory=dict)
    tags_of: dict[int, dict[str, str]] = field(default_factory=dict)
    ways: list[tuple[list[int], dict[str, str]]] = field(default_factory=list)

    def node(self, spot: Spot, apart: str = "", **tags: str) -> int:
        """Give the node at a spot, with tags of its own."""
        number = self.nodes.setdefault(((round(spot[0], 3), round(spot[1], 3)), apart), len(self.nodes) + 1)
        self.tags_of.setdefault(number, {}).update(tags)
        return number

    def way(self, *spots: Spot, apart: str = "", **tags: str) -> None:
        """Draw a way through some spots."""
        self.ways.append(([self.node(spot, apart) for spot in spots], tags))

    def grid(self, columns: range, rows: range, name: str = "") -> None:
        """Draw streets of 100 m: along rows "横2街" and along columns "纵3街", or without names."""
        for row in rows:
            spots = [(column * 100.0, row * 100.0) for column in columns]
            self.way(*spots, highway="residential", **({"name": f"{name}横{row}街"} if name is not None else {}))
        for column in columns:
            spots = [(column * 100.0, row * 100.0) for row in rows]
            self.way(*spots, highway="residential", **({"name": f"{name}纵{column}街"} if name is not None else {}))

    def build(self, folder: Path) -> Region:
        """Write the files of a region, build it and open it."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "streets.osm").write_text(self._osm(), encoding="utf-8")
        (folder / "units.geojson").write_text(json.dumps(self._unit()), encoding="utf-8")
        homes = [(f"h{row}", *lonlat(spot), people) for row, (spot, people) in enumerate(self.homes)]
        _write(folder / "homes.csv", ("id", "lon", "lat", "weight"), homes)
        sites = [(name, name, kind, *lonlat(spot), hours) for name, kind, spot, hours in self.sites]
        _write(folder / "sites.csv", ("id", "name", "kind", "lon", "lat", "hours"), sites)
        (folder / "region.toml").write_text(_TOML, encoding="utf-8")
        build.build(folder)
        return open_region(folder)

    def _osm(self) -> str:
        lines = ['<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">']
        for (spot, _), number in self.nodes.items():
            lon, lat = lonlat(spot)
            tags = _tags(self.tags_of[number])
            lines.append(f'<node id="{number}" lat="{lat:.9f}" lon="{lon:.9f}" version="1">{tags}</node>')
        for number, (nodes, tags) in enumerate(self.ways, 1):
            references = "".join(f'<nd ref="{node}"/>' for node in nodes)
            lines.append(f'<way id="{number}" version="1">{references}{_tags(tags)}</way>')
        return "\n".join([*lines, "</osm>"])

    def _unit(self) -> dict[str, object]:
        corners = [(-900, -900), (4000, -900), (4000, 3000), (-900, 3000), (-900, -900)]
        shape = {"type": "Polygon", "coordinates": [[lonlat(corner) for corner in corners]]}
        told = {"code": "t", "name": "镇", "population": sum(people for _, people in self.homes)}
        return {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": told, "geometry": shape}],
        }


def _tags(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())


def _write(path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


_TOML = """[region]
id = "town"
name = "镇"
synthetic = true
[streets]
osm = "streets.osm"
[units]
file = "units.geojson"
id = "code"
name = "name"
population = "population"
[demand]
file = "homes.csv"
weight = "weight"
[[sites]]
file = "sites.csv"
"""
