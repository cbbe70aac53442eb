"""Personal data: agreed to by purpose, kept for so long, given out whole, forgotten so that ledgers still hold."""

from __future__ import annotations

import json
import pkgutil
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select

from geomatch.cli import main
from geomatch.errors import ConflictError, InputError, NotFoundError
from geomatch.services import accounts as account_service
from geomatch.services import privacy as privacy_service
from geomatch.services.identity import Keys
from geomatch.services.job_kinds import KINDS
from geomatch.services.privacy import Asked
from geomatch.store import personal, tables
from geomatch.store.job_rows import Job
from geomatch.store.schema import metadata
from geomatch.volunteering.consent import STATEMENTS, Purpose
from geomatch.volunteering.people import PlaceKind, UsualPlace, Volunteer
from geomatch.volunteering.retention import USUAL_DAYS, Kind
from geomatch.volunteering.roles import Principal, Role, Scope
from tests.regions import write_little_region
from tests.serving import Asking, app_of, region_of

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from geomatch.store.database import Database

for _module in pkgutil.iter_modules(tables.__path__):
    import_module(f"{tables.__name__}.{_module.name}")

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test
VERSION = STATEMENTS[Purpose.SERVICE].version
WANG, CHILD, OTHER = "a" * 24, "b" * 24, "c" * 24
HOME = UsualPlace(PlaceKind.HOME, 116.311, 39.981)
CENTRE = Principal("0" * 24, Role.CENTRE, "little")


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """Keys of a secret of their own."""
    return Keys(tmp_path / "identity.key")


def add_people(database: Database) -> None:
    """Two grown-ups of two townships, and a child."""
    born = {WANG: date(1990, 6, 1), CHILD: date(2015, 6, 1), OTHER: date(1980, 1, 1)}
    names = {
        WANG: ("王小明", "13812345678", "A"),
        CHILD: ("李小四", "13900000000", "A"),
        OTHER: ("赵五", "13700000000", "B"),
    }
    given = [
        Volunteer(
            each, f"V{each[0]}", name, phone, unit=unit, skills=("急救",), on_duty=True, places=(HOME,), born=born[each]
        )
        for each, (name, phone, unit) in names.items()
    ]
    with database.writing() as work:
        work.people.add("little", given, NOW)
        work.commit()


def volunteer(database: Database, identity: str) -> Volunteer:
    """One of them as it stands."""
    with database.reading() as work:
        return work.people.get(identity, Scope("little"))


def of(identity: str) -> Principal:
    """The account of a volunteer, as the door knows it."""
    return Principal(identity[0] * 23 + "9", Role.VOLUNTEER, "little", volunteer=identity)


def agreed(database: Database, who: Principal, purpose: Purpose, **further: Any) -> Any:
    """Agree, with what is usual."""
    given = {"volunteer": None, "by_guardian": False, "at": NOW} | further
    return privacy_service.agree(database.writing(), who, purpose, given.pop("version", VERSION), **given)


def test_every_column_of_every_table_is_spoken_for() -> None:
    """Whether it is about a person, and what becomes of it: a new column that nobody thought of fails here."""
    there = {name: sorted(column.name for column in table.columns) for name, table in metadata.tables.items()}
    assert {name: sorted(each.columns) for name, each in personal.TREATMENTS.items()} == there


def test_what_runs_out_is_known_to_be_personal() -> None:
    """Clocks and contacts name columns that are blanked, by a time that the table has."""
    for clocks in personal.CLOCKS.values():
        for clock in clocks:
            assert set(clock.columns) <= personal.TREATMENTS[clock.table].blank.keys()
            assert {clock.since, *clock.where} <= set(metadata.tables[clock.table].c.keys())
    for table, columns in personal.CONTACTS.items():
        assert set(columns) <= personal.TREATMENTS[table].blank.keys()


def test_who_agrees_is_recorded_with_purpose_text_and_time(database: Database) -> None:
    """One purpose at a time; of two texts the newer holds; who recorded it is known."""
    add_people(database)
    first = agreed(database, of(WANG), Purpose.SERVICE)
    second = agreed(database, of(WANG), Purpose.SERVICE, at=NOW + timedelta(days=1))
    paper = agreed(database, CENTRE, Purpose.WHEREABOUTS, volunteer=WANG, at=NOW + timedelta(days=2))
    found = privacy_service.consents(database.reading(), of(WANG), volunteer=None)
    assert found == (replace(first, withdrawn_at=NOW + timedelta(days=1)), second, paper)
    assert (paper.account, paper.subject) == (CENTRE.account, WANG)


