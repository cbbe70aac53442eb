"""What a click on a figure shows: tables, their rules and rows, as plain values for the page's program."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from geomatch.reporting.language import Kind
from geomatch.reporting.words import say

if TYPE_CHECKING:
    from geomatch.reporting.document import Column, Report, Table
    from geomatch.reporting.language import Cell

MOST_ROWS = 60_000
"""Rows of one table that a page carries; what is larger stands in the workbook."""

_DECIMALS = {Kind.METRES: 1, Kind.SHARE: 6, Kind.NUMBER: 6}
_WORDS = (
    "trace", "trace_definition", "trace_formula", "trace_clause", "trace_inputs", "trace_rows", "trace_sum",
    "trace_first", "trace_close", "t_sources", "number", "total",
)  # fmt: skip


def trace(report: Report) -> dict[str, Any]:
    """Give everything that stands behind the figures of a report."""
    return {
        "language": report.language.value,
        "region": report.region,
        "limit_m": report.limit_m,
        "target": report.target,
        "number": report.number,
        "built": say("trace_built", report.language, moment=report.made.isoformat()),
        "question": [list(pair) for pair in report.question],
        "words": {key: say(key, report.language) for key in _WORDS},
        "tables": {key: _table(table) for key, table in report.tables.items()},
    }


def _table(table: Table) -> dict[str, Any]:
    kept = table.rows if len(table.rows) <= MOST_ROWS else ()
    return {
        "title": table.title,
        "columns": [_column(column) for column in table.columns],
        "ids": table.ids if kept else (),
        "rows": [_row(table, row) for row in kept],
        "total": None if table.total is None else _row(table, table.total),
        "count": len(table.rows),
    }


def _column(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {"key": column.key, "title": column.title, "kind": column.kind.value}
    if column.term:
        told["term"] = column.term
    if column.adds:
        told["adds"] = True
    if column.rule is not None:
        told["rule"] = {"is": type(column.rule).__name__.lower(), **asdict(column.rule)}
    return told


def _row(table: Table, row: tuple[Cell, ...]) -> list[Cell]:
    return [
        round(value, _DECIMALS.get(column.kind, 6)) if isinstance(value, float) else value
        for value, column in zip(row, table.columns, strict=True)
    ]
