"""Organisations, own categories and skills: out of files and back, seen by area, changed by those who may."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from geomatch.cli import main
from geomatch.errors import InputError, NotAllowedError
from geomatch.files import organisation_table, people_table
from geomatch.geo.coordinates import CoordSys
from geomatch.services import accounts as account_service
from geomatch.services import organisations as organisation_service
from geomatch.services import people as people_service
from geomatch.services import sample_people
from geomatch.volunteering.categories import OwnCategory, Skill
from geomatch.volunteering.people import Volunteer
from geomatch.volunteering.roles import Principal, Role
from geomatch.volunteering.taxonomy import COMMON_SKILLS, Taxonomy
from geomatch.volunteering.teams import Organisation, OrganisationKind, Team, TeamLevel
from tests.serving import Asking, app_of, region_of

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.store.database import Database

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test
FIRM = Organisation("O1", "示范科技", OrganisationKind.TECH_FIRM, "A", ("s1", "s2"))
SCHOOL = Organisation("O2", "示范小学", OrganisationKind.SCHOOL, "B", ("s3",))
TEA = OwnCategory("x-tea-house", "茶馆议事", "Tea house talks")


def written(folder: Path, text: str) -> Path:
    """A file of that text."""
    path = folder / "given.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again(database: Database, tmp_path: Path, ending: str) -> None:
    """Organisations, own categories, skills and teams, field by field, in both forms."""
    organisation_service.import_organisations(database.writing(), "little", [FIRM, SCHOOL])
    organisation_service.put_categories(database.writing(), "little", [TEA])
    skills = [Skill("T1", "调解", TEA.code), Skill("T2", "急救", "health", needs_certificate=True)]
    organisation_service.put_skills(database.writing(), "little", skills)
    teams = (Team("T", "总队", TeamLevel.CORPS, TEA.code, organisation="O1"),)
    people_service.import_teams(database.writing(), "little", teams)
    known = organisation_service.taxonomy(database.reading(), "little")
    for name, export, back, same in (
        ("o", organisation_service.export_organisations, None, (FIRM, SCHOOL)),
        ("c", organisation_service.export_categories, organisation_table.read_categories, (TEA,)),
        ("s", organisation_service.export_skills, None, tuple(skills)),
        ("t", people_service.export_teams, None, teams),
    ):
        path = tmp_path / f"{name}.{ending}"
        assert export(database.reading(), "little", path, made=NOW) == len(same)
        read: Any = (
            back
            or {
                "o": lambda path: organisation_table.read_organisations(path, {"s1", "s2", "s3"}),
                "s": lambda path: organisation_table.read_skills(path, known),
                "t": lambda path: people_table.read_teams(path, known),
            }[name]
        )
        assert read(path) == same


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("O2,示范小学,学堂,B,s3", "must be one of tech_firm"),
        ("O2,示范小学,学校,B,s9;s3", "names sites that are not there: s9"),
        ("O1,示范小学,学校,B,s3", "is the id of row 2 already"),
        ("O2,,学校,B,s3", "is empty"),
    ],
)
def test_an_organisation_at_fault_is_named_with_its_row(tmp_path: Path, row: str, told: str) -> None:
    """Chinese header and kinds; the row as a spreadsheet shows it."""
    path = written(tmp_path, f"编号,名称,类型,街镇,承办站点\nO1,示范科技,科技企业,A,s1;s2\n{row}\n")
    with pytest.raises(InputError) as raised:
        organisation_table.read_organisations(path, {"s1", "s2", "s3"})
    (fault,) = raised.value.faults
    assert fault.row == 3
    assert told in fault.reason


@pytest.mark.parametrize(
    ("row", "told"),
    [("tea,茶馆,", "small letters"), ("x-a,茶馆,", "is the id of row 2"), ("x-b,议事,", "is the id of row 2")],
)
def test_an_own_category_at_fault_is_named_with_its_row(tmp_path: Path, row: str, told: str) -> None:
    """A code that is none, and a code or a name that another has."""
    with pytest.raises(InputError) as raised:
        organisation_table.read_categories(written(tmp_path, f"code,name,name_en\nx-a,议事,Talks\n{row}\n"))
    assert [fault.row for fault in raised.value.faults] == [3]
    assert told in str(raised.value)


def test_a_skill_stands_in_a_category_of_the_region(tmp_path: Path) -> None:
    """One of the eight by either name, or an own one; no other."""
    header = "代码,名称,服务类别,须持证\n"
    skills = organisation_table.read_skills(
        written(tmp_path, f"{header}A,护理,医疗健身,是\nB,议事,茶馆议事,\n"), Taxonomy((TEA,))
    )
    assert skills == (Skill("A", "护理", "health", needs_certificate=True), Skill("B", "议事", TEA.code))
    with pytest.raises(InputError, match=r"row 2.*is no category of this region"):
        organisation_table.read_skills(written(tmp_path, f"{header}B,议事,茶馆议事,\n"), Taxonomy())


def test_a_team_names_a_host_and_a_category_that_are_there(database: Database, tmp_path: Path) -> None:
    """And neither can go while a team needs it."""
    with pytest.raises(InputError, match="import its own categories first"):
        people_table.read_teams(written(tmp_path, "id,name,level,category\nT,队,corps,x-tea-house\n"), Taxonomy())
    team = Team("T", "总队", TeamLevel.CORPS, TEA.code, organisation="O1")
    with pytest.raises(InputError, match=r"team T.*import the organisations first"):
        people_service.import_teams(database.writing(), "little", (team,))
    organisation_service.import_organisations(database.writing(), "little", [FIRM])
    organisation_service.put_categories(database.writing(), "little", [TEA])
    people_service.import_teams(database.writing(), "little", (team,))
    with pytest.raises(InputError, match="hosts team T"):
        organisation_service.import_organisations(database.writing(), "little", [SCHOOL])
    with pytest.raises(InputError, match="team T is in one of them"):
        organisation_service.put_categories(database.writing(), "little", [])


def test_skills_that_a_region_gave_bind_its_volunteers(database: Database, tmp_path: Path) -> None:
    """Until then the common ones are shown and any is taken."""
    text = "name,phone,lon,lat,skills\n王小明,13812345678,116.31,39.98,潜水\n"
    given = people_table.read_volunteers(written(tmp_path, text), CoordSys.WGS84)
    assert organisation_service.taxonomy(database.reading(), "little").skills == COMMON_SKILLS
    organisation_service.put_skills(database.writing(), "little", [Skill("急救", "急救", "health")])
    with pytest.raises(InputError, match=r"row 2.*is no skill of this region.*潜水"):
        people_service.import_volunteers(database.writing(), "little", given, at=NOW)
    organisation_service.put_skills(database.writing(), "little", [])
    assert people_service.import_volunteers(database.writing(), "little", given, at=NOW).added == 1


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (Principal("a", Role.CENTRE, "little"), {"O1", "O2"}),
        (Principal("a", Role.AUDITOR, "little"), {"O1", "O2"}),
        (Principal("a", Role.OFFICE, "little", unit="A"), {"O1"}),
        (Principal("a", Role.OFFICE, "little"), set()),
        (Principal("a", Role.STATION, "little", site="s3"), {"O2"}),
        (Principal("a", Role.LEADER, "little", team="T"), {"O1"}),
        (Principal("a", Role.LEADER, "little", team="U"), set()),
        (Principal("a", Role.VOLUNTEER, "little", volunteer="v" * 24), {"O1"}),
        (Principal("a", Role.VOLUNTEER, "little", volunteer="w" * 24), set()),
        (Principal("a", Role.RESIDENT, "little"), set()),
        (Principal("a", Role.CENTRE, "elsewhere"), set()),
    ],
)
def test_each_sees_the_organisations_of_its_area(database: Database, who: Principal, sees: set[str]) -> None:
    """The township's, those that host the site, the host of the team."""
    organisation_service.import_organisations(database.writing(), "little", [FIRM, SCHOOL])
    teams = (Team("T", "队", TeamLevel.CORPS, "arts", organisation="O1"), Team("U", "队", TeamLevel.CORPS, "arts"))
    people_service.import_teams(database.writing(), "little", teams)
    with database.writing() as work:
        work.people.add("little", [Volunteer("v" * 24, None, "王", "13800000000", team="T")], NOW)
        work.commit()
    assert {each.id for each in organisation_service.seen(database.reading(), who)} == sees


