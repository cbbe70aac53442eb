"""Rows of an Excel workbook, by openpyxl: what its cells show, and which of them cannot be trusted."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any

from geomatch.errors import InputError
from geomatch.files.rows import LONGEST_CELL, Row, Sheet

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
    import warnings  # noqa: PLC0415 - with openpyxl, only when a workbook is read

    import openpyxl  # noqa: PLC0415 - 0.2 s that a CSV must not pay

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size <= _LARGEST_BYTES:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that hold no data
                book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True)
                return [_sheet(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Exception as error:
        raise InputError.of(where, f"is not an Excel workbook that can be opened ({type(error).__name__})") from error
    raise InputError.of(where, f"unpacks to {size:,} bytes, more than a workbook of sites can need")


def _sheet(worksheet: Any) -> Sheet:
    """Read one sheet as it streams by: openpyxl's own cells would take four times as long, and a gigabyte."""
    from geomatch.files.workbook_cells import Cells  # noqa: PLC0415 - it opens openpyxl

    texts: dict[int, dict[int, str]] = {}
    spoiled: dict[tuple[int, int], str] = {}
    with worksheet._get_source() as source:  # noqa: SLF001 - every public way makes the missing cells first
        cells = Cells(source, worksheet)
        for number, row in cells.parse():
            for cell in row:
                _note(texts, spoiled, (number, cell["column"]), cell)
    for merged in cells.merged():
        _merge(texts, spoiled, merged)
    rows = tuple(Row(number, _filled(texts[number])) for number in sorted(texts) if texts[number])
    return Sheet(worksheet.title, tuple(row for row in rows if not row.blank), spoiled)


def _note(
    texts: dict[int, dict[int, str]], spoiled: dict[tuple[int, int], str], at: tuple[int, int], cell: dict[str, Any]
) -> None:
    number, column = at
    value = cell["value"]
    if type(value) is str and len(value) <= LONGEST_CELL and cell["data_type"] == "s":
        if value:
            texts.setdefault(number, {})[column - 1] = value
        return
    text, reason = _text(cell)
    if text:
        texts.setdefault(number, {})[column - 1] = text
    if reason:
        spoiled[number, column - 1] = reason


def _merge(
    texts: dict[int, dict[int, str]], spoiled: dict[tuple[int, int], str], merged: tuple[int, int, int, int]
) -> None:
    """Fill cells merged downwards in one column with what the first shows; of a title across columns only that is."""
    first, left, last, right = merged
    text, reason = texts.get(first, {}).get(left - 1, ""), spoiled.get((first, left - 1))
    hidden = [
        (number, column)
        for number in (range(first, last + 1) if left == right else sorted(texts.keys() & set(range(first, last + 1))))
        for column in range(left - 1, right)
        if (number, column) != (first, left - 1)
    ]
    for number, column in hidden:
        texts.get(number, {}).pop(column, None)
        spoiled.pop((number, column), None)
        if left == right and text:
            texts.setdefault(number, {})[column] = text
        if left == right and reason:
            spoiled[number, column] = reason


def _filled(row: dict[int, str]) -> tuple[str, ...]:
    return tuple(row.get(index, "") for index in range(max(row) + 1))


def _text(cell: dict[str, Any]) -> tuple[str, str | None]:
    """Give a cell's text, and why it cannot be trusted, if so."""
    value = cell["value"]
    if value is None and "formula" in cell:
        return str(cell["formula"])[:80], _FORMULA
    text = _plain(value)
    if cell["data_type"] == "e":
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
