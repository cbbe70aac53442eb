"""The pages' words: opening hours as people say them, and a catalogue without holes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from babel.messages import pofile
from flask import Flask

from geomatch.web.pages import language, spoken
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

WEB = ROOT / "geomatch" / "web"
ZONE = "Asia/Shanghai"
HOURS = "Mo-Fr 09:00-17:30"


@pytest.fixture
def app() -> Iterator[Flask]:
    """An app that speaks both languages."""
    app = Flask("words")
    language.init_app(app)
    with app.test_request_context("/"):
        app.preprocess_request()
        yield app


@pytest.mark.parametrize(
    ("hours", "at", "words"),
    [
        (HOURS, "2026-11-23 10:00", "今天开到 17:30"),
        (HOURS, "2026-11-23 17:10", "快关门了：今天开到 17:30"),
        (HOURS, "2026-11-23 08:00", "现在关门，今天 09:00 开门"),
        (HOURS, "2026-11-23 20:00", "现在关门，明天 09:00 开门"),
        (HOURS, "2026-11-27 20:00", "现在关门，星期一 09:00 开门"),
        ("24/7", "2026-11-23 20:00", "全天开放"),
        ("Mo-Su 08:00-24:00", "2026-11-23 20:00", "今天开到 24:00"),
        ("Mo-Su 20:00-02:00", "2026-11-23 21:00", "一直开到 明天 02:00"),
        (None, "2026-11-23 20:00", "开放时间未知，去前请先问一问"),
    ],
)
@pytest.mark.usefixtures("app")
def test_opening_hours_are_said_plainly(hours: str | None, at: str, words: str) -> None:
    """Until when it is open, or when it opens again, from the hours and the time alone."""
    now = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(ZONE))
    assert spoken.opening_words(hours, now, ZONE) == words


def test_every_text_of_the_pages_has_its_english() -> None:
    """What templates and pages say in Chinese is in the catalogue, with the same values to fill in."""
    with (WEB / "translations" / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = {message.id: message.string for message in pofile.read_po(file, locale="en") if message.id}
    sources = [*(WEB / "templates").glob("*.html"), *(WEB / "pages").glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    said = set(re.findall(r"\b_\(['\"]([^'\"]+)['\"]", text))
    assert said == set(catalogue)
    names = {key: set(re.findall(r"%\((\w+)\)s", key)) for key in said}
    assert {key: set(re.findall(r"%\((\w+)\)s", catalogue[key])) for key in said} == names


def test_english_is_spoken_where_it_is_asked_for(app: Flask) -> None:
    """?lang=en turns the words, an unknown language does not."""
    with app.test_request_context("/?lang=en"):
        app.preprocess_request()
        assert language.words("搜索") == "Search"
    with app.test_request_context("/?lang=fr"):
        app.preprocess_request()
        assert language.words("搜索") == "搜索"
