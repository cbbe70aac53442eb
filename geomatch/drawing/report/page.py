"""A report as HTML: the body that a page shows, and a file that stands by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined

from geomatch.drawing import assets, disk_page
from geomatch.drawing.report import charts, maps
from geomatch.drawing.report.swatches import swatch
from geomatch.drawing.report.tracing import trace
from geomatch.reporting.language import day, shown
from geomatch.reporting.pictures import Bars, Curve, HeatMap, Lorenz, Map
from geomatch.reporting.words import say

if TYPE_CHECKING:
    from geomatch.reporting.document import Figure, Report, Table
    from geomatch.reporting.pictures import Picture

_FOLDER = Path(__file__).parent
_STYLE, _PROGRAM = "css/report.css", "js/report_page.js"


def body(report: Report) -> str:
    """Write the report's article, for a page that brings its own head."""
    language = report.language
    return _filled(
        "report.html",
        report=report,
        made=day(report.made, language),
        say=lambda key, **values: say(key, language, **values),
        written=lambda value, kind: shown(value, kind, language),
        anchor=lambda term: f"ref-{term}" if term else "s-references",
        term_of=lambda figure: _term(report, figure),
        row_head=_row_head,
        drawn=lambda picture: draw(picture, synthetic=report.synthetic),
        swatch_of=swatch,
    )


def article(report: Report) -> str:
    """Write the article with the rows that a click shows, to be put into a page."""
    return f'{body(report)}<script type="application/json" id="trace">{rows(report)}</script>'


def document(report: Report, *, alive: bool) -> str:
    """Write a whole file that needs nothing beside it; `alive` adds the program and the rows that a click shows."""
    return _filled(
        "file.html",
        report=report,
        moment=report.made.isoformat(),
        style=assets.text_of(_STYLE),
        body=body(report),
        program=disk_page.inline(assets.text_of(_PROGRAM)) if alive else "",
        trace=rows(report) if alive else "",
    )


def rows(report: Report) -> str:
    """Give the tables and their rules as JSON that may stand inside a page: what a click on a figure shows."""
    return json.dumps(trace(report), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def draw(picture: Picture, *, synthetic: bool) -> str:
    """Draw a picture of any kind as SVG."""
    match picture:
        case Map():
            return maps.draw(picture, synthetic=synthetic)
        case Bars():
            return charts.bars(picture)
        case Lorenz():
            return charts.lorenz(picture)
        case HeatMap():
            return charts.heat_map(picture)
        case Curve():
            return charts.curve(picture)


def _filled(name: str, **values: Any) -> str:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((_FOLDER / name).read_text(encoding="utf-8")).render(**values)


def _term(report: Report, figure: Figure) -> str | None:
    table = report.tables[figure.table]
    return table.columns[table.place(figure.column)].term


def _row_head(table: Table) -> str:
    """Give the column that names a row: the first text of those that are printed."""
    printed = [column for column in table.columns if column.printed]
    return next((column.key for column in printed if column.kind.value == "text"), printed[0].key)
