"""One cell of a table as a value, or a fault; and ids that stand twice."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from geomatch.errors import Fault
    from geomatch.files.rows import Row
    from geomatch.files.tables import Table

Value = TypeVar("Value")

_LONGEST_TEXT = 200
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read_cell(
    table: Table, row: Row, column: str, read: Callable[[str], Value], faults: list[Fault], *, needed: bool = False
) -> Value | None:
    """Read a known column's cell; None where it is empty or at fault, and the fault is added.

    Args:
        table: the table.
        row: one of its rows.
        column: a known column; absent from the table it is empty.
        read: gives the value, or raises ValueError with the reason.
        faults: the list that grows.
        needed: whether an empty cell is at fault.
    """
    text = table.text(row, column)
    spoilt = table.spoilt(row)
    if column in spoilt:
        faults.append(spoilt[column])
    elif text:
        try:
            return read(text)
        except ValueError as error:
            faults.append(table.fault(row, column, str(error)))
    elif needed:
        faults.append(table.fault(row, column, "is empty"))
    return None


def read_day(table: Table, row: Row, column: str, faults: list[Fault]) -> date | None:
    """Read a day; here a cell that Excel holds as a date is what is meant."""
    text = table.text(row, column)
    if re.fullmatch(r"\d{4}-\d\d-\d\d 00:00:00", text):
        return date.fromisoformat(text[:10])
    return read_cell(table, row, column, parse_day, faults)


def parse_day(text: str) -> date:
    """Read a day, such as 2026-11-25, 2026/11/25 or 2026年11月25日; ValueError where it is none."""
    if _ISO_DAY.fullmatch(text):  # as nearly every file has it; the long way takes eight times as long
        with suppress(ValueError):
            return date.fromisoformat(text)
    plain = (
        unicodedata.normalize("NFKC", text).replace("年", "-").replace("月", "-").removesuffix("日").replace("/", "-")
    )
    try:
        return datetime.strptime(plain, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise ValueError("must be a day such as 2026-11-25") from None


def plain_text(text: str) -> str:
    """Give a name or id on one line.

    Raises:
        ValueError: it holds control or invisible characters, or is too long.
    """
    line = " ".join(text.split())
    if not line.isprintable() and any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in line):
        raise ValueError("holds control or invisible characters")
    if len(line) > _LONGEST_TEXT:
        raise ValueError(f"is longer than {_LONGEST_TEXT} characters")
    return line


def repeated(table: Table, column: str) -> list[Fault]:
    """List the rows whose id stands in an earlier row already, naming both."""
    first: dict[str, int] = {}
    faults = []
    for row in table.rows:
        text = " ".join(table.text(row, column).split())
        if text and text in first:
            faults.append(table.fault(row, column, f"is the id of row {first[text]} already"))
        first.setdefault(text, row.number)
    return faults
