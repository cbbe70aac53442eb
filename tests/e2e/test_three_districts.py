"""One server of all three bundled districts in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_of_a_rural_district_shows_minutes(
    three_sites: str, open_context: Callable[..., Any], width: int, scheme: str
) -> None:
    """The caveat and five spans of minutes that add up; nothing wider than the page, axe finds nothing serious."""
    from axe_playwright_python.sync_playwright import Axe

    watched = open_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = watched.open(f"{three_sites}/map/ledu")
    page.wait_for_selector(".minutes tbody tr")
    assert "1000 米" in page.locator(".caveat").inner_text()
    people = page.locator(".minutes tbody td:nth-child(3)").all_inner_texts()
    assert sum(int(text.split()[0].replace(",", "")) for text in people) == 203_800
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert (watched.strangers, watched.complaints) == ([], [])


@pytest.mark.parametrize(
    ("address", "answers"), [("ledu", 6), ("chaozhou?profile=elder&minutes=5", 5), ("ledu?layer=gaps", 4)]
)
def test_answers_are_asked_for_before_the_programs_and_once(
    three_sites: str, open_context: Callable[..., Any], address: str, answers: int
) -> None:
    """What the page names in its head is what its program then takes, word for word."""
    watched = open_context()
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    page = watched.open(f"{three_sites}/map/{address}")
    named = page.evaluate("[...document.querySelectorAll('link[rel=preload]')].map((link) => link.href)")
    assert len(named) == answers
    assert sorted(url for url in asked if "/api/" in url or ".geojson" in url) == sorted(named)


def test_minutes_follow_the_kinds_that_count(three_sites: str, open_context: Callable[..., Any]) -> None:
    """Without the stops of the van fewer people are within 15 minutes; a town shows no minutes at all."""
    page = open_context().open(f"{three_sites}/map/ledu?lang=en")
    first = page.locator(".minutes tbody td:nth-child(3)").first
    before = int(first.inner_text().split()[0].replace(",", ""))
    page.locator("#legend label", has_text="Outpost").click()
    page.wait_for_function(
        f"() => !document.querySelector('.minutes tr td:nth-child(3)').textContent.startsWith('{before:,}')"
    )
    assert int(first.inner_text().split()[0].replace(",", "")) < before
    page = open_context().open(f"{three_sites}/map/chaozhou")
    assert page.locator(".minutes").count() == 0


def test_the_first_page_goes_from_region_to_region(three_sites: str, open_context: Callable[..., Any]) -> None:
    """The switch in the header opens by keyboard; a place in another region brings that region's map."""
    watched = open_context(viewport={"width": 360, "height": 700})
    page = watched.open(three_sites)
    page.locator(".region-switch summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="潮州古城").click()
    page.wait_for_url("**/?region=chaozhou")
    page.wait_for_selector("body[data-ready]")
    assert "潮州古城" in page.locator(".region-switch summary").inner_text()
    name = page.evaluate("fetch('/places?q=大篷车').then((reply) => reply.json()).then((found) => found[0].name)")
    page.fill("#q", name)
    page.locator("#find button").click()
    page.wait_for_selector(".region-switch summary:has-text('乐都区')")
    assert (watched.strangers, watched.complaints) == ([], [])
