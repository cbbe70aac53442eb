"""The parts of a report: tables that hold every figure, and sections that point into them.

Law of the file: a figure in a sentence is a cell of a table, named by table, row and column. So no figure is printed
that has no row to go back to, and every form of the report prints the same one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from geomatch.reporting.language import Kind, Language, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from geomatch.reporting.definitions import Definition
    from geomatch.reporting.language import Cell
    from geomatch.reporting.pictures import Picture

    Block: TypeAlias = "Paragraph | Listing | Cards | Printed | Picture"

TOTAL = "total"
"""The id of a table's last row, which stands for all of them."""


@dataclass(frozen=True, slots=True)
class Within:
    """A flag: whether the value of another column of the row is a number up to the limit."""

    column: str


@dataclass(frozen=True, slots=True)
class Summed:
    """The sum of a column over rows of another table.

    Attributes:
        table, column: what is added up.
        match: (column there, column here) whose values agree.
        flag: a column there that must be true; None: all rows.
    """

    table: str
    column: str
    match: tuple[tuple[str, str], ...]
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """The number of rows of another table; match and flag as in Summed."""

    table: str
    match: tuple[tuple[str, str], ...]
    flag: str | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """One column of the row over another."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True)
class Minus:
    """One column of the row less another."""

    whole: str
    part: str


@dataclass(frozen=True, slots=True)
class Short:
    """How many more people must be covered for the target: up to whole people, never below nothing."""

    population: str
    covered: str


Rule: TypeAlias = Within | Summed | Counted | Ratio | Minus | Short


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        key: unique in its table.
        title: its head.
        kind: what its values are.
        term: key of the definition that its figures trace back to; None for names and other texts.
        rule: how a value follows from others, where it does by plain arithmetic.
        adds: whether the total is the sum of the rows; where it does not add and has a Ratio, Minus or Short, the
            total follows the rule.
        printed: False for what only a workbook and a trace show.
        bar: whether a page draws the share as a bar in its cell.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    term: str | None = None
    rule: Rule | None = None
    adds: bool = False
    printed: bool = True
    bar: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of values, one for each column, and the ids by which figures name them.

    Attributes:
        key: unique in its report.
        title: what it is a table of.
        columns: its columns; the first printed one names the row.
        ids: of the rows, unique.
        rows: values in the order of the columns.
        total: the last row, of id TOTAL, or None.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    ids: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None

    def place(self, key: str) -> int:
        """Find a column by its key."""
        return next(place for place, column in enumerate(self.columns) if column.key == key)

    def row(self, row_id: str) -> tuple[Cell, ...]:
        """Find a row by its id."""
        if row_id == TOTAL and self.total is not None:
            return self.total
        return self.rows[self.ids.index(row_id)]


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell of a table, as a sentence shows it."""

    table: str
    row: str
    column: str
    text: str

    @property
    def place(self) -> str:
        """Its address in the report."""
        return f"{self.table}/{self.row}/{self.column}"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words and the figures among them; `tone` is plain, lead, note or caveat."""

    runs: tuple[str | Figure, ...]
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class Listing:
    """Paragraphs as points of a list."""

    items: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A figure that stands large, and what it is."""

    label: str
    figure: Figure
    note: Paragraph | None = None


@dataclass(frozen=True, slots=True)
class Cards:
    """Figures beside each other."""

    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """A table where it stands in the text.

    Attributes:
        table: its key.
        first: how many rows are shown; None for all.
        note: what is said under it.
    """

    table: str
    first: int | None = None
    note: Paragraph | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of a report."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A file that the report is made of, as it was when the region was built."""

    name: str
    what: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Report:
    """All of it, in one language.

    Attributes:
        language: of every word in it.
        region: the region's name.
        title: what the report is.
        question: what was asked, as (label, words).
        made: the moment of the region's build; there is no other date.
        number: twelve hex digits that stand for sources and question: the same for the same report.
        synthetic: True where the data is made up, which every page says.
        minutes: of the asked limit, as words.
        limit_m: the asked limit, on which the workbook's flags are computed.
        target: per cent.
        headline: share, low, high, beyond: the figures of the first page.
        headline_words: what is said under the large one.
        sections: in order.
        tables: every table by its key, printed or not.
        definitions: those that are used, in order: their number is the place.
        sources: the files.
        credit: of the street data.
    """

    language: Language
    region: str
    title: str
    question: tuple[tuple[str, str], ...]
    made: datetime
    number: str
    synthetic: bool
    minutes: str
    limit_m: float
    target: float
    headline: Mapping[str, Figure]
    headline_words: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    tables: Mapping[str, Table]
    definitions: tuple[Definition, ...]
    sources: tuple[Source, ...]
    credit: str
    terms: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        """Number the definitions from 1."""
        numbered = {definition.key: number for number, definition in enumerate(self.definitions, 1)}
        object.__setattr__(self, "terms", numbered)

    def figure(self, table: str, row: str, column: str) -> Figure:
        """Point to a cell."""
        return figure(self.tables, self.language, table, row, column)


def figure(tables: Mapping[str, Table], language: Language, table: str, row: str, column: str) -> Figure:
    """Point to a cell of a table, written as its column is."""
    found = tables[table]
    place = found.place(column)
    return Figure(table, row, column, shown(found.row(row)[place], found.columns[place].kind, language))
