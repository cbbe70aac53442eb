"""Longitude and latitude of a table's rows: read exactly, checked for a swap, turned into WGS-84."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import Fault
from geomatch.files.numbers import parse_degrees
from geomatch.geo import coordinates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.files.rows import Row
    from geomatch.files.tables import Table
    from geomatch.geo.coordinates import CoordSys, LonLatArrays

_SWAPPED = "looks swapped: a latitude stands where a longitude belongs, and the other way round"
_ALL_SWAPPED = "has longitude and latitude swapped in every row; exchange the names of the columns {lon} and {lat}"
_HIGHEST = {"lon": 180, "lat": 90}


def read_places(table: Table, coordsys: CoordSys) -> tuple[LonLatArrays, list[Fault]]:
    """Read the columns lon and lat of every row.

    Returns:
        WGS-84 longitude and latitude, float64 (rows,), of no meaning where there are faults; and every fault.
    """
    faults: list[Fault] = []
    pairs = np.array([_pair(table, row, faults) for row in table.rows], np.float64).reshape(-1, 2)
    swapped = np.nonzero(coordinates.looks_swapped(pairs[:, 0], pairs[:, 1]))[0]
    if 1 < len(swapped) == len(pairs):
        faults.append(Fault(table.where, _ALL_SWAPPED.format(**_spelled(table))))
    for place in swapped:
        row = table.rows[place]
        given = f"{table.text(row, 'lon')}, {table.text(row, 'lat')}"
        columns = ", ".join(_spelled(table).values())
        faults.append(Fault(table.where, _SWAPPED, row=row.number, column=columns, value=given))
    faults += _off_the_globe(table, pairs, frozenset(swapped.tolist()))
    if faults:
        return (pairs[:, 0], pairs[:, 1]), faults
    return coordinates.to_wgs84(pairs[:, 0], pairs[:, 1], coordsys), []


def _pair(table: Table, row: Row, faults: list[Fault]) -> tuple[float, float]:
    """Read one row's pair; NaN for a part at fault, so that a row with two faults has both listed."""
    spoilt = table.spoilt(row)
    lon, lat = (_degrees(table, row, axis, spoilt, faults) for axis in ("lon", "lat"))
    return lon, lat


def _degrees(table: Table, row: Row, axis: str, spoilt: dict[str, Fault], faults: list[Fault]) -> float:
    text = table.text(row, axis)
    if axis in spoilt:
        faults.append(spoilt[axis])
    elif not text:
        faults.append(table.fault(row, axis, "is empty"))
    else:
        try:
            return parse_degrees(text, axis)
        except ValueError as error:
            faults.append(table.fault(row, axis, str(error)))
    return float("nan")


def _off_the_globe(table: Table, pairs: NDArray[np.float64], swapped: frozenset[int]) -> list[Fault]:
    return [
        table.fault(table.rows[place], axis, f"is outside -{_HIGHEST[axis]} to {_HIGHEST[axis]} degrees")
        for column, axis in enumerate(("lon", "lat"))
        for place in np.nonzero(np.abs(pairs[:, column]) > _HIGHEST[axis])[0].tolist()
        if place not in swapped
    ]


def _spelled(table: Table) -> dict[str, str]:
    return {axis: table.columns[table.place[axis]] for axis in ("lon", "lat")}
