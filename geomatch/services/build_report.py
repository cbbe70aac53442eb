"""What a build found: counts, what was kept out and why, and what deserves a look."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from geomatch.network import health, reach
from geomatch.network.graph import KINDS
from geomatch.network.profiles import PROFILES
from geomatch.planning.sites import SiteKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.files.region_file import RegionSpec
    from geomatch.network.graph import StreetGraph
    from geomatch.network.health import ImportHealth
    from geomatch.network.reach import Ways
    from geomatch.network.snap import SnapIndex
    from geomatch.planning.demand import Homes, Peopled
    from geomatch.planning.sites import Site
    from geomatch.planning.units import Units

OSM_CREDIT = "© OpenStreetMap contributors, ODbL"
_ISLANDS, _LEGS = 50, 20


@dataclass(frozen=True)
class BuildReport:
    """What a build found; saved beside it as report.json.

    Attributes:
        region: the region's id.
        built_at: ISO 8601 with offset.
        counts: nodes, segments, street_km, sites, homes, units, population, by name.
        kinds_km: kilometres by kind of way, those there are.
        sites_by_kind: sites by kind, those there are.
        import_health: what the importer met and did with it, by name.
        islands: segments, km, lon, lat of the connected parts but the largest, largest first, at most 50.
        island_count: how many such parts there are.
        off_network: every site and every inhabited home off the streets: what, id, name, access_m, why.
        longest_access: the longest access legs still on the network, longest first: what, id, name, access_m.
        flags: what was mended, decided or looks odd, as sentences.
        coordinates: what each file of points declares and what its points say: file, declared, verdict, confidence,
            warning (None where they agree or nobody can tell).
        unit_sums: name, census figure and people of its homes, unit by unit.
        attribution: the credit that maps and files must carry.
        seconds: by stage.
    """

    region: str
    built_at: str
    counts: dict[str, float]
    kinds_km: dict[str, float]
    sites_by_kind: dict[str, int]
    import_health: dict[str, Any]
    islands: Sequence[dict[str, float]]
    island_count: int
    off_network: Sequence[dict[str, Any]]
    longest_access: Sequence[dict[str, Any]]
    flags: Sequence[str]
    coordinates: Sequence[dict[str, Any]]
    unit_sums: Sequence[Sequence[Any]]
    attribution: str = OSM_CREDIT
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """Everything that a report is made of."""

    spec: RegionSpec
    graph: StreetGraph
    index: SnapIndex
    health: ImportHealth
    sites: Sequence[Site]
    units: Units
    peopled: Peopled
    flags: tuple[str, ...]
    coordinates: tuple[dict[str, Any], ...]


def report_of(found: Found, built_at: str) -> BuildReport:
    """Sum up a build for its planner."""
    graph, homes = found.graph, found.peopled.homes
    ways = _ways(found)
    km_by_kind = np.bincount(graph.edge_kind, weights=graph.edge_length_m, minlength=len(KINDS)) / 1000
    kinds = [site.kind for site in found.sites]
    islands, island_count = _islands(found)
    off_network, longest = _access(found, ways)
    return BuildReport(
        region=found.spec.id,
        built_at=built_at,
        counts={
            "nodes": graph.node_count,
            "segments": graph.edge_count,
            "street_km": round(float(graph.edge_length_m.sum()) / 1000, 3),
            "sites": len(found.sites),
            "homes": len(homes),
            "units": len(found.units) if found.units.stated else 0,
            "population": int(homes.population.sum()),
        },
        kinds_km={kind: round(km, 3) for kind, km in zip(KINDS, km_by_kind.tolist(), strict=True) if km},
        sites_by_kind={kind.value: kinds.count(kind) for kind in SiteKind if kind in kinds},
        import_health=asdict(found.health),
        islands=islands,
        island_count=island_count,
        off_network=off_network,
        longest_access=longest,
        flags=[*found.flags, *_decisions(found, ways)],
        coordinates=found.coordinates,
        unit_sums=_unit_sums(found.units, homes),
    )


def _ways(found: Found) -> Ways:
    streets = found.spec.streets
    return reach.ways_for(
        found.graph,
        found.index,
        PROFILES["standard"],
        max_access_m=streets.max_access_m,
        min_part_segments=streets.min_part_segments,
    )


def _islands(found: Found) -> tuple[list[dict[str, Any]], int]:
    """Give the connected parts but the largest, each with a place where to look for it."""
    parts = health.parts(found.graph)[1:]
    told = [
        {
            "segments": part.segments,
            "km": round(part.length_m / 1000, 3),
            "lon": round(part.lon, 6),
            "lat": round(part.lat, 6),
        }
        for part in parts[:_ISLANDS]
    ]
    return told, len(parts)


def _access(found: Found, ways: Ways) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """List who does not reach the streets and why, and the longest legs of those who do."""
    homes = found.peopled.homes
    off: list[dict[str, Any]] = []
    legs: list[dict[str, Any]] = []
    lived_in = np.flatnonzero(homes.population > 0).tolist()
    site_rows = [("site", site.id, site.name, site.lon, site.lat) for site in found.sites]
    home_rows = [("home", homes.id[row], homes.name[row], homes.lon[row], homes.lat[row]) for row in lived_in]
    for rows in filter(None, (site_rows, home_rows)):
        x, y = found.graph.plane.to_xy([row[3] for row in rows], [row[4] for row in rows])
        places = reach.place(ways, x, y)
        off += [_told(rows[leg.index], leg) | {"why": leg.why} for leg in health.off_network(ways, places, x, y)]
        legs += [_told(rows[leg.index], leg) for leg in health.longest_legs(places, _LEGS)]
    legs.sort(key=lambda leg: -leg["access_m"])
    return off, legs[:_LEGS]


def _told(row: tuple[Any, ...], leg: health.Leg) -> dict[str, Any]:
    shown_m = round(leg.access_m, 1) if np.isfinite(leg.access_m) else None
    return {"what": row[0], "id": row[1], "name": row[2], "access_m": shown_m}


def _decisions(found: Found, ways: Ways) -> list[str]:
    names, peopled = found.units.names, found.peopled
    told = []
    if not ways.usable.any():
        least = found.spec.streets.min_part_segments
        told.append(f"streets: no connected part has {least} segments; lower min_part_segments in region.toml")
    if peopled.outside:
        shown = ", ".join(peopled.outside[:5])
        told.append(f"homes: {len(peopled.outside)} lie in no unit and hold nobody (first: {shown})")
    told += [
        f"unit {names[unit]}: has no homes; its people are spread along its streets" for unit in peopled.on_streets
    ]
    told += [f"unit {names[unit]}: has neither homes nor streets; its people stand at one inner point"
             for unit in peopled.streetless]  # fmt: skip
    return told


def _unit_sums(units: Units, homes: Homes) -> list[tuple[str, int, int]]:
    if not units.stated:
        return []
    housed = homes.unit >= 0
    sums = np.zeros(len(units), np.int64)
    np.add.at(sums, homes.unit[housed], homes.population[housed])
    return list(zip(units.names, units.populations.tolist(), sums.tolist(), strict=True))
