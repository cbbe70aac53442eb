"""Use case: turn a region's sources into a build that opens by memory map."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from geomatch.drawing import basemap
from geomatch.errors import Fault, InputError
from geomatch.files import demand_table, region_file, site_table, unit_file
from geomatch.geo import degrees, projection
from geomatch.network import barriers, extract, osm, reach, scenery, snap
from geomatch.network import graph as street_graph
from geomatch.network.profiles import PROFILES
from geomatch.planning import demand, site_tree
from geomatch.planning.doctor.measured import Surroundings
from geomatch.planning.units import Units
from geomatch.services import build_report, doctor, generations, region_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from geomatch.files.region_file import RegionSpec
    from geomatch.geo.degrees import Box
    from geomatch.geo.projection import Plane
    from geomatch.network.extract import Extract
    from geomatch.network.graph import Segments, StreetGraph
    from geomatch.network.snap import SnapIndex
    from geomatch.planning.demand import DemandPoints, Peopled
    from geomatch.planning.sites import Site
    from geomatch.services.build_report import BuildReport

T = TypeVar("T")

STAGES = {"tables": 0.05, "streets": 0.25, "index": 0.35, "people": 0.05, "circles": 0.20, "check": 0.05, "map": 0.05}
"""The stages in order, with the share of the work that each is."""

REPORT = "report.json"
BASE_MAP = "base.pmtiles"


def quiet(_stage: str, _share: float) -> None:
    """Report no progress."""


def build(folder: Path, *, progress: Callable[[str, float], None] = quiet) -> BuildReport:
    """Import, check, index and save a region; the old build stays in use until the new one is whole.

    Args:
        folder: the region's folder, with region.toml.
        progress: called with the stage's name and the share done, 0 to 1 over all stages.

    Raises:
        InputError: every fault of every source, listed.
    """
    spec = region_file.load_spec(folder)
    stages = _Stages(progress)
    with generations.building(folder, waiting=lambda: progress("waiting for another build", 0.0)) as generation:
        # noted before anything is read: a source that changes meanwhile makes the build stale, never wrongly fresh
        sources = generations.look_at(spec.sources, folder)
        report = _build(spec, generation, stages)
        told = asdict(report) | {"seconds": stages.seconds}
        (generation / REPORT).write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
        generations.publish(folder, generation, report.built_at, sources)
    progress("done", 1.0)
    return build_report.BuildReport(**told)


def why_stale(folder: Path) -> str | None:
    """Say why a region must be built (again), or None where its build is whole and as new as its sources.

    Raises:
        InputError: region.toml is missing or at fault.
    """
    return generations.why_stale(folder, region_file.load_spec(folder).sources)


@dataclass
class _Stages:
    """Tells which stage is under way and how long each took; how long the map, drawn beside, was awaited."""

    progress: Callable[[str, float], None]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[Callable[[float], None]]:
        names = list(STAGES)
        before = sum(STAGES[earlier] for earlier in names[: names.index(name)])

        def within(share: float) -> None:
            self.progress(name, before + share * STAGES[name])

        within(0.0)
        started = time.perf_counter()
        yield within
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - started, 3)


@dataclass(frozen=True)
class _Tables:
    sites: tuple[Site, ...]
    units: Units | None
    points: DemandPoints | None
    warnings: tuple[Fault, ...]


def _build(spec: RegionSpec, generation: Path, stages: _Stages) -> BuildReport:
    with stages.stage("tables"):
        tables = _read_tables(spec)
    with stages.stage("streets") as tell:
        drawn = extract.read(spec.streets.osm, osm.WANTED, scenery.WANTED)
        segments, health = osm.segments_of(drawn, progress=tell)
    with stages.stage("index"):
        graph = street_graph.build(segments, _plane(spec, segments))
        street_graph.save(graph, generation)
    # the map needs no more than that, and mostly kernels and GEOS at work, which other threads need not wait for
    with ThreadPoolExecutor(2, "beside") as beside:
        map_drawn = beside.submit(_draw_map, drawn, graph, generation)
        with stages.stage("index"):
            index = snap.build_index(graph)
            snap.save(index, generation)
        with stages.stage("people"):
            around = degrees.widened(_box(segments), region_store.PADDING_M)
            units = tables.units or Units.whole(spec.id, spec.name, around)
            _check_same_place(spec, units, around)
            peopled = _people(graph, units, tables.points)
            bbox = _bounds(units) if units.stated else around
            region_store.save(generation, sites=tables.sites, units=units, homes=peopled.homes, bbox=bbox)
            flags = (*map(str, tables.warnings), *map(str, _check_tree(tables.sites, units)))
        with stages.stage("circles") as tell:
            _prepare_shapes(spec, graph, index, generation, tell)
        written = beside.submit(generations.write_out, generation)  # the disk works while the check goes on
        with stages.stage("check"):
            coordinates = _examined(spec, Surroundings(graph, index, units))
            doubts = [told["warning"] for told in coordinates if told["warning"] is not None]
            built_at = datetime.now(ZoneInfo(spec.timezone)).isoformat(timespec="seconds")
            found = build_report.Found(
                spec, graph, index, health, tables.sites, units, peopled, (*doubts, *flags), coordinates
            )
            report = build_report.report_of(found, built_at)
        with stages.stage("map"):
            map_drawn.result()
            written.result()
    return report


def _draw_map(drawn: Extract, graph: StreetGraph, generation: Path) -> None:
    """Save what the streets lie among: barriers, and the base map."""
    around = scenery.scenery_of(drawn)
    barriers.save(barriers.build(around, graph), generation)
    basemap.write_basemap(graph, around, generation / BASE_MAP)


def _read_tables(spec: RegionSpec) -> _Tables:
    """Read sites, units and homes; the faults of all three are listed together."""
    faults: list[Fault] = []

    def tried(read: Callable[[], T]) -> T | None:
        try:
            return read()
        except InputError as error:
            faults.extend(error.faults)
            return None

    sites = tried(lambda: site_table.read_site_files(spec.sites))
    stated, homes = spec.units, spec.demand
    units = tried(lambda: unit_file.read_units(stated)) if stated is not None else None
    points = tried(lambda: demand_table.read_demand(homes)) if homes is not None else None
    if faults:
        raise InputError(faults)
    return _Tables(sites or (), units.units if units else None, points, units.warnings if units else ())


def _examined(spec: RegionSpec, around: Surroundings) -> tuple[dict[str, Any], ...]:
    """Hold the declared coordinate system of every file of points against where its points lie."""
    declared = [(part.file, part.coordsys) for part in spec.sites]
    if spec.demand is not None:
        declared.append((spec.demand.file, spec.demand.coordsys))
    found = [(doctor.examine(path, around), system) for path, system in declared]
    doubts = [doctor.contradiction(examined, system) for examined, system in found]
    return tuple(
        {
            "file": examined.path.name,
            "declared": system,
            "verdict": examined.diagnosis.verdict,
            "confidence": round(examined.diagnosis.confidence, 6),
            "warning": None if doubt is None else str(doubt),
        }
        for (examined, system), doubt in zip(found, doubts, strict=True)
    )


def _plane(spec: RegionSpec, segments: Segments) -> Plane:
    box = _box(segments)
    if spec.metric_crs is None:
        return projection.metric_for(*box)
    stated = projection.plane(spec.metric_crs)
    projection.check_fits(stated, *box)
    return stated


def _box(segments: Segments) -> Box:
    lon, lat = segments.coord_lon, segments.coord_lat
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def _bounds(units: Units) -> Box:
    west, south = units.bounds[:, :2].min(axis=0).tolist()
    east, north = units.bounds[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def _check_same_place(spec: RegionSpec, units: Units, around: Box) -> None:
    """Refuse townships that all lie away from the streets: nobody there could walk anywhere."""
    west, south, east, north = _bounds(units)
    apart = west > around[2] or east < around[0] or south > around[3] or north < around[1]
    if apart and spec.units is not None:
        told = (
            f"lies at {west:.2f} to {east:.2f}, {south:.2f} to {north:.2f} degrees, where no street of the extract is"
        )
        raise InputError.of(str(spec.units.file), f"{told}; is it of another place, or in another CRS than it says?")


def _people(graph: StreetGraph, units: Units, points: DemandPoints | None) -> Peopled:
    wanted = demand.empty_units(points, units)
    return demand.people(points, units, demand.street_points(graph, units, wanted))


def _prepare_shapes(
    spec: RegionSpec, graph: StreetGraph, index: SnapIndex, generation: Path, tell: Callable[[float], None]
) -> None:
    least, access_m = spec.streets.min_part_segments, spec.streets.max_access_m
    ways = (
        reach.ways_for(graph, index, profile, max_access_m=access_m, min_part_segments=least)
        for profile in PROFILES.values()
    )
    region_store.save_shapes(generation, ways, tell)


def _check_tree(sites: Sequence[Site], units: Units) -> tuple[Fault, ...]:
    """Refuse sites whose tree is broken; give what is only flagged."""
    unit_of: dict[str, str | None] = {}
    if units.stated:
        rows = units.locate([site.lon for site in sites], [site.lat for site in sites]).tolist()
        unit_of = {site.id: units.names[row] if row >= 0 else None for site, row in zip(sites, rows, strict=True)}
    checked = site_tree.check(sites, unit_of, dict(zip(units.ids, units.names, strict=True)))
    if checked.faults:
        raise InputError(checked.faults)
    return checked.warnings
