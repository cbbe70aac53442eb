"""An open region: everything that was built, ready to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from geomatch.files.region_file import RegionSpec
    from geomatch.network.graph import StreetGraph
    from geomatch.network.reach import Field, Places, Ways
    from geomatch.network.shape import ShapeGrid
    from geomatch.network.snap import SnapIndex
    from geomatch.planning.demand import Homes
    from geomatch.planning.sites import Site, SiteKind
    from geomatch.planning.units import Unit


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


class Region:
    """A built region, open by memory map. Thread-safe; read-only apart from its caches and live site edits.

    Attributes:
        folder: the region's folder (with region.toml).
        build_folder: the generation under build/ that is open (base.pmtiles and report.json lie there).
        built_at: when that build was made, ISO 8601 with offset.
        spec: what region.toml says.
        graph, index: the streets.
        sites: the sites as they are now; `site` indexes in answers refer to this tuple.
        units: the townships; empty where the region has none.
        homes: where people live.
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

    @property
    def unit_names(self) -> tuple[str, ...]:
        """Names of the units, in the order that `homes.unit` indexes."""
        raise NotImplementedError

    def ways(self, profile: str) -> Ways:
        """The streets as one profile walks them; InputError for an unknown profile."""
        raise NotImplementedError

    def site_places(self, profile: str) -> Places:
        """Where the sites meet the streets, in the order of `sites`."""
        raise NotImplementedError

    def home_places(self, profile: str) -> Places:
        """Where the homes meet the streets, in the order of `homes`."""
        raise NotImplementedError

    def field(self, profile: str, kinds: Sequence[SiteKind] = (), k: int = 1) -> Field:
        """The k nearest sites of every node, of the given kinds (all where none); its `place` indexes `sites`."""
        raise NotImplementedError

    def shape(self, profile: str) -> ShapeGrid:
        """The prepared grid that circles are drawn from."""
        raise NotImplementedError

    def site_rows(self, kinds: Sequence[SiteKind] = ()) -> tuple[int, ...]:
        """Indexes of the sites of the given kinds, all where none."""
        raise NotImplementedError

    def site_row(self, site_id: str) -> int:
        """Index of a site; NotFoundError where there is none of that id."""
        raise NotImplementedError

    def summary(self) -> RegionSummary:
        """Name, box, counts and population."""
        raise NotImplementedError

    def covers(self, lon: float, lat: float) -> bool:
        """Tell whether a point lies in the region: in a unit, or in the padded box of the streets where it has none."""
        raise NotImplementedError

    def distance_m(self, lon: float, lat: float) -> float:
        """Metres from a point to the region's ground, 0 inside; orders regions by nearness."""
        raise NotImplementedError

    def with_sites(self, sites: Sequence[Site]) -> Region:
        """The same region with other sites; shares everything that does not depend on them, saves nothing."""
        raise NotImplementedError

    def warm(self) -> None:
        """Compile or load every kernel and fill the default caches, so that no request pays for it."""
        raise NotImplementedError


def open_region(folder: Path) -> Region:
    """Open a built region by memory map.

    Args:
        folder: the region's folder, with region.toml and build/.

    Raises:
        InputError: region.toml is missing or at fault.
        NotBuiltError: there is no complete build of this format; the message says how to make one.
    """
    raise NotImplementedError
