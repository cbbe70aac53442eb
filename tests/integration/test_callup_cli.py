"""Great call-ups on the command line: opened from flags and a file, shown, closed, tried out; every fault told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.store.database import Database
from tests.integration.test_cli import geomatch
from tests.mustering import mustered, person

if TYPE_CHECKING:
    from pathlib import Path

STARTS = f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d} 08:00"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database that the command line is set to."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", url)
    return Database(url)


def test_a_call_is_opened_shown_and_closed(store: Database, little_region: Path, tmp_path: Path) -> None:
    """Needs by flag are of every station, those of the file of the sites that it names."""
    needs = tmp_path / "needs.csv"
    needs.write_text("people,skill,certified,sites\n1,急救,是,S1\n2,合唱,,S1;S2\n", encoding="utf-8")
    given = ("--starts", STARTS, "--hours", 8, "--need", 2, "--need", "1:手机使用", "--needs", needs, "--name", "寒潮")
    call = geomatch("callup", "open", little_region, *given).stdout.split(":")[0]
    assert "寒潮  0 批 waves  进行中 open" in geomatch("callup", "list", little_region).stdout
    with store.reading() as work:
        posts = work.callups.posts(call)
    assert len(posts) == 2 * (4 + 3)
    assert sum(post.need.certified for post in posts) == 2
    board = json.loads(geomatch("callup", "show", little_region, call, "--json").stdout)
    assert board["total"] == {"places": 22, "held": 0, "standby": 0, "asked": 0}
    assert {each["site"]: each["places"] for each in board["stations"]} == {"S1": 12, "S2": 10}
    assert "0/22 到岗 held" in geomatch("callup", "show", little_region, call).stdout
    assert "closed 已结束" in geomatch("callup", "close", little_region, call).stdout
    assert "结束 closed" in geomatch("callup", "list", little_region).stdout


def test_a_trial_leaves_the_database_as_it_is(store: Database, little_region: Path) -> None:
    """With the volunteers of the database, over answers that it says are invented; the same each time."""
    mustered(store, "little", *map(person, range(1, 31)))
    words = ("callup", "simulate", little_region, "--starts", STARTS, "--hours", 4, "--need", 1, "--site", "S1")
    told = json.loads(geomatch(*words, "--json", "--seed", 3).stdout)
    assert (told["volunteers"], told["volunteers_invented"], told["answers_invented"]) == (30, False, True)
    assert (told["places"], told["sent_after_full"], told["clashes"]) == (1, 0, 0)
    assert "答复为虚构" in geomatch(*words).stdout
    with store.reading() as work:
        assert work.callups.all("little") == ()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--starts", "tomorrow", "--need", "1"), "--starts: must be a time"),
        (("--starts", "2001-01-01 08:00", "--need", "1"), "must be within 366 days"),
        (("--starts", STARTS), "needs: must be 1 to 63"),
        (("--starts", STARTS, "--need", "two"), "--need: must be PEOPLE or PEOPLE:SKILL"),
        (("--starts", STARTS, "--need", "0"), "people: must be from 1 to 100"),
        (("--starts", STARTS, "--need", "9" * 5000), "people: must be from 1 to 100"),
        (("--starts", STARTS, "--need", "1:a\x07b"), "--need: holds control"),
        (("--starts", STARTS, "--need", "1", "--name", "a\udcffb"), "--name: holds control"),
        (("--starts", STARTS, "--need", "1", "--words", " "), "--words: must be 1 to 500"),
        (("--starts", STARTS, "--need", "1", "--site", "S9"), "there is no such site"),
        (("--starts", STARTS, "--needs", "no.csv"), "no.csv"),
    ],
    ids=[
        "time", "past", "no need", "no figure", "nobody", "too many", "bell", "surrogate", "blank", "site", "no file",
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(store: Database, little_region: Path, words: tuple[str, ...], told: str) -> None:
    """With the flag and what is wrong with it, and the status 1; nothing is stored."""
    assert told in geomatch("callup", "open", little_region, *words, status=1).stderr
    assert not store.exists() or not geomatch("callup", "list", little_region).stdout.startswith("0" * 24)


def test_every_fault_of_a_file_of_needs_is_told(store: Database, little_region: Path, tmp_path: Path) -> None:
    """Row by row; a call that is not there is told as well."""
    needs = tmp_path / "needs.csv"
    needs.write_text("people,skill,certified\n0,,\nmany,,\n1,,是\n1,急救,perhaps\n", encoding="utf-8")
    told = geomatch("callup", "open", little_region, "--starts", STARTS, "--needs", needs, status=1).stderr
    assert [f"row {row}" in told for row in (2, 3, 4, 5)] == [True] * 4
    for deed in ("show", "close"):
        assert "no call-up" in geomatch("callup", deed, little_region, "x", status=1).stderr
    assert store.kind == "sqlite"
