"""Teams and volunteers: read with every fault, stored on both databases, seen by area, out as they came in."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.cli import main
from geomatch.errors import InputError, NotFoundError
from geomatch.files import people_table
from geomatch.geo.coordinates import CoordSys
from geomatch.services import people as people_service
from geomatch.services import sample_people
from geomatch.volunteering.people import WEEK_HOURS, Certificate, PlaceKind, UsualPlace
from geomatch.volunteering.roles import Principal, Role, Scope
from geomatch.volunteering.teams import Team, TeamLevel
from geomatch.web.api import people_files
from tests import serving_people
from tests.serving import region_of

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.store.database import Database

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
HEADER = "志愿者编号,姓名,手机,所属队伍,街镇,技能,证书,服务时间,在岗,出生日期,经度,纬度\n"
ROW = (
    "V1,王小明,138 1234 5678,T1,甲街道,护理;陪伴老人,护理 A12 2027-05-31,"
    "Mo-Fr 18:00-21:00,是,1990年6月1日,116.31,39.98\n"
)


def listed(folder: Path, text: str) -> people_table.Listed:
    """Read volunteers of a file."""
    path = folder / "volunteers.csv"
    path.write_text(text, encoding="utf-8")
    return people_table.read_volunteers(path, CoordSys.WGS84)


def with_team(database: Database) -> None:
    """One team, T1."""
    people_service.import_teams(database.writing(), "little", (Team("T1", "一队", TeamLevel.CORPS, "needy"),))


def test_a_volunteer_is_read_whole(tmp_path: Path) -> None:
    """Chinese header, spaces in the phone, a day in words, weekly hours, a certificate, and a place made coarse."""
    (each,) = listed(tmp_path, HEADER + ROW).volunteers
    assert (each.number, each.name, each.phone, each.team, each.unit) == ("V1", "王小明", "13812345678", "T1", "甲街道")
    assert each.skills == ("护理", "陪伴老人")
    assert each.certificates == (Certificate("护理", "A12", date(2027, 5, 31)),)
    assert each.hours == tuple(day * 24 + hour for day in range(5) for hour in (18, 19, 20))
    assert each.on_duty
    assert each.born == date(1990, 6, 1)
    assert each.places == (UsualPlace(PlaceKind.HOME, 116.311, 39.981),)


@pytest.mark.parametrize(
    ("cell", "spoilt", "told"),
    [
        ("王小明", "", "is empty"),
        ("138 1234 5678", "12345", "is not a phone number"),
        ("Mo-Fr 18:00-21:00", "evenings", "is not a set of opening hours"),
        ("是", "maybe", "must be yes"),
        ("1990年6月1日", "June", "must be a day"),
        ("护理 A12 2027-05-31", "护理 A12 2027-05-31 x", "must be a skill"),
        ("116.31", "east", "is not a number"),
    ],
)
def test_a_cell_at_fault_is_named_with_its_row(tmp_path: Path, cell: str, spoilt: str, told: str) -> None:
    """The row as a spreadsheet shows it, and what would be right."""
    with pytest.raises(InputError) as raised:
        listed(tmp_path, HEADER + ROW.replace("V1", "V0").replace("王小明", "李四") + ROW.replace(cell, spoilt))
    (fault,) = raised.value.faults
    assert fault.row == 3
    assert told in fault.reason


def test_a_day_that_excel_keeps_as_a_date_is_a_day(tmp_path: Path) -> None:
    """Other cells that Excel turned into dates stay refused; a birthday is one."""
    book = openpyxl.Workbook()
    book.active.append(["name", "phone", "lon", "lat", "born"])
    book.active.append(["王小明", "13812345678", 116.31, 39.98, date(1990, 6, 1)])
    book.save(tmp_path / "v.xlsx")
    (each,) = people_table.read_volunteers(tmp_path / "v.xlsx", CoordSys.WGS84).volunteers
    assert each.born == date(1990, 6, 1)


@given(st.sets(st.integers(0, WEEK_HOURS - 1)))
def test_weekly_hours_are_read_back_as_they_were_written(hours: set[int]) -> None:
    """Whatever the hours, through their text."""
    text = people_table.hours_text(hours)
    assert set(people_table._week_hours(text) if text else ()) == hours


def test_who_comes_again_is_changed_and_not_doubled(database: Database, tmp_path: Path) -> None:
    """By number; by name and phone where no number is given; and keeps the number that it had."""
    with_team(database)
    first = people_service.import_volunteers(database.writing(), "little", listed(tmp_path, HEADER + ROW), at=NOW)
    assert first == people_service.Imported(1, 0)
    for text in (
        ROW.replace("138 1234 5678", "13900000000"),
        ROW.replace("V1,", ",").replace("138 1234 5678", "13900000000"),
    ):
        again = people_service.import_volunteers(database.writing(), "little", listed(tmp_path, HEADER + text), at=NOW)
        assert again == people_service.Imported(0, 1)
    _, (each,) = people_service.page(database.reading(), Scope("little"), limit=10, offset=0)
    assert (each.number, each.phone) == ("V1", "13900000000")


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (ROW, "is the id of row 2 already"),
        (ROW.replace("V1", "V2"), "has the name and phone of row 2"),
        (ROW.replace("V1", "V2").replace("王小明", "李四").replace("T1", "T9"), "no team has this id"),
    ],
)
def test_a_file_with_somebody_twice_or_a_team_that_is_not_there_is_refused_whole(
    database: Database, tmp_path: Path, second: str, told: str
) -> None:
    """With the row; and nobody of the file is taken in."""
    with_team(database)
    with pytest.raises(InputError) as raised:
        people_service.import_volunteers(database.writing(), "little", listed(tmp_path, HEADER + ROW + second), at=NOW)
    assert raised.value.faults[0].row == 3
    assert told in str(raised.value)
    assert people_service.page(database.reading(), Scope("little"), limit=10, offset=0) == (0, ())


def test_another_number_for_a_known_person_is_asked_about(database: Database, tmp_path: Path) -> None:
    """The same name and phone under a second number is a fault, not a second person."""
    with_team(database)
    people_service.import_volunteers(database.writing(), "little", listed(tmp_path, HEADER + ROW), at=NOW)
    with pytest.raises(InputError, match="another number"):
        people_service.import_volunteers(
            database.writing(), "little", listed(tmp_path, HEADER + ROW.replace("V1", "V2")), at=NOW
        )


def test_what_goes_out_comes_in_again(database: Database, tmp_path: Path) -> None:
    """Invented people of a bundled size, through the database and a file, field by field."""
    with_team(database)
    text = HEADER + ROW + ROW.replace("V1", "").replace("王小明", "李四").replace("Mo-Fr 18:00-21:00", "")
    given_ = listed(tmp_path, text)
    people_service.import_volunteers(database.writing(), "little", given_, at=NOW)
    assert people_service.export_volunteers(database.reading(), "little", tmp_path / "out.csv", made=NOW) == 2
    back = people_table.read_volunteers(tmp_path / "out.csv", CoordSys.WGS84).volunteers
    assert sorted(back, key=lambda each: each.name) == sorted(given_.volunteers, key=lambda each: each.name)


@pytest.mark.parametrize(
    ("scope", "sees"),
    [
        (Scope("little"), {"王小明", "李四"}),
        (Scope("little", unit="甲街道"), {"王小明"}),
        (Scope("little", team="T1"), {"王小明", "李四"}),
        (Scope("little", team="T2"), set()),
        (Scope("little", site="S1"), set()),
        (Scope("little", account="a1"), set()),
        (Scope("elsewhere"), set()),
        (Scope("little", nothing=True), set()),
    ],
)
def test_each_sees_the_volunteers_of_its_area(database: Database, tmp_path: Path, scope: Scope, sees: set[str]) -> None:
    """And no others, by list as by name."""
    with_team(database)
    other = ROW.replace("V1", "V2").replace("王小明", "李四").replace("甲街道", "乙街道")
    people_service.import_volunteers(database.writing(), "little", listed(tmp_path, HEADER + ROW + other), at=NOW)
    matched, page = people_service.page(database.reading(), scope, limit=10, offset=0)
    assert ({each.name for each in page}, matched) == (sees, len(sees))
    _, everyone = people_service.page(database.reading(), Scope("little"), limit=10, offset=0)
    with database.reading() as work:
        for each in everyone:
            if each.name in sees:
                assert work.people.get(each.id, scope) == each
            else:
                with pytest.raises(NotFoundError):
                    work.people.get(each.id, scope)


def test_a_volunteer_turns_its_own_switch_and_nobody_elses(database: Database, tmp_path: Path) -> None:
    """The switch is that of the volunteer that the account is."""
    with_team(database)
    people_service.import_volunteers(database.writing(), "little", listed(tmp_path, HEADER + ROW), at=NOW)
    _, (each,) = people_service.page(database.reading(), Scope("little"), limit=10, offset=0)
    who = Principal("a1", Role.VOLUNTEER, "little", volunteer=each.id)
    assert not people_service.set_duty(database.writing(), who, on_duty=False, at=NOW).on_duty
    _, (after,) = people_service.page(database.reading(), Scope("little"), limit=10, offset=0)
    assert after == replace(each, on_duty=False)
    with pytest.raises(NotFoundError):
        people_service.set_duty(database.writing(), replace(who, volunteer="0" * 24), on_duty=True, at=NOW)


def test_invented_people_are_the_same_every_time_and_as_many_as_published(
    tmp_path: Path, chaozhou_region: Path
) -> None:
    """Two runs write the same bytes; a team tree without faults; nobody's phone could be real."""
    region = region_of(chaozhou_region)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        assert sample_people.write_people(region, tmp_path / folder) == (40, 600)
    for name in ("teams.csv", "volunteers.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert len(people_table.read_teams(tmp_path / "a" / "teams.csv")) == 40
    found = people_table.read_volunteers(tmp_path / "a" / "volunteers.csv", CoordSys.WGS84).volunteers
    assert {each.phone[:3] for each in found} == {"100"}
    sizes = [sample_people.SIZES[name] for name in ("haidian", "ledu")]
    assert [(size.teams, size.volunteers) for size in sizes] == [(1871, 100_000), (619, 4_609)]
    assert sizes[1].professionals == 783


def test_an_office_does_it_all_from_the_command_line(
    chaozhou_region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Sample, import, count, export; and what is missing is told with exit 1."""
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'people.db'}")
    region, folder = str(chaozhou_region), tmp_path / "people"
    assert main(["people", "sample", region, str(folder)]) == 0
    volunteers = ["--volunteers", str(folder / "volunteers.csv")]
    assert main(["people", "import", region, *volunteers]) == 1
    assert "import the teams first" in capsys.readouterr().err
    assert main(["people", "import", region, "--teams", str(folder / "teams.csv"), *volunteers]) == 0
    assert main(["people", "count", region]) == 0
    assert "volunteers           600" in capsys.readouterr().out
    assert main(["people", "export", region, "-o", str(tmp_path / "out.csv")]) == 0
    assert main(["people", "import", region]) == 1
    assert "give at least one" in capsys.readouterr().err


def test_the_centre_takes_tables_in_over_http(
    little_region: Path, database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Organisations, teams and volunteers, the last as a workbook too; one at fault is refused, row by row."""
    serving_people.account(database, "little", "centre", Role.CENTRE)
    client = serving_people.signed_in(little_region, database_url, "centre")

    def post(what: str, content: bytes, name: str = "given.csv") -> Any:
        body = {"name": name, "content": b64encode(content).decode()}
        return client.post(f"/api/v1/regions/little/{what}/import", json=body)

    hosts, teams = (
        "id,name,kind\nO1,示范店,partner_shop\n",
        "id,name,level,category,organisation\nT1,一队,corps,needy,O1\n",
    )
    assert post("organisations", hosts.encode()).get_json() == {"rows": 1}
    assert post("teams", teams.encode("gb18030")).get_json() == {"rows": 1}
    assert post("volunteers", (HEADER + ROW).encode()).get_json() == {"added": 1, "changed": 0}
    path = tmp_path / "everyone.xlsx"
    people_service.export_volunteers(database.reading(), "little", path, made=NOW)
    assert post("volunteers", path.read_bytes(), "everyone.xlsx").get_json() == {"added": 0, "changed": 1}
    spoilt = HEADER + ROW + ROW.replace("V1", "V2").replace("138 1234 5678", "12") + ROW.replace("V1,王小明", "V3,")
    refused = post("volunteers", spoilt.encode())
    assert refused.status_code == 422
    assert [("row 3" in each["msg"], "row 4" in each["msg"]) for each in refused.get_json()["errors"]] == [
        (True, False), (False, True),
    ]  # fmt: skip
    monkeypatch.setattr(people_files, "MOST_AT_ONCE", 0)
    assert "any number" in post("volunteers", (HEADER + ROW).encode()).text
    for broken in (
        {"name": "a.csv", "content": "?"},
        {"name": "\x00", "content": ""},
        {"name": "a.csv", "content": ""},
    ):
        assert client.post("/api/v1/regions/little/volunteers/import", json=broken).status_code == 422
    assert client.get("/api/v1/regions/little/volunteers").get_json()["numberMatched"] == 1
