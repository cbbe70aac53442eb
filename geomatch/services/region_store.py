"""What a build keeps beside the streets: sites, homes, units; saved so that they open without parsing tables again."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geomatch.files import region_file
from geomatch.network import graph as street_graph
from geomatch.network import shape, snap
from geomatch.network.profiles import PROFILES
from geomatch.planning.demand import Homes
from geomatch.planning.sites import Site, SiteKind
from geomatch.planning.units import Unit, Units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from geomatch.files.region_file import RegionSpec
    from geomatch.network.graph import StreetGraph
    from geomatch.network.reach import Ways
    from geomatch.network.shape import ShapeGrid
    from geomatch.network.snap import SnapIndex
    from geomatch.services.generations import Held

_SITES, _UNITS, _SHAPES, _REGION = "sites.json", "units.json", "units.wkb.npy", "region.json"
_HOME_TEXTS = "homes.json"
_SHARED = "shapes.json"
PADDING_M = 250.0
"""A region without townships reaches this far beyond the box of its streets."""

_SITE_FIELDS = tuple(field.name for field in fields(Site))
_HOME_ARRAYS = ("lon", "lat", "population", "unit")


@dataclass(frozen=True)
class Built:
    """An open build, before anything is computed on it.

    Attributes:
        folder, build_folder: the region's folder and the generation in use.
        built_at: ISO 8601 with offset.
        spec: what region.toml says.
        graph, index: the streets.
        sites, units, homes: as the sources had them.
        bbox: west, south, east, north in WGS-84 degrees.
        hold: keeps the generation from being removed.
    """

    folder: Path
    build_folder: Path
    built_at: str
    spec: RegionSpec
    graph: StreetGraph
    index: SnapIndex
    sites: tuple[Site, ...]
    units: Units
    homes: Homes
    bbox: tuple[float, float, float, float]
    hold: Held


def save(
    generation: Path,
    *,
    sites: Sequence[Site],
    units: Units,
    homes: Homes,
    bbox: tuple[float, float, float, float],
) -> None:
    """Write sites, units and homes into a generation's folder."""
    _write(generation / _SITES, [{name: getattr(site, name) for name in _SITE_FIELDS} for site in sites])
    _write(generation / _UNITS, [{"id": u.id, "name": u.name, "population": u.population} for u in units.units])
    shapes = [shapely.to_wkb(unit.geometry) for unit in units.units]
    sizes = np.cumsum([0, *map(len, shapes)])
    np.save(generation / _SHAPES, np.frombuffer(b"".join(shapes), np.uint8))
    _write(generation / _REGION, {"bbox": bbox, "unit_shape_start": sizes.tolist(), "units_stated": units.stated})
    _write(generation / _HOME_TEXTS, {"id": homes.id, "name": homes.name})
    for name in _HOME_ARRAYS:
        np.save(generation / f"home_{name}.npy", getattr(homes, name))


def load(folder: Path, held: Held) -> Built:
    """Open a generation; FileNotFoundError where it is not whole."""
    generation = held.folder
    facts = _read(generation / _REGION)
    graph = street_graph.load(generation)
    return Built(
        folder=folder,
        build_folder=generation,
        built_at=held.manifest.built_at,
        spec=region_file.load_spec(folder),
        graph=graph,
        index=snap.load(generation, graph),
        sites=tuple(_site(told) for told in _read(generation / _SITES)),
        units=_units(generation, facts),
        homes=_homes(generation),
        bbox=tuple(facts["bbox"]),
        hold=held,
    )


def save_shapes(generation: Path, ways: Iterable[Ways], progress: Callable[[float], None]) -> None:
    """Prepare and write the grids that circles are drawn from: one for each set of streets that profiles may use.

    Args:
        generation: the generation's folder.
        ways: the streets as each profile walks them.
        progress: called with the share done.
    """
    drawn: dict[str, tuple[NDArray[np.bool_], ShapeGrid]] = {}
    shared: dict[str, str] = {}
    for done, walked in enumerate(ways, 1):
        profile = walked.profile.name
        same = next((name for name, (usable, _) in drawn.items() if np.array_equal(usable, walked.usable)), None)
        if same is None:
            like = next((grid for usable, grid in drawn.values() if np.all(usable | ~walked.usable)), None)
            grid = shape.prepare(walked, like=like)
            same, drawn[profile] = profile, (walked.usable, grid)
            folder = generation / f"shape-{profile}"
            folder.mkdir()
            shape.save(grid, folder)
        shared[profile] = same
        progress(done / len(PROFILES))
    _write(generation / _SHARED, shared)


def load_shape(generation: Path, profile: str) -> ShapeGrid:
    """Open the grid of a profile by memory map."""
    return shape.load(generation / f"shape-{_read(generation / _SHARED)[profile]}")


def _site(told: dict[str, Any]) -> Site:
    return Site(**{**told, "kind": SiteKind(told["kind"]), "services": tuple(told["services"])})


def _units(generation: Path, facts: dict[str, Any]) -> Units:
    wkb, starts = np.load(generation / _SHAPES).tobytes(), facts["unit_shape_start"]
    shapes = shapely.from_wkb([wkb[start:end] for start, end in pairwise(starts)])
    told = _read(generation / _UNITS)
    units = tuple(Unit(**unit, geometry=shape) for unit, shape in zip(told, shapes, strict=True))
    return Units(units, stated=facts["units_stated"])


def _homes(generation: Path) -> Homes:
    arrays = {name: np.load(generation / f"home_{name}.npy") for name in _HOME_ARRAYS}
    texts = _read(generation / _HOME_TEXTS)
    return Homes(id=tuple(texts["id"]), name=tuple(texts["name"]), **arrays)


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
