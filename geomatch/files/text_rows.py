"""Rows of CSV and TSV text as offices save it: which bytes are which characters, and what parts the cells."""

from __future__ import annotations

import codecs
import csv
import io
from itertools import islice
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError
from geomatch.files.rows import HEADER_WITHIN, LONGEST_CELL, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DELIMITERS = (",", "\t", ";", "，")


def decode(raw: bytes, where: str) -> tuple[str, bool]:
    """Turn bytes into text, strictly: a byte-order mark decides, then UTF-8, then GB 18030, which holds GBK.

    Returns:
        The text, and whether it was UTF-8 without a byte-order mark.

    Raises:
        InputError: the bytes are none of these.
    """
    marks = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    for mark, encoding in marks:
        if raw.startswith(mark):
            return _strictly(raw, encoding, where), False
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        return _strictly(raw, "gb18030", where), False


def read(text: str, where: str, known_in: Callable[[Row], int]) -> Sheet:
    """Split text into rows by the delimiter under which one of its first rows spells the most known columns.

    Args:
        text: the whole file.
        where: how faults name it.
        known_in: how many known columns a row spells.

    Raises:
        InputError: the text is HTML, a quote does not close, or a cell is beyond all measure.
    """
    if text.lstrip()[:1] == "<":
        raise InputError.of(where, "is a web page or XML, not a table; save it as .xlsx or CSV UTF-8")

    def known_under(delimiter: str) -> int:
        return max((known_in(row) for row in islice(_rows(text, delimiter, where), HEADER_WITHIN)), default=0)

    delimiter = max(DELIMITERS, key=known_under)
    rows = tuple(_rows(text, delimiter, where, strict=True))
    spoiled = {
        (row.number, index): "holds a NUL character" if "\0" in cell else "is too long for a cell"
        for row in rows
        for index, cell in enumerate(row.cells)
        if len(cell) > LONGEST_CELL or "\0" in cell
    }
    return Sheet("", rows, spoiled)


def _strictly(raw: bytes, encoding: str, where: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        reason = "holds bytes that are neither UTF-8 nor GBK (GB 18030); save it as CSV UTF-8"
        raise InputError([Fault(where, reason, row=line, value=repr(raw[error.start : error.start + 4]))]) from error


def _rows(text: str, delimiter: str, where: str, *, strict: bool = False) -> Iterator[Row]:
    """Give the rows that are not blank; a fault ends them, and is raised where they are meant in earnest."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            row = Row(number, tuple(cells))
            if not row.blank:
                yield row
    except csv.Error as error:
        if strict:
            reason = f"cannot be split into cells ({error}); look for a quote that does not close, or an overlong cell"
            raise InputError([Fault(where, reason, row=number + 1)]) from error
