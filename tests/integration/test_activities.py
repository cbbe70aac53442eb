"""Activities on both databases: never oversold, a true order of who waits, and one check-in each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.config import Settings
from geomatch.errors import ChangedError, ConflictError, InputError, NotAllowedError, NotFoundError
from geomatch.services import accounts as account_service
from geomatch.services import activities as service
from geomatch.services import activity_hours
from geomatch.services import hours as hour_service
from geomatch.services.hours import Service
from geomatch.store.database import Database
from geomatch.volunteering import activities as rules
from geomatch.volunteering.activities import SignUpState
from geomatch.volunteering.hours import Evidence
from geomatch.volunteering.notices import NoticeState
from geomatch.volunteering.roles import Principal, Role
from geomatch.web.app import SERVED, app_for
from tests.serving import region_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
START = NOW + timedelta(days=1)
CENTRE = Principal("c", Role.CENTRE, "little")
OFFICE = Principal("o", Role.OFFICE, "little", unit="西岸街道")
DRAFT = service.Draft("义诊", "health", "文化广场", 116.3, 39.9, START, START + timedelta(hours=2), 2, unit="西岸街道")


def guest(name: str) -> Principal:
    """A resident."""
    return Principal(name, Role.RESIDENT, "little")


def announced(database: Database, seats: int = 2, who: Principal = CENTRE) -> str:
    """Announce an activity; gives its id."""
    return service.add(database.writing(), who, replace(DRAFT, seats=seats), at=NOW).activity.id


def come(database: Database, activity: str, *names: str) -> list[str]:
    """Sign up one after the other; gives where each stands: seated, or how many wait before."""
    told = []
    for name in names:
        shown = service.sign_up(database.writing(), guest(name), activity, at=NOW)
        assert shown.mine is not None
        told.append(shown.mine.state.value if shown.ahead is None else str(shown.ahead))
    return told


def stands(database: Database, activity: str) -> dict[str, str]:
    """Say where everybody stands."""
    with database.reading() as work:
        places = work.activities.sign_ups(activity, tuple(SignUpState))
    return {place.account: place.state.value for place in places}


def test_the_list_keeps_the_order_in_which_people_came(database: Database) -> None:
    """Two seats; the third and fourth wait; one who signs up again is where they were."""
    activity = announced(database)
    assert come(database, activity, "a", "b", "c", "d", "a", "d") == ["seated", "seated", "0", "1", "seated", "1"]


def test_who_leaves_makes_room_for_the_first_who_waits(database: Database) -> None:
    """Who is told at once; who comes back waits behind all others."""
    activity = announced(database)
    come(database, activity, "a", "b", "c", "d")
    service.leave(database.writing(), guest("a"), activity, at=NOW)
    service.leave(database.writing(), guest("a"), activity, at=NOW)
    assert stands(database, activity) == {"a": "left", "b": "seated", "c": "seated", "d": "waiting"}
    with database.reading() as work:
        _, (told,) = work.outbox.page("little", {"c"}, NoticeState, limit=9, offset=0)
    assert told.notice.body.startswith("候补成功")
    assert come(database, activity, "a") == ["1"]
    service.leave(database.writing(), guest("d"), activity, at=NOW)
    assert come(database, activity, "a") == ["0"]


def test_more_seats_move_people_up_and_fewer_than_are_taken_are_refused(database: Database) -> None:
    """In the order in which they came; of two organisers who read the same version one is told."""
    activity = announced(database)
    come(database, activity, "a", "b", "c", "d", "e")
    more = replace(DRAFT, seats=4)
    assert service.change(database.writing(), CENTRE, activity, more, version=1, at=NOW).counts.seated == 4
    assert stands(database, activity)["e"] == "waiting"
    with pytest.raises(ChangedError):
        service.change(database.writing(), CENTRE, activity, more, version=1, at=NOW)
    with pytest.raises(ConflictError, match="4 people are seated"):
        service.change(database.writing(), CENTRE, activity, DRAFT, version=None, at=NOW)


def test_a_cancelled_activity_tells_everybody_once_and_takes_nobody(database: Database) -> None:
    """Seated and waiting alike, but not who left."""
    activity = announced(database)
    come(database, activity, "a", "b", "c", "d")
    service.leave(database.writing(), guest("d"), activity, at=NOW)
    for _ in range(2):
        assert service.cancel(database.writing(), CENTRE, activity, "台风", at=NOW).activity.is_cancelled
    with database.reading() as work:
        count, told = work.outbox.page("little", None, NoticeState, limit=9, offset=0)
    assert (count, {each.notice.account for each in told}) == (3, {"a", "b", "c"})
    assert all("台风" in each.notice.body for each in told)
    with pytest.raises(ConflictError, match="cancelled"):
        come(database, activity, "e")
    with pytest.raises(ConflictError, match="cancelled"):
        service.change(database.writing(), CENTRE, activity, DRAFT, version=None, at=NOW)


def test_many_at_once_are_never_oversold(database: Database) -> None:
    """Forty come for seven seats, while some leave and come again: all seats taken, one number each."""
    activity, many = announced(database, 7), 40

    def act(number: int) -> None:
        who = guest(f"g{number}")
        for step in range(3 if number % 4 == 0 else 1):
            deed = service.leave if step == 1 else service.sign_up
            database.retrying(lambda deed=deed: deed(database.writing(), who, activity, at=NOW))  # type: ignore[misc] # bound

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(many)))
    with database.reading() as work:
        places = work.activities.sign_ups(activity, tuple(SignUpState))
    states = [place.state for place in places]
    assert (states.count(SignUpState.SEATED), len(places)) == (7, many)
    assert len({place.number for place in places}) == many
    waiting = [place.number for place in places if place.state is SignUpState.WAITING]
    assert max(place.number for place in places if place.state is SignUpState.SEATED) < min(waiting)


@pytest.fixture(scope="module")
def one_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database for many activities."""
    made = Database(f"sqlite:///{tmp_path_factory.mktemp('queue') / 'store.db'}")
    yield made
    made.close()


