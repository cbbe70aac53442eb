"""The what-if page in a real browser: what is changed there, and that its figures are those of the service."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.editing import answered, asked, changes, drag, look_at, site, spot
from tests.regions import lonlat

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SHOWN_MS = 1000
"""Five times the goal of 200 ms, for a machine that others use as well."""


@pytest.fixture
def page(little_site: str, open_context: Callable[..., Any]) -> Page:
    """The page of the little region, nothing changed yet."""
    return open_context().open(f"{little_site}/map/little/whatif")


def agrees(page: Page) -> int:
    """Hold the headline and the table to what the service says of the same changes; give the difference."""
    told = answered(page, asked(page))
    delta = told["delta"]["covered"]
    sign = "+" if delta > 0 else "−" if delta < 0 else ""
    assert page.locator(".figure").inner_text() == f"{sign}{abs(delta):,}"
    line = page.locator(".before-after").inner_text()
    assert re.findall(r"[\d,]{2,}", line) == [f"{told[when]['covered']:,}" for when in ("before", "after")]
    shown = page.locator("#table tbody td:nth-child(2)").all_inner_texts()
    units = sorted((abs(unit["delta"]["covered"]) for unit in told["units"]), reverse=True)
    assert [int(re.sub(r"\D", "", text) or 0) for text in shown] == [*units, *[0] * (2 - len(units))]
    return int(delta)


def test_the_page_invites_and_calls_nobody(little_site: str, open_context: Callable[..., Any]) -> None:
    """Before any change: how it stands, one sentence of what to do, a tab of its own; no other host, no complaint."""
    watched = open_context()
    page = watched.open(f"{little_site}/map/little?minutes=10")
    page.get_by_role("link", name="情景").click()
    page.wait_for_selector("body[data-ready]")
    assert page.url.endswith("/map/little/whatif?profile=standard&minutes=10")
    assert "拖动一个站点" in page.locator(".invite").inner_text()
    assert page.locator("#table tbody tr").count() == 2
    assert page.locator("#changes").is_hidden()
    assert page.locator(".tabs a[aria-current]").inner_text() == "情景"
    assert (watched.strangers, watched.complaints) == ([], [])


def test_a_dragged_site_changes_the_figures_at_once(page: Page) -> None:
    """The headline and the table are those of POST /whatif; the old place is marked, the circles are drawn anew."""
    before = page.locator(".leaflet-areas-pane canvas").evaluate("canvas => canvas.toDataURL()")
    drag(page, "东柳社区站", 19, 5)
    changes(page, 1)
    body = asked(page)
    assert [move["id"] for move in body["move"]] == ["S2"]
    assert abs(body["move"][0]["lon"] - lonlat(19, 5)[0]) < 5e-4
    assert agrees(page) != 0
    assert "移动 东柳社区站" in page.locator(".change-name").inner_text()
    page.wait_for_function(
        "old => document.querySelector('.leaflet-areas-pane canvas').toDataURL() !== old", arg=before
    )
    drag(page, "东柳社区站", 21, 7)
    changes(page, 1)
    page.wait_for_function("() => performance.getEntriesByName('figures').length > 1")
    assert [move["id"] for move in asked(page)["move"]] == ["S2"]
    agrees(page)


def test_sites_are_added_and_closed(page: Page) -> None:
    """A click puts the new site; a click with the other tool closes one; both are in the list and taken out."""
    page.click("[data-tool=add]")
    page.select_option("#new-kind", "station")
    look_at(page, 3, 4)
    page.mouse.click(*spot(page, 3, 4))
    changes(page, 1)
    assert agrees(page) > 0
    assert asked(page)["add"][0]["kind"] == "station"
    page.click("[data-tool=close]")
    look_at(page, 24, 2)
    site(page, "东柳社区站").click()
    changes(page, 2)
    assert asked(page)["close"] == ["S2"]
    agrees(page)
    assert page.locator(".change-name").all_inner_texts() == ["新增 站 1", "关闭 东柳社区站"]
    page.locator(".drop").first.click()
    changes(page, 1)
    assert agrees(page) < 0
    page.get_by_role("button", name="全部去掉").click()
    changes(page, 0)
    assert "open=" not in page.url
    assert page.locator(".invite").count() == 1


@pytest.mark.parametrize(("tool", "named"), [("footbridge", "人行桥 1"), ("gate", "门 1")])
def test_a_link_wins_the_far_bank(page: Page, tool: str, named: str) -> None:
    """Two clicks join the banks: the figures count it and the ground beyond is drawn."""
    page.select_option("select[name=minutes]", "10")
    look_at(page, 15, 3)
    page.click(f"[data-tool={tool}]")
    page.mouse.click(*spot(page, 14, 1))
    assert "另一" in page.locator("#hint").inner_text() or "那一侧" in page.locator("#hint").inner_text()
    with page.expect_response("**/circles?**") as ground:
        page.mouse.click(*spot(page, 16, 1))
        changes(page, 1)
    assert named in page.locator(".change-name").inner_text()
    assert asked(page)["links"][0]["kind"] == tool
    assert agrees(page) > 0
    told = answered(page, asked(page))["links"][0]
    left_m = {f"{left:.2f}" for left in told.values() if left is not None}
    assert any(f"metres={left}" in ground.value.url for left in left_m)
    assert page.locator("#tool-done").is_hidden()


def test_steps_are_taken_back_and_again(page: Page) -> None:
    """Undo and redo, by button and by key, bring back the figures of before and after."""
    assert page.locator("#undo").is_disabled()
    page.click("[data-tool=close]")
    site(page, "东柳社区站").click()
    changes(page, 1)
    one = page.locator(".figure").inner_text()
    site(page, "便民驿站").click()
    changes(page, 2)
    two = page.locator(".figure").inner_text()
    page.click("#undo")
    changes(page, 1)
    assert page.locator(".figure").inner_text() == one
    page.keyboard.press("Control+z")
    changes(page, 0)
    assert site(page, "东柳社区站").count() == 1
    page.keyboard.press("Control+y")
    changes(page, 1)
    page.click("#redo")
    changes(page, 2)
    assert page.locator(".figure").inner_text() == two
    assert page.locator("#redo").is_disabled()


def test_a_reload_shows_the_same(page: Page) -> None:
    """The changes are in the address: a reload, another browser or the other language shows them."""
    drag(page, "东柳社区站", 19, 5)
    changes(page, 1)
    figure = page.locator(".figure").inner_text()
    page.get_by_role("link", name="EN").click()
    page.wait_for_selector("body[data-ready]")
    changes(page, 1)
    assert page.locator(".figure").inner_text() == figure
    assert "Moved: 东柳社区站" in page.locator(".change-name").inner_text()


def opened(little_site: str, open_context: Callable[..., Any], body: Any) -> Any:
    """Open the page on changes that came with a link; a text goes in as it is."""
    text = body if isinstance(body, str) else base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")
    watched = open_context()
    watched.open(f"{little_site}/map/little/whatif?open={text}")
    return watched


def test_a_link_brings_changes_and_their_question(little_site: str, open_context: Callable[..., Any]) -> None:
    """Metres become minutes of the profile; names with markup stay text; kinds that do not count are switched off."""
    lon, lat = lonlat(3, 4)
    new = {"lon": lon, "lat": lat, "kind": "office", "name": '<img src=x onerror="window.ranEvil=1">店'}
    body = {"add": [new], "close": ["O2"], "metres": 800, "kind": ["office", "outpost"], "coordsys": "wgs84"}
    watched = opened(little_site, open_context, body)
    page = watched.page
    changes(page, 2)
    assert page.input_value("select[name=minutes]") == "12"
    assert "<img" in page.locator(".change-name").first.inner_text()
    assert page.locator("#legend input:checked").count() == 2
    told, kept = answered(page, body), asked(page) if "open=" in page.url else body
    assert answered(page, kept)["after"] == told["after"]
    assert agrees(page) == told["delta"]["covered"]
    assert page.evaluate("window.ranEvil") is None
    assert watched.complaints == []


@pytest.mark.parametrize(
    "text",
    ["%%%", "bm90IGpzb24", {"add": "everywhere"}, {"opne": []}, {"add": [{"lon": "x", "lat": 1}]}, {"close": [None]},
     {"add": [None]}, {"links": [{"from": [1], "to": [2, 3]}]}, {"minutes": 900}, {"profile": "runner"}, [1],
     {"close": ["S1", "S1"]}, {"coordsys": "gcj02"}, {"kind": "centre"}, {"kind": ["palace"]},
     {"open": ["O2"]}, {"open_at": "soon"}, {"open": ["O2"], "close": ["O2"], "open_at": "2026-11-28T22:00"}],
)  # fmt: skip
def test_a_link_that_makes_no_sense_is_told_of(little_site: str, open_context: Callable[..., Any], text: Any) -> None:
    """In words, on a page that works and has nothing of it."""
    watched = opened(little_site, open_context, text)
    assert "看不懂" in watched.page.locator("#notice").inner_text()
    assert "open=" not in watched.page.url
    assert watched.page.locator(".invite").count() == 1
    assert watched.complaints == []


def test_what_cannot_count_is_marked_and_the_rest_is_counted(
    little_site: str, open_context: Callable[..., Any]
) -> None:
    """A site that is gone, a bridge into the fields and a site off the streets: each is told of at its place."""
    far, near = lonlat(4, -9), lonlat(3, 4)
    add = [{"lon": lon, "lat": lat, "kind": "station"} for lon, lat in (far, near)]
    body = {"add": add, "close": ["nobody", "S2"], "links": [{"from": near, "to": far}]}
    page = opened(little_site, open_context, body).page
    changes(page, 5)
    faults = {line.split("\n")[0]: line for line in page.locator(".change:has(.fault)").all_inner_texts()}
    assert len(faults) == 3
    assert "没有这个站点" in next(text for name, text in faults.items() if "nobody" in name)
    assert "谁也走不到" in next(text for name, text in faults.items() if "新增 站 1" in name)
    told = answered(page, {"add": add, "close": ["S2"]})["delta"]["covered"]
    assert page.locator(".figure").inner_text().replace(",", "") == f"{told:+}".replace("-", "−")


def test_only_sites_open_at_an_hour_count_where_a_link_says_so(
    little_site: str, open_context: Callable[..., Any]
) -> None:
    """At ten at night one outpost is open; an office that stays open wins people; another joins from its card."""
    body = {"open": ["O2"], "open_at": "2026-11-28T22:00", "minutes": 10}
    page = opened(little_site, open_context, body).page
    changes(page, 1)
    assert "2026年11月28日 星期六 22:00" in page.locator("#hour").inner_text()
    assert page.locator(".change-name").inner_text() == "那时也开门：东岸街道实践所"
    one = agrees(page)
    assert one == answered(page, body)["delta"]["covered"] > 0
    assert float(site(page, "西岸街道实践所").evaluate("mark => mark.style.opacity")) < 1
    look_at(page, 11, 2)
    site(page, "西岸街道实践所").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="那时也开门", exact=True).click()
    changes(page, 2)
    assert agrees(page) > one
    page.get_by_role("button", name="不分时刻").click()
    changes(page, 0)
    assert page.locator("#hour").inner_text() == ""
    assert page.locator(".invite").count() == 1


def test_a_service_that_is_away_is_said_and_asked_again(page: Page) -> None:
    """The change stays; the button asks once more."""
    page.route("**/whatif", lambda route: route.abort())
    page.click("[data-tool=close]")
    site(page, "东柳社区站").click()
    page.wait_for_selector("#headline [role=alert]")
    assert "没有连上服务" in page.locator("#headline").inner_text()
    assert page.locator(".change").count() == 1
    page.unroute("**/whatif")
    page.get_by_role("button", name="再试一次").click()
    page.wait_for_selector("#headline .figure")
    agrees(page)


def test_all_of_it_works_by_keyboard(page: Page) -> None:
    """A tool by Enter, a place by arrow keys and Enter, by typed coordinates; a site moved and closed from its card."""
    page.locator("[data-tool=add]").focus()
    page.keyboard.press("Enter")
    assert page.locator(".cross").is_visible()
    page.locator("#map_stage").focus()
    centre = page.evaluate("[map_stage.getCenter().lng, map_stage.getCenter().lat]")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("west => map_stage.getCenter().lng < west - 1e-4", arg=centre[0])
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
    changes(page, 1)
    placed = asked(page)["add"][0]
    assert placed["lon"] < centre[0]
    page.locator("#typed-fold summary").press("Enter")
    lon, lat = lonlat(3, 4)
    page.fill("#typed input", f"{lat:.5f} {lon:.5f}")
    page.keyboard.press("Enter")
    assert "写反" in page.locator("#typed-fault").inner_text()
    page.fill("#typed input", f"{lon:.5f}，{lat:.5f}")
    page.keyboard.press("Enter")
    changes(page, 2)
    assert asked(page)["add"][1] == {"lon": round(lon, 5), "lat": round(lat, 5), "kind": "outpost"}
    page.keyboard.press("Escape")
    assert page.locator("#tool-done").is_hidden()
    site(page, "东柳社区站").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".card-buttons button:focus")
    page.keyboard.press("Enter")
    assert "移到哪里" in page.locator("#hint").inner_text()
    page.locator("#map_stage").focus()
    page.keyboard.press("Enter")
    changes(page, 3)
    assert asked(page)["move"][0]["id"] == "S2"
    agrees(page)


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_and_nothing_sticks_out(
    little_site: str, open_context: Callable[..., Any], width: int, scheme: str
) -> None:
    """With changes and a tool in hand: axe finds nothing serious, the page is no wider than the window."""
    from axe_playwright_python.sync_playwright import Axe

    watched = open_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = watched.open(f"{little_site}/map/little/whatif?lang=en")
    page.click("[data-tool=close]")
    site(page, "东柳社区站").click()
    changes(page, 1)
    page.click("[data-tool=add]")
    page.locator("#typed-fold summary").click()
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    small = page.evaluate(
        "[...document.querySelectorAll('.tools button, .placing button, .changes button')]"
        ".filter(one => one.offsetHeight && (one.offsetHeight < 44 || one.offsetWidth < 40)).map(one => one.outerHTML)"
    )
    assert small == []
    assert (watched.strangers, watched.complaints) == ([], [])


def test_figures_are_soon_on_the_screen(model_site: str, open_context: Callable[..., Any]) -> None:
    """On the bundled region, from the drop of one of 898 sites to its figures; the best of some drops."""
    page = open_context(viewport={"width": 1440, "height": 900}).open(f"{model_site}/map/haidian/whatif")
    page.click("[data-tool=add]")
    for turn in range(6):
        page.evaluate("turn => { map_stage.setView([39.95 + turn / 100, 116.28], 14, { animate: false }); }", turn)
        page.click("#place-here")
        changes(page, turn + 1)
    took_ms = page.evaluate("performance.getEntriesByName('figures').slice(1).map(one => one.duration)")
    assert len(took_ms) == 6
    assert min(took_ms) < SHOWN_MS
