"""The cells of a workbook's sheet as they stream by: openpyxl's parser, with short ways for the common kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from openpyxl.utils import column_index_from_string
from openpyxl.worksheet._reader import FORMULA_TAG, INLINE_STRING, VALUE_TAG, WorkSheetParser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element


_TEXT_TAG = INLINE_STRING.replace("}is", "}t")
_FIGURES = "0123456789"


class Cells(WorkSheetParser):
    """The rows of a sheet, one after the other, each with its cells as openpyxl's parser gives them.

    A cell with a formula has the value that was saved, and the formula itself as "formula".
    """

    def __init__(self, source: BinaryIO, worksheet: Any) -> None:
        """Take a sheet's XML, and the sheet, of a workbook that was opened to be read only."""
        book, shared = worksheet.parent, worksheet._shared_strings  # noqa: SLF001 - it makes its own parser of these
        days, spans = book._date_formats, book._timedelta_formats  # noqa: SLF001 - as above
        super().__init__(
            source, shared, data_only=True, epoch=book.epoch, date_formats=days, timedelta_formats=spans
        )  # fmt: skip
        self._columns: dict[str, int] = {}

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """Read one cell: text and plain figures by the short way, everything else by openpyxl's own."""
        kind, name = element.get("t", "n"), element.get("r")
        if name and len(element) == 1:
            (child,) = element
            value: Any = None
            if child.tag == VALUE_TAG and child.text:
                if kind == "s":
                    value = self.shared_strings[int(child.text)]
                elif kind == "n" and not element.get("s"):
                    value, kind = _figure(child.text), "n"
            elif kind == "inlineStr" and len(child) == 1 and child[0].tag == _TEXT_TAG and child.tag == INLINE_STRING:
                value, kind = child[0].text or "", "s"
            if value is not None:
                self.col_counter = column = self._column(name)
                return {"column": column, "value": value, "data_type": kind}
        cell: dict[str, Any] = super().parse_cell(element)
        formula = element.find(FORMULA_TAG)
        return cell if formula is None else cell | {"formula": f"={formula.text or ''}"}

    def _column(self, name: str) -> int:
        letters = name.rstrip(_FIGURES)
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_index_from_string(letters)
        return column

    def merged(self) -> Iterator[tuple[int, int, int, int]]:
        """Give the merged cells, once all rows went by: first row and column, last row and column."""
        for each in () if self.merged_cells is None else self.merged_cells.mergeCell:
            yield each.min_row, each.min_col, each.max_row, each.max_col


def _figure(text: str) -> int | float:
    return float(text) if "." in text or "E" in text or "e" in text else int(text)
