"""Causes over HTTP and on the command line; each remedy's body is what POST /whatif is asked."""

from __future__ import annotations

import csv
import json
import re
import time
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from geomatch import cli
from tests.regions import lonlat
from tests.serving import Asking

if TYPE_CHECKING:
    from pathlib import Path

NOON = "2026-11-24T12:30"
QUESTIONS = (
    {},
    {"metres": 400, "kind": ["office", "station"]},
    {"profile": "wheelchair", "open_at": "2026-11-24T09:30:00+08:00", "min_people": 100},
    {"profile": "elder", "minutes": 20, "coordsys": "gcj02"},
    {"profile": "wheelchair", "metres": 9000, "kind": "office", "open_at": NOON},
)
SECONDS = 6.0
"""A few seconds at most; about one on an idle machine."""


@pytest.fixture
def api(little_region: Path) -> Asking:
    """The API of the little region."""
    return Asking(little_region)


@pytest.fixture(scope="module")
def model(haidian_region: Path) -> Asking:
    """The API of the bundled Haidian."""
    return Asking(haidian_region)


def won(api: Asking, body: dict[str, Any]) -> int:
    """Ask what would be, and give the people covered besides."""
    response = api.client.post(f"{api.at}/whatif", json=body)
    assert response.status_code == 200, response.text
    covered: int = response.get_json()["delta"]["covered"]
    return covered


@pytest.mark.parametrize("query", QUESTIONS)
def test_every_remedy_wins_what_its_what_if_says(api: Asking, query: dict[str, Any]) -> None:
    """The body is whole: posted as it is, the what-if's delta is the people that the remedy states."""
    told = api.answer("causes", **query)
    assert told["numberReturned"] == len(told["gaps"]) == told["numberMatched"]
    for gap in told["gaps"]:
        assert sum(cause["people"] for cause in gap["causes"]) == gap["people"]
        for remedy in gap["remedies"]:
            assert won(api, remedy["body"]) == remedy["people_won"] >= remedy["people_here"] > 0


def test_gaps_are_those_of_gaps(api: Asking) -> None:
    """The same ranks, people, units and nearest sites, so that shapes can be taken from there."""
    known = [feature["properties"] for feature in api.answer("gaps", metres=400)["features"]]
    told = api.answer("causes", metres=400)["gaps"]
    assert [{name: gap[name] for name in known[0]} for gap in told] == known


def test_only_so_many_gaps_are_told(api: Asking) -> None:
    """Those with most people; the others are counted."""
    every, two = api.answer("causes", metres=400), api.answer("causes", metres=400, limit=2)
    assert (two["numberMatched"], two["numberReturned"]) == (every["numberMatched"], 2)
    assert two["gaps"] == every["gaps"][:2]


def test_the_answer_is_kept_until_the_next_build(api: Asking) -> None:
    """Asked again with its tag, nothing changed."""
    first = api.get("causes", metres=400)
    again = api.client.get(first.request.url, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"limit": 0}, "query.limit"),
        ({"limit": "many"}, "query.limit"),
        ({"open_at": "noon"}, "query.open_at"),
        ({"min_people": -1}, "query.min_people"),
        ({"profile": "bird"}, "query.profile"),
        ({"limt": 3}, "query.limt"),
    ],
)
def test_a_question_at_fault_is_named(api: Asking, query: dict[str, Any], where: str) -> None:
    """Each message stands at its own parameter."""
    assert where in api.refused("causes", **query)


def test_a_misspelt_parameter_learns_the_right_name(api: Asking) -> None:
    """Also where the program calls it otherwise than the address does."""
    assert api.refused("causes", limt=3)["query.limt"].endswith("did you mean limit?")


def test_the_model_is_told_in_a_few_seconds_and_every_remedy_is_true(model: Asking) -> None:
    """All gaps of the bundled Haidian: causes add up, and a sample of the what-ifs is asked."""
    model.region.warm()
    started = time.process_time()
    told = model.answer("causes", limit=1000)
    assert time.process_time() - started < SECONDS
    assert told["numberMatched"] == len(told["gaps"]) > 100
    remedies = [remedy for gap in told["gaps"] for remedy in gap["remedies"]]
    assert {"new_site", "footbridge", "gate", "path"} == {remedy["kind"] for remedy in remedies}
    named = {cause["obstacle"]["name"] for gap in told["gaps"] for cause in gap["causes"] if cause["obstacle"]}
    assert {"清河", "昆玉河", "京北铁路", "城西环线铁路", "第四环路", "第五环路", ""} <= named
    assert all(sum(cause["people"] for cause in gap["causes"]) == gap["people"] for gap in told["gaps"])
    for remedy in remedies[::12]:
        assert won(model, remedy["body"]) == remedy["people_won"]