@settings(max_examples=30, derandomize=True)
@given(
    seats=st.integers(1, 3),
    deeds=st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), max_size=20),
)
def test_seats_are_full_whenever_somebody_waits(
    one_database: Database, seats: int, deeds: list[tuple[str, bool]]
) -> None:
    """After any comings and goings: as a plain queue would have it, never more seated than there are seats."""
    database = one_database
    activity = announced(database, seats)
    queue: list[str] = []
    for name, comes in deeds:
        if comes:
            come(database, activity, name)
            queue += [name] if name not in queue else []
        elif name in queue:
            service.leave(database.writing(), guest(name), activity, at=NOW)
            queue.remove(name)
    found = stands(database, activity)
    assert {name for name, state in found.items() if state == "seated"} == set(queue[:seats])
    assert [name for name, state in found.items() if state == "waiting"] == queue[seats:]


def test_one_comes_by_the_code_of_that_minute(database: Database) -> None:
    """The one before still counts, an older one does not; again the first time stands."""
    activity = announced(database)
    come(database, activity, "a", "b", "c")
    shown = service.code(database.writing(), CENTRE, activity, at=START)
    at = START + timedelta(seconds=70)
    came = service.check_in(database.writing(), guest("a"), activity, f" {shown[:4].lower()} {shown[4:]}", at=at)
    assert came.mine is not None
    assert (came.mine.checked_in_at, came.mine.checked_by, came.counts.came) == (at, "code", 1)
    for wrong in ("ABCDEFGH", "", service.code(database.writing(), CENTRE, activity, at=START - timedelta(minutes=5))):
        with pytest.raises(InputError, match="not the one at the door"):
            service.check_in(database.writing(), guest("b"), activity, wrong, at=at)
    again = service.code(database.writing(), CENTRE, activity, at=START + timedelta(hours=1))
    later = service.check_in(database.writing(), guest("a"), activity, again, at=START + timedelta(hours=1))
    assert later.mine == came.mine
    with pytest.raises(ConflictError, match="only who is seated"):
        service.check_in(database.writing(), guest("c"), activity, again, at=START + timedelta(hours=1))
    with pytest.raises(ConflictError, match="already"):
        service.leave(database.writing(), guest("a"), activity, at=NOW)


def test_one_comes_neither_early_nor_late(database: Database) -> None:
    """From an hour before the start to two hours after the end."""
    activity = announced(database)
    come(database, activity, "a")
    for at in (START - timedelta(minutes=61), START + timedelta(hours=4, minutes=1)):
        code = service.code(database.writing(), CENTRE, activity, at=at)
        with pytest.raises(ConflictError, match="an hour before"):
            service.check_in(database.writing(), guest("a"), activity, code, at=at)


