"""Statistics on both databases and over HTTP: truly counted, opened to their rows, published figures kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from geomatch.cli import main
from geomatch.config import Settings
from geomatch.errors import ConflictError, InputError, NotAllowedError
from geomatch.services import accounts as account_service
from geomatch.services import statistics as service
from geomatch.store import ids
from geomatch.volunteering.activities import Activity, SignUp, SignUpState
from geomatch.volunteering.people import Volunteer
from geomatch.volunteering.roles import Principal, Role
from geomatch.volunteering.statistics import By, Draft, Measure
from geomatch.volunteering.teams import Team, TeamLevel
from geomatch.web.app import SERVED, app_for
from tests.serving import region_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from geomatch.store.database import Database

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
CENTRE = Principal("c", Role.CENTRE, "little")
WEST = Principal("o", Role.OFFICE, "little", unit="西岸街道")
LEADER = Principal("l", Role.LEADER, "little", team="t1", volunteer="v1")
TEAMS = (
    Team("corps", "总队", TeamLevel.CORPS, "needy"),
    Team("t1", "一队", TeamLevel.TEAM, "needy", "corps"),
    Team("g1", "一组", TeamLevel.GROUP, "needy", "t1"),
)
HELD = (
    # township, team, category, audience, who came, days before now
    ("西岸街道", "t1", "law", 300, ("v1", "a"), 1),
    ("西岸街道", "g1", "law", None, ("v1", "b"), 2),
    ("东岸街道", "corps", "arts", 50, ("a",), 3),
    ("东岸街道", None, "arts", 20, (), 24),  # on the first day of the month
)


def hold(database: Database) -> None:
    """Four activities that count, and some that do not."""
    with database.writing() as work:
        work.people.put_teams("little", TEAMS)
        work.people.add("little", [Volunteer("v1", None, "王小明", "1")], NOW)
        for unit, team, category, audience, came, days in HELD:
            add(work, came, NOW - timedelta(days=days), unit=unit, team=team, category=category, audience=audience)
        add(work, ("v1",), NOW - timedelta(days=1), is_cancelled=True, audience=1000)
        add(work, ("v1",), NOW - timedelta(days=25), audience=1000)  # the month before
        add(work, ("v1",), NOW - timedelta(days=1), audience=1000, ends_at=datetime(2099, 1, 1, tzinfo=UTC))  # goes on
        work.commit()


def add(work: Any, came: tuple[str, ...], starts_at: datetime, **more: Any) -> None:
    """One activity; somebody is on its list who did not come."""
    activity = Activity(
        ids.fresh(), "little", "活动", "law", "站里", 116.3, 39.9, starts_at, starts_at + timedelta(hours=1), starts_at,
        9, "", "c", NOW, "s",
    )  # fmt: skip
    work.activities.add(replace(activity, **more))
    for number, name in enumerate((*came, "z"), 1):
        volunteer, at = (name if name == "v1" else None), (starts_at if name != "z" else None)
        work.activities.write(
            SignUp(ids.fresh(), activity.id, f"account {name}", volunteer, number, SignUpState.SEATED, NOW, at, "code")
        )


def table(database: Database, by: By | None = None, who: Principal = CENTRE) -> service.Table:
    """The month of November."""
    return service.table(database.reading(), who, FIRST, LAST, by=by, timezone="Asia/Shanghai", at=NOW)


def four(figures: Any) -> tuple[int, ...]:
    """The four measures in their order."""
    return tuple(figures.of(measure) for measure in Measure)


def test_what_took_place_is_counted_by_four_measures(database: Database) -> None:
    """Not what was cancelled, is not over or lies in another month; who did not come is nobody."""
    hold(database)
    told = table(database)
    assert (four(told.total), told.total.uncounted) == ((4, 5, 370, 3), 1)


@pytest.mark.parametrize(
    ("by", "parts"),
    [
        (By.UNIT, {"西岸街道": (2, 4, 300, 3), "东岸街道": (2, 1, 70, 1)}),
        (By.CATEGORY, {"law": (2, 4, 300, 3), "arts": (2, 1, 70, 1)}),
        (By.TEAM, {"": (1, 0, 20, 0), "corps": (1, 1, 50, 1), "t1": (1, 2, 300, 2), "g1": (1, 2, 0, 2)}),
        (By.TREE, {"corps": (3, 5, 350, 3), "t1": (2, 4, 300, 3), "g1": (1, 2, 0, 2)}),
    ],
)
def test_a_table_is_split_truly(database: Database, by: By, parts: dict[str, tuple[int, ...]]) -> None:
    """By township, category and team; in the tree each team with those below it."""
    hold(database)
    assert {part.id: four(part.figures) for part in table(database, by).parts} == parts


@pytest.mark.parametrize(
    ("who", "total"),
    [
        (WEST, (2, 4, 300, 3)),
        (LEADER, (2, 4, 300, 3)),
        (replace(LEADER, team="g1"), (1, 2, 0, 2)),
        (Principal("s", Role.STATION, "little", site="S1"), (0, 0, 0, 0)),
        (Principal("x", Role.CENTRE, "elsewhere"), (0, 0, 0, 0)),
    ],
)
def test_each_counts_its_own_area(database: Database, who: Principal, total: tuple[int, ...]) -> None:
    """A township, a team with all below it, a site; never another region."""
    hold(database)
    assert four(table(database, who=who).total) == total


@pytest.mark.parametrize("by", [None, *By])
def test_every_figure_is_the_sum_of_its_rows(database: Database, by: By | None) -> None:
    """Of every measure, in every line; people are masked."""
    hold(database)
    told = table(database, by)
    lines = [("", told.total)] if by is None else [(part.id, part.figures) for part in told.parts]
    for part, figures in lines:
        for measure in Measure:
            rows = service.rows(
                database.reading(), CENTRE, measure, FIRST, LAST, by=by, part=part, timezone="Asia/Shanghai", at=NOW
            )
            assert sum(row.adds for row in rows) == figures.of(measure), (part, measure)
            assert "王小明" not in str(rows)
    people = service.rows(
        database.reading(), CENTRE, Measure.PEOPLE, FIRST, LAST, by=None, part="", timezone="Asia/Shanghai", at=NOW
    )
    assert {(row.title, row.note) for row in people if row.id == "v1"} == {("王*", "2 次签到 check-ins")}


@pytest.mark.parametrize(("first", "last"), [(LAST, FIRST), (date(1, 1, 1), LAST), (FIRST, date(9999, 12, 31))])
def test_days_that_make_no_period_are_refused(database: Database, first: date, last: date) -> None:
    """The first after the last, or another century."""
    with pytest.raises(InputError, match="must be days"):
        service.table(database.reading(), CENTRE, first, last, by=None, timezone="Asia/Shanghai", at=NOW)


FIGURE = Draft("2万多人次", "受众人次", date(2026, 11, 20), "海淀报", first=FIRST, last=LAST, category="法律法规")


def publish(database: Database, *drafts: Draft, who: Principal = CENTRE) -> int:
    """Write figures down; gives how many are new."""
    return service.publish(database.writing(), who, drafts, where="figures.csv", at=NOW)[0]


def test_figures_of_two_days_both_stay_and_the_same_again_is_one(database: Database) -> None:
    """Also two sources of one day; another value for the same is refused, and nothing of it is kept."""
    other = replace(FIGURE, figure="21,500人次", published_on=date(2026, 11, 24))
    assert publish(database, FIGURE, other, replace(FIGURE, source="官网")) == 3
    assert publish(database, FIGURE, other) == 0
    with pytest.raises(ConflictError, match="2万多人次 stands there already"):
        publish(database, replace(FIGURE, source="新"), replace(FIGURE, figure="3万人次"))
    count, found = service.published(database.reading(), CENTRE, limit=9, offset=0)
    assert (count, found[0].value, found[0].bound.value) == (3, 21_500, "exact")
    assert {(each.value, each.bound.value, each.category) for each in found[1:]} == {(20_000, "at_least", "law")}


def test_an_office_writes_and_reads_its_own_township(database: Database) -> None:
    """And nobody else's."""
    assert publish(database, FIGURE, who=WEST) == 1
    with pytest.raises(NotAllowedError, match="own township"):
        publish(database, replace(FIGURE, unit="东岸街道"), who=WEST)
    assert service.published(database.reading(), WEST, limit=9, offset=0)[0] == 1
    assert service.published(database.reading(), replace(WEST, unit="东岸街道"), limit=9, offset=0)[0] == 0


