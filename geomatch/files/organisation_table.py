"""Organisations, a district's own categories, and skills, out of the tables that offices keep and back into them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from geomatch.errors import InputError
from geomatch.files.cells import plain_text, read_cell, repeated
from geomatch.files.people_table import read_flag
from geomatch.files.tables import parse_table, read_table
from geomatch.volunteering.categories import OwnCategory, Skill, check_own
from geomatch.volunteering.teams import ORGANISATION_NAMES, Organisation, OrganisationKind

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from geomatch.errors import Fault
    from geomatch.files.rows import Row
    from geomatch.files.sheet_out import Cell
    from geomatch.files.tables import Table
    from geomatch.volunteering.taxonomy import Taxonomy

ORGANISATION_COLUMNS = ("id", "name", "kind", "unit", "sites")
CATEGORY_COLUMNS = ("code", "name", "name_en")
SKILL_COLUMNS = ("code", "name", "category", "needs_certificate")
_NEEDS, _HAS = ORGANISATION_COLUMNS[:3], ORGANISATION_COLUMNS[3:]

_KINDS = {text: kind for kind, (name, _) in ORGANISATION_NAMES.items() for text in (kind.value, name)}
_MARKS = re.compile(r"[;；、，,|\n]")


def read_organisations(path: Path, sites: Container[str]) -> tuple[Organisation, ...]:
    """Read a file of organisations.

    Args:
        path: CSV, TSV or XLSX.
        sites: ids of the sites that there are.

    Raises:
        InputError: every fault with its row, column, value and reason.
    """
    return _organisations(read_table(path, required=_NEEDS, optional=_HAS), sites)


def parse_organisations(raw: bytes, where: str, sites: Container[str]) -> tuple[Organisation, ...]:
    """Read the bytes of a file of organisations, as `read_organisations` does; faults call it `where`."""
    return _organisations(parse_table(raw, where, required=_NEEDS, optional=_HAS), sites)


def _organisations(table: Table, sites: Container[str]) -> tuple[Organisation, ...]:
    faults = repeated(table, "id")

    def hosted(text: str) -> tuple[str, ...]:
        named = tuple(dict.fromkeys(plain_text(part) for part in _MARKS.split(text) if part.strip()))
        absent = [site for site in named if site not in sites]
        if absent:
            raise ValueError(f"names sites that are not there: {', '.join(absent[:5])}")
        return named

    def organisation(row: Row) -> Organisation:
        read = partial(read_cell, table, row, faults=faults)
        return Organisation(
            read("id", plain_text, needed=True) or "",
            read("name", plain_text, needed=True) or "",
            read("kind", _kind, needed=True) or OrganisationKind.OTHER,
            read("unit", plain_text),
            read("sites", hosted) or (),
        )

    found = tuple(organisation(row) for row in table.rows)
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    return found


def read_categories(path: Path) -> tuple[OwnCategory, ...]:
    """Read a file of a district's own categories; InputError as above."""
    table, faults = _coded(path, required=("code", "name"), optional=("name_en",))
    found = []
    for row in table.rows:
        read = partial(read_cell, table, row, faults=faults)
        code, name = read("code", _own_code, needed=True), read("name", plain_text, needed=True)
        found.append(OwnCategory(code or "", name or "", read("name_en", plain_text) or ""))
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    return tuple(found)


def read_skills(path: Path, taxonomy: Taxonomy) -> tuple[Skill, ...]:
    """Read a file of skills, each in a category that the region has; InputError as above.

    Args:
        path: CSV, TSV or XLSX.
        taxonomy: the categories that it has.
    """
    table, faults = _coded(path, required=("code", "name", "category"), optional=("needs_certificate",))
    found = []
    for row in table.rows:
        read = partial(read_cell, table, row, faults=faults)
        code, name = read("code", _skill_code, needed=True), read("name", plain_text, needed=True)
        within = read("category", taxonomy.category, needed=True)
        found.append(Skill(code or "", name or "", within or "", bool(read("needs_certificate", read_flag))))
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    return tuple(found)


def organisation_rows(found: Iterable[Organisation]) -> Iterator[tuple[Cell, ...]]:
    """Give organisations as rows under ORGANISATION_COLUMNS."""
    for each in found:
        yield each.id, each.name, each.kind.value, each.unit, ";".join(each.sites)


def category_rows(found: Iterable[OwnCategory]) -> Iterator[tuple[Cell, ...]]:
    """Give own categories as rows under CATEGORY_COLUMNS."""
    for each in found:
        yield each.code, each.name, each.name_en


def skill_rows(found: Iterable[Skill]) -> Iterator[tuple[Cell, ...]]:
    """Give skills as rows under SKILL_COLUMNS."""
    for each in found:
        yield each.code, each.name, each.category, "yes" if each.needs_certificate else "no"


def _coded(path: Path, *, required: tuple[str, ...], optional: tuple[str, ...]) -> tuple[Table, list[Fault]]:
    table = read_table(path, required=required, optional=optional)
    return table, repeated(table, "code") + repeated(table, "name")


def _kind(text: str) -> OrganisationKind:
    found = _KINDS.get(text.strip().casefold())
    if found is None:
        raise ValueError(f"must be one of {', '.join(_KINDS)}")
    return found


def _own_code(text: str) -> str:
    try:
        return check_own(text)
    except InputError as error:
        raise ValueError(error.faults[0].reason) from None


def _skill_code(text: str) -> str:
    code = plain_text(text)
    if _MARKS.search(code) or " " in code:
        raise ValueError("must be one word without blanks, commas or semicolons, which part the skills of a volunteer")
    return code
