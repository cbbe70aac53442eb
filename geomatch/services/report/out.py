"""A report as bytes or as a file: HTML, PDF or XLSX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.drawing.report import page, pdf
from geomatch.errors import InputError
from geomatch.files import report_book
from geomatch.files.atomic import write_beside

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.reporting.document import Report

FORMS = ("html", "pdf", "xlsx")


def content(report: Report, form: str) -> bytes:
    """Give a report in one of FORMS.

    Raises:
        InputError: an unknown form.
        NoPdfError: this machine lacks what a PDF needs.
    """
    if form == "html":
        return page.document(report, alive=True).encode()
    if form == "pdf":
        return pdf.render(page.document(report, alive=False), number=report.number, made=report.made)
    if form == "xlsx":
        return report_book.book(report)
    raise InputError.of("format", f"must be one of {', '.join(FORMS)}", value=form)


def write(report: Report, path: Path) -> None:
    """Write a report in the form of the file's ending; the file appears whole or not at all.

    Raises:
        InputError: an unknown ending, or the file cannot be written there.
        NoPdfError: this machine lacks what a PDF needs.
    """
    made = content(report, path.suffix.lower().removeprefix("."))
    with write_beside(path) as beside:
        beside.write_bytes(made)