@pytest.mark.parametrize(
    ("who", "purpose", "further", "told"),
    [
        (of(WANG), Purpose.SERVICE, {"version": "1999-01"}, "version"),
        (of(CHILD), Purpose.SERVICE, {}, "only a guardian"),
        (of(CHILD), Purpose.CHILD, {}, "only a guardian"),
        (of(WANG), Purpose.CHILD, {"by_guardian": True}, "under 14"),
        (Principal("d" * 24, Role.RESIDENT, "little"), Purpose.WHEREABOUTS, {}, "for volunteers"),
    ],
)
def test_an_agreement_that_would_not_count_is_refused(
    database: Database, who: Principal, purpose: Purpose, further: dict[str, Any], told: str
) -> None:
    """An old text, a child by itself, a guardian of nobody."""
    add_people(database)
    with pytest.raises(InputError, match=told):
        agreed(database, who, purpose, **further)


def test_what_is_taken_back_has_its_consequence(database: Database) -> None:
    """Without service nobody is asked; without whereabouts the places go; without a guardian a child is not asked."""
    add_people(database)
    for who, purpose, further in (
        (of(WANG), Purpose.SERVICE, {}),
        (of(WANG), Purpose.WHEREABOUTS, {}),
        (of(CHILD), Purpose.CHILD, {"by_guardian": True}),
    ):
        given = agreed(database, who, purpose, **further)
        if purpose is Purpose.CHILD:
            assert volunteer(database, CHILD).guardian_agreed
        assert privacy_service.withdraw(database.writing(), who, given.id, at=NOW).withdrawn_at == NOW
    assert (volunteer(database, WANG).on_duty, volunteer(database, WANG).places) == (False, ())
    assert (volunteer(database, CHILD).on_duty, volunteer(database, CHILD).guardian_agreed) == (False, False)


def test_a_desk_sees_and_ends_agreements_of_its_area_only(database: Database) -> None:
    """And a volunteer nobody else's."""
    add_people(database)
    given = agreed(database, of(WANG), Purpose.SERVICE)
    office = Principal("e" * 24, Role.OFFICE, "little", unit="B")
    for who in (office, of(OTHER), replace(CENTRE, region="elsewhere")):
        with pytest.raises(NotFoundError):
            privacy_service.consents(database.reading(), who, volunteer=WANG)
        with pytest.raises(NotFoundError):
            privacy_service.withdraw(database.writing(), who, given.id, at=NOW)
        with pytest.raises(NotFoundError):
            agreed(database, who, Purpose.SERVICE, volunteer=WANG)
    assert privacy_service.consents(database.reading(), replace(office, unit="A"), volunteer=WANG) == (given,)


def order(identity: str, **values: Any) -> dict[str, Any]:
    """A row of an order."""
    return {
        "id": identity, "region": "little", "unit": "A", "site": None, "team": None, "category": "needy",
        "service": None, "words": "请陪我母亲去医院", "need": {}, "lon": 116.31234, "lat": 39.98123,
        "address": "某小区3号楼201", "contact_name": "王小明", "contact_phone": "13812345678",
        "starts_at": NOW - timedelta(days=200), "ends_at": NOW - timedelta(days=200), "people_needed": 1, "taken": 0,
        "for_other": False, "consent": "", "way": "person", "requester": None, "taken_by": CENTRE.account,
        "state": "reviewed", "moves": 0, "version": 1, "deadline": None, "step": 0,
        "placed_at": NOW - timedelta(days=200), "changed_at": NOW - timedelta(days=200),
    } | values  # fmt: skip


def put(database: Database, table: str, *rows: dict[str, Any]) -> None:
    """Write rows as they are."""
    with database.writing() as work:
        for row in rows:
            work.privacy._connection.execute(insert(metadata.tables[table]).values(**row))
        work.commit()


