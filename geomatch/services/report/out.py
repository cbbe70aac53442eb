"""A report as bytes or as a file: HTML, PDF or XLSX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.drawing.report import page, pdf
from geomatch.errors import InputError
from geomatch.files import report_book
from geomatch.files.atomic import write_beside
from geomatch.services.report.gather import gather

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.reporting.document import Report
    from geomatch.services.region import Region
    from geomatch.services.report.findings import Asked

FORMS = ("html", "pdf", "xlsx")
ARTICLE = "article"
"""What a page shows of a report inside its own frame, rows included."""


def content(report: Report, form: str) -> bytes:
    """Give a report in one of FORMS, or as ARTICLE.

    Raises:
        InputError: an unknown form.
        MissingPartError: this machine lacks what a PDF needs.
    """
    if form == "html":
        return page.document(report, alive=True).encode()
    if form == ARTICLE:
        return page.article(report).encode()
    if form == "pdf":
        return pdf.render(page.document(report, alive=False), number=report.number, made=report.made)
    if form == "xlsx":
        return report_book.book(report)
    raise InputError.of("format", f"must be one of {', '.join(FORMS)}", value=form)


def kept(region: Region, asked: Asked, form: str) -> bytes:
    """Give the report of a question; the last few are kept, for one is asked for in several forms and more than once.

    Raises:
        InputError: an impossible question, or an unknown form.
        MissingPartError: as `content`.
    """
    report = region.reports.get((asked,), lambda: gather(region, asked))
    return region.report_files.get((asked, form), lambda: content(report, form))


def write(report: Report, path: Path) -> None:
    """Write a report in the form of the file's ending; the file appears whole or not at all.

    Raises:
        InputError: an unknown ending, or the file cannot be written there.
        MissingPartError: this machine lacks what a PDF needs.
    """
    made = content(report, path.suffix.lower().removeprefix("."))
    with write_beside(path) as beside:
        beside.write_bytes(made)
