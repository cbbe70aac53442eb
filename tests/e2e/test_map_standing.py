"""The page of standing in a real browser: every section's figures are those of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SECTIONS = ("targets", "profiles", "straight", "fairness", "supply", "critical", "areas", "week", "band")


def show(page: Page, site: str, section: str, query: str = "") -> Page:
    """Open the page at a section and wait until it is shown."""
    page.goto(f"{site}/map/little/standing?section={section}{query}")
    page.wait_for_selector(f"#section[data-shown={section}]")
    return page


def ask(page: Page, site: str, path: str) -> Any:
    """What the API says."""
    return page.evaluate("url => fetch(url).then((reply) => reply.json())", f"{site}/api/v1/regions/little/{path}")


def column(page: Page, number: int) -> list[str]:
    """The texts of a column of the sortable table, without the sum."""
    cells = page.locator(f"#section .figures tbody tr > :nth-child({number})")
    return [text.strip() for text in cells.all_inner_texts()]


def percent(share: float | None) -> str:
    """A share as the page writes it."""
    return "–" if share is None else f"{share * 100:.1f}%"


def test_targets_by_clause(little_site: str, open_context: Callable[..., Any]) -> None:
    """Pass or fail and the people missing in every township, for one's own target and for a tier of the standard."""
    page = show(open_context().page, little_site, "targets")
    told = ask(page, little_site, "standards")
    assert page.locator(".figure").inner_text() == f"{told['units_passed']} / 2"
    assert f"还差 {told['total']['shortfall']:,} 人" in page.locator(".headline").inner_text()
    short = {row["name"]: row for row in told["units"]}
    for name, cell in zip(column(page, 1), column(page, 3), strict=True):
        assert cell == ("✓ 达标" if short[name]["passes"] else f"✗ {short[name]['shortfall']:,}")
    assert "第 2.0.2 条、表 3.0.4" in page.locator(".presets").inner_text()
    page.fill("input[name=target]", "99")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.figure-caption').innerText.includes('99%')")
    again = ask(page, little_site, "standards?target=99")
    assert f"{again['total']['shortfall']:,}" in page.locator(".headline").inner_text()
    assert page.evaluate("document.activeElement.name") == "target"
    page.locator(".presets button").nth(3).click()
    five = next(row for row in again["presets"] if row["id"] == "gb50180-5")
    page.wait_for_function(f"() => document.querySelector('.figure').innerText.startsWith('{five['units_passed']} /')")
    assert sorted(column(page, 2)) == sorted(percent(row["share"]) for row in five["units"])
    assert "2.0.4" in page.locator(".source").inner_text()


def test_profiles_side_by_side(little_site: str, open_context: Callable[..., Any]) -> None:
    """Four bars, one table of figures, four columns by township; a pressed bar shows its ground on the map."""
    page = show(open_context().page, little_site, "profiles")
    told = ask(page, little_site, "profiles")["profiles"]
    assert page.locator(".bar-text").all_inner_texts() == [percent(row["total"]["share"]) for row in told]
    facts = page.locator(".facts tbody tr").nth(2).locator("td").all_inner_texts()
    assert facts == [f"{row['total']['covered']:,}" for row in told]
    for number, row in enumerate(told, 2):
        shown = dict(zip(column(page, 1), column(page, number), strict=True))
        assert shown == {unit["name"]: percent(unit["share"]) for unit in row["units"]}
    ground = page.locator("canvas.covered-ground")
    before = ground.evaluate("canvas => canvas.toDataURL()")
    page.locator(".bar-row", has_text="轮椅").click()
    page.wait_for_selector(".bar-row[aria-pressed=true]:has-text('轮椅')")
    assert ground.evaluate("canvas => canvas.toDataURL()") != before


def test_over_claim_fairness_and_supply(little_site: str, open_context: Callable[..., Any]) -> None:
    """Headlines and township columns of the three sections that /fairness answers."""
    page = show(open_context().page, little_site, "straight")
    told = ask(page, little_site, "fairness")
    total, units = told["total"], {row["name"]: row for row in told["units"]}
    assert f"{total['over_claim']:,} 人" in page.locator(".headline").inner_text()
    assert page.locator(".bar-text").all_inner_texts() == [
        percent(total["straight_line"] / total["population"]), percent(total["share"])
    ]  # fmt: skip
    shown = dict(zip(column(page, 1), column(page, 2), strict=True))
    assert shown == {name: f"{row['over_claim']:,}" for name, row in units.items()}
    show(page, little_site, "fairness")
    assert page.locator(".figure").inner_text() == f"{total['gini']:.3f}"
    assert f"{total['gini']:.3f}" in (page.locator(".lorenz").get_attribute("aria-label") or "")
    shown = dict(zip(column(page, 1), column(page, 4), strict=True))
    assert shown == {name: f"{row['gini']:.3f}" for name, row in units.items()}
    show(page, little_site, "supply")
    assert float(page.locator(".figure").inner_text()) == pytest.approx(total["access_per_10k"], abs=0.005)
    assert f"{told['supply']['assumed']} 处没有写容量" in page.locator(".headline").inner_text()