def rows(database: Database, table: str) -> list[dict[str, Any]]:
    """Read all rows of a table."""
    with database.reading() as work:
        found = work.privacy._connection.execute(select(metadata.tables[table])).mappings().all()
    return [dict(row) for row in found]


def move(order_id: str, who: str) -> dict[str, Any]:
    """A row of a move."""
    return {
        "order": order_id, "seq": 1, "before": None, "after": "submitted", "who": who, "actor": "requester",
        "at": NOW, "why": "母亲摔伤了",
    }  # fmt: skip


def known(database: Database, keys: Keys) -> str:
    """Wang as a volunteer with an account, a resident's account of the same person, and three orders; gives its id."""
    add_people(database)
    account_service.add(
        database.writing(), "小明", Principal("", Role.VOLUNTEER, "little", volunteer=WANG), SECRET, at=NOW
    )
    resident = account_service.add(
        database.writing(), "王先生", Principal("", Role.RESIDENT, "little"), SECRET, at=NOW
    ).id
    privacy_service.hold(
        database.writing(), "little", resident, keys, name="王 小明", phone="+8613812345678", document="E1234567"
    )
    put(
        database, "orders", order("1" * 24, requester=resident, contact_name="王母", contact_phone="13600000000"),
        order("2" * 24), order("3" * 24, contact_name="赵五", contact_phone="13700000000", lon=116.3, lat=39.9),
    )  # fmt: skip
    put(database, "order_moves", move("1" * 24, resident), move("3" * 24, CENTRE.account))
    return resident


@pytest.mark.parametrize(
    "asked",
    [
        Asked(volunteer=WANG),
        Asked(document="e-123 4567"),
        Asked(name="王小明", phone="138 1234 5678"),
    ],
)
def test_one_person_is_found_however_asked(database: Database, keys: Keys, asked: Asked) -> None:
    """By an id, an identity number, or name and phone: volunteer and both accounts."""
    resident = known(database, keys)
    person = privacy_service.find(database.reading(), "little", asked, keys)
    assert (person.volunteers, len(person.accounts)) == ((WANG,), 2)
    assert resident in person.accounts
    for nobody in (Asked(volunteer="f" * 24), Asked(document="Z7654321"), Asked(account="f" * 24)):
        with pytest.raises(NotFoundError):
            privacy_service.find(database.reading(), "little", nobody, keys)
        with pytest.raises(NotFoundError):
            privacy_service.find(database.reading(), "elsewhere", asked if not asked.name else nobody, keys)


def test_everything_about_a_person_comes_out_and_nothing_of_others(database: Database, keys: Keys) -> None:
    """Orders by account and by name and phone, moves, accounts; no secret; and it is noted who asked."""
    known(database, keys)
    asked = Asked(name="王小明", phone="13812345678")
    told = privacy_service.everything(database.writing(), "little", asked, keys, by=CENTRE.account, at=NOW)
    found = told["tables"]
    assert [row["name"] for row in found["volunteers"]] == ["王小明"]
    assert sorted(row["name"] for row in found["accounts"]) == ["小明", "王先生"]
    assert sorted(row["id"][0] for row in found["orders"]) == ["1", "2"]
    assert [row["order"][0] for row in found["order_moves"]] == ["1"]
    text = json.dumps(told, default=str, ensure_ascii=False)
    for others in ("赵五", "13700000000", "李小四", "argon2", "E1234567"):
        assert others not in text
    assert {row["account"] for row in rows(database, "data_requests")} == {CENTRE.account}


def test_who_is_forgotten_is_nowhere_and_ids_stay(database: Database, keys: Keys) -> None:
    """No cell holds name, phone, words or address any more; nobody can sign in; others are untouched."""
    known(database, keys)
    asked = Asked(name="王小明", phone="13812345678")
    counts = privacy_service.forget(database.writing(), "little", asked, keys, by=CENTRE.account, at=NOW)
    assert counts["orders"] == 2
    cells = json.dumps([rows(database, name) for name in metadata.tables], default=str, ensure_ascii=False)
    for gone in ("王小明", "13812345678", "王母", "13600000000", "王先生", "argon2", "1990-06-01", "116.31234"):
        assert gone not in cells.replace('"address": "某小区3号楼201", "contact_name": "赵五"', ""), gone
    third = next(row for row in rows(database, "orders") if row["id"] == "3" * 24)
    assert (third["contact_name"], third["address"]) == ("赵五", "某小区3号楼201")
    assert {row["id"]: row["requester"] is None for row in rows(database, "orders")}["1" * 24] is False
    assert volunteer(database, WANG).name == personal.GONE
    assert volunteer(database, OTHER).name == "赵五"
    assert not rows(database, "identities")
    with pytest.raises(Exception, match="do not belong together"):
        account_service.sign_in(database, "王先生", SECRET, at=NOW)


