"""The points of a lookup: a table with lon and lat, whose other columns are kept as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomatch.errors import InputError
from geomatch.files.places import read_places
from geomatch.files.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from geomatch.geo.coordinates import CoordSys

ADDED_COLUMNS = ("site_id", "site_name", "kind", "walk_m", "walk_s", "within", "access_m", "note")
"""What a lookup adds to each row, in this order."""

_KEPT_AS = "input_{}"


@dataclass(frozen=True)
class PointTable:
    """Points to look up.

    Attributes:
        columns: the file's columns in order; one that bears the name of an added column is renamed input_NAME.
        rows: their cells as text, (n,) tuples as long as `columns`.
        lon, lat: WGS-84 degrees, float64 (n,).
        plain_utf8: the file was UTF-8 without a byte-order mark, and its answer may be so too.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    plain_utf8: bool


def read_points(path: Path, coordsys: CoordSys) -> PointTable:
    """Read the points of a CSV, XLSX or GeoJSON file.

    Raises:
        InputError: every fault with its row, column, value and reason.
    """
    table = read_table(path, required=("lon", "lat"))
    if not table.rows:
        raise InputError.of(table.where, "has a header and no points below it")
    (lon, lat), faults = read_places(table, coordsys)
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    columns = tuple(_KEPT_AS.format(name) if name in ADDED_COLUMNS else name for name in table.columns)
    return PointTable(columns, tuple(row.cells for row in table.rows), lon, lat, table.plain_utf8)
