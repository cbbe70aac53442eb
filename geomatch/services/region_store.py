"""What a build keeps beside the streets: sites, homes, units; saved so that they open without parsing tables again."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geomatch.files import region_file
from geomatch.network import graph as street_graph
from geomatch.network import snap
from geomatch.planning.demand import Homes
from geomatch.planning.sites import Site, SiteKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geomatch.files.region_file import RegionSpec
    from geomatch.network.graph import StreetGraph
    from geomatch.network.snap import SnapIndex
    from geomatch.planning.units import Unit
    from geomatch.services.generations import Held

_SITES, _UNITS, _SHAPES, _HOME_IDS, _REGION = (
    "sites.json",
    "units.json",
    "units.wkb.npy",
    "home_ids.json",
    "region.json",
)
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
    units: tuple[Unit, ...]
    homes: Homes
    bbox: tuple[float, float, float, float]
    hold: Held


def save(
    generation: Path,
    *,
    sites: Sequence[Site],
    units: Sequence[Unit],
    homes: Homes,
    bbox: tuple[float, float, float, float],
) -> None:
    """Write sites, units and homes into a generation's folder."""
    import shapely  # noqa: PLC0415 - only builders pay for it

    _write(generation / _SITES, [asdict(site) for site in sites])
    _write(generation / _UNITS, [{"id": u.id, "name": u.name, "population": u.population} for u in units])
    shapes = [shapely.to_wkb(unit.geometry) for unit in units]
    sizes = np.cumsum([0, *map(len, shapes)])
    np.save(generation / _SHAPES, np.frombuffer(b"".join(shapes), np.uint8))
    _write(generation / _REGION, {"bbox": bbox, "unit_shape_start": sizes.tolist()})
    _write(generation / _HOME_IDS, list(homes.id))
    for name in _HOME_ARRAYS:
        np.save(generation / f"home_{name}.npy", getattr(homes, name))


def load(folder: Path, held: Held) -> Built:
    """Open a generation; FileNotFoundError where it is not whole."""
    generation = held.folder
    facts = _read(generation / _REGION)
    return Built(
        folder=folder,
        build_folder=generation,
        built_at=held.manifest.built_at,
        spec=region_file.load_spec(folder),
        graph=street_graph.load(generation),
        index=snap.load(generation),
        sites=tuple(_site(told) for told in _read(generation / _SITES)),
        units=_units(generation, facts["unit_shape_start"]),
        homes=_homes(generation),
        bbox=tuple(facts["bbox"]),
        hold=held,
    )


def _site(told: dict[str, Any]) -> Site:
    return Site(**{**told, "kind": SiteKind(told["kind"]), "services": tuple(told["services"])})


def _units(generation: Path, starts: list[int]) -> tuple[Unit, ...]:
    told = _read(generation / _UNITS)
    if not told:
        return ()
    import shapely  # noqa: PLC0415 - regions without units never need it

    from geomatch.planning.units import Unit  # noqa: PLC0415 - as above

    wkb = np.load(generation / _SHAPES).tobytes()
    shapes = shapely.from_wkb([wkb[start:end] for start, end in zip(starts, starts[1:], strict=False)])
    return tuple(Unit(**unit, geometry=shape) for unit, shape in zip(told, shapes, strict=True))


def _homes(generation: Path) -> Homes:
    arrays = {name: np.load(generation / f"home_{name}.npy") for name in _HOME_ARRAYS}
    return Homes(id=tuple(_read(generation / _HOME_IDS)), **arrays)


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
