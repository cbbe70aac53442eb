"""The resident's page in a real browser, over a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests import regions

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
WEST = regions.lonlat(8.0, 6.0)
FAR_WEST = regions.lonlat(0.0, 11.0)
OFF_STREET = regions.lonlat(*regions.OFF_STREET_HOME)


def _near(site: str, place: tuple[float, float], **more: object) -> str:
    extra = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{site}/?lon={place[0]:.6f}&lat={place[1]:.6f}{extra}"


def test_a_place_gives_the_nearest_site_in_words(little_site: str, open_context: Callable[..., Any]) -> None:
    """The page names the site, the minutes and the metres, and draws the way."""
    watched = open_context(viewport=PHONE)
    page = watched.open(_near(little_site, WEST))
    assert page.locator(".nearest .site-name").first.inner_text() == "两岸区新时代文明实践中心"
    assert "步行" in page.locator(".nearest .walk").first.inner_text()
    assert page.locator(".others li").count() == 2
    assert (watched.strangers, watched.complaints) == ([], [])


def test_the_form_works_without_scripts(little_site: str, open_context: Callable[..., Any]) -> None:
    """With scripts off a name is answered, and a text that means many places gets links to choose from."""
    page = open_context(java_script_enabled=False).page
    page.goto(little_site)
    page.fill("#q", "站")
    page.click("#find .button")
    assert "是哪一处" in page.locator("#answer").inner_text()
    page.locator(".which a", has_text="东柳社区站").click()
    assert page.locator(".nearest .site-name").first.inner_text() == "东柳社区站"


def test_the_keyboard_leads_to_a_result(little_site: str, open_context: Callable[..., Any]) -> None:
    """Tab to the address box, type initials, arrow down, Enter: the answer stands there and has the focus."""
    page = open_context().open(little_site)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("dlsq", delay=30)
    page.wait_for_selector("#suggestions [role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".nearest")
    assert page.locator(".nearest .site-name").first.inner_text() == "东柳社区站"
    page.wait_for_function("() => document.activeElement.id === 'answer'")


def test_a_granted_position_is_answered_and_a_refused_one_explained(
    little_site: str, open_context: Callable[..., Any]
) -> None:
    """The button asks the browser; a refusal tells what else to do."""
    position = {"longitude": WEST[0], "latitude": WEST[1]}
    page = open_context(geolocation=position, permissions=["geolocation"]).open(little_site)
    page.click("#locate")
    page.wait_for_selector(".nearest")
    refused = open_context(permissions=[]).open(little_site)
    refused.click("#locate")
    refused.wait_for_selector("#answer .problem")
    assert "没有得到位置许可" in refused.locator("#answer").inner_text()


def test_a_click_on_the_map_answers_from_there(little_site: str, open_context: Callable[..., Any]) -> None:
    """The middle of the map lies in the region; the address remembers it."""
    page = open_context().open(little_site)
    page.locator("#map_stage").click(position={"x": 200, "y": 200})
    page.wait_for_selector("#answer .nearest, #answer .problem")
    assert "lon=" in page.url


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ((120.0, 30.0), "不在服务范围内"),
        (FAR_WEST, "步行15分钟内没有站"),
        (regions.lonlat(4.0, -6.0), "离能走的路太远"),
    ],
)
def test_places_without_a_near_site_are_told_why(
    little_site: str, open_context: Callable[..., Any], place: tuple[float, float], words: str
) -> None:
    """Outside, too far, and off the streets each have their own sentence."""
    page = open_context().open(_near(little_site, place))
    assert words in page.locator("#answer").inner_text()


def test_names_are_shown_and_never_run(little_site: str, open_context: Callable[..., Any]) -> None:
    """Markup in a site's name stays text in the answer, the suggestions and on the map."""
    watched = open_context()
    page = watched.open(_near(little_site, regions.lonlat(13.5, 1.0)))
    assert "<img" in page.locator("#answer").inner_text()
    page.fill("#q", "坏名")
    page.wait_for_selector("#suggestions [role=option]")
    page.wait_for_timeout(300)
    assert page.evaluate("window.ranEvil") is None
    assert page.locator("img[src=x]").count() == 0
    assert watched.complaints == []


@pytest.mark.parametrize("elder", ["0", "1"])
@pytest.mark.parametrize("path", ["/?", "/?q=%E7%AB%99&", "near"])
def test_a_phone_never_scrolls_sideways_and_buttons_are_large(
    little_site: str, open_context: Callable[..., Any], path: str, elder: str
) -> None:
    """At 360 px nothing sticks out; buttons are 48 px high, in the elder version 60 px, and its text is 18 pt."""
    address = _near(little_site, WEST, elder=elder) if path == "near" else f"{little_site}{path}elder={elder}"
    page = open_context(viewport=PHONE).open(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    least = 60 if elder == "1" else 48
    height = "all => all.map(e => e.getBoundingClientRect().height)"
    heights = page.eval_on_selector_all(".button:not([hidden]), #q", height)
    assert min(heights) >= least
    if elder == "1":
        assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 24


def test_english_and_the_elder_version_are_remembered(little_site: str, open_context: Callable[..., Any]) -> None:
    """A choice in the address holds for the next page."""
    page = open_context().open(f"{little_site}/?lang=en&elder=1")
    page = page.context.pages[0]
    page.goto(little_site)
    assert page.locator("h1").inner_text() == "The nearest practice station"
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("html.elder").count() == 1


@pytest.mark.parametrize("dark", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "near"])
def test_no_serious_barriers(little_site: str, open_context: Callable[..., Any], path: str, dark: str) -> None:
    """The accessibility checker axe finds nothing serious, contrast included, in light and dark."""
    from axe_playwright_python.sync_playwright import Axe

    page = open_context(color_scheme=dark).open(_near(little_site, WEST) if path == "near" else little_site)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []


def test_a_point_that_is_none_is_refused_in_words(little_site: str, open_context: Callable[..., Any]) -> None:
    """Numbers that are no place answer 422 with a sentence, and swapped ones are put right."""
    page = open_context().page
    reply = page.goto(f"{little_site}/?lon=nan&lat=3")
    assert reply.status == 422
    assert "不是一个地点" in page.locator("#answer").inner_text()
    page.goto(_near(little_site, (WEST[1], WEST[0])))
    assert page.locator(".nearest").count() >= 1
