"""Homes out of a table: where people live, and how much each place weighs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import InputError
from geomatch.files.cells import plain_text, read_cell, repeated
from geomatch.files.numbers import parse_number
from geomatch.files.places import read_places
from geomatch.files.tables import read_table
from geomatch.planning.demand import DemandPoints

if TYPE_CHECKING:
    from geomatch.files.region_file import DemandSpec


def read_demand(spec: DemandSpec) -> DemandPoints:
    """Read homes in the order of their rows, placed in WGS-84.

    A file without an id column has its row numbers for ids; without a weight named in region.toml all weigh the same.

    Raises:
        InputError: every fault with its row, column, value and reason.
    """
    named = {} if spec.weight is None else {"weight": spec.weight}
    table = read_table(spec.file, required=("lon", "lat"), optional=("id", "name"), named=named)
    if not table.rows:
        raise InputError.of(table.where, "has a header and no homes below it")
    (lon, lat), faults = read_places(table, spec.coordsys)
    has_id = "id" in table.place
    faults += repeated(table, "id")
    ids, names, weights = [], [], []
    for row in table.rows:
        given = read_cell(table, row, "id", plain_text, faults, needed=True) if has_id else str(row.number)
        ids.append(given or "")
        names.append(read_cell(table, row, "name", plain_text, faults) or "")
        if spec.weight is not None:
            weights.append(read_cell(table, row, "weight", _weight, faults, needed=True) or 0.0)
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    weight = np.array(weights, np.float64) if weights else np.ones(len(ids), np.float64)
    return DemandPoints(tuple(ids), tuple(names), lon, lat, weight)


def _weight(text: str) -> float:
    weight = parse_number(text)
    if weight < 0:
        raise ValueError("must not be negative")
    return weight
