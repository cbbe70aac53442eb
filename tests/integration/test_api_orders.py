"""Orders over HTTP: each role sees its own area's, masked; bad input is told in words; a key makes one of two."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from geomatch.services import accounts as account_service
from geomatch.store import ids
from geomatch.volunteering.people import Volunteer
from geomatch.volunteering.roles import Principal, Role
from geomatch.web.app import SERVED
from tests.regions import lonlat
from tests.serving import Asking, app_of, region_of

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test
AT = "/api/v1/regions/little/orders"
PHONE, DOOR = "13812345678", "幸福里5号楼302"


class World:
    """An app on a database of its own, with an account of every role and two volunteers."""

    def __init__(self, folder: Path, url: str) -> None:
        self.app = app_of(folder, url)
        self.asking = Asking(folder, url)
        self.database = self.app.extensions[SERVED].database
        self.now = datetime.now(UTC)
        self.helper, self.other = ids.fresh(), ids.fresh()
        insured = date(2099, 1, 1)
        people = [
            Volunteer(each, None, name, f"100000000{n}", team, insured_until=insured, born=date(1980, 1, 1))
            for n, (each, name, team) in enumerate(((self.helper, "李雷", "t1"), (self.other, "韩梅", "t2")))
        ]
        with self.database.writing() as work:
            work.people.add("little", people, self.now)
            work.commit()
        self.clients = {
            name: self._client(name, Principal("", role, "little", **area))
            for name, role, area in (
                ("resident", Role.RESIDENT, {}),
                ("neighbour", Role.RESIDENT, {}),
                ("volunteer", Role.VOLUNTEER, {"volunteer": self.helper}),
                ("other volunteer", Role.VOLUNTEER, {"volunteer": self.other}),
                ("leader", Role.LEADER, {"team": "t1"}),
                ("other leader", Role.LEADER, {"team": "t2"}),
                ("station", Role.STATION, {"site": "S1"}),
                ("other station", Role.STATION, {"site": "S2"}),
                ("office", Role.OFFICE, {"unit": "西岸街道"}),
                ("other office", Role.OFFICE, {"unit": "东岸街道"}),
                ("centre", Role.CENTRE, {}),
                ("auditor", Role.AUDITOR, {}),
                ("program", Role.PROGRAM, {}),
                ("program of the other bank", Role.PROGRAM, {"unit": "东岸街道"}),
            )
        }

    def _client(self, name: str, who: Principal) -> FlaskClient:
        client, called = self.app.test_client(), f"{name} {ids.fresh()}"
        is_program = who.role is Role.PROGRAM
        secret = None if is_program else SECRET
        account = account_service.add(self.database.writing(), called, who, secret, at=self.now)
        if is_program:
            _, key = account_service.add_token(
                self.database.writing(), account.id, "all", ["orders:read", "orders:write"], region="little",
                at=self.now, lasts=timedelta(days=1),
            )  # fmt: skip
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
            return client
        answer = client.post("/api/v1/session", json={"name": called, "password": SECRET})
        client.environ_base["HTTP_X_CSRF_TOKEN"] = answer.get_json()["csrf"]
        return client

    def draft(self, **changed: object) -> dict[str, Any]:
        """An order on the west bank, in half an hour."""
        lon, lat = lonlat(10.0, 3.0)
        starts_at = self.now + timedelta(minutes=30)
        return {
            "category": "needy", "words": "给老人读报", "lon": lon, "lat": lat, "address": DOOR, "name": "王小明",
            "phone": PHONE, "starts_at": starts_at.isoformat(), "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
            "way": "person", **changed,
        }  # fmt: skip

    def place(self, name: str = "resident", **changed: object) -> dict[str, Any]:
        """Place an order."""
        response = self.clients[name].post(AT, json=self.draft(**changed))
        assert response.status_code == 201, response.text
        told: dict[str, Any] = response.get_json()
        return told

    def post(self, name: str, order_id: str, door: str, status: int = 200, **body: object) -> Any:
        """Do something with an order and read the answer."""
        response = self.clients[name].post(f"{AT}/{order_id}/{door}", json=body)
        assert response.status_code == status, response.text
        return response.get_json(force=True) if response.data else None


@pytest.fixture(scope="module")
def world(little_region: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """One world for all tests here; each places orders of its own."""
    assert region_of(little_region).spec.id == "little"
    return World(little_region, f"sqlite:///{tmp_path_factory.mktemp('orders') / 'orders.db'}")


SEES = {
    "resident": True, "neighbour": False, "volunteer": True, "other volunteer": False, "leader": True,
    "other leader": False, "station": True, "other station": False, "office": True, "other office": False,
    "centre": True, "auditor": True, "program": True, "program of the other bank": False,
}  # fmt: skip
"""Who sees an order of the west bank that is offered to a volunteer of team t1."""


def test_each_role_sees_its_own_area_and_nothing_else(world: World) -> None:
    """By list, by id and by what may be done: the same answer for every role; nobody reads the door from it."""
    order_id = world.place()["id"]
    world.post("office", order_id, "moves", to="checked")
    world.post("office", order_id, "offers", volunteers=[world.helper])
    for name, sees in SEES.items():
        client = world.clients[name]
        listed = client.get(AT)
        assert (order_id in listed.text) is sees, name
        one = client.get(f"{AT}/{order_id}")
        assert one.status_code == (200 if sees else 404), name
        for text in (listed.text, one.text):
            assert not any(secret in text for secret in (PHONE, DOOR, "王小明")), name
        if sees:
            assert one.get_json()["address"] == "幸福里*"
            assert [each["name"] for each in one.get_json()["offers"]] == ([] if name == "resident" else ["李*"]), name
        else:
            moved = client.post(f"{AT}/{order_id}/moves", json={"to": "cancelled", "why": "我要"})
            assert moved.status_code == 404, name
    for name in ("leader", "volunteer"):  # they see it, and may not move it
        moved = world.clients[name].post(f"{AT}/{order_id}/moves", json={"to": "cancelled", "why": "我要"})
        assert moved.status_code == 403, name


def test_an_order_is_served_over_http(world: World) -> None:
    """From placing to reviewing; the door is shown to the helper after acceptance only, and the auditor sees that."""
    order_id = world.place()["id"]
    world.post("station", order_id, "moves", to="checked")
    world.post("centre", order_id, "offers", volunteers=[world.helper, world.other])
    assert world.clients["volunteer"].post(f"{AT}/{order_id}/contact", json={}).status_code == 403
    assert world.post("volunteer", order_id, "accept")["state"] == "accepted"
    assert world.post("volunteer", order_id, "accept")["taken"] == 1
    world.post("other volunteer", order_id, "accept", 409)
    seen = world.post("volunteer", order_id, "contact")
    assert (seen["phone"], seen["address"]) == (PHONE, DOOR)
    world.post("volunteer", order_id, "moves", to="under_way")
    world.post("volunteer", order_id, "moves", to="done")
    world.post("resident", order_id, "moves", to="confirmed")
    points = {"came_on_time": True, "did_what_was_asked": True, "would_ask_again": True}
    told = world.post("resident", order_id, "review", 422, **points)
    assert told["errors"][0]["loc"] == ["body", "asked_for_money"]
    assert world.post("resident", order_id, "review", **points, asked_for_money=False)["state"] == "reviewed"
    looks = world.clients["auditor"].get("/api/v1/regions/little/looks", query_string={"order": order_id})
    assert [one["role"] for one in looks.get_json()["looks"]] == ["volunteer"]
    day = {"since": world.now.isoformat(), "before": (world.now + timedelta(days=1)).isoformat()}
    for name, confirmed in (("office", 1), ("other office", 0)):
        figures = world.clients[name].get("/api/v1/regions/little/reviews", query_string=day).get_json()
        assert (figures["confirmed"], figures["came_on_time_share"]) == (confirmed, 1.0 if confirmed else None)


def test_an_order_that_is_sent_twice_with_a_key_is_one(world: World) -> None:
    """The first answer is given again."""
    draft, headers = world.draft(words="只要一次"), {"Idempotency-Key": ids.fresh()}
    first, again = (world.clients["neighbour"].post(AT, json=draft, headers=headers).get_json() for _ in range(2))
    assert first == again
    assert world.clients["neighbour"].get(AT).get_json()["numberMatched"] == 1


@pytest.mark.parametrize(
    ("changed", "loc"),
    [
        ({"lon": 181}, ["body", "lon"]),
        ({"lon": 100.0}, ["body", "lon"]),
        ({"starts_at": "2020-01-01T00:00:00+08:00"}, ["body", "ends_at"]),
        ({"starts_at": "2026-11-25T00:00:00"}, ["body", "starts_at"]),
        ({"words": "a\x00b"}, ["body", "words"]),
        ({"category": "nothing"}, ["body", "category"]),
        ({"people_needed": 10**30}, ["body", "people_needed"]),
        ({"for_other": True}, ["body", "consent"]),
        ({"address": ""}, ["body", "address"]),
    ],
    ids=["globe", "outside", "past", "no zone", "NUL", "category", "huge", "consent", "address"],
)
def test_an_order_at_fault_is_told_where(world: World, changed: dict[str, object], loc: list[str]) -> None:
    """Each member by its name."""
    told = world.asking.problem(world.clients["resident"].post(AT, json=world.draft(**changed)), 422)
    assert loc in [error["loc"] for error in told["errors"]]


@pytest.mark.parametrize("given", ["nothing", "%00", "%F0%9F%98%80", "0123456789abcdef01234567"], ids=ascii)
def test_an_id_that_nothing_has_is_not_found(world: World, given: str) -> None:
    """Whatever it is made of."""
    world.asking.problem(world.clients["centre"].get(f"{AT}/{given}"), 404)


def test_the_menu_is_read_guessed_and_added_to(world: World) -> None:
    """Everybody may read; the centre adds what the district has beside it, and takes it off again."""
    at = "/api/v1/regions/little/menu"
    guess = {"words": "老母亲卧床，想请人上门换药"}
    told = world.asking.answer(f"{at}/guess", **guess)["guesses"]
    assert told[0]["service"]["code"] == "nursing"
    law = world.asking.answer(at, category="law")["services"]
    assert {each["category"] for each in law} == {"law"}
    assert len(law) < len(world.asking.answer(at)["services"])
    own = {"code": "tea-house", "category": "x-tea", "name": "茶馆议事", "name_en": "Tea", "words": ["茶馆"]}
    assert world.clients["centre"].put(at, json=own).get_json()["code"] == "tea-house"
    assert world.clients["centre"].put(at, json=own | {"name_en": "Tea house"}).status_code == 200
    assert world.clients["centre"].put(at, json=own | {"code": "nursing"}).status_code == 409
    assert world.clients["centre"].put(at, json=own | {"category": "tea"}).status_code == 422
    assert world.clients["centre"].put(at, json=own | {"certified": ["茶艺"]}).status_code == 422
    assert world.asking.answer(f"{at}/guess", words="去茶馆")["guesses"][0]["service"]["name_en"] == "Tea house"
    assert world.clients["centre"].delete(at, query_string={"code": "tea-house"}).status_code == 204
    assert world.clients["centre"].delete(at, query_string={"code": "tea-house"}).status_code == 404
    assert world.asking.answer(f"{at}/guess", words="去茶馆")["guesses"] == []
