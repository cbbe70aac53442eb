"""A report as a workbook: every table a sheet, and sums as formulas over the rows behind them, so that they add up.

A formula carries the value that it has, for readers that do not compute.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from geomatch.errors import InputError
from geomatch.files.report_formulas import Formulas
from geomatch.files.sheet_out import MOST_ROWS, width_of
from geomatch.reporting.document import Cards, Figure, Listing, Paragraph
from geomatch.reporting.language import NOTHING, Kind, shown
from geomatch.reporting.words import say, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geomatch.reporting.document import Column, Report, Section, Table
    from geomatch.reporting.language import Cell

_FORMATS = {
    Kind.PEOPLE: "#,##0", Kind.COUNT: "#,##0", Kind.SHARE: "0.0%", Kind.METRES: "#,##0.0", Kind.MINUTES: "0.0",
    Kind.NUMBER: "0.000", Kind.FACTOR: "0.00",
}  # fmt: skip
_PLACE_FORMAT = "0.0000000"
_PLACES = {"lon", "lat"}
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31


def book(report: Report) -> bytes:
    """Write the workbook; the same report gives the same bytes.

    Raises:
        InputError: a table has more rows than Excel can hold.
    """
    import xlsxwriter  # noqa: PLC0415 - only whoever asks for a workbook pays for it

    for table in report.tables.values():
        if len(table.rows) >= MOST_ROWS:
            raise InputError.of("report", f"would hold {len(table.rows):,} rows, more than Excel can: {table.title}")
    held = io.BytesIO()
    options = {
        "nan_inf_to_errors": False,
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(held, options) as workbook:
        made = report.made.replace(tzinfo=None)
        workbook.set_properties({"title": f"{report.region} · {report.title}", "created": made})
        writer = _Writer(report, workbook)
        writer.summary()
        for table in report.tables.values():
            writer.table(table)
        writer.sources()
        writer.definitions()
        writer.method()
    return held.getvalue()


class _Writer:
    """Writes the sheets of one report, row by row: a workbook that keeps nothing in memory takes no other order."""

    def __init__(self, report: Report, workbook: Any) -> None:
        self._report = report
        self._book = workbook
        self._formulas = Formulas(report, {key: sheet_name(table.title) for key, table in report.tables.items()})
        self._head = workbook.add_format({"bold": True, "bg_color": "#f5f6f4", "bottom": 1, "text_wrap": True})
        self._bold = workbook.add_format({"bold": True})
        self._title = workbook.add_format({"bold": True, "font_size": 18})
        self._wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._made: dict[tuple[str, bool], Any] = {}

    def summary(self) -> None:
        """Write the question, the headline and the findings; the figures point to their cells."""
        report = self._report
        sheet = self._sheet("t_summary", [34, 22, 60])
        rows = iter(range(10_000))
        sheet.write_string(next(rows), 0, f"{report.region} · {report.title}", self._title)
        if report.synthetic:
            sheet.write_string(next(rows), 0, f"{self._say('synthetic')}: {self._say('synthetic_note')}", self._bold)
        told = [*report.question, (self._say("made"), report.made.isoformat()), (self._say("number"), report.number)]
        for label, words in told:
            row = next(rows)
            sheet.write_string(row, 0, label)
            sheet.write_string(row, 1, words)
        for key, name, value in (("k_limit_m", "limit_m", report.limit_m), ("target_percent", "target", report.target)):
            row = next(rows)
            sheet.write_string(row, 0, self._say(key))
            sheet.write_number(row, 1, value, self._format(Kind.COUNT if name == "limit_m" else Kind.MINUTES))
            self._book.define_name(name, f"={self._formulas.quoted(sheet_name(self._say('t_summary')))}!$B${row + 1}")
        next(rows)
        for label, figure in self._large():
            row = next(rows)
            sheet.write_string(row, 0, label)
            self._pointed(sheet, row, figure)
        next(rows)
        for paragraph in _paragraphs(report.sections[0]):
            sheet.write_string(next(rows), 0, _words(paragraph))

    def _large(self) -> Iterator[tuple[str, Figure]]:
        """Give the figures that stand large, with what each is."""
        report, language = self._report, self._report.language
        yield _words(sentence("h_within", language, minutes=report.minutes)), report.headline["share"]
        for key in ("low", "high"):
            yield f"{self._say('k_share')}: {self._say(f'end_{key}')}", report.headline[key]
        yield self._say("k_beyond"), report.headline["beyond"]
        for block in report.sections[0].blocks:
            if isinstance(block, Cards):
                yield from ((card.label, card.figure) for card in block.cards)

    def _pointed(self, sheet: Any, row: int, figure: Figure) -> None:
        table = self._report.tables[figure.table]
        place = table.place(figure.column)
        column, value = table.columns[place], table.row(figure.row)[place]
        look = self._format(column.kind)
        if value is None:  # a cell that points to an empty one shows 0
            sheet.write_string(row, 1, NOTHING)
        else:
            sheet.write_formula(row, 1, self._formulas.cell(figure), look, value)
        sheet.write_string(row, 2, f"{table.title} · {column.title}{self._reference(column)}")

    def table(self, table: Table) -> None:
        """Write a table: a head with the numbers of its definitions, the rows, and the total."""
        sheet = self._book.add_worksheet(sheet_name(table.title))
        for place, column in enumerate(table.columns):
            texts = [shown(row[place], column.kind, self._report.language) for row in table.rows[:200]]
            sheet.set_column(place, place, width_of([column.title, *texts]))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, f"{column.title}{self._reference(column)}", self._head)
        for row, values in enumerate(table.rows, start=1):
            self._row(sheet, table, row, values)
        if table.total is not None:
            self._row(sheet, table, len(table.rows) + 1, table.total, total=True)

    def _row(self, sheet: Any, table: Table, row: int, values: Sequence[Cell], *, total: bool = False) -> None:
        for place, (column, value) in enumerate(zip(table.columns, values, strict=True)):
            look = self._format(column.kind, total=total, place=column.key in _PLACES)
            formula = self._formulas.of(table, column, row, values, total=total)
            if formula is not None:
                sheet.write_formula(row, place, formula, look, _cached(value))
            elif isinstance(value, bool):
                sheet.write_boolean(row, place, value, look)
            elif isinstance(value, str):
                sheet.write_string(row, place, value, look)
            elif value is not None:
                sheet.write_number(row, place, value, look)

    def sources(self) -> None:
        """Write the files that the report is made of."""
        sheet = self._sheet("t_sources", [26, 26, 14, 70])
        self._heads(sheet, ("k_file", "k_what", "k_size", "k_sha256"))
        for row, source in enumerate(self._report.sources, start=1):
            for place, words in ((0, source.name), (1, source.what), (3, source.sha256)):
                sheet.write_string(row, place, words)
            sheet.write_number(row, 2, source.size, self._format(Kind.COUNT))

    def definitions(self) -> None:
        """Write what every figure means, by the number that heads carry."""
        sheet = self._sheet("t_references", [6, 24, 70, 46, 34, 34])
        self._heads(sheet, ("k_number", "k_figure", "k_meaning", "k_formula", "k_says", "k_rows"))
        for row, told in enumerate(self._report.definitions, start=1):
            sheet.write_number(row, 0, row)
            for place, words in enumerate((told.name, told.meaning, told.formula, told.clause, told.rows), start=1):
                sheet.write_string(row, place, words, self._wrapped)

    def method(self) -> None:
        """Write method, sources and caveats as they stand in the report."""
        sheet = self._sheet("s_method", [110])
        row = 0
        for section in self._report.sections:
            if section.key in {"method", "sources", "caveats"}:
                sheet.write_string(row, 0, section.title, self._bold)
                for paragraph in _paragraphs(section):
                    row += 1
                    sheet.write_string(row, 0, _words(paragraph), self._wrapped)
                row += 2

    def _sheet(self, title: str, widths: Sequence[int]) -> Any:
        sheet = self._book.add_worksheet(sheet_name(self._say(title)))
        for place, wide in enumerate(widths):
            sheet.set_column(place, place, wide)
        return sheet

    def _heads(self, sheet: Any, keys: Sequence[str]) -> None:
        for place, key in enumerate(keys):
            sheet.write_string(0, place, self._say(key), self._head)

    def _reference(self, column: Column) -> str:
        return f" [{self._report.terms[column.term]}]" if column.term else ""

    def _format(self, kind: Kind, *, total: bool = False, place: bool = False) -> Any:
        shape = _PLACE_FORMAT if place else _FORMATS.get(kind, "General")
        if (shape, total) not in self._made:
            look: dict[str, Any] = {"num_format": shape}
            self._made[shape, total] = self._book.add_format(look | ({"bold": True, "top": 1} if total else {}))
        return self._made[shape, total]

    def _say(self, key: str) -> str:
        return say(key, self._report.language)


def sheet_name(title: str) -> str:
    """Give a name that a sheet may have."""
    return _FORBIDDEN.sub(" ", title)[:LONGEST_NAME]


def _paragraphs(section: Section) -> Iterator[Paragraph]:
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, Listing):
            yield from block.items


def _words(paragraph: Paragraph) -> str:
    return "".join(run.text if isinstance(run, Figure) else run for run in paragraph.runs)


def _cached(value: Cell) -> Any:
    """Give the value that a formula carries; nothing is an empty text."""
    return "" if value is None else value
