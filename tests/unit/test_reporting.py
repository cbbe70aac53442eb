"""What a report says is said in both languages, and every figure has its definition and its way of being written."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.reporting import definitions, words
from geomatch.reporting.document import TOTAL, Column, Figure, Table, figure
from geomatch.reporting.language import NOTHING, Kind, Language, day, shown
from geomatch.reporting.words import say, sentence

ROOT = Path(__file__).resolve().parents[2]
WORDS = words._read()


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_the_same_things(key: str) -> None:
    """Chinese and English are both there and take the same values."""
    told = WORDS[key]
    assert told.keys() == {"zh", "en"}
    names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in told.values()]
    assert names[0] == names[1]


def test_words_that_are_asked_for_are_there() -> None:
    """Every key that the code spells out exists, and no key is there for nothing."""
    rooms = ("services/report", "drawing/report", "files", "reporting")
    files = [
        path for room in rooms for path in (ROOT / "geomatch" / room).rglob("*") if path.suffix in {".py", ".html"}
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    asked = set(re.findall(r"""(?:say|say_|sentence|_say|_sheet)\(\s*f?["']([a-z_0-9]+)["']""", text))
    assert asked <= WORDS.keys()
    quoted = set(re.findall(r"""["']([a-zA-Z_0-9]+)["']""", text))
    made = re.compile(
        r"(profile|kind|cause|objective|varied|day|count|source|m|s|end)_|[mx]\d|"
        r"k_(backup|straight|p90_p40|worst|gini)"
    )
    assert {key for key in WORDS.keys() - asked - quoted if not made.match(key)} == set()


@pytest.mark.parametrize("language", Language)
def test_every_definition_is_whole(language: Language) -> None:
    """Name, meaning, formula and rows are said in each language."""
    found = definitions.catalogue(language)
    assert len({told.key for told in found}) == len(found)
    for told in found:
        assert told.name
        assert told.meaning
        assert told.formula
        assert told.rows


def test_definitions_keep_the_order_of_the_catalogue() -> None:
    """Whatever is asked for comes in the catalogue's order, once."""
    found = definitions.used(["share", "population", "share"], Language.EN)
    assert [told.key for told in found] == ["population", "share"]


@pytest.mark.parametrize(
    ("value", "kind", "told"),
    [
        (3133469, Kind.PEOPLE, "3,133,469"),
        (0.78277, Kind.SHARE, "78.3 %"),
        (0.9996, Kind.SHARE, "99.9 %"),
        (1.0, Kind.SHARE, "100.0 %"),
        (0.0002, Kind.SHARE, "0.1 %"),
        (0.0, Kind.SHARE, "0.0 %"),
        (514.97, Kind.METRES, "515"),
        (0.5078, Kind.NUMBER, "0.508"),
        (4.6186, Kind.NUMBER, "4.62"),
        (0.8, Kind.FACTOR, "0.80"),
        (7.5, Kind.MINUTES, "7.5"),
        (True, Kind.FLAG, "是"),
        (None, Kind.PEOPLE, NOTHING),
        (float("inf"), Kind.METRES, NOTHING),
        ("<b>", Kind.TEXT, "<b>"),
    ],
)
def test_values_are_written_as_people_read_them(value: object, kind: Kind, told: str) -> None:
    """Thousands, per cent with one decimal, a dash for what is not known; 100 % only for all."""
    assert shown(value, kind, Language.ZH) == told  # type: ignore[arg-type]


@given(st.floats(0, 1))
def test_all_and_nobody_are_said_only_of_all_and_nobody(share: float) -> None:
    """100.0 % means everybody, and 0.0 % nobody."""
    told = shown(share, Kind.SHARE, Language.EN)
    assert (told == "100.0 %") == (share == 1.0)
    assert (told == "0.0 %") == (share == 0.0)


def test_days_are_written_out() -> None:
    """2026年3月9日, 9 March 2026."""
    from datetime import date, datetime, time

    moment = datetime.combine(date(2026, 3, 9), time(1))
    assert (day(moment, Language.ZH), day(moment, Language.EN)) == ("2026年3月9日", "9 March 2026")


def test_a_sentence_keeps_its_figures() -> None:
    """Words are joined, figures stay places to click, in the order of the language."""
    columns = (Column("name", "n"), Column("people", "p", Kind.PEOPLE, "population"))
    table = Table("units", "t", columns, ("a",), (("甲", 1200),), ("all", 1200))
    beyond = figure({"units": table}, Language.ZH, "units", TOTAL, "people")
    assert beyond == Figure("units", TOTAL, "people", "1,200")
    assert beyond.place == "units/total/people"
    assert sentence("h_beyond", Language.ZH, beyond=beyond).runs == (beyond, " 人在圈外")
    assert sentence("h_beyond", Language.EN, beyond=beyond).runs == (beyond, " people are beyond reach")
    assert say("c_of", Language.EN, count=3) == "of 3 townships"
