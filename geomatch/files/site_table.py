"""Sites out of the tables that offices keep; every fault of every row is listed."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError
from geomatch.files.cells import plain_text, read_cell, repeated
from geomatch.files.numbers import parse_count
from geomatch.files.places import read_places
from geomatch.files.tables import read_table
from geomatch.planning import opening
from geomatch.planning.sites import Site, SiteKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geomatch.files.region_file import SitesSpec
    from geomatch.files.rows import Row
    from geomatch.files.tables import Table
    from geomatch.geo.coordinates import CoordSys

REQUIRED = ("id", "name", "kind", "lon", "lat")
OPTIONAL = ("parent", "unit", "hours", "services", "capacity")

_CHINESE = {
    SiteKind.CENTRE: "中心",
    SiteKind.OFFICE: "所",
    SiteKind.STATION: "站",
    SiteKind.OUTPOST: "驿站",
    SiteKind.BASE: "基地",
    SiteKind.LANDSCAPE: "小景观",
}
_PREFIXES = ("", "实践", "文明实践", "新时代文明实践")
KINDS = {prefix + name: kind for kind, name in _CHINESE.items() for prefix in _PREFIXES} | {
    "center": SiteKind.CENTRE,
    **{kind.value: kind for kind in SiteKind},
}
"""What a kind may be called in a file; case does not count."""

_ALLOWED = ", ".join(f"{kind.value} {name}" for kind, name in _CHINESE.items())
_SERVICE_MARKS = re.compile(r"[;；、，,|\n]")


def read_site_files(specs: Sequence[SitesSpec]) -> tuple[Site, ...]:
    """Read the sites of all of a region's files, in order.

    Raises:
        InputError: every fault of every file, ids used in two files included.
    """
    faults: list[Fault] = []
    sites: list[Site] = []
    owners: dict[str, str] = {}
    for spec in specs:
        try:
            read = read_sites(spec.file, spec.coordsys)
        except InputError as error:
            faults.extend(error.faults)
            continue
        for site in read:
            if site.id in owners:
                reason = f"is the id of another site, in {owners[site.id]}"
                faults.append(Fault(str(spec.file), reason, column="id", value=site.id))
        owners |= {site.id: str(spec.file) for site in read}
        sites.extend(read)
    if faults:
        raise InputError(faults)
    return tuple(sites)


def read_sites(path: Path, coordsys: CoordSys) -> tuple[Site, ...]:
    """Read one file of sites, in the order of its rows, placed in WGS-84.

    Raises:
        InputError: every fault with its row, column, value and reason.
    """
    table = read_table(path, required=REQUIRED, optional=OPTIONAL)
    if not table.rows:
        raise InputError.of(table.where, "has a header and no sites below it")
    (lon, lat), faults = read_places(table, coordsys)
    faults += repeated(table, "id")
    places = zip(table.rows, lon.tolist(), lat.tolist(), strict=True)
    sites = tuple(_site(table, row, site_lon, site_lat, faults) for row, site_lon, site_lat in places)
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    return sites


def _site(table: Table, row: Row, lon: float, lat: float, faults: list[Fault]) -> Site:
    """Make the site of a row; where a fault was added, a site of no meaning."""
    return Site(
        id=read_cell(table, row, "id", plain_text, faults, needed=True) or "",
        name=read_cell(table, row, "name", plain_text, faults, needed=True) or "",
        kind=read_cell(table, row, "kind", parse_kind, faults, needed=True) or SiteKind.STATION,
        lon=lon,
        lat=lat,
        parent=read_cell(table, row, "parent", plain_text, faults),
        unit=read_cell(table, row, "unit", plain_text, faults),
        hours=read_cell(table, row, "hours", opening.check, faults),
        services=read_cell(table, row, "services", _services, faults) or (),
        capacity=read_cell(table, row, "capacity", parse_count, faults),
    )


def parse_kind(text: str) -> SiteKind:
    """Read a kind of site by its English or Chinese name.

    Raises:
        ValueError: no such kind; the message lists them.
    """
    kind = KINDS.get("".join(unicodedata.normalize("NFKC", text).lower().split()))
    if kind is None:
        raise ValueError(f"is not a kind of site; the kinds are {_ALLOWED}")
    return kind


def _services(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SERVICE_MARKS.split(text) if part.strip())
