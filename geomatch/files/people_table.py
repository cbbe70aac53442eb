"""Teams and volunteers out of the tables that offices keep, and back into them; every fault of every row is listed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from geomatch.errors import Fault, InputError
from geomatch.files.cells import parse_day, plain_text, read_cell, read_day, repeated
from geomatch.files.numbers import parse_count
from geomatch.files.places import read_places
from geomatch.files.tables import parse_table, read_table
from geomatch.planning import opening, week
from geomatch.volunteering import identity, masking, people, teams
from geomatch.volunteering.categories import check_category
from geomatch.volunteering.people import Certificate, PlaceKind, UsualPlace, Volunteer
from geomatch.volunteering.teams import LEVEL_NAMES, Team, TeamLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from geomatch.files.rows import Row
    from geomatch.files.sheet_out import Cell
    from geomatch.files.tables import Table
    from geomatch.geo.coordinates import CoordSys
    from geomatch.volunteering.taxonomy import Taxonomy

T = TypeVar("T")

TEAM_COLUMNS = ("id", "name", "level", "category", "parent", "organisation", "unit")
VOLUNTEER_COLUMNS = (
    "number", "name", "phone", "team", "unit", "skills", "certificates", "hours", "on_duty", "languages", "born",
    "insured_until", "trained", "guardian_agreed", "is_professional", "place", "lon", "lat",
)  # fmt: skip
_TEAM_NEEDS, _TEAM_HAS = TEAM_COLUMNS[:4], TEAM_COLUMNS[4:]
_VOLUNTEER_NEEDS = ("name", "phone", "lon", "lat")
_VOLUNTEER_HAS = tuple(name for name in (*VOLUNTEER_COLUMNS, "document") if name not in _VOLUNTEER_NEEDS)

_MARKS = re.compile(r"[;；、，,|\n]")
_YES, _NO = frozenset({"yes", "true", "1", "是", "有", "√"}), frozenset({"no", "false", "0", "否", "无", "×"})
_PHONE = re.compile(r"\+?\d{7,15}")
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_HOURS = 24
_MOST_SKILLS = 30
_PLACES = {"home": PlaceKind.HOME, "住处": PlaceKind.HOME, "家": PlaceKind.HOME, "work": PlaceKind.WORK,
    "单位": PlaceKind.WORK, "学校": PlaceKind.WORK, "other": PlaceKind.OTHER, "其他": PlaceKind.OTHER}  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """Volunteers of a file, with the row of each; ids are still to be given.

    Attributes:
        where: the file.
        volunteers: in the order of the file.
        rows: the number of each one's row as a spreadsheet shows it.
        documents: the identity number of each, or None; to be told apart by, not to be kept.
    """

    where: str
    volunteers: tuple[Volunteer, ...]
    rows: tuple[int, ...]
    documents: tuple[str | None, ...]


def read_teams(path: Path, taxonomy: Taxonomy | None = None) -> tuple[Team, ...]:
    """Read a file of teams.

    Args:
        path: CSV, TSV or XLSX.
        taxonomy: the region's categories; without it a district's own are taken as they are spelled.

    Raises:
        InputError: every fault with its row, column, value and reason; what breaks the tree among them.
    """
    return _teams(read_table(path, required=_TEAM_NEEDS, optional=_TEAM_HAS), taxonomy)


def parse_teams(raw: bytes, where: str, taxonomy: Taxonomy) -> tuple[Team, ...]:
    """Read the bytes of a file of teams, as `read_teams` does; faults call it `where`."""
    return _teams(parse_table(raw, where, required=_TEAM_NEEDS, optional=_TEAM_HAS), taxonomy)


def _teams(table: Table, taxonomy: Taxonomy | None) -> tuple[Team, ...]:
    faults = repeated(table, "id")
    category = _category if taxonomy is None else taxonomy.category
    found = tuple(_team(table, row, category, faults) for row in table.rows)
    if not faults:
        faults += [_at_row(table, fault) for fault in teams.tree_faults(found, table.where)]
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    return found


def _at_row(table: Table, fault: Fault) -> Fault:
    """Turn the place of a team among the teams into the row of the file."""
    return replace(fault, row=table.rows[fault.row - 1].number) if fault.row else fault


def _team(table: Table, row: Row, category: Callable[[str], str], faults: list[Fault]) -> Team:
    read = partial(read_cell, table, row, faults=faults)
    return Team(
        read("id", plain_text, needed=True) or "",
        read("name", plain_text, needed=True) or "",
        read("level", _level, needed=True) or TeamLevel.CORPS,
        read("category", category, needed=True) or "",
        read("parent", plain_text),
        read("organisation", plain_text),
        read("unit", plain_text),
    )


def read_volunteers(path: Path, coordsys: CoordSys) -> Listed:
    """Read a file of volunteers, one usual place each, kept coarse.

    Raises:
        InputError: every fault with its row, column, value and reason.
    """
    return _listed(read_table(path, required=_VOLUNTEER_NEEDS, optional=_VOLUNTEER_HAS), coordsys)


def parse_volunteers(raw: bytes, where: str, coordsys: CoordSys) -> Listed:
    """Read the bytes of a file of volunteers, as `read_volunteers` does; faults call it `where`."""
    return _listed(parse_table(raw, where, required=_VOLUNTEER_NEEDS, optional=_VOLUNTEER_HAS), coordsys)


def _listed(table: Table, coordsys: CoordSys) -> Listed:
    if not table.rows:
        raise InputError.of(table.where, "has a header and no volunteers below it")
    (lons, lats), faults = read_places(table, coordsys)
    faults += repeated(table, "number") if "number" in table.place else []
    documents = tuple(_document(table, row, faults) for row in table.rows)
    found = [
        _volunteer(table, row, document, (lon, lat), faults)
        for row, document, lon, lat in zip(table.rows, documents, lons.tolist(), lats.tolist(), strict=True)
    ]
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    return Listed(table.where, tuple(found), tuple(row.number for row in table.rows), documents)


def _document(table: Table, row: Row, faults: list[Fault]) -> str | None:
    """Read an identity number; a fault of it shows its end only."""
    own: list[Fault] = []
    found = read_cell(table, row, "document", identity.document, own)
    faults += [replace(fault, value=masking.document(fault.value or "")) for fault in own]
    return found


def _volunteer(
    table: Table, row: Row, document: str | None, place: tuple[float, float], faults: list[Fault]
) -> Volunteer:
    lon, lat = place
    read = partial(read_cell, table, row, faults=faults)
    kind = read("place", _place) or PlaceKind.HOME
    spot = people.coarse(lon, lat) if np.isfinite(lon + lat) else (0.0, 0.0)
    return Volunteer(
        id="",
        number=read("number", plain_text),
        name=read("name", plain_text, needed=True) or "",
        phone=read("phone", phone, needed=True) or "",
        team=read("team", plain_text),
        unit=read("unit", plain_text),
        skills=read("skills", words_of) or (),
        certificates=read("certificates", _certificates) or (),
        hours=read("hours", _week_hours) or (),
        on_duty=bool(read("on_duty", read_flag)),
        places=(UsualPlace(kind, *spot),),
        languages=read("languages", words_of) or ("zh",),
        born=read_day(table, row, "born", faults) or (identity.born(document) if document else None),
        insured_until=read_day(table, row, "insured_until", faults),
        trained=read("trained", parse_count) or 0,
        guardian_agreed=bool(read("guardian_agreed", read_flag)),
        is_professional=bool(read("is_professional", read_flag)),
    )


def volunteer_rows(volunteers: Iterable[Volunteer]) -> Iterator[tuple[Cell, ...]]:
    """Give volunteers as rows under VOLUNTEER_COLUMNS, in WGS-84, that `read_volunteers` reads back as they are."""
    for each in volunteers:
        place = each.places[0] if each.places else None
        spot = (None, None, None) if place is None else (place.kind.value, place.lon, place.lat)
        yield (
            each.number, each.name, each.phone, each.team, each.unit, ";".join(each.skills),
            ";".join(_certificate_text(held) for held in each.certificates), hours_text(each.hours),
            _yes(each.on_duty), ";".join(each.languages), _day_text(each.born), _day_text(each.insured_until),
            each.trained, _yes(each.guardian_agreed), _yes(each.is_professional),
            *spot,
        )  # fmt: skip


def team_rows(found: Iterable[Team]) -> Iterator[tuple[Cell, ...]]:
    """Give teams as rows under TEAM_COLUMNS."""
    for team in found:
        yield team.id, team.name, team.level.value, team.category, team.parent, team.organisation, team.unit


def hours_text(hours: Iterable[int]) -> str:
    """Write hours of the week as opening hours: each day's runs of hours."""
    said = []
    for day, group in groupby(sorted(hours), key=lambda hour: hour // _HOURS):
        spans: list[list[int]] = []
        for hour in (each % _HOURS for each in group):
            if spans and spans[-1][1] == hour:
                spans[-1][1] = hour + 1
            else:
                spans.append([hour, hour + 1])
        said.append(f"{_DAYS[day]} " + ",".join(f"{start:02d}:00-{end:02d}:00" for start, end in spans))
    return "; ".join(said)


@lru_cache(maxsize=4096)
def _week_hours(text: str) -> tuple[int, ...]:
    """Read weekly hours; an hour counts where its start is in them."""
    plain = opening.check(text)
    states = week.states(plain, week.ORDINARY_MONDAY, timezone="Asia/Shanghai")
    return tuple(np.flatnonzero(states == week.OPEN).tolist())


def words_of(text: str) -> tuple[str, ...]:
    """Read a list of skills or languages, each once; ValueError where there are too many."""
    found = tuple(dict.fromkeys(plain_text(part) for part in _MARKS.split(text) if part.strip()))
    if len(found) > _MOST_SKILLS:
        raise ValueError(f"names more than {_MOST_SKILLS}")
    return found


def _certificates(text: str) -> tuple[Certificate, ...]:
    return tuple(_certificate(part.strip()) for part in _MARKS.split(text) if part.strip())


def _certificate(text: str) -> Certificate:
    """Read "nursing", "nursing 123456" or "nursing 123456 2027-05-31": skill, number, last day."""
    skill, *rest = text.split()
    if len(rest) > 2:  # noqa: PLR2004 - number and day
        raise ValueError('must be a skill, its number and its last day, such as "nursing 123456 2027-05-31"')
    is_day = rest and re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", rest[-1])
    expires = parse_day(rest.pop()) if is_day else None
    return Certificate(skill, rest[0] if rest else "", expires)


def _certificate_text(held: Certificate) -> str:
    return " ".join(filter(None, (held.skill, held.number, _day_text(held.expires))))


def phone(text: str) -> str:
    """Read a phone number as its digits; ValueError where it is none."""
    plain = unicodedata.normalize("NFKC", text)
    digits = re.sub(r"[\s()-]", "", plain.removesuffix(".0"))
    if not _PHONE.fullmatch(digits):
        raise ValueError("is not a phone number; write its 7 to 15 digits")
    return identity.plain_phone(digits)


def read_flag(text: str) -> bool:
    """Read yes or no, in either language.

    Raises:
        ValueError: neither.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise ValueError("must be yes 是 or no 否")


def _level(text: str) -> TeamLevel:
    return _of(
        text, {level.value: level for level in TeamLevel} | {LEVEL_NAMES[level][0]: level for level in TeamLevel}
    )


def _place(text: str) -> PlaceKind:
    return _of(text, _PLACES)


def _of(text: str, known: dict[str, T]) -> T:
    found = known.get(text.strip().casefold())
    if found is None:
        raise ValueError(f"must be one of {', '.join(known)}")
    return found


def _category(text: str) -> str:
    try:
        return check_category(text, "category")
    except InputError as error:
        raise ValueError(error.faults[0].reason) from None


def _yes(flag: bool) -> str:  # noqa: FBT001 - a value to be written
    return "yes" if flag else "no"


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
