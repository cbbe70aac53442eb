"""Scenarios on the what-if page in a real browser: saved, opened by a link, compared, shared, deleted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.editing import changes, drag, site

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

API = "/api/v1/regions/little/scenarios"


@pytest.fixture
def page(little_site: str, open_context: Callable[..., Any]) -> Page:
    """The page of the little region, with no scenario saved."""
    watched = open_context()
    http = watched.page.request
    for scenario in http.get(little_site + API).json()["scenarios"]:
        http.delete(f"{little_site}/api/v1/scenarios/{scenario['id']}")
    return watched.open(f"{little_site}/map/little/whatif")


def close_a_site(page: Page, name: str) -> None:
    """Close one site with the tool."""
    page.click("[data-tool=close]")
    site(page, name).click()
    page.click("#tool-done")


def press(page: Page, name: str) -> None:
    """Press a button of the panel by its words."""
    page.locator("#scenarios, #headline").get_by_role("button", name=name, exact=True).first.click()


def save_as(page: Page, name: str, note: str = "") -> str:
    """Fill the form that is open or is opened by the button; give the id of what was saved."""
    if not page.locator(".scenario-form").count():
        press(page, "另存" if "scenario=" in page.url else "保存")
    page.fill(".scenario-form input", name)
    page.fill(".scenario-form textarea", note)
    page.locator(".scenario-form .primary").click()
    page.wait_for_function(
        "name => document.querySelector('.scenario-title').innerText === `“${name}”已保存`", arg=name
    )
    found = re.search(r"scenario=(\w{24})$", page.url)
    assert found is not None
    return found.group(1)


def two_scenarios(page: Page) -> tuple[str, str]:
    """Save one scenario with a site closed, and another with a second one closed."""
    close_a_site(page, "东柳社区站")
    changes(page, 1)
    first = save_as(page, "甲")
    close_a_site(page, "便民驿站")
    changes(page, 2)
    return first, save_as(page, "乙", "两处都撤")


def test_a_scenario_is_saved_and_opened_by_its_link(page: Page, open_context: Callable[..., Any]) -> None:
    """In a fresh browser the same changes and figures; edited there, the page says so and saves it again."""
    drag(page, "东柳社区站", 19, 5)
    changes(page, 1)
    assert page.locator(".scenario-title").inner_text() == "还没有存为方案"
    figure = page.locator(".figure").inner_text()
    save_as(page, "东柳西迁")
    watched = open_context()
    there = watched.open(page.url)
    changes(there, 1)
    assert there.locator(".figure").inner_text() == figure
    assert there.locator(".scenario-title").inner_text() == "“东柳西迁”已保存"
    assert there.get_by_role("button", name="保存", exact=True).is_disabled()
    close_a_site(there, "便民驿站")
    changes(there, 2)
    assert there.locator(".scenario-title").inner_text() == "“东柳西迁”有改动未保存"
    assert "open=" in there.url
    press(there, "保存")
    there.wait_for_selector(".scenario-title:has-text('已保存')")
    assert "open=" not in there.url
    page.reload()
    page.wait_for_selector("body[data-ready]")
    changes(page, 2)
    assert watched.strangers == []
    assert watched.complaints == []


def test_unsaved_edits_of_a_scenario_survive_a_reload(page: Page) -> None:
    """The address holds both, the scenario and what differs from it."""
    close_a_site(page, "东柳社区站")
    changes(page, 1)
    save_as(page, "甲")
    close_a_site(page, "便民驿站")
    changes(page, 2)
    page.reload()
    page.wait_for_selector("body[data-ready]")
    changes(page, 2)
    assert page.locator(".scenario-title").inner_text() == "“甲”有改动未保存"


def test_who_was_overtaken_is_told_and_saves_anew(
    page: Page, little_site: str, open_context: Callable[..., Any]
) -> None:
    """Somebody else saved meanwhile: nothing is written over, and the changes go into a new scenario."""
    close_a_site(page, "东柳社区站")
    changes(page, 1)
    scenario = save_as(page, "甲")
    other = open_context().open(page.url)
    close_a_site(other, "便民驿站")
    changes(other, 2)
    press(other, "保存")
    other.wait_for_selector(".scenario-title:has-text('已保存')")
    close_a_site(page, "文明实践中心")
    changes(page, 2)
    press(page, "保存")
    page.wait_for_selector("#scenarios [role=alert]")
    assert "别人改过这个方案" in page.locator("#scenarios [role=alert]").inner_text()
    page.locator("#scenarios [role=alert]").get_by_role("button", name="另存").click()
    assert page.input_value(".scenario-form input") == "甲 2"
    another = save_as(page, "甲 2")
    assert another != scenario
    kept = page.request.get(f"{little_site}/api/v1/scenarios/{scenario}").json()
    assert sorted(kept["question"]["close"]) == ["P1", "S2"]


def test_a_name_that_is_taken_is_told_of(page: Page) -> None:
    """The other scenario can be opened instead; without a name nothing is sent."""
    first, _ = two_scenarios(page)
    press(page, "另存")
    page.fill(".scenario-form input", "  ")
    page.locator(".scenario-form .primary").click()
    assert page.locator(".scenario-form").count() == 1
    page.fill(".scenario-form input", "甲")
    page.locator(".scenario-form .primary").click()
    page.wait_for_selector("#scenarios [role=alert]")
    assert "同名" in page.locator("#scenarios [role=alert]").inner_text()
    press(page, "打开那个方案")
    changes(page, 1)
    assert first in page.url


def test_two_are_compared_with_each_other_and_one_with_now(page: Page, little_site: str) -> None:
    """Headline, table and map are those of the service; the address shows the same; back to the changes by a button."""
    a, b = two_scenarios(page)
    page.locator(".scenario-list summary").click()
    page.get_by_role("checkbox", name="比较 乙").check()
    page.get_by_role("checkbox", name="比较 甲").check()
    with page.expect_response("**/scenarios/compare/map?**") as asked:
        press(page, "比较")
    page.wait_for_selector("body.comparing")
    told = page.request.get(f"{little_site}/api/v1/scenarios/compare?a={b}&b={a}").json()
    assert told["delta"]["covered"] < 0
    assert page.locator(".figure").inner_text() == f"−{-told['delta']['covered']:,}"
    words = page.locator("#headline").inner_text()
    assert "A 乙" in words
    assert f"只有 A 走得到 {told['won']:,} 人，只有 B 走得到 {told['lost']:,} 人" in words
    assert f"{len(told['only_a']['close'])}" in words
    assert {one["properties"]["change"] for one in asked.value.json()["features"]} == {"lost"}
    painted = page.evaluate(
        "[...document.querySelectorAll('.leaflet-areas-pane canvas')].some(canvas =>"
        " canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(one => one))"
    )
    assert painted
    assert page.locator("#tools").is_hidden()
    page.reload()
    page.wait_for_selector("body.comparing")
    assert "A 乙" in page.locator("#headline").inner_text()
    press(page, "A、B 对调")
    page.wait_for_selector(".figure:text-matches('^[+]')")
    press(page, "回到编辑")
    page.wait_for_selector("#tools:visible")
    assert "compare=" not in page.url
    page.locator(".scenario-list summary").click()
    page.get_by_role("checkbox", name="比较 甲").check()
    press(page, "比较")
    page.wait_for_selector("body.comparing")
    assert "B 现状" in page.locator("#headline").inner_text()
    told = page.request.get(f"{little_site}/api/v1/scenarios/compare?a={a}&b=now").json()
    shown = page.locator("#table tbody td:nth-child(2)").all_inner_texts()
    units = sorted((abs(unit["delta"]["covered"]) for unit in told["units"]), reverse=True)
    assert [int(re.sub(r"\D", "", text) or 0) for text in shown] == units


def test_a_scenario_is_deleted_after_a_question_in_the_page(page: Page, little_site: str) -> None:
    """No pop-up of the browser; cancelling keeps it; its link then says in words that it is gone."""
    page.on("dialog", lambda dialog: pytest.fail(f"a pop-up: {dialog.message}"))
    first, second = two_scenarios(page)
    page.locator(".scenario-list summary").click()
    row = page.locator(f".scenario[data-id='{second}']")
    row.get_by_role("button", name="删除").click()
    assert "不能恢复" in row.inner_text()
    row.get_by_role("button", name="取消").click()
    assert page.locator(".scenario").count() == 2
    row.get_by_role("button", name="删除").click()
    row.locator(".problem").get_by_role("button", name="删除").click()
    page.wait_for_function("() => document.querySelectorAll('.scenario').length === 1")
    assert page.locator(".scenario-title").inner_text() == "还没有存为方案"
    assert page.locator(".change").count() == 2
    page.goto(f"{little_site}/map/little/whatif?scenario={second}")
    page.wait_for_selector("#scenarios [role=alert]")
    assert "没有这个方案" in page.locator("#scenarios [role=alert]").inner_text()
    assert "scenario=" not in page.url
    page.goto(f"{little_site}/map/little/whatif?compare={second}~{first}")
    page.wait_for_selector("body[data-ready]")
    assert "已不在" in page.locator("#notice").inner_text()
    assert page.locator(".invite").count() == 1


def test_a_link_is_shared_and_files_are_taken_away(page: Page, little_site: str) -> None:
    """The link of a saved scenario names it, that of unsaved changes carries them; both files come as attachments."""
    close_a_site(page, "东柳社区站")
    changes(page, 1)
    press(page, "分享")
    assert "open=" in page.input_value(".share input")
    scenario = save_as(page, "甲")
    press(page, "分享")
    page.wait_for_function("id => document.querySelector('.share input')?.value.includes(id)", arg=scenario)
    assert page.input_value(".share input") == f"{little_site}/map/little/whatif?scenario={scenario}"
    page.locator(".scenario-list summary").click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载文件").click()
    assert taken.value.suggested_filename == "甲.json"
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载 GeoJSON").click()
    assert taken.value.suggested_filename.endswith("json")


def test_markup_in_a_name_stays_text(page: Page) -> None:
    """In the title, the list and the comparison."""
    name = '<img src=x onerror="window.ranEvil=1">'
    close_a_site(page, "东柳社区站")
    changes(page, 1)
    save_as(page, name, name)
    page.locator(".scenario-list summary").click()
    assert page.locator(".scenario-name").inner_text() == name
    page.locator(".scenario .pick input").check()
    press(page, "比较")
    page.wait_for_selector("body.comparing")
    assert name in page.locator("#headline").inner_text()
    assert page.evaluate("window.ranEvil") is None


def test_a_database_that_is_away_leaves_the_editor_alone(page: Page) -> None:
    """The list says so; what is changed is still counted, and saving says why it cannot."""
    refused = {"status": 503, "content_type": "application/problem+json", "body": '{"title": "x", "detail": "full"}'}
    page.route("**/scenarios**", lambda route: route.fulfill(**refused))
    page.locator(".scenario-list summary").click()
    page.wait_for_selector(".scenario-list :text('方案库现在用不了')")
    close_a_site(page, "东柳社区站")
    changes(page, 1)
    press(page, "保存")
    page.fill(".scenario-form input", "甲")
    page.locator(".scenario-form .primary").click()
    page.wait_for_selector("#scenarios [role=alert]")
    assert "没有存成" in page.locator("#scenarios [role=alert]").inner_text()
    assert page.input_value(".scenario-form input") == "甲"


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_with_scenarios(
    page: Page, little_site: str, open_context: Callable[..., Any], width: int, scheme: str
) -> None:
    """List, form and comparison: axe finds nothing serious, nothing sticks out, buttons can be hit by a finger."""
    from axe_playwright_python.sync_playwright import Axe

    _, second = two_scenarios(page)
    watched = open_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    there = watched.open(f"{little_site}/map/little/whatif?scenario={second}&lang=en")
    there.locator(".scenario-list summary").click()
    there.wait_for_selector(".scenario")
    there.get_by_role("button", name="Save as").click()
    there.locator(".scenario").first.get_by_role("button", name="Delete").click()
    for view in ("editing", "comparing"):
        if view == "comparing":
            there.locator(".scenario .pick input").nth(1).check()
            there.get_by_role("button", name="Compare", exact=True).click()
            there.wait_for_selector("body.comparing")
        found = Axe().run(there).response["violations"]
        serious = [one for one in found if one["impact"] in {"serious", "critical"}]
        assert [(view, one["id"], one["nodes"][0]["html"]) for one in serious] == []
        assert there.evaluate("document.documentElement.scrollWidth") <= width
        small = there.evaluate(
            "[...document.querySelectorAll('#scenarios button, #scenarios summary, #headline button')]"
            ".filter(one => one.offsetHeight && one.offsetHeight < 44).map(one => one.outerHTML)"
        )
        assert small == []
    assert (watched.strangers, watched.complaints) == ([], [])
