"""region.toml: what a region is made of, checked key by key before anything is read."""

from __future__ import annotations

import re
import tomllib
import zoneinfo
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geomatch.errors import InputError
from geomatch.files.toml_keys import KeyReader
from geomatch.geo import projection

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.geo.coordinates import CoordSys

FILE_NAME = "region.toml"
SETTINGS = ("urban", "rural")
STREET_SUFFIXES = (".osm.pbf", ".osm", ".osm.gz", ".osm.bz2")


@dataclass(frozen=True, slots=True)
class StreetsSpec:
    """Where the streets come from, and what counts as reaching them."""

    osm: Path
    min_part_segments: int = 100
    max_access_m: float = 250.0


@dataclass(frozen=True, slots=True)
class UnitsSpec:
    """The township file, and the names of its columns."""

    file: Path
    id: str
    name: str
    population: str


@dataclass(frozen=True, slots=True)
class DemandSpec:
    """The file of homes; `weight` names its column of weights, None for equal ones."""

    file: Path
    weight: str | None
    coordsys: CoordSys


@dataclass(frozen=True, slots=True)
class SitesSpec:
    """One file of sites."""

    file: Path
    coordsys: CoordSys


@dataclass(frozen=True, slots=True)
class RegionSpec:
    """A region as its region.toml states it; paths are ready to open.

    Attributes:
        folder: where region.toml lies.
        id: used in URLs.
        name, name_en: as people call it; name_en is the name where none is given.
        adcode: six digits of GB/T 2260, or None.
        metric_crs: such as "EPSG:4548", or None: chosen from the extent.
        synthetic: every map, page and file must say so.
        timezone: IANA name.
        setting: "urban" or "rural", or None: told by how thinly its units are settled.
        streets, units, demand, sites: where the parts come from; units and demand may be None.
    """

    folder: Path
    id: str
    name: str
    name_en: str
    adcode: str | None
    metric_crs: str | None
    synthetic: bool
    timezone: str
    setting: str | None
    streets: StreetsSpec
    units: UnitsSpec | None
    demand: DemandSpec | None
    sites: tuple[SitesSpec, ...]

    @property
    def sources(self) -> tuple[Path, ...]:
        """Every file that the region is made of, region.toml first."""
        parts = [self.folder / FILE_NAME, self.streets.osm]
        parts += [part.file for part in (self.units, self.demand) if part is not None]
        return (*parts, *(part.file for part in self.sites))


def load_spec(folder: Path) -> RegionSpec:
    """Read and check REGION/region.toml.

    Raises:
        InputError: every fault: keys missing, unknown or of the wrong type, absent files, impossible values.
    """
    path = folder / FILE_NAME
    reader = KeyReader(str(path), folder)
    top = _parsed(path)
    reader.only(top, "", ("region", "streets", "units", "demand", "sites"))
    region = reader.table(top, "region")
    reader.only(region, "region", ("id", "name", "name_en", "adcode", "metric_crs", "synthetic", "timezone", "setting"))
    name = reader.text(region, "region.name", needed=True)
    spec = RegionSpec(
        folder=folder,
        id=reader.text(region, "region.id", needed=True, check=_url_id) or "",
        name=name or "",
        name_en=reader.text(region, "region.name_en") or name or "",
        adcode=reader.text(region, "region.adcode", check=_adcode),
        metric_crs=reader.text(region, "region.metric_crs", check=_metric),
        synthetic=bool(reader.value(region, "region.synthetic", bool, "true or false")),
        timezone=reader.text(region, "region.timezone", check=_timezone) or "Asia/Shanghai",
        setting=reader.text(region, "region.setting", check=_setting),
        streets=_streets(reader, top),
        units=_units(reader, top),
        demand=_demand(reader, top),
        sites=_sites(reader, top),
    )
    if reader.faults:
        raise InputError(reader.faults)
    return spec


def _parsed(path: Path) -> dict[str, Any]:
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError.of(str(path), "does not exist; a region is a folder with a region.toml") from error
    except (OSError, ValueError) as error:
        raise InputError.of(str(path), f"cannot be read: {error}") from error
    try:
        return tomllib.loads(raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise InputError.of(str(path), "is not UTF-8; save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InputError.of(str(path), f"is not TOML: {error}") from error


def _streets(reader: KeyReader, top: dict[str, Any]) -> StreetsSpec:
    table = reader.table(top, "streets")
    reader.only(table, "streets", ("osm", "min_part_segments", "max_access_m"))
    osm = reader.file(table, "streets.osm")
    if osm.name and not osm.name.endswith(STREET_SUFFIXES):
        reader.fault("streets.osm", f"must end in one of {', '.join(STREET_SUFFIXES)}", osm.name)
    segments = reader.number(table, "streets.min_part_segments", default=100, lowest=1, highest=1e9, whole=True)
    access_m = reader.number(table, "streets.max_access_m", default=250.0, lowest=0, highest=2000)
    return StreetsSpec(osm, int(segments), access_m)


def _units(reader: KeyReader, top: dict[str, Any]) -> UnitsSpec | None:
    if "units" not in top:
        return None
    table = reader.table(top, "units")
    reader.only(table, "units", ("file", "id", "name", "population"))
    name = reader.text(table, "units.name", needed=True) or ""
    return UnitsSpec(
        file=reader.file(table, "units.file"),
        id=reader.text(table, "units.id", needed=True) or "",
        name=name,
        population=reader.text(table, "units.population", needed=True) or "",
    )


def _demand(reader: KeyReader, top: dict[str, Any]) -> DemandSpec | None:
    if "demand" not in top:
        return None
    table = reader.table(top, "demand")
    reader.only(table, "demand", ("file", "weight", "coordsys"))
    weight = reader.text(table, "demand.weight")
    return DemandSpec(reader.file(table, "demand.file"), weight, reader.coordsys(table, "demand.coordsys"))


def _sites(reader: KeyReader, top: dict[str, Any]) -> tuple[SitesSpec, ...]:
    given = top.get("sites")
    if not isinstance(given, list) or not given or not all(isinstance(table, dict) for table in given):
        reader.fault("sites", "must be one or more [[sites]] tables, with two brackets", None)
        return ()
    specs = []
    for place, table in enumerate(given):
        where = f"sites[{place}]"
        reader.only(table, where, ("file", "coordsys"))
        specs.append(SitesSpec(reader.file(table, f"{where}.file"), reader.coordsys(table, f"{where}.coordsys")))
    for place, spec in enumerate(specs):
        if spec.file in {other.file for other in specs[:place]}:
            reader.fault(f"sites[{place}].file", "is named twice", str(spec.file))
    return tuple(specs)


def _url_id(text: str) -> None:
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?", text):
        raise ValueError("must be usable in a URL: lower-case letters, digits, - and _, 64 at most")


def _adcode(text: str) -> None:
    if not re.fullmatch(r"[0-9]{6}", text):
        raise ValueError("must be six digits")


def _metric(text: str) -> None:
    projection.plane(text)


def _setting(text: str) -> None:
    if text not in SETTINGS:
        raise ValueError(f"must be one of {', '.join(SETTINGS)}")


def _timezone(text: str) -> None:
    try:
        zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is not a time zone; write an IANA name such as Asia/Shanghai") from error