def test_every_row_at_fault_is_told_and_nothing_is_written(database: Database) -> None:
    """Which measure, which figure, which days: each with its row."""
    rows = (
        replace(FIGURE, row=2),
        replace(FIGURE, row=3, measure=""),
        replace(FIGURE, row=4, figure="很多"),
        replace(FIGURE, row=5, first=LAST, last=FIRST),
        replace(FIGURE, row=6, category="nonsense"),
    )
    with pytest.raises(InputError) as raised:
        publish(database, *rows)
    assert [fault.row for fault in raised.value.faults] == [3, 4, 5, 6]
    assert "say which: participations 参与人次, audience 受众人次" in raised.value.faults[0].reason
    assert service.published(database.reading(), CENTRE, limit=9, offset=0)[0] == 0


SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test
AT = "/api/v1/regions/little/statistics"
MONTH = {"first": "2026-11-01", "last": "2026-11-30"}


@pytest.fixture(scope="module")
def app(little_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app on a database of its own with what took place."""
    url = f"sqlite:///{tmp_path_factory.mktemp('statistics') / 'store.db'}"
    made = app_for([region_of(little_region)], Settings(database_url=url))
    database = made.extensions[SERVED].database
    hold(database)
    for name, who in (("centre", CENTRE), ("west", WEST)):
        account_service.add(database.writing(), name, who, SECRET, at=NOW)
    yield made
    database.close()


def signed_in(app: Flask, name: str) -> FlaskClient:
    """A client of one account."""
    client = app.test_client()
    answer = client.post("/api/v1/session", json={"name": name, "password": SECRET})
    client.environ_base["HTTP_X_CSRF_TOKEN"] = answer.get_json()["csrf"]
    return client


def test_every_figure_leads_to_its_rows_over_http(app: Flask) -> None:
    """Whole and by township, with scope, period and definition."""
    centre = signed_in(app, "centre")
    told = centre.get(AT, query_string=MONTH | {"by": "unit"}).get_json()
    assert told["period"] == MONTH | {"timezone": "Asia/Shanghai"}
    assert {each["measure"]: each["adds_up"] for each in told["definitions"]} == {
        "events": True, "participations": True, "audience": True, "people": False
    }  # fmt: skip
    assert told["total"]["audience"]["value"] == 370
    for figures in [told["total"], *(part["figures"] for part in told["parts"])]:
        for measure in Measure:
            link = urlsplit(figures[measure.value]["rows"])
            rows = centre.get(link.path, query_string=dict(parse_qsl(link.query, keep_blank_values=True))).get_json()
            assert rows["value"] == figures[measure.value]["value"] == sum(row["adds"] for row in rows["rows"])
    assert signed_in(app, "west").get(AT, query_string=MONTH).get_json()["total"]["events"]["value"] == 2


def test_an_unclear_figure_is_asked_about_over_http(app: Flask) -> None:
    """With the choices; named, it is kept as it was written, and marked approximate."""
    west = signed_in(app, "west")
    draft = {"figure": "2万多人次", "published_on": "2026-11-20", "source": "街道公众号"}
    asked = west.post(f"{AT}/published", json=draft)
    assert asked.status_code == 422
    assert "participations 参与人次, audience 受众人次" in asked.get_json()["detail"]
    kept = west.post(f"{AT}/published", json=draft | {"measure": "受众人次"})
    assert kept.status_code == 201
    told = kept.get_json()
    assert (told["value"], told["bound"], told["is_approximate"], told["unit"]) == (
        20_000,
        "at_least",
        True,
        "西岸街道",
    )
    assert west.post(f"{AT}/published", json=draft | {"measure": "受众人次", "figure": "3万人次"}).status_code == 409
    for wrong in ({"figure": "x"}, {"published_on": "0001-01-01"}, {"source": "\u0000"}, {"category": "nonsense"}):
        assert west.post(f"{AT}/published", json=draft | {"measure": "受众人次"} | wrong).status_code == 422, wrong
    assert west.post(f"{AT}/published", json=draft | {"measure": "受众人次", "unit": "东岸街道"}).status_code == 403
    assert west.get(f"{AT}/published").get_json()["numberMatched"] == 1


@pytest.mark.parametrize(
    "query",
    [{}, MONTH | {"by": "moon"}, {"first": "2026-13-01", "last": "2026-12-01"}, MONTH | {"first": "2027-01-01"},
     MONTH | {"first": "0001-01-01"}],
)  # fmt: skip
def test_a_question_at_fault_is_refused(app: Flask, query: dict[str, str]) -> None:
    """Days that are none, or make no period."""
    assert signed_in(app, "centre").get(AT, query_string=query).status_code == 422


def test_an_office_scripts_it(
    little_region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Import figures, list them, show the table and its rows; what is at fault is told by row with exit 1."""
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    region, file = str(little_region), tmp_path / "figures.csv"
    header = "数值,指标,发布日期,来源,开始日期,结束日期\n"
    file.write_text(
        f"{header}120场,,2026-11-20,官网,2026-01-01,2026-10-31\n2万多人次,,2026-11-20,官网,,\n", encoding="utf-8"
    )
    assert main(["statistics", "import", region, str(file)]) == 1
    told = capsys.readouterr().err
    assert "row 3" in told
    assert "say which: participations 参与人次, audience 受众人次" in told
    file.write_text(f"{header}120场,,2026年11月20日,官网,,\n2万多人次,受众人次,2026-11-20,官网,,\n", encoding="utf-8")
    assert main(["statistics", "import", region, str(file)]) == 0
    assert "2 figures are new" in capsys.readouterr().out
    assert main(["statistics", "published", region]) == 0
    assert "受众人次  至少20,000" in capsys.readouterr().out
    days = ["--first", "2026-11-01", "--last", "2026-11-30"]
    assert main(["statistics", "show", region, *days, "--by", "unit"]) == 0
    assert "去重人数" in capsys.readouterr().out
    assert main(["statistics", "rows", region, "events", *days]) == 0
    assert main(["statistics", "show", region, "--first", "2026-12-01", "--last", "2026-11-30"]) == 1
    file.write_text("数值,指标,发布日期,来源\n,,x,\n", encoding="utf-8")
    assert main(["statistics", "import", region, str(file)]) == 1
    assert capsys.readouterr().err.count("row 2") == 3