def test_critical_sites_and_their_areas(little_site: str, open_context: Callable[..., Any]) -> None:
    """All sites by who would lose cover; Enter on one opens its card on the map; areas add up to the covered."""
    watched = open_context()
    page = show(watched.page, little_site, "critical")
    told = ask(page, little_site, "criticality")["features"]
    assert column(page, 2) == [f"{one['properties']['lost']:,}" for one in told]
    assert [text.split(". ", 1)[1] for text in column(page, 1)] == [one["properties"]["name"] for one in told]
    assert page.locator(".figure").inner_text() == f"{told[0]['properties']['lost']:,}"
    bubbles = page.locator(".leaflet-rings-pane canvas").first
    quiet = bubbles.evaluate("canvas => canvas.toDataURL()")
    first = page.locator("#section .row-name").first
    first.focus()
    page.wait_for_timeout(100)
    assert bubbles.evaluate("canvas => canvas.toDataURL()") != quiet
    page.keyboard.press("Enter")
    page.wait_for_selector(".card .loss")
    assert f"{told[0]['properties']['lost']:,} 人就没有站可去" in page.locator(".card").inner_text()
    show(page, little_site, "areas")
    people = {
        one["properties"]["site"]: one["properties"]["population"]
        for one in ask(page, little_site, "areas")["features"]
    }
    assert sorted(column(page, 2)) == sorted(f"{number:,}" for number in people.values())
    assert f"{sum(people.values()):,} 人" in page.locator(".facts").inner_text()
    assert page.evaluate("window.ranEvil") is None
    assert (watched.strangers, watched.complaints) == ([], [])


def test_the_week_as_a_heat_map(little_site: str, open_context: Callable[..., Any]) -> None:
    """168 cells and a table of the same shares; an hour by click or choice says its people and redraws the ground."""
    page = show(open_context().page, little_site, "week")
    told = ask(page, little_site, "week")
    assert page.locator(".week .hour").count() == 168
    page.locator("summary", has_text="数字表").click()
    rows = page.locator(".table-part tbody tr")
    for hour in (0, 9, 19):
        assert rows.nth(hour).locator("td").all_inner_texts() == [percent(day[hour]) for day in told["share"]]
    ground = page.locator("canvas.covered-ground")
    before = ground.evaluate("canvas => canvas.toDataURL()")
    page.select_option("select[name=hour]", "3")
    page.wait_for_function("() => document.querySelector('.hour-choice strong').innerText.length > 0")
    page.wait_for_function("() => document.querySelector('select[name=hour]').value === '3'")
    assert f"{told['covered'][0][3]:,} 人" in page.locator(".hour-choice strong").inner_text()
    assert ground.evaluate("canvas => canvas.toDataURL()") != before
    page.locator(".week .hour").nth(5 * 24 + 11).click()
    page.wait_for_function("() => document.querySelector('select[name=day]').value === '5'")
    assert f"{told['covered'][5][11]:,} 人" in page.locator(".hour-choice strong").inner_text()
    assert f"{told['hours_unknown']} 处开放时间不明" in page.locator(".headline").inner_text()


def test_how_sure_the_headline_is(little_site: str, open_context: Callable[..., Any]) -> None:
    """The range of both together is the headline; every end stands in the table with its people."""
    page = show(open_context().page, little_site, "band")
    told = ask(page, little_site, "sensitivity")
    both = told["bands"][-1]
    assert page.locator(".figure").inner_text() == f"{both['low']['share'] * 100:.1f}–{percent(both['high']['share'])}"
    cells = page.locator(".facts tbody td").all_inner_texts()
    assert cells == [f"{band[end]['covered']:,}" for band in told["bands"] for end in ("low", "high")]


def test_the_index_by_keyboard_and_the_question(little_site: str, open_context: Callable[..., Any]) -> None:
    """Enter on an entry of the index opens it and names it in the address; minutes and kinds ask again."""
    page = show(open_context().page, little_site, "targets")
    page.locator("#index a[data-section=band]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#section[data-shown=band]")
    assert "section=band" in page.url
    assert page.locator("#index a[aria-current]").inner_text() == "把握"
    before = page.locator(".figure").inner_text()
    page.select_option("select[name=minutes]", "5")
    page.wait_for_function("old => document.querySelector('.figure').innerText !== old", arg=before)
    told = ask(page, little_site, "sensitivity?minutes=5")
    assert percent(told["headline"]["share"]) in page.locator(".figure-caption").inner_text()
    page.locator("#legend label", has_text="站").first.click()
    assert "minutes=5" in page.url


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1440, "dark")])
def test_no_barriers_in_any_section(
    little_site: str, open_context: Callable[..., Any], section: str, width: int, scheme: str
) -> None:
    """Every section fits the width, calls nobody, and the accessibility checker finds nothing serious."""
    from axe_playwright_python.sync_playwright import Axe

    watched = open_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = show(watched.page, little_site, section, "&lang=en")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []
    assert (watched.strangers, watched.complaints) == ([], [])
