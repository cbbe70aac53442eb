"""The planner's page of the report: the document with a click behind every figure, and its files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from geomatch.reporting.language import Language
from geomatch.services.report import out
from geomatch.services.report.findings import Asked
from geomatch.web.pages import frame, language, served

pages = Blueprint("report", __name__)

_FORMS = (("pdf", "PDF"), ("xlsx", "Excel"), ("html", "HTML"))


@pages.get("/map/<region_id>/report")
def report(region_id: str) -> str:
    """Show the page at once; the document follows, for the first one of a question takes seconds."""
    region = served.region_named(region_id)
    question: dict[str, Any] = {"profile": frame.profile(), "minutes": frame.minutes(), "lang": language.language()}
    files = [
        (title, url_for(f"api.report_{form}", region_id=region.spec.id, **question), form) for form, title in _FORMS
    ]
    article = url_for("report.article", region_id=region.spec.id, **question)
    return frame.page_without_map("report.html", region, "report", files=files, article=article)


@pages.get("/map/<region_id>/report/article.html")
def article(region_id: str) -> Response:
    """Serve the document that the page puts into itself; for the question of ?profile, ?minutes and ?lang."""
    region = served.region_named(region_id)
    asked = Asked(frame.profile(), float(frame.minutes()), language=Language(language.language()))
    response = Response(out.kept(region, asked, out.ARTICLE), mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