def test_who_is_waited_for_is_not_forgotten_before(database: Database, keys: Keys) -> None:
    """An open order, or a promise that still binds, is ended first."""
    resident = known(database, keys)
    put(database, "orders", order("4" * 24, requester=resident, state="offered", changed_at=NOW))
    for asked in (Asked(account=resident), Asked(volunteer=WANG)):
        with pytest.raises(ConflictError, match="still open"):
            privacy_service.forget(database.writing(), "little", asked, keys, by="x", at=NOW)
    duty = {
        "id": "5" * 24, "region": "little", "volunteer": OTHER, "kind": "order", "subject": "4" * 24,
        "starts_at": NOW, "ends_at": NOW + timedelta(hours=2), "lon": 116.3, "lat": 39.9, "state": "planned",
        "changed_at": NOW,
    }  # fmt: skip
    put(database, "duties", duty)
    with pytest.raises(ConflictError, match="waits for this person"):
        privacy_service.forget(database.writing(), "little", Asked(volunteer=OTHER), keys, by="x", at=NOW)
    assert volunteer(database, OTHER).name == "赵五"


def test_what_is_over_is_blanked_by_the_daily_job(database: Database, keys: Keys) -> None:
    """To the day that the region sets; what is still under way, or another region's, is left alone."""
    known(database, keys)
    put(
        database, "orders", order("4" * 24, state="under_way"), order("5" * 24, changed_at=NOW - timedelta(days=29)),
        order("6" * 24, region="elsewhere"),
    )  # fmt: skip
    days = privacy_service.set_days(database.writing(), "little", {Kind.ORDER_CONTACTS: 30})
    assert days == USUAL_DAYS | {Kind.ORDER_CONTACTS: 30} == privacy_service.days(database.reading(), "little")
    with pytest.raises(InputError, match="1 to 3660"):
        privacy_service.set_days(database.writing(), "little", {Kind.WORDS: 0})
    job = Job("7" * 24, "little", "retention", "k", {}, NOW, 1, None)
    for _ in range(2):
        with database.writing() as work:
            KINDS["retention"].run(work, job, NOW)
            work.commit()
    blank = {row["id"][0] for row in rows(database, "orders") if row["contact_phone"] == ""}
    assert blank == {"1", "2", "3"}
    coarse = {row["id"][0] for row in rows(database, "orders") if (row["lon"], row["lat"]) == (116.313, 39.981)}
    assert coarse == blank - {"3"}
    assert {row["words"] for row in rows(database, "orders")} == {"请陪我母亲去医院"}
    assert KINDS["retention"].every == timedelta(days=1)


def test_names_of_accounts_run_out_after_they_were_closed(database: Database) -> None:
    """And the name is free again."""
    for name in ("甲", "乙"):
        account = account_service.add(database.writing(), name, Principal("", Role.RESIDENT, "little"), SECRET, at=NOW)
        if name == "甲":
            account_service.close(database.writing(), account.id, region="little")
    job = Job("7" * 24, "little", "retention", "k", {}, NOW, 1, None)
    with database.writing() as work:
        KINDS["retention"].run(work, job, NOW + timedelta(days=366))
        work.commit()
    assert {row["name"] for row in rows(database, "accounts")} == {personal.GONE, "乙"}
    account_service.add(database.writing(), "甲", Principal("", Role.RESIDENT, "little"), SECRET, at=NOW)


def entered(folder: Path, role: Role, **area: str) -> tuple[FlaskClient, str]:
    """A client signed in over HTTP as a role, and the account's id."""
    app, region = app_of(folder), region_of(folder).spec.id
    database, name = app.extensions["geomatch.served"].database, f"{role} {datetime.now(UTC).timestamp()}"
    account = account_service.add(
        database.writing(), name, Principal("", role, region, **area), SECRET, at=datetime.now(UTC)
    )
    client = app.test_client()
    signed = client.post("/api/v1/session", json={"name": name, "password": SECRET})
    client.environ_base["HTTP_X_CSRF_TOKEN"] = signed.get_json()["csrf"]
    return client, account.id


