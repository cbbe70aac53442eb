"""The planner's page and the map from disk in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from geomatch.services import page_map, region

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.browser

INTERACTIVE_MS = 2000


@pytest.mark.parametrize("layer", ["coverage", "gaps"])
def test_the_page_shows_figures_and_calls_nobody(
    little_site: str, open_context: Callable[..., Any], layer: str
) -> None:
    """Headline, table and legend are there; no other host, no error, no breach of the policy."""
    watched = open_context()
    page = watched.open(f"{little_site}/map?layer={layer}")
    page.wait_for_selector("#table tbody tr")
    assert page.locator(".figure").inner_text()[0].isdigit()
    assert "GB 50180-2018" in page.locator("#legend").inner_text()
    assert page.locator(".chip").inner_text() == "示范数据 synthetic"
    assert (watched.strangers, watched.complaints) == ([], [])


def test_the_table_adds_up_and_sorts(little_site: str, open_context: Callable[..., Any]) -> None:
    """Two townships of 12,000 and 8,001 people; a click on a heading turns the order."""
    page = open_context().open(f"{little_site}/map")
    cells = page.locator("#table tbody td:nth-child(2) > span:first-child")
    assert [cells.nth(0).inner_text(), cells.nth(1).inner_text()] == ["12,000", "8,001"]
    assert page.locator("#table tfoot td").first.inner_text().startswith("20,001")
    page.locator("#table thead button").nth(1).click()
    assert cells.nth(0).inner_text() == "8,001"
    assert page.locator("#table thead th").nth(1).get_attribute("aria-sort") == "ascending"


def test_a_row_in_focus_lights_its_township(little_site: str, open_context: Callable[..., Any]) -> None:
    """Focus on a row changes the border on the map; leaving it changes it back."""
    page = open_context().open(f"{little_site}/map")
    borders = page.locator(".leaflet-townships-pane canvas")
    quiet = borders.evaluate("canvas => canvas.toDataURL()")
    page.locator("#table tbody button").first.focus()
    page.wait_for_timeout(200)
    assert borders.evaluate("canvas => canvas.toDataURL()") != quiet


def test_a_site_tells_its_rings_and_a_click_the_walk(little_site: str, open_context: Callable[..., Any]) -> None:
    """Enter on a site opens its card with people by minutes; a click on the ground names the nearest three."""
    page = open_context().open(f"{little_site}/map")
    page.locator(".leaflet-marker-icon[title*='文明实践中心']").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".card .loss")
    assert "15 分钟圈" in page.locator(".card").inner_text()
    page.keyboard.press("Escape")
    page.locator("#map_stage").click(position={"x": 430, "y": 300})
    page.wait_for_selector(".card")


def test_the_page_says_how_sure_and_what_hangs_on_a_site(little_site: str, open_context: Callable[..., Any]) -> None:
    """The band beside the headline and the loss in a site's card are those of /sensitivity and /criticality."""
    page = open_context().open(f"{little_site}/map")
    api = f"{little_site}/api/v1/regions/little"
    told = page.evaluate("url => fetch(url).then((reply) => reply.json())", f"{api}/sensitivity")
    low, high = (told["bands"][-1][end]["share"] * 100 for end in ("low", "high"))
    assert page.locator(".figure .band").inner_text() == f"{low:.1f}–{high:.1f}%"
    first = page.evaluate("url => fetch(url).then((reply) => reply.json())", f"{api}/criticality")["features"][0]
    page.locator(f".leaflet-marker-icon[title*='{first['properties']['name'][-6:]}']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".card .loss")
    assert f"{first['properties']['lost']:,} 人就没有站可去" in page.locator(".card .loss").inner_text()


def test_a_gap_says_why_and_what_would_help(little_site: str, open_context: Callable[..., Any]) -> None:
    """Its card has causes and remedies; a remedy opens as a what-if that wins the very people."""
    watched = open_context()
    page = watched.open(f"{little_site}/map?layer=gaps")
    page.locator("#table tbody button").first.click()
    page.wait_for_selector(".gap-card .remedies li")
    told = page.locator(".gap-card").inner_text()
    assert "为什么走不到" in told
    assert re.search(r"[\d,]+ 人 附近没有站点，直线 1,000 米内一个也没有", told)
    assert page.locator(".remedy-icon").count() == page.locator(".remedies li").count()
    gain = page.locator(".remedies .gain b").first.inner_text()
    page.goto(little_site + str(page.locator(".remedies a.try-it").first.get_attribute("href")))
    page.locator(".figure").filter(has_text="+").wait_for(timeout=60_000)
    won = re.search(r"[\d,]+", gain)
    assert won is not None
    assert page.locator(".figure").first.inner_text() == f"+{won.group()}"
    assert (watched.strangers, watched.complaints) == ([], [])


def test_names_on_the_map_are_never_run(little_site: str, open_context: Callable[..., Any]) -> None:
    """Markup in a site's name stays text in titles and cards."""
    page = open_context().open(f"{little_site}/map")
    page.locator(".leaflet-marker-icon[title*='坏名站']").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".card h2")
    assert "<img" in page.locator(".card h2").inner_text()
    page.wait_for_timeout(300)
    assert page.evaluate("window.ranEvil") is None


