"""The page of a certificate of hours, as HTML for the PDF: Chinese first, every figure that is signed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

if TYPE_CHECKING:
    from geomatch.volunteering.certificates import Statement

_PAGE = Path(__file__).with_name("certificate.html")


def document(statement: Statement, fingerprint: str) -> str:
    """Write the page; `fingerprint` is that of the key which is to sign it."""
    page = Environment(autoescape=True, undefined=StrictUndefined).from_string(_PAGE.read_text(encoding="utf-8"))
    year, month, day = statement.issued.split("-")
    return page.render(
        told=statement,
        hours=f"{statement.minutes / 60:g}",
        stars="★" * statement.stars + "☆" * (5 - statement.stars),
        grades=[part.split(" ") for part in statement.grades.split(", ")],
        issued_zh=f"{year} 年 {int(month)} 月 {int(day)} 日",
        fingerprint=fingerprint,
    )
