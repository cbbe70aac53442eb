"""The report in a real browser: on the planner's page and as a file from disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from geomatch.services import region
from geomatch.services.report import out
from geomatch.services.report.findings import Asked
from geomatch.services.report.gather import gather

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.browser


def test_a_click_on_a_figure_shows_where_it_comes_from(little_site: str, open_context: Callable[..., Any]) -> None:
    """Definition, arithmetic, inputs, rows that add up; a step leads on; the key closes it and focus comes back."""
    watched = open_context()
    page = watched.open(f"{little_site}/map/little/report")
    page.locator(".headline-figure a.figure").click()
    panel = page.locator("dialog.trace-panel")
    assert "可达率" in panel.inner_text()
    assert "SHA-256" in panel.inner_text()
    panel.locator("button.trace-step").first.click()
    covered = panel.locator(".trace-figure").inner_text().split()[-1]
    assert f"合计 {covered}" in panel.locator(".trace-sum").inner_text()
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert page.evaluate("document.activeElement.className") == "figure"
    page.locator(".table-units tbody tr").first.locator("a.figure").nth(1).click()
    people = panel.locator(".trace-figure").inner_text().split()[-1]
    assert f"合计 {people}" in panel.locator(".trace-sum").inner_text()
    assert panel.locator(".trace-rows tbody tr").count() > 3
    assert (watched.strangers, watched.complaints) == ([], [])


def test_the_files_are_one_click_away(little_site: str, open_context: Callable[..., Any], tmp_path: Path) -> None:
    """PDF, XLSX and HTML come by the buttons."""
    page = open_context().open(f"{little_site}/map/little/report?minutes=10")
    for form, begin in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("html", b"<!DOCTYPE html>")):
        with page.expect_download(timeout=60_000) as caught:
            page.locator(f".report-tools [data-form={form}]").click()
        path = tmp_path / caught.value.suggested_filename
        caught.value.save_as(path)
        assert path.suffix == f".{form}"
        assert path.read_bytes().startswith(begin)


def test_another_question_is_another_report(little_site: str, open_context: Callable[..., Any]) -> None:
    """A choice above leads to its own address, and the tabs go along."""
    page = open_context().open(f"{little_site}/map/little/report?lang=en")
    page.select_option("select[name=minutes]", "5")
    page.wait_for_url("**minutes=5**")
    page.wait_for_selector("body[data-ready=yes]", timeout=60_000)
    assert "5 minutes on foot" in page.locator(".report .cover").inner_text()
    assert "minutes=5" in (page.locator("[data-tab=coverage]").get_attribute("href") or "")


@pytest.mark.parametrize("width", [360, 1280])
def test_no_size_scrolls_sideways(little_site: str, open_context: Callable[..., Any], width: int) -> None:
    """Phone and desktop: nothing sticks out, the panel neither."""
    page = open_context(viewport={"width": width, "height": 800}).open(f"{little_site}/map/little/report")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".report .points a.figure").first.click()
    assert page.evaluate("document.querySelector('dialog.trace-panel').scrollWidth") <= width


def test_no_serious_barriers(little_site: str, open_context: Callable[..., Any]) -> None:
    """The accessibility checker axe finds nothing serious on the page, nor with the panel open."""
    from axe_playwright_python.sync_playwright import Axe

    page = open_context().open(f"{little_site}/map/little/report")
    page.locator(".report .points a.figure").first.click()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []


def test_a_file_opens_from_disk_and_runs_no_name(
    evil_region: Path, open_context: Callable[..., Any], tmp_path: Path
) -> None:
    """One file, nothing fetched, figures traced, markup in a site's name stays text."""
    path = tmp_path / "report.html"
    out.write(gather(region.open_region(evil_region), Asked(metres=500.0)), path)
    watched = open_context()
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    page = watched.open(path.as_uri())
    page.locator(".table-gaps tbody tr").first.locator("a.figure").first.click()
    assert page.locator(".trace-rows tbody tr").count() >= 1
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    assert page.evaluate("window.ranEvil") is None
    assert watched.complaints == []
