"""Orders that were taken by phone out of an office's table, with every fault; and orders into one, masked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geomatch.errors import InputError
from geomatch.files.cells import plain_text, read_cell
from geomatch.files.numbers import parse_count
from geomatch.files.people_table import phone, words_of
from geomatch.files.places import read_places
from geomatch.files.tables import read_table
from geomatch.volunteering.order_sheet import WAY_NAMES, Contact, Need, Sheet, Way
from geomatch.volunteering.orders import STATE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from geomatch.errors import Fault
    from geomatch.files.rows import Row
    from geomatch.files.sheet_out import Cell
    from geomatch.files.tables import Table
    from geomatch.geo.coordinates import CoordSys
    from geomatch.volunteering.order_sheet import Order

NEEDED = ("category", "words", "lon", "lat", "address", "name", "phone", "starts_at", "ends_at")
OPTIONAL = ("service", "people_needed", "skills", "certificates", "languages", "consent", "way")
ORDER_COLUMNS = (
    "id", "state", "category", "service", "words", "unit", "address", "name", "phone", "starts_at", "ends_at",
    "people_needed", "taken", "way", "placed_at", "deadline", "step",
)  # fmt: skip
_TIME = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{2})(?::\d{2})?")
_WAYS = {name: way for way in Way for name in (way.value, WAY_NAMES[way][0])}


@dataclass(frozen=True)
class Phoned:
    """Orders of a file, with the row of each.

    Attributes:
        where: the file.
        sheets: in the order of the file; not checked yet.
        rows: the number of each one's row as a spreadsheet shows it.
    """

    where: str
    sheets: tuple[Sheet, ...]
    rows: tuple[int, ...]


def read_orders(path: Path, coordsys: CoordSys, zone: str) -> Phoned:
    """Read a file of orders; times without a zone are the region's.

    An order whose `consent` says how the person agreed is for somebody else than who phoned.

    Raises:
        InputError: every fault with its row, column, value and reason.
    """
    table = read_table(path, required=NEEDED, optional=OPTIONAL)
    if not table.rows:
        raise InputError.of(table.where, "has a header and no orders below it")
    (lons, lats), faults = read_places(table, coordsys)
    found = [
        _sheet(table, row, (lon, lat), ZoneInfo(zone), faults)
        for row, lon, lat in zip(table.rows, lons.tolist(), lats.tolist(), strict=True)
    ]
    if faults:
        raise InputError(sorted(faults, key=lambda fault: fault.row or 0))
    return Phoned(table.where, tuple(found), tuple(row.number for row in table.rows))


def _sheet(table: Table, row: Row, at: tuple[float, float], zone: ZoneInfo, faults: list[Fault]) -> Sheet:
    read = partial(read_cell, table, row, faults=faults)
    contact = Contact(
        read("address", plain_text, needed=True) or "", read("name", plain_text, needed=True) or "",
        read("phone", phone, needed=True) or "",
    )  # fmt: skip
    local = partial(moment, zone=zone)
    never = datetime.min.replace(tzinfo=zone)  # of a row at fault, which is not used
    consent = read("consent", plain_text) or ""
    return Sheet(
        read("category", plain_text, needed=True) or "", read("service", plain_text),
        read("words", plain_text, needed=True) or "", *at, contact,
        read("starts_at", local, needed=True) or never, read("ends_at", local, needed=True) or never,
        Need(read("skills", words_of) or (), read("certificates", words_of) or (), read("languages", words_of) or ()),
        read("people_needed", parse_count) or 1, bool(consent), consent, read("way", _way) or Way.MATCHER,
    )  # fmt: skip


def moment(text: str, zone: ZoneInfo) -> datetime:
    """Read a time as offices write it, of a zone where it names none; ValueError for anything else."""
    plain = (
        unicodedata.normalize("NFKC", text).replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-")
    )
    found = _TIME.fullmatch(plain.strip())
    try:
        if found is None:
            return _aware(datetime.fromisoformat(plain), zone)
        return datetime(*(int(part) for part in found.groups()), tzinfo=zone)  # type: ignore[arg-type,misc] # five numbers
    except ValueError:
        raise ValueError("must be a time such as 2026-11-25 14:30") from None


def _aware(given: datetime, zone: ZoneInfo) -> datetime:
    return given if given.tzinfo is not None else given.replace(tzinfo=zone)


def _way(text: str) -> Way:
    found = _WAYS.get(text.strip().casefold())
    if found is None:
        raise ValueError(f"must be one of {', '.join(_WAYS)}")
    return found


def order_rows(orders: Iterable[Order], zone: str) -> Iterator[tuple[Cell, ...]]:
    """Give orders as rows under ORDER_COLUMNS, masked, their times the region's."""
    here = ZoneInfo(zone)

    def local(given: datetime | None) -> str | None:
        return None if given is None else f"{given.astimezone(here):%Y-%m-%d %H:%M}"

    for order in orders:
        sheet, shown = order.sheet, order.sheet.contact.masked
        yield (
            order.id, STATE_NAMES[order.state][0], sheet.category, sheet.service, sheet.words, order.unit,
            shown.address, shown.name, shown.phone, local(sheet.starts_at), local(sheet.ends_at),
            sheet.people_needed, order.taken, WAY_NAMES[sheet.way][0], local(order.placed_at), local(order.deadline),
            order.step,
        )  # fmt: skip
