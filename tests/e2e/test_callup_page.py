"""The board of a call-up in a real browser: sign in, watch places fill as people answer, on the map and in figures."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from geomatch.services import accounts as account_service
from geomatch.services import callup, callup_answers
from geomatch.services.callup_wave import Caller
from geomatch.services.region import open_region
from geomatch.store.database import Database
from geomatch.volunteering.callups import Answer, CallPolicy, Need
from geomatch.volunteering.roles import Principal, Role
from tests import mustering
from tests.e2e.conftest import EVIL
from tests.mustering import person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from geomatch.services.region import Region
    from geomatch.volunteering.callups import Callup

pytestmark = pytest.mark.browser

SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test


@pytest.fixture(scope="module")
def region(evil_region: Path) -> Region:
    """The little region as the server has it."""
    return open_region(evil_region)


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """The database that the server keeps, with accounts and volunteers."""
    made = Database(os.environ["GEOMATCH_DATABASE_URL"])
    now = datetime.now(UTC)
    for role, area in ((Role.CENTRE, {}), (Role.STATION, {"site": "S1"}), (Role.VOLUNTEER, {"volunteer": "v"})):
        who = Principal("", role, "little", **area)
        account_service.add(made.writing(), f"看板 {role.value}", who, SECRET, at=now)
    mustering.mustered(made, "little", *map(person, range(101, 113)))
    yield made
    made.close()


@pytest.fixture
def call(database: Database, region: Region) -> Callup:
    """A call for both stations, two shifts, its first wave sent."""
    now = datetime.now(UTC)
    draft = callup.Draft(
        "寒潮值守", "送水", now + timedelta(hours=1), 8, 4, (Need(2), Need(1, "急救")), ("S1", "S2"),
        CallPolicy(first_share=1.0, asks_a_day=9),
    )  # fmt: skip
    made = callup.open_call(database.writing(), region, draft, by="a" * 24, at=now)
    Caller(region).wave(database, made.id, now)
    return made


def sign_in(page: Page, role: Role) -> None:
    """Fill the form and wait for what it opens."""
    page.wait_for_selector("#sign-in:not([hidden])")
    page.fill("input[name=name]", f"看板 {role.value}")
    page.fill("input[name=password]", SECRET)
    page.click("#sign-in button")


def test_places_fill_on_the_board_as_people_answer(
    little_site: str, open_context: Callable[..., Any], database: Database, region: Region, call: Callup
) -> None:
    """Signed in as the centre: figures are those of the API, and follow an answer without a reload."""
    watched = open_context()
    page = watched.open(f"{little_site}/map/little/callup")
    sign_in(page, Role.CENTRE)
    page.wait_for_selector("body[data-ready=yes]")
    assert page.locator(".figure").inner_text() == "0.0%"
    assert page.locator(".headline .outside").inner_text() == "还缺 12 人"
    assert page.locator(".chart-part").nth(0).locator(".bar-text").all_inner_texts() == ["0 / 6", "0 / 6"]
    page.evaluate("window.stillHere = true")
    with database.reading() as work:
        ask = work.callup_asks.of_callup(call.id)[0]
    now = datetime.now(UTC)
    callup_answers.answer(database.writing(), region, call.id, [(ask.id, Answer.ACCEPT)], at=now)
    page.wait_for_function("() => document.querySelector('.figure').innerText === '8.3%'", timeout=15_000)
    assert page.locator(".headline .outside").inner_text() == "还缺 11 人"
    assert page.evaluate("window.stillHere")
    page.locator(".row-name", has_text="西岸街道").click()
    assert EVIL in page.locator(".figures tbody").inner_text()
    page.locator(".row-name", has_text="坏名站").click()
    page.wait_for_selector(".leaflet-popup .card")
    assert "1 / 6 人" in page.locator(".card").inner_text()
    assert page.evaluate("window.ranEvil") is None
    page.click("text=退出登录")
    page.wait_for_selector("#sign-in:not([hidden])")
    assert page.locator(".figure").count() == 0
    assert watched.strangers == []
    assert [told for told in watched.complaints if "401" not in told] == []


def test_each_sees_its_own_area_or_is_told_why_not(
    little_site: str, open_context: Callable[..., Any], call: Callup
) -> None:
    """A station sees its own posts; a volunteer is told whom the board is for; a wrong password is told plainly."""
    page = open_context().open(f"{little_site}/map/little/callup?call={call.id}")
    page.fill("input[name=name]", "看板 station")
    page.fill("input[name=password]", "wrong")
    page.click("#sign-in button")
    page.wait_for_selector("#sign-in .problem:not([hidden])")
    assert page.locator("#sign-in .problem").inner_text() == "名称和密码不相符"
    sign_in(page, Role.STATION)
    page.wait_for_selector("body[data-ready=yes]")
    assert page.locator(".figures tbody tr").count() == 1
    assert page.locator(".headline .figure-caption").inner_text().endswith("（共 6 个）")
    other = open_context().open(f"{little_site}/map/little/callup")
    sign_in(other, Role.VOLUNTEER)
    other.wait_for_selector("body[data-ready=told]")
    assert "这个账号看不到看板" in other.locator("#board").inner_text()


@pytest.mark.parametrize("look", [(360, "light", "zh"), (1440, "dark", "en")], ids=["phone", "desk"])
def test_the_board_has_no_barriers(
    little_site: str, open_context: Callable[..., Any], call: Callup, look: tuple[int, str, str]
) -> None:
    """It fits the width, its targets are large, and the accessibility checker finds nothing serious, in or out."""
    from axe_playwright_python.sync_playwright import Axe

    width, scheme, lang = look
    watched = open_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = watched.open(f"{little_site}/map/little/callup?call={call.id}&lang={lang}")
    for inside in (False, True):
        if inside:
            sign_in(page, Role.CENTRE)
            page.wait_for_selector("body[data-ready=yes]")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in {"serious", "critical"}] == []
    assert page.locator(".who button").bounding_box()["height"] >= 48
    assert watched.strangers == []
