"""Places where a site could be opened: CSV, XLSX or GeoJSON with id, name, lon, lat, cost?, capacity?."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.errors import InputError
from geomatch.files.cells import plain_text, read_cell, repeated
from geomatch.files.numbers import parse_count, parse_number
from geomatch.files.places import read_places
from geomatch.files.tables import parse_table, read_table
from geomatch.planning.siting.candidates import Candidate

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.files.tables import Table
    from geomatch.geo.coordinates import CoordSys

REQUIRED = ("id", "lon", "lat")
OPTIONAL = ("name", "cost", "capacity")


def read_candidates(path: Path, coordsys: CoordSys) -> tuple[Candidate, ...]:
    """Read candidates; one without a cost costs 1, other columns are passed over.

    Raises:
        InputError: every fault with its row, column, value and reason.
    """
    return _candidates(read_table(path, required=REQUIRED, optional=OPTIONAL), coordsys)


def parse_candidates(raw: bytes, where: str, coordsys: CoordSys) -> tuple[Candidate, ...]:
    """Read candidates from the bytes of a file of the name `where`, as `read_candidates` does."""
    return _candidates(parse_table(raw, where, required=REQUIRED, optional=OPTIONAL), coordsys)


def _candidates(table: Table, coordsys: CoordSys) -> tuple[Candidate, ...]:
    if not table.rows:
        raise InputError.of(table.where, "has a header and no candidates below it")
    (lons, lats), faults = read_places(table, coordsys)
    faults += repeated(table, "id")
    candidates = []
    for row, lon, lat in zip(table.rows, lons.tolist(), lats.tolist(), strict=True):
        name = read_cell(table, row, "name", plain_text, faults)
        cost = read_cell(table, row, "cost", _cost, faults)
        capacity = read_cell(table, row, "capacity", parse_count, faults)
        given = read_cell(table, row, "id", plain_text, faults, needed=True)
        candidates.append(Candidate(given or "", name or "", lon, lat, 1.0 if cost is None else cost, capacity))
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    return tuple(candidates)


def _cost(text: str) -> float:
    cost = parse_number(text)
    if cost < 0:
        raise ValueError("must not be negative")
    return cost
