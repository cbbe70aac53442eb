"""The page of siting in a real browser: from an office's list to sites on the map, with what is proven."""

from __future__ import annotations

import base64
import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.regions import lonlat

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

EVIL = '<img src=x onerror="window.ranEvil=1">坏名店'
SPOTS = ((0.5, 2.0), (1.0, 9.0), (7.0, 5.0), (20.0, 5.0), (29.0, 3.0), (29.0, 10.0), (4.0, -9.0))
NAMES = (EVIL, "二号店", "=3+4 店", "四号店", "五号店", "六号店", "远店")


def shops(*, broken: bool = False) -> dict[str, Any]:
    """A list of seven shops, the last far from any street; broken, with faults in three rows."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["编号", "名称", "经度", "纬度", "费用"])
    for number, (spot, name) in enumerate(zip(SPOTS, NAMES, strict=True), 1):
        lon, lat = lonlat(*spot)
        row: list[object] = [f"K{number}", name, f"{lon:.7f}", f"{lat:.7f}", 2 + number % 2]
        if broken:
            row = {2: [row[0], name, "东边", *row[3:]], 4: [*row[:2], row[3], row[2], row[4]], 6: ["K1", *row[1:]]}.get(
                number, row
            )
        writer.writerow(row)
    return {"name": "门店 <b>.csv", "mimeType": "text/csv", "buffer": out.getvalue().encode("gbk")}


def choose(page: Page, **fields: str) -> None:
    """Drop the list, fill the form and wait for the answer and its circles."""
    page.select_option("select[name=coordsys]", "wgs84")
    page.set_input_files("#list", shops())
    page.wait_for_selector(".list-read")
    for name, value in fields.items():
        page.fill(f"input[name={name}]", value)
    page.click("#siting .primary")
    page.wait_for_selector("#result[data-drawn]")


def answer_of(page: Page, site: str, **body: Any) -> Any:
    """What POST /siting says of the same list."""
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [round(part, 7) for part in lonlat(*spot)]},
         "properties": {"id": f"K{number}", "name": name, "cost": 2 + number % 2}}
        for number, (spot, name) in enumerate(zip(SPOTS, NAMES, strict=True), 1)
    ]  # fmt: skip
    asked = {"candidates": {"type": "FeatureCollection", "features": features}, "minutes": 10, **body}
    return post(page, f"{site}/api/v1/regions/little/siting", asked)


def post(page: Page, url: str, body: Any) -> Any:
    """What the service answers to a body."""
    return page.evaluate(
        """([url, body]) => {
            const headers = { "Content-Type": "application/json" };
            return fetch(url, { method: "POST", headers, body: JSON.stringify(body) }).then((reply) => reply.json());
        }""",
        [url, body],
    )


def test_what_is_shown_is_what_the_service_answers(little_site: str, open_context: Callable[..., Any]) -> None:
    """Order, people, shares, the bound in words and the marks are those of POST /siting; markup stays text."""
    watched = open_context()
    page = watched.open(f"{little_site}/map/little/siting?minutes=10")
    choose(page, p="3")
    told = answer_of(page, little_site, p=3)
    rows = page.locator("#chosen tbody tr")
    shown = [
        (rows.nth(at).locator(".row-name").inner_text(), rows.nth(at).locator("td").first.inner_text().strip())
        for at in range(3)
    ]
    assert shown == [(f"{row['rank']}. {row['name']}", f"{row['people_added']:,}") for row in told["chosen"]]
    share = [people / told["population"] * 100 for people in (told["covered_before"], told["covered"])]
    assert page.locator(".figure").inner_text() == f"{share[1]:.1f}%"
    assert (
        f"{share[0]:.1f}% → {share[1]:.1f}%，多 {told['covered'] - told['covered_before']:,} 人"
        in page.locator(".moved").inner_text()
    )
    proof = "没有更好的方案" if told["gap"] == 0 else f"最多也只能再多 {told['bound'] - told['covered']:,.0f} 人"
    assert proof in page.locator(".proof").inner_text()
    titles = page.locator(".chosen-icon").evaluate_all("marks => marks.map((mark) => mark.title)")
    assert titles == [f"第 {row['rank']} 处：{row['name']}，新增 {row['people_added']:,} 人" for row in told["chosen"]]
    assert "远店" in (page.locator(".off").text_content() or "")
    assert page.locator(".curve").get_attribute("aria-label") is not None
    assert page.evaluate("window.ranEvil") is None
    assert (watched.strangers, watched.complaints) == ([], [])


def test_townships_add_up_and_the_choice_can_be_taken_away(little_site: str, open_context: Callable[..., Any]) -> None:
    """The township table adds up; the CSV runs nothing; the GeoJSON and the what-if link hold the same sites."""
    page = open_context().open(f"{little_site}/map/little/siting?minutes=10")
    choose(page, p="3")
    told = answer_of(page, little_site, p=3)
    won = [
        int(text.replace(",", ""))
        for text in page.locator("#townships tbody td:nth-child(2) > span:first-child").all_inner_texts()
    ]
    assert sum(won) == told["covered"] - told["covered_before"]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载表格 CSV").click()
    raw = Path(waiting.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [row["编号"] for row in rows] == [row["id"] for row in told["chosen"]]
    assert not any(row["名称"].startswith("=") for row in rows)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载 GeoJSON").click()
    layer = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    spots = [[row["lon"], row["lat"]] for row in told["chosen"]]
    assert [one["geometry"]["coordinates"] for one in layer["features"]] == spots
    text = parse_qs(urlsplit(page.locator("#open-whatif").get_attribute("href") or "").query)["open"][0]
    body = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    assert [[site["lon"], site["lat"]] for site in body["add"]] == [pytest.approx(spot, abs=1e-6) for spot in spots]
    after = post(page, f"{little_site}/api/v1/regions/little/whatif", body)
    assert after["after"]["covered"] == told["covered"]


def test_faults_of_a_list_are_shown_row_by_row(little_site: str, open_context: Callable[..., Any]) -> None:
    """Three rows at fault are named with column, value and reason, in Chinese; a mended list is then taken."""
    page = open_context().open(f"{little_site}/map/little/siting")
    page.select_option("select[name=coordsys]", "wgs84")
    page.set_input_files("#list", shops(broken=True))
    page.wait_for_selector(".faults")
    told = page.locator(".faults tbody tr")
    assert [told.nth(at).locator("th").inner_text() for at in range(3)] == ["3", "5", "7"]
    text = page.locator("#list-told").inner_text()
    assert "东边" in text
    assert "写反了" in text
    assert "与第 2 行的编号重复" in text
    page.set_input_files("#list", shops())
    page.wait_for_selector(".list-read")
    assert "7 个候选点" in page.locator(".list-read").inner_text()
    assert page.locator(".faults").count() == 0


def test_a_file_can_be_dropped_on_the_page(little_site: str, open_context: Callable[..., Any]) -> None:
    """Dropping is as good as choosing."""
    page = open_context().open(f"{little_site}/map/little/siting")
    data = base64.b64encode(shops()["buffer"]).decode()
    page.evaluate(
        """(data) => {
            const file = new File([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], "门店.csv");
            const carried = new DataTransfer();
            carried.items.add(file);
            const said = { dataTransfer: carried, bubbles: true, cancelable: true };
            document.getElementById("drop").dispatchEvent(new DragEvent("drop", said));
        }""",
        data,
    )
    page.wait_for_selector(".list-read")
    assert "门店.csv" in page.locator(".list-read").inner_text()


def test_a_question_without_sense_is_not_asked(little_site: str, open_context: Callable[..., Any]) -> None:
    """No candidates, and a count that is no number: each is said at the form, and the field gets the focus."""
    page = open_context().open(f"{little_site}/map/little/siting")
    page.uncheck("input[name=grid]")
    page.click("#siting .primary")
    assert "请先选一份名单" in page.locator("#wrong").inner_text()
    page.check("input[name=grid]")
    page.fill("input[name=p]", "2.5")
    page.click("#siting .primary")
    assert "处数" in page.locator("#wrong").inner_text()
    assert page.evaluate("document.activeElement.name") == "p"
    page.select_option("select[name=objective]", "lscp")
    assert page.locator("input[name=p]").is_hidden()
    assert page.locator("input[name=target]").is_visible()


def test_junctions_by_keyboard_alone(little_site: str, open_context: Callable[..., Any]) -> None:
    """Enter in a field asks; a chosen row by Enter lights its mark and opens its card."""
    page = open_context().open(f"{little_site}/map/little/siting?minutes=5")
    page.locator("input[name=p]").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    page.wait_for_selector("#result[data-drawn]")
    assert page.evaluate("document.activeElement.id") == "result"
    page.locator("#chosen .row-name").nth(1).focus()
    page.keyboard.press("Enter")
    assert page.locator(".card h2").inner_text() == page.locator("#chosen .row-name").nth(1).inner_text()
    assert page.locator(".chosen-icon.lit").inner_text() == "2"


@pytest.mark.parametrize("objective", ["lscp", "p_median", "p_center", "capacitated", "backup", "p_dispersion"])
def test_every_objective_says_its_figure(little_site: str, open_context: Callable[..., Any], objective: str) -> None:
    """Each has a figure, a proof in words and no error."""
    watched = open_context()
    page = watched.open(f"{little_site}/map/little/siting?minutes=10&lang=en")
    page.select_option("select[name=objective]", objective)
    if objective != "lscp":
        page.fill("input[name=p]", "3")
    page.click("#siting .primary")
    page.wait_for_selector("#result[data-drawn]")
    assert any(letter.isdigit() for letter in page.locator(".figure").inner_text())
    assert page.locator(".proof").inner_text().startswith(("Proven", "No limit"))
    assert (watched.strangers, watched.complaints) == ([], [])


def test_what_lasts_can_be_stopped(little_site: str, open_context: Callable[..., Any]) -> None:
    """While an answer is slow the page counts the seconds, and stops when it is told to."""
    page = open_context().open(f"{little_site}/map/little/siting")
    page.route("**/siting", lambda _route: None)  # never answered
    page.click("#siting .primary")
    page.wait_for_selector("#work progress")
    page.get_by_role("button", name="停止").click(timeout=10_000)
    page.wait_for_function("() => document.getElementById('work').innerText.includes('已停止')")
    assert page.locator("#siting .primary").is_enabled()


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barriers_at_any_size(little_site: str, open_context: Callable[..., Any], width: int, scheme: str) -> None:
    """Form and answer fit the width, and the accessibility checker finds nothing serious."""
    from axe_playwright_python.sync_playwright import Axe

    page = open_context(viewport={"width": width, "height": 800}, color_scheme=scheme).open(
        f"{little_site}/map/little/siting?minutes=10"
    )
    choose(page, p="3", floor="90")
    page.locator("#conditions > summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []
