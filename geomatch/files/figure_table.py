"""Published figures out of a table that an office keeps; every fault of every row is listed."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from geomatch.errors import InputError
from geomatch.files.cells import plain_text, read_cell, read_day
from geomatch.files.tables import read_table
from geomatch.volunteering.statistics import Draft

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.errors import Fault
    from geomatch.files.rows import Row
    from geomatch.files.tables import Table


def read_figures(path: Path) -> tuple[Draft, ...]:
    """Read a file of published figures; what each is worth, and of which measure, is still to be judged.

    Raises:
        InputError: every fault with its row, column, value and reason.
    """
    table = read_table(
        path, required=("figure", "published_on", "source"),
        optional=("measure", "unit", "team", "category", "first", "last"),
    )  # fmt: skip
    if not table.rows:
        raise InputError.of(table.where, "has a header and no figures below it")
    faults: list[Fault] = []
    found = tuple(_figure(table, row, faults) for row in table.rows)
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    return found


def _figure(table: Table, row: Row, faults: list[Fault]) -> Draft:
    read = partial(read_cell, table, row, faults=faults)
    days = {name: read_day(table, row, name, faults) for name in ("published_on", "first", "last")}
    if days["published_on"] is None and not table.text(row, "published_on"):
        faults.append(table.fault(row, "published_on", "is empty"))
    return Draft(
        figure=read("figure", plain_text, needed=True) or "",
        measure=read("measure", plain_text) or "",
        published_on=days["published_on"] or date.min,
        source=read("source", plain_text, needed=True) or "",
        unit=read("unit", plain_text),
        team=read("team", plain_text),
        category=read("category", plain_text),
        first=days["first"],
        last=days["last"],
        row=row.number,
    )