def test_who_leaves_by_the_code_has_the_hours_of_the_activity(database: Database) -> None:
    """From its start, not from the door; noted at the desk another saw it; no check-in, no volunteer: no hours."""
    leader = Principal("l", Role.LEADER, "little", team="t1", volunteer="v9")
    helpers = {name: Principal(name, Role.VOLUNTEER, "little", volunteer=f"v{name}") for name in "abc"}
    activity = announced(database, seats=9)
    for who in (*helpers.values(), guest("r")):
        service.sign_up(database.writing(), who, activity, at=NOW)
    early, end = START - timedelta(minutes=40), START + timedelta(minutes=125)
    codes = {at: service.code(database.writing(), CENTRE, activity, at=at) for at in (early, end)}
    for who in (helpers["a"], guest("r")):
        service.check_in(database.writing(), who, activity, codes[early], at=early)
    _, places = service.sign_ups(database.writing(), CENTRE, activity, limit=9, offset=0)
    desk = next(place.id for place, _ in places if place.account == "b")
    service.check_in_at_desk(database.writing(), CENTRE, activity, desk, at=START + timedelta(hours=1))
    with pytest.raises(InputError, match="not the one at the door"):
        activity_hours.check_out(database.writing(), helpers["a"], activity, codes[early], at=end)
    for who in (helpers["a"], helpers["a"], helpers["b"], guest("r")):
        left = activity_hours.check_out(database.writing(), who, activity, codes[end], at=end)
        assert left.mine is not None
        assert left.mine.checked_out_at == end
    with pytest.raises(ConflictError, match="check in first"):
        activity_hours.check_out(database.writing(), helpers["c"], activity, codes[end], at=end)
    with pytest.raises(NotFoundError):
        activity_hours.check_out(database.writing(), leader, activity, codes[end], at=end)
    with database.reading() as work:
        chain = [(each.volunteer, each.minutes, each.evidence, each.witness) for each in work.hours.chain("little")]
        assert {each.cause for each in work.hours.chain("little")} == {f"activity:{activity}"}
    assert chain == [("va", 120, Evidence.CODE, f"activity:{activity}"), ("vb", 60, Evidence.BOTH, "c")]