def test_a_choice_asks_again_and_stays_in_the_address(little_site: str, open_context: Callable[..., Any]) -> None:
    """Another time changes the figures and the address, so that a link shows the same."""
    page = open_context().open(f"{little_site}/map")
    before = page.locator(".figure").inner_text()
    page.select_option("select[name=minutes]", "5")
    page.wait_for_function("old => document.querySelector('.figure').innerText !== old", arg=before)
    assert "minutes=5" in page.url


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_no_size_scrolls_sideways(little_site: str, open_context: Callable[..., Any], width: int) -> None:
    """Phone, tablet, desktop: nothing sticks out."""
    page = open_context(viewport={"width": width, "height": 800}).open(f"{little_site}/map")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", ["light", "dark"])
def test_no_serious_barriers(little_site: str, open_context: Callable[..., Any], dark: str) -> None:
    """The accessibility checker axe finds nothing serious."""
    from axe_playwright_python.sync_playwright import Axe

    page = open_context(color_scheme=dark).open(f"{little_site}/map?lang=en")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []


def test_nine_hundred_sites_and_circles_are_soon_there(model_site: str, open_context: Callable[..., Any]) -> None:
    """The bundled region's 898 sites and circles can be used within two seconds; the best of four runs."""
    took_ms = []
    for _ in range(4):
        watched = open_context(viewport={"width": 1440, "height": 900})
        page = watched.open(f"{model_site}/map")
        took_ms.append(page.evaluate("performance.getEntriesByName('ready')[0].startTime"))
        assert watched.strangers == []
    assert page.locator(".leaflet-marker-icon").count() > 30
    assert min(took_ms) < INTERACTIVE_MS


@pytest.mark.usefixtures("assets")
@pytest.mark.parametrize("layer", ["coverage", "gaps"])
def test_a_map_opens_from_disk_with_no_request(
    evil_region: Path, open_context: Callable[..., Any], tmp_path: Path, layer: str
) -> None:
    """One file: figures, streets and sites, nothing fetched, no markup of a name run, both languages."""
    out = tmp_path / "map.html"
    page_map.write_map(region.open_region(evil_region), out, layer=layer)
    watched = open_context()
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    page = watched.open(out.as_uri())
    page.wait_for_timeout(500)
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [out.as_uri()]
    assert page.locator("#table tbody tr").count() >= 1
    assert page.locator(".chip").inner_text() == "示范数据 synthetic"
    assert _colours(page) > 1
    if layer == "gaps":
        page.locator("#table tbody button").first.click()
        page.wait_for_selector(".gap-card .remedies li")
        assert page.locator(".gap-card a").count() == 0
    page.click("#language")
    page.wait_for_function("() => document.getElementById('table').innerText.includes('People')")
    assert page.evaluate("window.ranEvil") is None
    assert watched.complaints == []


def _colours(page: Any) -> int:
    """Count the colours of the base map's tiles: one alone would be an empty ground."""
    return int(
        page.evaluate(
            """() => {
                const seen = new Set();
                for (const tile of document.querySelectorAll('canvas.leaflet-tile')) {
                    const { data } = tile.getContext('2d').getImageData(0, 0, tile.width, tile.height);
                    for (let i = 0; i < data.length; i += 4) seen.add(data.slice(i, i + 3).join());
                }
                return seen.size;
            }"""
        )
    )
