"""Rows as they stand in a file, before anybody knows what the columns mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_CELL = 32_767
"""Characters that fit a spreadsheet's cell; a longer one is a broken quote, not a name."""

HEADER_WITHIN = 30
"""How many rows that are not blank may stand above and with the header."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its 1-based number as a spreadsheet shows it, and its cells as text."""

    number: int
    cells: tuple[str, ...]

    @property
    def blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of one sheet, title and header included.

    Attributes:
        name: the sheet's name, or "" where the file is one sheet.
        rows: every row that is not blank.
        spoiled: (row number, cell index) -> why that cell cannot be trusted.
    """

    name: str
    rows: tuple[Row, ...]
    spoiled: Mapping[tuple[int, int], str] = field(default_factory=dict)
