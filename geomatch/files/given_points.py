"""Points as they stand in a file whose coordinate system nobody vouches for, and what its other columns say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import Fault, InputError
from geomatch.files.cells import read_cell
from geomatch.files.numbers import is_sexagesimal, parse_degrees
from geomatch.files.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from geomatch.files.tables import Table

_OTHER = {"lon": "lat", "lat": "lon"}
_LARGEST_DEGREES = 180
_NO_DEGREES = "holds no degrees of longitude and latitude, whichever way round"


@dataclass(frozen=True)
class GivenPoints:
    """Rows of a file.

    Attributes:
        where: the file, as faults name it.
        lon, lat: what stands under longitude and latitude, float64 (n,), degrees; nothing is turned or exchanged.
        sexagesimal: rows written in degrees and minutes or seconds.
        columns: the cells of every other column that has a name, top to bottom.
        off_globe: the faults of rows whose numbers are no degrees, whichever way round.
    """

    where: str
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    sexagesimal: int
    columns: Mapping[str, tuple[str, ...]]
    off_globe: tuple[Fault, ...]


def read_given(path: Path) -> GivenPoints:
    """Read the points of a CSV, XLSX or GeoJSON file without believing its columns' names.

    Raises:
        InputError: every row without two numbers; the file is no table.
    """
    table = read_table(path, required=("lon", "lat"))
    if not table.rows:
        raise InputError.of(table.where, "has a header and no points below it")
    faults: list[Fault] = []
    read = [[read_cell(table, row, axis, _EITHER[axis], faults, needed=True) for axis in _OTHER] for row in table.rows]
    lon, lat = np.array(read, np.float64).T
    off_globe = _off_globe(table, lon, lat)
    if faults:
        raise InputError(sorted([*faults, *off_globe], key=lambda fault: fault.row or 0))
    taken = set(table.place.values())
    columns = {
        name: tuple(row.cells[index] for row in table.rows)
        for index, name in enumerate(table.columns)
        if name and index not in taken
    }
    sexagesimal = sum(any(is_sexagesimal(table.text(row, axis)) for axis in _OTHER) for row in table.rows)
    return GivenPoints(table.where, lon, lat, sexagesimal, columns, off_globe)


def _off_globe(table: Table, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[Fault, ...]:
    larger, smaller = np.maximum(np.abs(lon), np.abs(lat)), np.minimum(np.abs(lon), np.abs(lat))
    beyond = np.flatnonzero((larger > _LARGEST_DEGREES) | (smaller > _LARGEST_DEGREES / 2))
    return tuple(
        Fault(table.where, _NO_DEGREES, row=row.number, value=" ".join(table.text(row, axis) for axis in _OTHER))
        for row in (table.rows[index] for index in beyond.tolist())
    )


def _either(axis: str) -> Callable[[str], float]:
    """Read degrees of either axis; a hemisphere of the other one is no fault where columns may be swapped."""

    def read(text: str) -> float:
        try:
            return parse_degrees(text, axis)
        except ValueError as error:
            try:
                return parse_degrees(text, _OTHER[axis])
            except ValueError:
                raise error from None

    return read


_EITHER = {axis: _either(axis) for axis in _OTHER}
