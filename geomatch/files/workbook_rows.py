"""Rows of an Excel workbook, by openpyxl: what its cells show, and which of them cannot be trusted."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

from geomatch.errors import InputError
from geomatch.files.rows import LONGEST_CELL, Row, Sheet

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_LARGEST_BYTES = 512 * 2**20
_DATE = "holds a date or time, which Excel makes of texts such as 1-2 or 9:00; format the cell as text and retype it"
_FORMULA = "holds a formula that was saved without its value; paste it as a value"
_ERROR = "holds an Excel error"
_LONG = "is too long for a cell"


def read(raw: bytes, where: str) -> list[Sheet]:
    """Read every visible sheet; merged cells count as filled down, as they look.

    Raises:
        InputError: not a workbook that can be opened.
    """
    formulas = _open(raw, where, values=False)
    values: Workbook | None = None
    sheets = []
    for worksheet in formulas.worksheets:
        if worksheet.sheet_state != "visible":
            continue
        if values is None and _has_formula(worksheet):
            values = _open(raw, where, values=True)
        sheets.append(_sheet(worksheet, None if values is None else values[worksheet.title]))
    return sheets


def _open(raw: bytes, where: str, *, values: bool) -> Workbook:
    import warnings  # noqa: PLC0415 - with openpyxl, only when a workbook is read

    import openpyxl  # noqa: PLC0415 - 0.2 s that a CSV must not pay

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size <= _LARGEST_BYTES:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that hold no data
                return openpyxl.load_workbook(io.BytesIO(raw), data_only=values)
    except Exception as error:
        raise InputError.of(where, f"is not an Excel workbook that can be opened ({type(error).__name__})") from error
    raise InputError.of(where, f"unpacks to {size:,} bytes, more than a workbook of sites can need")


def _has_formula(worksheet: Worksheet) -> bool:
    return any(cell.data_type == "f" for cell in _cells(worksheet).values())


def _cells(worksheet: Worksheet) -> dict[tuple[int, int], Any]:
    """Give the cells that exist, by (row, column): a sheet styled to its last row would have 17 billion others."""
    cells: dict[tuple[int, int], Any] = worksheet._cells  # noqa: SLF001 - every public way makes the missing cells first
    return cells


def _sheet(worksheet: Worksheet, values: Worksheet | None) -> Sheet:
    filled = _merged(worksheet)
    texts: dict[int, dict[int, str]] = {}
    spoiled: dict[tuple[int, int], str] = {}
    for (number, column), cell in sorted(_cells(worksheet).items()):
        source = filled.get((number, column), cell)
        shown = values[source.coordinate] if source.data_type == "f" and values is not None else source
        text, reason = _text(source, shown)
        if text:
            texts.setdefault(number, {})[column - 1] = text
        if reason:
            spoiled[number, column - 1] = reason
    rows = tuple(Row(number, _filled(row)) for number, row in texts.items())
    return Sheet(worksheet.title, tuple(row for row in rows if not row.blank), spoiled)


def _filled(row: dict[int, str]) -> tuple[str, ...]:
    return tuple(row.get(index, "") for index in range(max(row) + 1))


def _merged(worksheet: Worksheet) -> dict[tuple[int, int], Any]:
    """Map cells merged downwards in one column to the cell whose value they show; titles across columns stay."""
    return {
        (number, merged.min_col): worksheet.cell(merged.min_row, merged.min_col)
        for merged in worksheet.merged_cells.ranges
        if merged.min_col == merged.max_col
        for number in range(merged.min_row, merged.max_row + 1)
    }


def _text(source: Any, shown: Any) -> tuple[str, str | None]:
    """Give a cell's text, and why it cannot be trusted, if so."""
    value = shown.value
    if source.data_type == "f" and value is None:
        return str(source.value)[:80], _FORMULA
    text = _plain(value)
    if shown.data_type == "e":
        return text, _ERROR
    if isinstance(value, dt.datetime | dt.date | dt.timedelta | dt.time):
        return text, _DATE
    return text, _LONG if len(text) > LONGEST_CELL else None


def _plain(value: Any) -> str:
    """Give a value as text; a whole number without its decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)
