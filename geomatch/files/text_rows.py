"""Rows of CSV and TSV text as offices save it: which bytes are which characters, and what parts the cells."""

from __future__ import annotations

import codecs
import csv
import io

from geomatch.errors import Fault, InputError
from geomatch.files.rows import LONGEST_CELL, Row, Sheet

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


def read(text: str, where: str) -> list[Sheet]:
    """Split text into rows once for each delimiter it holds; the header tells later which of them is meant.

    Raises:
        InputError: the text is HTML, or its quotes do not close.
    """
    if text.lstrip()[:1] == "<":
        raise InputError.of(where, "is a web page or XML, not a table; save it as .xlsx or CSV UTF-8")
    sheets: list[Sheet] = []
    faults: list[Fault] = []
    for delimiter in DELIMITERS:
        if delimiter in text or delimiter == ",":
            try:
                sheets.append(_split(text, delimiter, where))
            except InputError as error:
                faults.extend(error.faults)
    if not sheets:
        raise InputError(faults[:1])
    return sheets


def _strictly(raw: bytes, encoding: str, where: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        reason = "holds bytes that are neither UTF-8 nor GBK (GB 18030); save it as CSV UTF-8"
        raise InputError([Fault(where, reason, row=line, value=repr(raw[error.start : error.start + 4]))]) from error


def _split(text: str, delimiter: str, where: str) -> Sheet:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    rows: list[Row] = []
    spoiled: dict[tuple[int, int], str] = {}
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            row = Row(number, tuple(cells))
            if row.blank:
                continue
            rows.append(row)
            for index, cell in enumerate(cells):
                if len(cell) > LONGEST_CELL or "\0" in cell:
                    spoiled[number, index] = "holds a NUL character" if "\0" in cell else "is too long for a cell"
    except csv.Error as error:
        reason = f"cannot be split into cells ({error}); look for a quote that does not close, or an overlong cell"
        raise InputError([Fault(where, reason, row=number + 1)]) from error
    return Sheet("", tuple(rows), spoiled)
