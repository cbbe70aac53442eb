"""Tables out: CSV that Excel opens with its Chinese whole, and XLSX; no text in them can act as a formula."""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from geomatch.errors import InputError
from geomatch.files.atomic import write_beside
from geomatch.files.rows import LONGEST_CELL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    Cell: TypeAlias = str | int | float | bool | None

_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WIDEST, _NARROWEST = 60, 8
MOST_ROWS = 1_048_576
"""Rows of a sheet, the head included."""
_WIDTH_FROM_ROWS = 200


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, mark: bool = True) -> None:
    """Write a CSV in UTF-8, its rows as they come.

    Args:
        path: the file; it appears whole or not at all.
        columns: the header.
        rows: None and numbers that are not finite become empty; texts that a spreadsheet would run as a formula get a
            leading apostrophe.
        mark: begin with a byte-order mark, by which Excel knows UTF-8; False for programs that would trip over it.

    Raises:
        InputError: the file cannot be written there.
    """
    encoding = "utf-8-sig" if mark else "utf-8"
    with write_beside(path) as beside, beside.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([_inert(name) for name in columns])
        writer.writerows([_csv_cell(value) for value in row] for row in rows)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook.

    Attributes:
        name: at most 31 characters.
        columns: the header.
        rows: texts stay texts whatever they begin with; None and numbers that are not finite become empty cells.
        formats: column -> Excel number format such as "#,##0" or "0.0%".
    """

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    formats: Mapping[str, str] = field(default_factory=dict)


def write_xlsx(path: Path, sheets: Sequence[Sheet], *, made: datetime) -> None:
    """Write a workbook: styled headers that stay in view, columns as wide as their texts; no clock in its bytes.

    Args:
        path: the file; it appears whole or not at all.
        sheets: in their order.
        made: the moment that the file names as its making.

    Raises:
        InputError: the file cannot be written there, or the rows do not fit Excel.
    """
    import xlsxwriter  # noqa: PLC0415 - only whoever asks for a workbook pays for it

    for sheet in sheets:
        _check_fits(path, sheet.rows)
    with write_beside(path) as beside, xlsxwriter.Workbook(beside, {"nan_inf_to_errors": False}) as book:
        book.set_properties({"created": made.replace(tzinfo=None)})
        header = book.add_format({"bold": True, "bg_color": "#f5f6f4", "bottom": 1, "text_wrap": True})
        for sheet in sheets:
            _write_sheet(book, sheet, header)


def write_table(
    path: Path, name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, made: datetime
) -> None:
    """Write one table, as a workbook where the file's name says so, else as CSV.

    Args:
        path: the file; it appears whole or not at all.
        name: of the sheet.
        columns: the header.
        rows: as `write_csv` and `Sheet` take them.
        made: the moment that a workbook names as its making.

    Raises:
        InputError: the file cannot be written there, or the rows do not fit Excel.
    """
    if path.suffix.lower() == ".xlsx":
        write_xlsx(path, [Sheet(name, columns, tuple(rows))], made=made)
    else:
        write_csv(path, columns, rows)


def _write_sheet(book: Any, sheet: Sheet, header: Any) -> None:
    page = book.add_worksheet(sheet.name)
    styles = {name: book.add_format({"num_format": shape}) for name, shape in sheet.formats.items()}
    for place, name in enumerate(sheet.columns):
        page.set_column(place, place, _width(name, sheet.rows, place), styles.get(name))
        page.write_string(0, place, name, header)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(sheet.rows), max(len(sheet.columns) - 1, 0))
    for number, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row):
            _write_cell(page, number, place, value)


def _write_cell(page: Any, number: int, place: int, value: Cell) -> None:
    if isinstance(value, str):
        page.write_string(number, place, value)
    elif isinstance(value, bool):
        page.write_boolean(number, place, value)
    elif value is not None and math.isfinite(value):
        page.write_number(number, place, value)


def _csv_cell(value: Cell) -> str:
    if isinstance(value, str):
        return _inert(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or not math.isfinite(value):
        return ""
    return str(value)


def _inert(text: str) -> str:
    """Keep a spreadsheet from running a text; a number written as text is none it could run."""
    line = text.replace("\r\n", "\n").replace("\r", "\n")  # csv leaves a lone carriage return bare, which ends the row
    return f"'{line}" if text.startswith(_ACTIVE) and not _NUMBER.fullmatch(text) else line


def _check_fits(path: Path, table: Sequence[Sequence[Cell]]) -> None:
    if len(table) >= MOST_ROWS:
        raise InputError.of(str(path), f"would hold {len(table):,} rows, more than Excel can; write .csv instead")
    if any(isinstance(value, str) and len(value) > LONGEST_CELL for row in table for value in row):
        raise InputError.of(str(path), "would hold a text longer than an Excel cell can; write .csv instead")


def _width(name: str, table: Sequence[Sequence[Cell]], place: int) -> int:
    return width_of([name, *(str(row[place]) for row in table[:_WIDTH_FROM_ROWS] if row[place] is not None)])


def width_of(texts: Iterable[str]) -> int:
    """Give the width of a column that shows these texts, within bounds."""
    return min(max(_NARROWEST, *(_columns_of(text) + 2 for text in texts)), _WIDEST)


def _columns_of(text: str) -> int:
    """Count how many narrow characters wide a text is; a Chinese character is two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text[:_WIDEST])
