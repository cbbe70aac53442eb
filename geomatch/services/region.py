"""An open region: everything that was built, ready to answer."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geomatch.errors import InputError, NotFoundError
from geomatch.geo import degrees
from geomatch.network import barriers as barriers_room
from geomatch.network import reach
from geomatch.network import shape as shapes
from geomatch.network.profiles import profile_named
from geomatch.planning import live_sites
from geomatch.planning.sites import SiteKind
from geomatch.services import generations, region_store
from geomatch.services.memo import Memo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from numpy.typing import NDArray

    from geomatch.files.region_file import RegionSpec
    from geomatch.network.barriers import Barriers
    from geomatch.network.graph import StreetGraph
    from geomatch.network.reach import ByEdge, Field, Ways
    from geomatch.network.shape import ShapeGrid
    from geomatch.network.snap import Places, SnapIndex
    from geomatch.planning.areas import Area
    from geomatch.planning.causes.found import GapCauses
    from geomatch.planning.circles import Circle
    from geomatch.planning.coverage import CoverageTable
    from geomatch.planning.demand import Homes
    from geomatch.planning.gaps import Gap
    from geomatch.planning.live_sites import LiveSite
    from geomatch.planning.scenario import Nearby
    from geomatch.planning.site_index import SiteIndex
    from geomatch.planning.sites import Site
    from geomatch.planning.units import Unit, Units
    from geomatch.reporting.document import Report
    from geomatch.services.setting import Ground

_FIELDS, _TABLES, _CIRCLES, _HOURS, _MAP_BODIES = 24, 32, 4096, 4, 40


@dataclass(frozen=True, slots=True)
class RegionSummary:
    """What a list of regions says of one.

    Attributes:
        id, name, name_en: as the region's file says; name_en may be None.
        bbox: west, south, east, north in WGS-84 degrees.
        synthetic: True where the data is made up, which every map and page must say.
        counts: number of sites of every kind, by the kind's value, zeros included.
        population: people, all units together.
    """

    id: str
    name: str
    name_en: str | None
    bbox: tuple[float, float, float, float]
    synthetic: bool
    counts: Mapping[str, int]
    population: int


@dataclass(frozen=True)
class HomeWalks:
    """Where the homes walk to: the two nearest sites of each of n homes.

    Attributes:
        site: int32 (n, 2), index into the region's sites, -1 padded.
        walk_m: float64 (n, 2), inf padded.
    """

    site: NDArray[np.int32]
    walk_m: NDArray[np.float64]


class _Ground:
    """What does not change when sites come and go; shared by all editions of a region."""

    def __init__(self, built: region_store.Built) -> None:
        self.built = built
        self.ways: Memo[Ways] = Memo(8)
        self.shapes: Memo[ShapeGrid] = Memo(8)
        self.barriers: Memo[Barriers] = Memo(1)
        self.home_places: Memo[Places] = Memo(8)
        self.homes_by_edge: Memo[ByEdge] = Memo(8)
        self.home_xy: Memo[tuple[NDArray[np.float64], NDArray[np.float64]]] = Memo(1)

    @cached_property
    def filed_edition(self) -> str:
        return _hash_of(self.built.sites)


class Region:
    """A built region, open by memory map. Thread-safe: nothing changes after opening but caches.

    Live edits of sites (`add`, `move`, `close`, `with_sites`) give a new edition that shares the streets and the homes;
    who holds the old one keeps answers that agree with each other.

    Attributes:
        edition: names the sites where they are otherwise than the build's; empty where they are not.
        folder: the region's folder (with region.toml).
        build_folder: the generation under build/ that is open (base.pmtiles and report.json lie there).
        built_at: when that build was made, ISO 8601 with offset.
        sources: the files that it was made from, as they were then.
        spec: what region.toml says.
        graph, index: the streets.
        sites: the sites as they are in this edition; indexes of sites in answers refer to this tuple.
        townships: the units, with their polygons ready to locate points; one box where region.toml states none.
        units: the same as a plain tuple.
        homes: where people live.
    """

    def __init__(self, ground: _Ground, sites: Sequence[Site], edition: str = "") -> None:
        """Made by `open_region` and by edits."""
        built = ground.built
        self.edition = edition
        self._ground = ground
        self.folder: Path = built.folder
        self.build_folder: Path = built.build_folder
        self.built_at: str = built.built_at
        self.sources: tuple[generations.Source, ...] = built.hold.manifest.sources
        self.spec: RegionSpec = built.spec
        self.graph: StreetGraph = built.graph
        self.index: SnapIndex = built.index
        self.townships: Units = built.units
        self.units: tuple[Unit, ...] = built.units.units
        self.homes: Homes = built.homes
        self.sites: tuple[Site, ...] = tuple(sites)
        self._rows = {site.id: row for row, site in enumerate(self.sites)}
        self.site_lon = np.array([site.lon for site in self.sites], np.float64)
        self.site_lat = np.array([site.lat for site in self.sites], np.float64)
        self.site_x, self.site_y = self.graph.plane.to_xy(self.site_lon, self.site_lat)
        self._site_places: Memo[Places] = Memo(8)
        self._sites_by_edge: Memo[ByEdge] = Memo(8)
        self._fields: Memo[Field] = Memo(_FIELDS)
        self._home_walks: Memo[HomeWalks] = Memo(_FIELDS)
        self.home_lists: Memo[Nearby] = Memo(_FIELDS)
        self._site_index: Memo[SiteIndex] = Memo(1)
        self.coverage_tables: Memo[CoverageTable] = Memo(_TABLES)
        self.circles: Memo[list[Circle]] = Memo(_CIRCLES)
        self.gap_lists: Memo[tuple[Gap, ...]] = Memo(_TABLES)
        self.cause_lists: Memo[tuple[GapCauses, ...]] = Memo(_TABLES)
        self.area_lists: Memo[tuple[Area, ...]] = Memo(_FIELDS)
        self.grounds: Memo[Ground] = Memo(1)
        self.map_bodies: Memo[tuple[bytes, str]] = Memo(_MAP_BODIES)
        self.reports: Memo[Report] = Memo(2)
        self.report_files: Memo[bytes] = Memo(6)
        self._by_hour: Memo[Region] = Memo(_HOURS)

    @property
    def unit_names(self) -> tuple[str, ...]:
        """Names of the units, in the order that `homes.unit` indexes."""
        return self.townships.names

    def ways(self, profile: str) -> Ways:
        """The streets as one profile walks them; InputError for an unknown profile."""
        streets = self.spec.streets
        return self._ground.ways.get(
            profile,
            lambda: reach.ways_for(
                self.graph,
                self.index,
                profile_named(profile),
                max_access_m=streets.max_access_m,
                min_part_segments=streets.min_part_segments,
            ),
        )

    def site_places(self, profile: str, kinds: Sequence[SiteKind] = ()) -> Places:
        """Where the sites meet the streets, in the order of `sites`; those of other kinds are off the network."""
        places = self._site_places.get(profile, lambda: reach.place(self.ways(profile), self.site_x, self.site_y))
        return replace(places, edge=np.where(self.is_kind(kinds), places.edge, np.int32(-1))) if kinds else places

    @property
    def home_xy(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The homes on the plane, metres east and north."""
        return self._ground.home_xy.get((), lambda: self.graph.plane.to_xy(self.homes.lon, self.homes.lat))

    def home_places(self, profile: str) -> Places:
        """Where the homes meet the streets, in the order of `homes`."""
        return self._ground.home_places.get(profile, lambda: reach.place(self.ways(profile), *self.home_xy))

    def sites_by_edge(self, profile: str) -> ByEdge:
        """The sites in the order of the streets that they meet."""
        return self._sites_by_edge.get(profile, lambda: reach.by_edge_of(self.ways(profile), self.site_places(profile)))

    def homes_by_edge(self, profile: str) -> ByEdge:
        """The homes in the order of the streets that they meet."""
        return self._ground.homes_by_edge.get(
            profile, lambda: reach.by_edge_of(self.ways(profile), self.home_places(profile))
        )

    def home_walks(self, profile: str, kinds: Sequence[SiteKind] = ()) -> HomeWalks:
        """The two sites nearest to each home by walking, of the given kinds (all where none)."""
        return self._home_walks.get(
            (profile, frozenset(kinds)),
            lambda: HomeWalks(
                *reach.nearest(self.ways(profile), self.field(profile, kinds, 2), self.home_places(profile))
            ),
        )

    def field(self, profile: str, kinds: Sequence[SiteKind] = (), k: int = 1) -> Field:
        """The k nearest sites of every node, of the given kinds (all where none); its `place` indexes `sites`."""
        return self._fields.get(
            (profile, frozenset(kinds), k),
            lambda: reach.field(self.ways(profile), self.site_places(profile, kinds), k),
        )

    def shape(self, profile: str) -> ShapeGrid:
        """The grid that circles are drawn from, for the streets that a profile may use; opened when first asked for."""
        return self._ground.shapes.get(profile, lambda: region_store.load_shape(self.build_folder, profile))

    @property
    def barriers(self) -> Barriers:
        """What people on foot cannot cross; opened when first asked for."""
        return self._ground.barriers.get((), lambda: barriers_room.load(self.build_folder))

    def is_kind(self, kinds: Sequence[SiteKind] = ()) -> NDArray[np.bool_]:
        """Tell of every site whether it is of the given kinds; of all where none are given."""
        return np.array([not kinds or site.kind in kinds for site in self.sites], bool)

    def is_open(self, when: datetime) -> NDArray[np.bool_]:
        """Tell of every site whether it is known to be open at a time; without a zone it is the region's own."""
        from geomatch.planning import opening  # noqa: PLC0415 - only who asks for a time pays for it

        zone = self.spec.timezone
        known = {hours: opening.is_open(hours, when, timezone=zone) is True for hours in {s.hours for s in self.sites}}
        return np.array([known[site.hours] for site in self.sites], bool)

    def open_at(self, when: datetime) -> Region:
        """Give the edition that holds only the sites known to be open at a time."""
        is_open = self.is_open(when)
        return self._by_hour.get(
            is_open.tobytes(), lambda: self.with_sites([self.sites[row] for row in np.flatnonzero(is_open).tolist()])
        )

    def has_site(self, site_id: str) -> bool:
        """Tell whether there is a site of that id."""
        return site_id in self._rows

    def site_row(self, site_id: str) -> int:
        """Index of a site; NotFoundError where there is none of that id."""
        try:
            return self._rows[site_id]
        except KeyError:
            raise NotFoundError(f"there is no site {site_id!r} in region {self.spec.id!r}") from None

    @property
    def site_index(self) -> SiteIndex:
        """The sites in a tree of boxes, for what is asked by place and not by walking."""
        return self._site_index.get((), self._index_sites)

    def _index_sites(self) -> SiteIndex:
        from geomatch.planning.site_index import SiteIndex  # noqa: PLC0415 - rtree is not needed for a first answer

        ids = (site.id for site in self.sites)
        return SiteIndex(zip(ids, self.site_x.tolist(), self.site_y.tolist(), strict=True))

    def summary(self) -> RegionSummary:
        """Name, box, counts and population."""
        counts = dict.fromkeys((kind.value for kind in SiteKind), 0)
        for site in self.sites:
            counts[site.kind.value] += 1
        spec, built = self.spec, self._ground.built
        return RegionSummary(
            id=spec.id,
            name=spec.name,
            name_en=spec.name_en,
            bbox=built.bbox,
            synthetic=spec.synthetic,
            counts=counts,
            population=int(self.homes.population.sum()),
        )

    def covers(self, lon: float, lat: float) -> bool:
        """Tell whether a point lies in a unit, or in the padded box of the streets where none are stated."""
        return self.townships.hold(lon, lat)

    def distance_m(self, lon: float, lat: float) -> float:
        """Metres from a point to the region's ground, 0 inside; orders regions by nearness."""
        line = shapely.shortest_line(self.townships.ground, shapely.Point(lon, lat))
        near_lon, near_lat = shapely.get_coordinates(line)[0].tolist()
        return degrees.apart_m(lon, lat, near_lon, near_lat)

    def warm(self) -> None:
        """Load every kernel and fill the caches of the default question, so that no request pays for it."""
        ways, places = self.ways("standard"), self.site_places("standard")
        self.home_walks("standard")
        everyone = self.field("standard")
        on_network = np.flatnonzero(places.on_network)[:2]
        if len(on_network):
            first, last = places.take(on_network[:1]), places.take(on_network[-1:])
            reach.place_and_nearest(
                ways, everyone, float(self.site_x[on_network[0]]), float(self.site_y[on_network[0]])
            )
            reach.nearest_allowed(ways, everyone, self.is_kind(), first)
            reach.within(ways, first, places, 1.0)
            reach.reach(ways, first, 1.0)
            reach.path(ways, first, last)
            shapes.circles(ways, self.shape("standard"), first, (1.0,))

    @property
    def filed(self) -> tuple[Site, ...]:
        """The sites as the region's files said when it was built."""
        return self._ground.built.sites

    @property
    def filed_edition(self) -> str:
        """A hash of those, which tells one edition of the files from another."""
        return self._ground.filed_edition

    def edited(self, edits: Mapping[str, LiveSite]) -> Region:
        """Give the region as built, with live edits by id of the site; itself where that changes nothing."""
        sites = live_sites.sites_of(live_sites.merged(edits, self.filed))
        if sites == self.sites:
            return self
        is_filed = sites == self.filed
        return Region(self._ground, sites, "" if is_filed else _hash_of(sites))

    def with_sites(self, sites: Sequence[Site]) -> Region:
        """Give the region with other sites; shares everything that does not depend on them, saves nothing.

        Raises:
            InputError: two sites share an id.
        """
        edition = Region(self._ground, sites)
        if len(edition._rows) != len(edition.sites):
            raise InputError.of("sites", "two sites share an id")
        return edition

    def add(self, site: Site) -> Region:
        """Give the region with one more site; InputError where its id is taken."""
        return self.with_sites([*self.sites, site])

    def move(self, site_id: str, lon: float, lat: float) -> Region:
        """Give the region with one site elsewhere, WGS-84; NotFoundError where there is none of that id."""
        row = self.site_row(site_id)
        moved = replace(self.sites[row], lon=lon, lat=lat)
        return self.with_sites([*self.sites[:row], moved, *self.sites[row + 1 :]])

    def close(self, site_id: str) -> Region:
        """Give the region without one site; NotFoundError where there is none of that id."""
        row = self.site_row(site_id)
        return self.with_sites([*self.sites[:row], *self.sites[row + 1 :]])


def _hash_of(sites: Sequence[Site]) -> str:
    return blake2b(repr(tuple(map(astuple, sites))).encode(), digest_size=12).hexdigest()


def open_region(folder: Path) -> Region:
    """Open a built region by memory map.

    Args:
        folder: the region's folder, with region.toml and build/.

    Raises:
        InputError: region.toml is missing or at fault.
        NotBuiltError: there is no complete build of this format; the message says how to make one.
    """
    return generations.opened(folder, lambda generation: _open(folder, generation))


def _open(folder: Path, generation: generations.Held) -> Region:
    built = region_store.load(folder, generation)
    return Region(_Ground(built), built.sites)