def test_somebody_agrees_takes_it_back_reads_all_and_is_forgotten_over_http(little_region: Path) -> None:
    """Without anybody's help; and is signed out at the end."""
    client, _ = entered(little_region, Role.RESIDENT)
    at = f"/api/v1/regions/{region_of(little_region).spec.id}"
    said = {each["purpose"]: each for each in client.get(f"{at}/purposes").get_json()["purposes"]}
    draft = {"purpose": "notices", "version": said["notices"]["version"]}
    given = client.post(f"{at}/consents", json=draft)
    assert given.status_code == 201
    assert client.get(f"{at}/consents").get_json()["consents"] == [given.get_json()]
    assert client.delete(f"{at}/consents/{given.get_json()['id']}").status_code == 204
    assert client.get(f"{at}/own-data").get_json()["tables"]["consents"][0]["withdrawn_at"]
    Asking(little_region).problem(client.post(f"{at}/own-deletion", json={"sure": False}), 422)
    assert client.post(f"{at}/own-deletion", json={"sure": True}).get_json()["rows"]["accounts"] == 1
    assert client.get(f"{at}/consents").status_code == 401


def test_a_desk_finds_reads_and_forgets_over_http(little_region: Path) -> None:
    """By what a person says at the desk; faults name their member and never repeat an identity number."""
    desk, _ = entered(little_region, Role.CENTRE)
    _, resident = entered(little_region, Role.RESIDENT)
    at, asking = f"/api/v1/regions/{region_of(little_region).spec.id}", Asking(little_region)
    holder = {"name": "王小明", "phone": "13812340000", "document": "E7654321"}
    assert desk.put(f"{at}/accounts/{resident}/holder", json=holder).status_code == 204
    said = {"name": "王 小明", "phone": "+8613812340000"}
    assert desk.post(f"{at}/persons/find", json=said).get_json() == {"volunteers": [], "accounts": [resident]}
    assert desk.post(f"{at}/persons/data", json={"document": "E7654321"}).get_json()["tables"]["accounts"]
    assert desk.post(f"{at}/persons/deletion", json=said).get_json()["rows"]["identities"] == 2
    for path, body in (
        ("persons/find", {}),
        ("persons/find", {"name": "王小明"}),
        ("persons/data", {"document": "110105194912310020"}),
        ("persons/data", {"volunteer": "x"}),
        (f"accounts/{resident}/holder", holder | {"document": "110105194912310020"}),
        ("retention", {"words": 0}),
    ):
        ask = desk.put if path.endswith(("holder", "retention")) else desk.post
        told = asking.problem(ask(f"{at}/{path}", json=body), 422)
        assert "1101051949" not in str(told)
    assert desk.put(f"{at}/retention", json={"words": 10}).get_json()["kept_for"]
    assert desk.put(f"{at}/retention", json={}).status_code == 200


def test_an_office_answers_requests_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A zip of JSON, then gone; and what names nobody is refused."""
    from geomatch.store.database import Database

    url = f"sqlite:///{tmp_path / 'people.db'}"
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", url)
    add_people(Database(url))
    region, out = str(write_little_region(tmp_path / "little")), tmp_path / "wang.zip"
    said = ["--name", "王小明", "--phone", "13812345678"]
    assert main(["people", "about", region, *said, "-o", str(out)]) == 0
    with zipfile.ZipFile(out) as archive:
        assert json.loads(archive.read("volunteers.json"))[0]["phone"] == "13812345678"
        assert json.loads(archive.read("about.json"))["purposes"]
    assert main(["people", "forget", region, *said]) == 0
    assert "volunteers" in capsys.readouterr().out
    assert volunteer(Database(url), WANG).phone == ""
    for wrong in ([], ["--name", "王小明"], ["--volunteer", "f" * 24]):
        assert main(["people", "forget", region, *wrong]) == 1
        assert "Traceback" not in capsys.readouterr().err
