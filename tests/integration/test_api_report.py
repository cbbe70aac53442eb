"""Reports over HTTP: three files of one question, the same bytes as from the command line, words for every fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geomatch import cli
from geomatch.drawing.report import pdf
from geomatch.errors import MissingPartError
from geomatch.services.report import out
from tests.serving import Asking, region_of

if TYPE_CHECKING:
    from pathlib import Path

MEDIA = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats"}


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The API of the little region."""
    return Asking(little_region)


@pytest.mark.parametrize("form", out.FORMS)
def test_a_file_is_the_one_that_the_command_writes(api: Asking, little_region: Path, tmp_path: Path, form: str) -> None:
    """The same question gives the same bytes by both doors, with a name to keep it under and a tag."""
    path = tmp_path / f"report.{form}"
    arguments = ["--lang", "en", "--minutes", "10", "--target", "70", "--kind", "station"]
    assert cli.main(["report", str(little_region), *arguments, "-o", str(path)]) == 0
    response = api.get(f"report.{form}", lang="en", minutes=10, target=70, kind="station")
    assert response.status_code == 200
    assert response.data == path.read_bytes()
    assert response.content_type.startswith(MEDIA[form])
    assert f'filename="little-report_{form}.{form}"' in response.headers["Content-Disposition"]
    again = api.client.get(f"{api.at}/report.{form}", query_string={"lang": "en", "minutes": 10, "target": 70,
        "kind": "station"}, headers={"If-None-Match": response.headers["ETag"]})  # fmt: skip
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    ("query", "at_fault"),
    [
        ({"lang": "fr"}, "query.lang"),
        ({"target": 0}, "query.target"),
        ({"minutes": 500}, "query.minutes"),
        ({"minutes": 5, "metres": 5}, "query.minutes"),
        ({"format": "pdf"}, "query.format"),
        ({"kind": "pub"}, "query.kind.0"),
    ],
)
def test_parameters_at_fault_are_named(api: Asking, query: dict[str, object], at_fault: str) -> None:
    """A 422 names each."""
    assert at_fault in api.refused("report.html", **query)
    api.problem(api.get("/api/v1/regions/nowhere/report.pdf"), 404)
    api.problem(api.get("report.docx"), 404)


def test_a_machine_without_pango_answers_in_words(api: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    """501 with what to install; HTML and XLSX are made all the same."""

    def missing() -> None:
        raise MissingPartError("a PDF needs Pango; install: libpango-1.0-0")

    monkeypatch.setattr(pdf, "_opened", missing)
    told = api.problem(api.get("report.pdf", minutes=7), 501)
    assert "libpango" in told["detail"]
    assert api.get("report.xlsx", minutes=7).status_code == 200


def test_the_page_and_its_document(api: Asking, little_region: Path) -> None:
    """The page names its document and files; the document is an article with its rows, in the page's language."""
    page = api.get("/map/little/report", profile="elder", minutes=10, lang="en").text
    assert 'data-article="/map/little/report/article.html?' in page
    assert "/api/v1/regions/little/report.pdf?profile=elder&amp;minutes=10&amp;lang=en" in page
    assert 'aria-current="page">Report<' in page
    article = api.get("/map/little/report/article.html", profile="elder", minutes=10, lang="en")
    assert article.status_code == 200
    assert article.text.startswith("{#") is False
    assert '<article class="report" lang="en">' in article.text
    assert 'id="trace"' in article.text
    assert api.get("/map/nowhere/report").status_code == 404
    region = region_of(little_region)
    assert region.report_files.held("absent") is None