@pytest.mark.parametrize("query", [{"profile": "wheelchair"}, {"profile": "elder"}, {"open_at": NOON}])
def test_the_model_for_others_and_at_noon(model: Asking, query: dict[str, str]) -> None:
    """Stairs and closed doors are found too; a sample of the what-ifs is asked."""
    told = model.answer("causes", limit=1000, **query)
    kinds = {cause["kind"] for gap in told["gaps"] for cause in gap["causes"]}
    assert ({"steps", "pace"} if "profile" in query else {"closed"}) <= kinds
    remedies = [remedy for gap in told["gaps"] for remedy in gap["remedies"]]
    sample = [one for one in remedies if one["kind"] in {"ramp", "longer_hours"}] + remedies[::150]
    for remedy in sample[:10]:
        assert won(model, remedy["body"]) == remedy["people_won"]


def run(capsys: pytest.CaptureFixture[str], *words: object, status: int = 0) -> tuple[str, str]:
    """Run a command; gives what it printed."""
    assert cli.main([str(word) for word in words]) == status
    said = capsys.readouterr()
    return said.out, said.err


def test_the_command_tells_gaps_causes_and_remedies(little_region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People, why, and what would win how many, in the language asked for."""
    said, _ = run(capsys, "causes", little_region, "--metres", 400, "--limit", 2)
    assert re.search(r"^1\. .岸街道: [\d,]+$", said, re.MULTILINE)
    assert re.search(r"\+[\d,]+  在.*开新站", said)
    assert "3. " not in said
    said, _ = run(capsys, "causes", little_region, "--metres", 400, "--lang", "en", "--open-at", "2026-11-24T20:30")
    assert re.search(r"\+[\d,]+  longer hours at ", said)


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx"])
def test_files_hold_the_same_as_the_service(
    little_region: Path, api: Asking, tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    """A row for every cause and remedy, each remedy with the body of its what-if."""
    out = tmp_path / f"causes.{ending}"
    run(capsys, "causes", little_region, "--metres", 400, "-o", out)
    gaps = api.answer("causes", metres=400)["gaps"]
    if ending == "json":
        assert json.loads(out.read_text(encoding="utf-8"))["gaps"] == gaps
        return
    if ending == "csv":
        rows: list[Any] = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    else:
        header, *cells = openpyxl.load_workbook(out)["causes"].values
        rows = [dict(zip(header, row, strict=True)) for row in cells]
    assert [int(row["people"]) for row in rows if row["what"] == "cause"] == [
        cause["people"] for gap in gaps for cause in gap["causes"]
    ]
    bodies = [json.loads(row["whatif"]) for row in rows if row["what"] == "remedy"]
    assert bodies == [remedy["body"] for gap in gaps for remedy in gap["remedies"]]


def test_shops_of_a_list_are_remedies(little_region: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A shop in the far west is told of by its name."""
    shops = tmp_path / "shops.csv"
    lon, lat = lonlat(1, 5)
    shops.write_text(f"id,name,lon,lat\nK1,河西小铺,{lon},{lat}\n", encoding="utf-8")
    said, _ = run(capsys, "causes", little_region, "--candidates", shops)
    assert re.search(r"\+[\d,]+  在 河西小铺 开驿站", said)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--open-at", "noon"], "must be a time such as"),
        (["--candidates", "nowhere.csv"], "nowhere.csv"),
        (["-o", "sites.csv"], "is a source of the region"),
    ],
)
def test_what_is_at_fault_is_said(
    little_region: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    """Exit 1 and a sentence."""
    words = [str(little_region / word) if word == "sites.csv" else word for word in words]
    _, err = run(capsys, "causes", little_region, *words, status=1)
    assert says in err