def test_an_office_changes_organisations_of_its_own_township_only(database: Database) -> None:
    """It neither makes one elsewhere, nor takes one from elsewhere, nor gives one away."""
    office = Principal("a", Role.OFFICE, "little", unit="A")
    sites = {"s1", "s2", "s3"}
    organisation_service.import_organisations(database.writing(), "little", [SCHOOL])
    assert organisation_service.put(database.writing(), office, FIRM, sites=sites) == FIRM
    for unit, identity in (("B", "O9"), ("A", "O2"), ("B", "O1"), (None, "O9")):
        other = Organisation(identity, "某店", OrganisationKind.PARTNER_SHOP, unit)
        with pytest.raises(NotAllowedError, match="own township"):
            organisation_service.put(database.writing(), office, other, sites=sites)
    with pytest.raises(InputError, match="s9"):
        organisation_service.put(
            database.writing(), office, Organisation("O9", "店", OrganisationKind.BASE, "A", ("s9",)), sites=sites
        )


def test_a_desk_keeps_them_over_http(little_region: Path) -> None:
    """The centre gives categories, skills and a host, and reads them back; faults name their member."""
    app, region = app_of(little_region), region_of(little_region).spec.id
    database, name = app.extensions["geomatch.served"].database, f"hosts {datetime.now(UTC).timestamp()}"
    account_service.add(database.writing(), name, Principal("", Role.CENTRE, region), SECRET, at=datetime.now(UTC))
    client, at = app.test_client(), f"/api/v1/regions/{region}"
    signed = client.post("/api/v1/session", json={"name": name, "password": SECRET})
    client.environ_base["HTTP_X_CSRF_TOKEN"] = signed.get_json()["csrf"]
    own = {"code": "x-tea-house", "name": "茶馆议事"}
    told = client.put(f"{at}/categories", json={"categories": [own]}).get_json()["categories"]
    assert [each["code"] for each in told if each["is_own"]] == ["x-tea-house"]
    assert len(told) == 9
    skill = {"code": "议事", "name": "议事", "category": "x-tea-house"}
    assert client.put(f"{at}/skills", json={"skills": [skill]}).get_json() == {
        "is_own": True, "skills": [skill | {"needs_certificate": False}],
    }  # fmt: skip
    host = {"id": "O1", "name": "示范店", "kind": "partner_shop", "sites": [region_of(little_region).sites[0].id]}
    assert client.put(f"{at}/organisations", json=host).status_code == 200
    assert client.get(f"{at}/organisations").get_json()["organisations"] == [host | {"unit": None}]
    asking = Asking(little_region)
    for path, body, at_fault in (
        ("organisations", host | {"sites": ["nowhere"]}, ["body", "sites"]),
        ("organisations", host | {"kind": "pub"}, ["body", "kind"]),
        ("organisations", host | {"name": "\x00"}, ["body", "name"]),
        ("skills", {"skills": [skill | {"category": "x-none"}]}, ["body", "category"]),
        ("skills", {"skills": [skill, skill]}, ["body", "code"]),
        ("categories", {"categories": [own | {"code": "tea"}]}, ["body", "categories", 0, "code"]),
        ("categories", {"categories": []}, ["body", "categories"]),
    ):
        problem = asking.problem(client.put(f"{at}/{path}", json=body), 422)
        assert [error["loc"] for error in problem["errors"]] == [at_fault]
    client.put(f"{at}/skills", json={"skills": []})
    client.put(f"{at}/categories", json={"categories": []})


