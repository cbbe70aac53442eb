"""What the stations of a call-up need, out of an office's table, with every fault."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError
from geomatch.files.cells import plain_text, read_cell
from geomatch.files.numbers import parse_count
from geomatch.files.people_table import read_flag, words_of
from geomatch.files.tables import read_table
from geomatch.volunteering.callups import Need

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.files.rows import Row
    from geomatch.files.tables import Table


def read_needs(path: Path) -> tuple[tuple[Need, tuple[str, ...]], ...]:
    """Read a file of needs, each with the ids of the sites that it is of; none where it is of all.

    Raises:
        InputError: every fault with its row, column, value and reason.
    """
    table = read_table(path, required=("people",), optional=("skill", "certified", "sites"))
    if not table.rows:
        raise InputError.of(table.where, "has a header and no needs below it")
    faults: list[Fault] = []
    found = tuple(_need(table, row, faults) for row in table.rows)
    if faults:
        raise InputError(faults)
    return found


def _need(table: Table, row: Row, faults: list[Fault]) -> tuple[Need, tuple[str, ...]]:
    read = partial(read_cell, table, row, faults=faults)
    people = read("people", parse_count, needed=True)
    skill, certified = read("skill", plain_text), bool(read("certified", read_flag))
    sites = read("sites", words_of) or ()
    try:
        need = Need(1 if people is None else people, skill, certified=certified)
    except InputError as error:
        told = error.faults[0]
        faults.append(Fault(table.where, told.reason, row=row.number, column=told.where, value=told.value))
        need = Need(1)
    return need, sites
