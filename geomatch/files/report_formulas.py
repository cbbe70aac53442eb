"""Rules between the cells of a report, as formulas of a spreadsheet."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geomatch.reporting.document import TOTAL, Counted, Minus, Ratio, Short, Summed, Within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geomatch.reporting.document import Column, Figure, Report, Table
    from geomatch.reporting.language import Cell

_WILD = set("*?~<>=")
_DIGITS = 15
"""Digits by which a spreadsheet tells numbers apart, those in texts that look like numbers too."""


class Formulas:
    """Formulas over the sheets of one report; a row of a table stands one below its head."""

    def __init__(self, report: Report, sheets: Mapping[str, str]) -> None:
        """Take a report and the names of its tables' sheets."""
        self._tables = report.tables
        self._sheets = sheets
        self._clear: dict[tuple[str, str], bool] = {}

    def of(self, table: Table, column: Column, row: int, values: Sequence[Cell], *, total: bool) -> str | None:
        """Give the formula of a cell in a row counted from 0, the head; None where the value stands for itself."""
        if total and column.adds:
            letter = self._letter(table, column.key)
            return f"=SUM({letter}2:{letter}{len(table.rows) + 1})" if table.rows else None
        if isinstance(column.rule, Summed | Counted):
            return None if total else self._over_rows(table, column.rule, row, values)
        if column.rule is None or values[table.place(column.key)] is None:
            return None
        return self._within_row(table, column.rule, row)

    def _within_row(self, table: Table, rule: Ratio | Minus | Short | Within, row: int) -> str:
        def here(key: str) -> str:
            return f"{self._letter(table, key)}{row + 1}"

        match rule:
            case Ratio(part, whole):
                return f"={here(part)}/{here(whole)}"
            case Minus(whole, part):
                return f"={here(whole)}-{here(part)}"
            case Short(population, covered):
                return f"=MAX(0,ROUNDUP(ROUND({here(population)}*target/100,6),0)-{here(covered)})"
            case Within(key):
                return f"=AND(ISNUMBER({here(key)}),{here(key)}<=limit_m)"

    def cell(self, figure: Figure) -> str:
        """Give the formula that points to the cell of a figure."""
        table = self._tables[figure.table]
        row = len(table.rows) if figure.row == TOTAL and table.total is not None else table.ids.index(figure.row)
        return f"={self.quoted(self._sheets[figure.table])}!{self._letter(table, figure.column)}{row + 2}"

    @staticmethod
    def quoted(sheet: str) -> str:
        """Quote the name of a sheet."""
        return "'" + sheet.replace("'", "''") + "'"

    def _over_rows(self, table: Table, rule: Summed | Counted, row: int, values: Sequence[Cell]) -> str | None:
        """Sum or count the rows that agree; None where a spreadsheet would take other rows for the same."""
        there = self._tables[rule.table]
        tests = []
        for key_there, key_here in rule.match:
            if not self._is_clear(there, key_there) or _is_wild(values[table.place(key_here)]):
                return None
            tests.append(f"{self._range(there, key_there)},{self._letter(table, key_here)}{row + 1}")
        if rule.flag is not None:
            tests.append(f"{self._range(there, rule.flag)},TRUE")
        if not there.rows:
            return None
        if isinstance(rule, Summed):
            return f"=SUMIFS({self._range(there, rule.column)},{','.join(tests)})"
        return f"=COUNTIFS({','.join(tests)})"

    def _range(self, table: Table, key: str) -> str:
        letter = self._letter(table, key)
        return f"{self.quoted(self._sheets[table.key])}!${letter}$2:${letter}${len(table.rows) + 1}"

    def _is_clear(self, table: Table, key: str) -> bool:
        """Tell whether a spreadsheet keeps the values of a column apart: it takes "1" for "01", and A for a."""
        if (table.key, key) not in self._clear:
            place = table.place(key)
            texts = {str(row[place]) for row in table.rows if row[place] is not None}
            self._clear[table.key, key] = len({_as_seen(text) for text in texts}) == len(texts)
        return self._clear[table.key, key]

    @staticmethod
    def _letter(table: Table, key: str) -> str:
        place, letters = table.place(key) + 1, ""
        while place:
            place, rest = divmod(place - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return letters


def _is_wild(value: Cell) -> bool:
    return value is None or (isinstance(value, str) and bool(_WILD & set(value)))


def _as_seen(text: str) -> str:
    """Give what a spreadsheet sees in a text: a number of 15 digits where it looks like one, else any case."""
    try:
        number = float(text)
    except ValueError:
        return text.casefold()
    return f"{number:.{_DIGITS}g}" if math.isfinite(number) else text.casefold()
