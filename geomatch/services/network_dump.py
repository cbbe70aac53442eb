"""Use case: the network as it is used, as CSV, so that anyone can check any figure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geomatch.errors import InputError
from geomatch.files.atomic import write_beside
from geomatch.files.sheet_out import write_csv
from geomatch.network.graph import KINDS
from geomatch.network.profiles import PROFILES
from geomatch.services.build_report import OSM_CREDIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from geomatch.services.region import Region

NAMES = ("nodes.csv", "edges.csv", "homes.csv", "sites.csv", "about.json")
"""The files that `dump` writes."""

_DECIMALS = 9  # of a degree: a tenth of a millimetre, far below what adds up to 0.02 m over a walk


def dump(region: Region, folder: Path) -> tuple[Path, ...]:
    """Write nodes.csv, edges.csv, homes.csv, sites.csv (WGS-84) and about.json into a folder, made where absent.

    about.json holds what a walk is computed by besides: the metric CRS in which lengths and access legs are measured,
    max_access_m, min_part_segments, and each profile's speed and factors.

    Returns:
        The files written.

    Raises:
        InputError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError.of(str(folder), f"cannot be written: {error.strerror}") from error
    tables = {
        "nodes.csv": (("id", "lon", "lat"), _nodes(region)),
        "edges.csv": (("id", "u", "v", "length_m", "kind", "wkt"), _edges(region)),
        "homes.csv": (("id", "lon", "lat", "population", "unit"), _homes(region)),
        "sites.csv": (("id", "name", "kind", "lon", "lat"), _sites(region)),
    }
    for name, (columns, rows) in tables.items():
        write_csv(folder / name, columns, rows, mark=False)
    with write_beside(folder / "about.json") as beside:
        beside.write_text(json.dumps(_about(region), ensure_ascii=False, indent=1), encoding="utf-8")
    return (*(folder / name for name in tables), folder / "about.json")


def _nodes(region: Region) -> Iterator[tuple[str, ...]]:
    lon, lat = region.graph.plane.to_lonlat(region.graph.node_xy[:, 0], region.graph.node_xy[:, 1])
    rows = zip(_degrees(lon), _degrees(lat), strict=True)
    return ((str(node), *place) for node, place in enumerate(rows))


def _edges(region: Region) -> Iterator[tuple[str, ...]]:
    graph = region.graph
    lonlat = np.column_stack(graph.plane.to_lonlat(graph.geom_xy[:, 0], graph.geom_xy[:, 1]))
    owner = np.repeat(np.arange(graph.edge_count), np.diff(graph.geom_start))
    lines = shapely.to_wkt(shapely.linestrings(lonlat, indices=owner), rounding_precision=_DECIMALS, trim=False)
    columns = zip(graph.edge_u, graph.edge_v, graph.edge_length_m, graph.edge_kind, lines, strict=True)
    for edge, (u, v, length_m, kind, wkt) in enumerate(columns):
        yield str(edge), str(u), str(v), f"{length_m:.5f}", KINDS[kind], wkt


def _homes(region: Region) -> Iterator[tuple[str, ...]]:
    homes, unit_ids = region.homes, (*region.townships.ids, "")
    columns = zip(homes.id, _degrees(homes.lon), _degrees(homes.lat), homes.population, homes.unit, strict=True)
    return ((home, lon, lat, str(people), unit_ids[unit]) for home, lon, lat, people, unit in columns)


def _sites(region: Region) -> Iterator[tuple[str, ...]]:
    return (
        (site.id, site.name, site.kind.value, f"{site.lon:.{_DECIMALS}f}", f"{site.lat:.{_DECIMALS}f}")
        for site in region.sites
    )


def _degrees(values: NDArray[np.float64]) -> Iterable[str]:
    return (f"{value:.{_DECIMALS}f}" for value in values.tolist())


def _about(region: Region) -> dict[str, object]:
    streets = region.spec.streets
    return {
        "region": region.spec.id,
        "synthetic": region.spec.synthetic,
        "built_at": region.built_at,
        "metric_crs": region.graph.plane.code,
        "max_access_m": streets.max_access_m,
        "min_part_segments": streets.min_part_segments,
        "profiles": {
            # infinity has no place in JSON; null means that the kind is never walked
            name: {
                "speed_mps": profile.speed_mps,
                "factors": {kind: cost if np.isfinite(cost) else None for kind, cost in profile.factors.items()},
            }
            for name, profile in PROFILES.items()
        },
        "attribution": OSM_CREDIT,
    }