def test_who_was_at_a_site_meanwhile_has_the_rest_of_the_activity(database: Database) -> None:
    """Before, between and after what is counted already, each piece rounded by itself; and nothing twice."""
    visits = {"a": (30, 60), "b": (-30, 40), "c": (90, 150), "d": (-10, 150), "e": (10, 40)}
    activity = announced(database, seats=9)
    end = START + timedelta(hours=2)
    codes = {at: service.code(database.writing(), CENTRE, activity, at=at) for at in (START, end)}
    for name, (since, until) in visits.items():
        who = Principal(name, Role.VOLUNTEER, "little", volunteer=f"v{name}")
        service.sign_up(database.writing(), who, activity, at=NOW)
        service.check_in(database.writing(), who, activity, codes[START], at=START)
        came, left = (START + timedelta(minutes=minutes) for minutes in (since, until))
        visit = Service("little", f"v{name}", "visit:1", came, left, Evidence.CODE, "site:S1", name)
        with database.writing() as work:
            hour_service.enter(work, visit, at=left)
            work.commit()
        left_by = activity_hours.check_out(database.writing(), who, activity, codes[end], at=end)
        assert left_by.mine is not None
        assert left_by.mine.checked_out_at == end
    cause = f"activity:{activity}"
    with database.reading() as work:
        rest = [
            (each.volunteer, each.cause, (each.start - START) // timedelta(minutes=1), each.minutes)
            for each in work.hours.chain("little")
            if each.cause != "visit:1"
        ]
    assert rest == [
        ("va", cause, 0, 30), ("va", f"{cause}:2", 60, 60), ("vb", cause, 40, 90), ("vc", cause, 0, 90),
        ("ve", f"{cause}:2", 40, 90),
    ]  # fmt: skip


def test_an_organiser_gets_no_hours_by_the_own_code(database: Database) -> None:
    """Who can read the code alone shows nothing by it; the claim to a second person stays open."""
    leader = Principal("l", Role.LEADER, "little", team="t1", volunteer="v9")
    with database.writing() as work:
        given = rules.Activity(
            "y" * 24, "little", "读书", "arts", "站里", 116.3, 39.9, START, START + timedelta(hours=1), START, 5, "",
            "l", NOW, "s", team="t1",
        )  # fmt: skip
        work.activities.add(given)
        work.commit()
    service.sign_up(database.writing(), leader, given.id, at=NOW)
    for deed, at in ((service.check_in, START), (activity_hours.check_out, START + timedelta(hours=1))):
        deed(database.writing(), leader, given.id, service.code(database.writing(), leader, given.id, at=at), at=at)
    with database.reading() as work:
        assert list(work.hours.chain("little")) == []


def test_the_desk_notes_who_comes_but_not_itself(database: Database) -> None:
    """Of its own area, and never of the account that is at the desk."""
    leader = Principal("l", Role.LEADER, "little", team="t1", volunteer="v1")
    with database.writing() as work:
        work.activities.add(replace(
            service.Activity("x" * 24, "little", "读书", "arts", "站里", 116.3, 39.9, START, START + timedelta(hours=1),
                             START, 5, "", "l", NOW, "s"), team="t1"))  # fmt: skip
        work.commit()
    activity = "x" * 24
    come(database, activity, "a")
    service.sign_up(database.writing(), leader, activity, at=NOW)
    _, ((guests, _), (own, _)) = service.sign_ups(database.writing(), leader, activity, limit=9, offset=0)
    assert service.check_in_at_desk(database.writing(), leader, activity, guests.id, at=START).checked_by == "l"
    with pytest.raises(NotAllowedError, match="somebody else"):
        service.check_in_at_desk(database.writing(), leader, activity, own.id, at=START)
    with pytest.raises(NotFoundError):
        service.check_in_at_desk(database.writing(), leader, activity, "0" * 24, at=START)
    for deed in (service.code, service.cancel):
        with pytest.raises(NotAllowedError, match="another organiser"):
            deed(database.writing(), OFFICE, activity, *(["x"] if deed is service.cancel else []), at=START)


def test_an_audience_is_counted_when_it_has_begun(database: Database) -> None:
    """By its organiser; and can be taken back."""
    activity = announced(database, who=OFFICE)
    with pytest.raises(ConflictError, match="begun"):
        service.set_audience(database.writing(), OFFICE, activity, 300, at=NOW)
    assert service.set_audience(database.writing(), OFFICE, activity, 300, at=START).activity.audience == 300
    assert service.set_audience(database.writing(), OFFICE, activity, None, at=START).activity.audience is None


@pytest.mark.parametrize(
    ("wrong", "member"),
    [
        ({"ends_at": START}, "ends_at"),
        ({"ends_at": START + timedelta(days=32)}, "ends_at"),
        ({"starts_at": datetime(1, 1, 1, tzinfo=UTC)}, "starts_at"),
        ({"signup_until": START + timedelta(days=1)}, "signup_until"),
        ({"category": "nonsense"}, "category"),
        ({"team": "none"}, "team"),
    ],
)
def test_a_draft_at_fault_names_its_member(database: Database, wrong: dict[str, Any], member: str) -> None:
    """Times that make no sense, and what is not there."""
    with pytest.raises(InputError) as raised:
        service.add(database.writing(), CENTRE, replace(DRAFT, **wrong), at=NOW)
    assert raised.value.faults[0].where == member


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - zone is beside
def test_a_code_lasts_for_a_minute_or_two(moment: datetime) -> None:
    """It counts in its own minute and the next, and not in the one after."""
    code = rules.code_at("secret", moment)
    assert rules.is_code(code, "secret", moment)
    assert rules.is_code(code, "secret", moment + timedelta(seconds=rules.CODE_S))
    assert not rules.is_code(code, "secret", moment + timedelta(seconds=2 * rules.CODE_S))
    assert not rules.is_code(code, "other", moment)


SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test
AT = "/api/v1/regions/little/activities"


@pytest.fixture(scope="module")
def app(little_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app on a database of its own, with an account of each kind that is needed."""
    url = f"sqlite:///{tmp_path_factory.mktemp('activities') / 'store.db'}"
    made = app_for([region_of(little_region)], Settings(database_url=url))
    database = made.extensions[SERVED].database
    for name, who in (
        ("centre", CENTRE), ("west", OFFICE), ("station", Principal("", Role.STATION, "little", site="S2")),
        ("王小明", guest("")), ("李四", guest("")),
    ):  # fmt: skip
        account_service.add(database.writing(), name, who, SECRET, at=NOW)
    yield made
    database.close()


def signed_in(app: Flask, name: str) -> FlaskClient:
    """A client of one account."""
    client = app.test_client()
    answer = client.post("/api/v1/session", json={"name": name, "password": SECRET})
    client.environ_base["HTTP_X_CSRF_TOKEN"] = answer.get_json()["csrf"]
    return client


def draft(**more: object) -> dict[str, object]:
    """An activity that has just begun."""
    begun = datetime.now(UTC) - timedelta(minutes=5)
    return {
        "title": "义诊", "category": "医疗健身", "starts_at": begun.isoformat(), "seats": 1, "site": "S1",
        "ends_at": (begun + timedelta(hours=2)).isoformat(),
        "signup_until": (begun + timedelta(hours=1)).isoformat(),
    } | more  # fmt: skip


def test_it_all_goes_over_http(app: Flask) -> None:
    """Announced, signed up for, left, come to, counted; names are masked, another office is kept out."""
    west, first, second = (signed_in(app, name) for name in ("west", "王小明", "李四"))
    made = west.post(AT, json=draft())
    assert made.status_code == 201, made.text
    told = made.get_json()
    assert (told["unit"], told["place"], told["category"]) == ("西岸街道", "望河社区站", "health")
    one = f"{AT}/{told['id']}"
    assert first.put(f"{one}/sign-up", json={}).get_json()["mine"]["state"] == "seated"
    assert second.put(f"{one}/sign-up", json={}).get_json()["mine"] | {"id": ""} == {
        "id": "", "state": "waiting", "ahead": 0, "checked_in_at": None, "checked_out_at": None
    }  # fmt: skip
    assert first.delete(f"{one}/sign-up").get_json()["mine"]["state"] == "left"
    code = west.get(f"{one}/code").get_json()["code"]
    assert second.post(f"{one}/check-in", json={"code": "x"}).status_code == 422
    assert second.post(f"{one}/check-in", json={"code": code}).get_json()["came"] == 1
    places = west.get(f"{one}/sign-ups").get_json()
    assert [(each["name"], each["state"], each["checked_by"]) for each in places["sign_ups"]] == [
        ("王*", "left", None), ("李*", "seated", "code")
    ]  # fmt: skip
    assert west.put(f"{one}/audience", json={"audience": 120}).get_json()["audience"] == 120
    station = signed_in(app, "station")
    for path in ("code", "sign-ups"):
        assert station.get(f"{one}/{path}").status_code == 403
    assert station.put(f"{one}/audience", json={"audience": 1}).status_code == 403
    assert told["id"] in {each["id"] for each in first.get(AT).get_json()["activities"]}
    version = first.get(one).get_json()["version"]
    changed = west.put(one, json=draft(seats=9), headers={"If-Match": f'"{version}"'})
    assert changed.get_json()["seats"] == 9
    assert west.put(one, json=draft(), headers={"If-Match": f'"{version}"'}).status_code == 412
    assert west.post(f"{one}/cancel", json={"why": "台风"}).get_json()["is_cancelled"]


def test_a_station_announces_at_its_own_site(app: Flask) -> None:
    """Wherever it says."""
    told = signed_in(app, "station").post(AT, json=draft(site="S1")).get_json()
    assert (told["site"], told["unit"]) == ("S2", "东岸街道")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"site": None}, 422),
        ({"site": "S9"}, 404),
        ({"site": None, "lon": 100.0, "lat": 30.0, "place": "远方"}, 404),
        ({"site": None, "lon": 116.3, "place": "x"}, 422),
        ({"unit": "无此街道"}, 422),
        ({"seats": 0}, 422),
        ({"starts_at": "9999-12-31T23:59:59Z"}, 422),
        ({"starts_at": "2026-11-25T10:00:00"}, 422),
        ({"title": "a\u0000b"}, 422),
        ({"words": "a\u0000b"}, 422),
        ({"team": "none"}, 422),
    ],
)
def test_a_draft_at_fault_is_refused_over_http(app: Flask, more: dict[str, object], status: int) -> None:
    """With its parameter, and never a 500."""
    assert signed_in(app, "centre").post(AT, json=draft(**more)).status_code == status