def test_invented_hosts_are_as_many_as_published(
    chaozhou_region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Haidian: 200 teams of tech firms, 16 universities, 166 schools, 111 + 44 member units; all come in as files."""
    size = sample_people.SIZES["haidian"]
    assert size.firm_teams == 200
    assert [size.organisations[kind] for kind in (OrganisationKind.UNIVERSITY, OrganisationKind.SCHOOL)] == [16, 166]
    assert size.organisations[OrganisationKind.MEMBER_UNIT] == 111 + 44
    region = region_of(chaozhou_region)
    firms = sample_people.make_organisations(region, size)
    made = sample_people.make_teams(region, size.teams, sample_people.np.random.default_rng(1))
    hosted = sample_people.hosted(made, firms, size)
    assert sum(team.organisation is not None for team in hosted) == 200
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'people.db'}")
    sample_people.write_people(region, tmp_path)
    files = [
        text
        for name in ("skills", "organisations", "teams", "volunteers")
        for text in (f"--{name}", f"{tmp_path}/{name}.csv")
    ]
    assert main(["people", "import", str(chaozhou_region), *files]) == 0
    assert "600 volunteers added" in capsys.readouterr().out
    out = tmp_path / "out.xlsx"
    assert main(["people", "export", str(chaozhou_region), "-o", str(out)]) == 0
    back = people_table.read_volunteers(out, CoordSys.WGS84)
    given = people_table.read_volunteers(tmp_path / "volunteers.csv", CoordSys.WGS84)
    assert {each.number: each for each in back.volunteers} == {each.number: each for each in given.volunteers}
