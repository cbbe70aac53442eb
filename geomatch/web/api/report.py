"""Reports over HTTP: one question, three files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from geomatch.planning import standards as standards_room
from geomatch.reporting.language import Language
from geomatch.services.report import out
from geomatch.services.report.findings import Asked
from geomatch.web.api import questions
from geomatch.web.api.operation import Operation

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.web.served import Served


class ReportQuestion(questions.CoverageQuestion):
    """What a report is about, and its language."""

    target: float = Field(
        standards_room.DEFAULT_TARGET_PERCENT,
        gt=0,
        le=100,
        allow_inf_nan=False,
        description="The share of people to be covered, in per cent; Shanghai's of 2025 where absent.",
    )
    lang: Language = Field(Language.ZH, description="The language of the report.")

    @property
    def asked(self) -> Asked:
        """The question as the service takes it."""
        kinds = tuple(dict.fromkeys(self.kind))
        return Asked(self.profile, self.minutes, self.metres, kinds, self.target, self.lang)


def report_html(_served: Served, region: Region, asked: ReportQuestion) -> bytes:
    """Write a report that opens in a browser: a click on a figure shows its definition, inputs and rows."""
    return out.kept(region, asked.asked, "html")


def report_pdf(_served: Served, region: Region, asked: ReportQuestion) -> bytes:
    """Write a report for paper, with an appendix that tells where every figure comes from."""
    return out.kept(region, asked.asked, "pdf")


def report_xlsx(_served: Served, region: Region, asked: ReportQuestion) -> bytes:
    """Write a report as a workbook: the rows behind every figure, and formulas that add them up."""
    return out.kept(region, asked.asked, "xlsx")


_MEDIA = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OPERATIONS = tuple(
    Operation(
        f"report_{form}",
        f"/regions/<region_id>/report.{form}",
        handler,
        ReportQuestion,
        None,
        f"A report to hand on, as {form.upper()}; every figure with its definition and rows",
        media=_MEDIA[form],
        kept=True,
        file_ending=form,
    )
    for form, handler in (("html", report_html), ("pdf", report_pdf), ("xlsx", report_xlsx))
)
