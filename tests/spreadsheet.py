"""A spreadsheet that computes the few formulas that our reports use, from nothing but the cells of the file."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import openpyxl

if TYPE_CHECKING:
    from pathlib import Path

_RANGE = re.compile(r"'((?:[^']|'')+)'!\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)")


class Spreadsheet:
    """The formulas of a workbook, computed anew; `carried` gives what the file says that they are."""

    def __init__(self, path: Path) -> None:
        self.formulas = openpyxl.load_workbook(path)
        self.carried = openpyxl.load_workbook(path, data_only=True)
        self._names = {name: one.attr_text for name, one in self.formulas.defined_names.items()}
        self._known: dict[tuple[str, str], Any] = {}

    def cells(self) -> list[tuple[str, str]]:
        """List the cells that hold a formula: sheet and address."""
        return [
            (sheet.title, cell.coordinate)
            for sheet in self.formulas
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.value.startswith("=") and cell.data_type == "f"
        ]

    def value(self, sheet: str, address: str) -> Any:
        """Compute a cell."""
        key = (sheet, address)
        if key not in self._known:
            held = self.formulas[sheet][address]
            self._known[key] = self._computed(sheet, held.value[1:]) if held.data_type == "f" else held.value
        return self._known[key]

    def _computed(self, sheet: str, formula: str) -> Any:
        for pattern, compute in (
            (r"SUM\(([A-Z]+)(\d+):\1(\d+)\)", self._sum),
            (r"SUMIFS\((.+)\)", self._sumifs),
            (r"COUNTIFS\((.+)\)", self._countifs),
            (r"AND\(ISNUMBER\((\w+)\),\1<=(\w+)\)", self._within),
            (r"MAX\(0,ROUNDUP\(ROUND\((\w+)\*(\w+)/100,6\),0\)-(\w+)\)", self._short),
            (r"([A-Z]+\d+)([/-])([A-Z]+\d+)", self._pair),
            (r"'((?:[^']|'')+)'!\$?([A-Z]+)\$?(\d+)", lambda _, s, c, r: self.value(s.replace("''", "'"), c + r)),
        ):
            found = re.fullmatch(pattern, formula)
            if found:
                return compute(sheet, *found.groups())
        raise AssertionError(f"a formula that nobody knows: {formula}")

    def _sum(self, sheet: str, letter: str, first: str, last: str) -> Any:
        return sum(self.value(sheet, f"{letter}{row}") or 0 for row in range(int(first), int(last) + 1))

    def _sumifs(self, sheet: str, arguments: str) -> Any:
        added, *tests = self._arguments(sheet, arguments)
        return sum(value or 0 for value, holds in zip(added, self._holds(tests), strict=True) if holds)

    def _countifs(self, sheet: str, arguments: str) -> int:
        return sum(self._holds(self._arguments(sheet, arguments)))

    def _arguments(self, sheet: str, text: str) -> list[Any]:
        parts = re.findall(_RANGE.pattern + r"|([A-Z]+\d+)|(TRUE)", text)
        return [
            [self.value(name.replace("''", "'"), f"{left}{row}") for row in range(int(top), int(bottom) + 1)]
            if name
            else self.value(sheet, here)
            if here
            else True
            for name, left, top, _, bottom, here, _ in parts
        ]

    @staticmethod
    def _holds(tests: list[Any]) -> list[bool]:
        columns, wanted = tests[0::2], tests[1::2]
        return [
            all(value == want for value, want in zip(row, wanted, strict=True)) for row in zip(*columns, strict=True)
        ]

    def _named(self, name: str) -> Any:
        found = re.fullmatch(r"'?((?:[^']|'')+?)'?!\$([A-Z]+)\$(\d+)", self._names[name])
        assert found
        return self.value(found[1].replace("''", "'"), found[2] + found[3])

    def _within(self, sheet: str, address: str, name: str) -> bool:
        value = self.value(sheet, address)
        return isinstance(value, int | float) and value <= self._named(name)

    def _short(self, sheet: str, people: str, name: str, covered: str) -> int:
        wanted = math.ceil(round(self.value(sheet, people) * self._named(name) / 100, 6))
        return max(0, wanted - self.value(sheet, covered))

    def _pair(self, sheet: str, one: str, sign: str, other: str) -> Any:
        first, second = self.value(sheet, one), self.value(sheet, other)
        return first / second if sign == "/" else first - second
