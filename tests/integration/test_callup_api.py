"""A great call-up over HTTP: opened by the centre, watched by each area, answered by whoever was asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from geomatch.services import accounts as account_service
from geomatch.services.callup_wave import Caller
from geomatch.volunteering.roles import Principal, Role
from tests.mustering import mustered, person
from tests.serving import Asking, app_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.testing import FlaskClient

    from geomatch.store.database import Database

SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test
AREAS: dict[Role, dict[str, str]] = {
    Role.STATION: {"site": "S1", "unit": "西岸街道"},
    Role.OFFICE: {"unit": "东岸街道"},
}


@pytest.fixture
def door(little_region: Path, database_url: str) -> Any:
    """The app on an empty database, with ten volunteers of the west bank."""
    api = Asking(little_region, database_url)
    mustered(store(little_region, database_url), "little", *map(person, range(1, 11)))
    yield api
    api.close()


def store(folder: Path, database_url: str) -> Database:
    """The database of the app."""
    found: Database = app_of(folder, database_url).extensions["geomatch.served"].database
    return found


@pytest.fixture
def enter(door: Asking, little_region: Path, database_url: str) -> Callable[..., FlaskClient]:
    """Sign in as a role, or as the volunteer of a number."""

    def entered(role: Role, number: int = 0) -> FlaskClient:
        name = f"{role.value} {number}"
        area = {"volunteer": f"{number:024x}"} if number else AREAS.get(role, {})
        who = Principal("", role, "little", **area)
        account_service.add(store(little_region, database_url).writing(), name, who, SECRET, at=datetime.now(UTC))
        client = door.client.application.test_client()
        answer = client.post("/api/v1/session", json={"name": name, "password": SECRET})
        client.environ_base["HTTP_X_CSRF_TOKEN"] = answer.get_json()["csrf"]
        return client

    return entered


def draft(**changes: Any) -> dict[str, Any]:
    """A call for both stations, from now on, one shift of four hours, two places."""
    starts_at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    return {
        "name": "寒潮", "words": "值守送水", "starts_at": starts_at, "hours": 4, "shift_hours": 4,
        "needs": [{"people": 2}], "urgent": True, **changes,
    }  # fmt: skip


def test_a_call_from_its_opening_to_its_end(
    door: Asking, enter: Callable[..., FlaskClient], little_region: Path, database_url: str
) -> None:
    """The centre opens, a wave asks, volunteers answer, each area sees its own, the centre closes."""
    centre = enter(Role.CENTRE)
    made = centre.post(f"{door.at}/callups", json=draft(), headers={"Idempotency-Key": "once"})
    assert made.status_code == 201, made.text
    call = made.get_json()
    again = centre.post(f"{door.at}/callups", json=draft(), headers={"Idempotency-Key": "other"})
    assert again.status_code == 201
    assert [each["id"] for each in centre.get(f"{door.at}/callups").get_json()["callups"]][1] == call["id"]
    database = store(little_region, database_url)
    Caller(door.region).wave(database, call["id"], datetime.now(UTC))

    asked = {}
    for number in range(1, 11):
        client = enter(Role.VOLUNTEER, number)
        mine = client.get(f"{door.at}/callup-asks").get_json()["asks"]
        if mine:
            asked[number] = (client, mine[0])
    assert asked
    states = []
    for client, ask in asked.values():
        assert ask["site_name"] == "望河社区站"
        told = client.put(f"{door.at}/callup-asks/{ask['id']}/answer", json={"answer": "accept"})
        assert told.status_code == 200, told.text
        states.append((told.get_json()["state"], told.get_json()["place"]))
    held = [state for state in states if state[0] == "held"]
    assert len(held) == min(2, len(states))
    assert [place for state, place in states if state == "standby"] == [*range(1, len(states) - 1)]

    url = f"{door.at}/callups/{call['id']}"
    board = centre.get(f"{url}/board").get_json()
    assert {row["site"]: (row["places"], row["held"]) for row in board["stations"]} == {"S1": (2, 2), "S2": (2, 0)}
    assert (board["total"]["places"], board["total"]["held"]) == (4, 2)
    assert [shift["places"] for shift in board["shifts"]] == [4]
    sees = {role: enter(role).get(f"{url}/board").get_json()["stations"] for role in (Role.STATION, Role.OFFICE)}
    assert {role: [row["site"] for row in rows] for role, rows in sees.items()} == {
        Role.STATION: ["S1"], Role.OFFICE: ["S2"]
    }  # fmt: skip
    listed = centre.get(f"{url}/places").get_json()
    assert listed["numberMatched"] == len(states)
    assert {place["name"] for place in listed["places"]} == {"王*"}
    assert all("****" in place["phone"] for place in listed["places"])

    number, (client, ask) = next(iter(asked.items()))
    other = next(client for other, (client, _) in asked.items() if other != number)
    assert other.put(f"{door.at}/callup-asks/{ask['id']}/answer", json={"answer": "withdraw"}).status_code == 404
    early = centre.put(f"{door.at}/callup-asks/{ask['id']}/no-show", json={})
    assert "has not begun" in door.problem(early, 409)["detail"]
    assert centre.post(f"{url}/close", json={}).get_json()["closed_at"] is not None
    late = client.put(f"{door.at}/callup-asks/{ask['id']}/answer", json={"answer": "withdraw"})
    assert "closed" in door.problem(late, 409)["detail"]


def test_the_board_is_told_again_only_when_it_changed(door: Asking, enter: Callable[..., FlaskClient]) -> None:
    """An ETag of what it says; a new call's board has another."""
    centre = enter(Role.CENTRE)
    call = centre.post(f"{door.at}/callups", json=draft()).get_json()
    first = centre.get(f"{door.at}/callups/{call['id']}/board")
    assert "private" in first.headers["Cache-Control"]
    tag = {"If-None-Match": first.headers["ETag"]}
    again = centre.get(f"{door.at}/callups/{call['id']}/board", headers=tag)
    assert (again.status_code, again.data) == (304, b"")
    centre.post(f"{door.at}/callups/{call['id']}/close", json={})
    assert centre.get(f"{door.at}/callups/{call['id']}/board", headers=tag).status_code == 200


@pytest.mark.parametrize(
    ("changes", "at_fault"),
    [
        ({"starts_at": "2026-11-30T08:00:00"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:00:00Z"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+08:00"}, "starts_at"),
        ({"hours": 4, "shift_hours": 5}, "shift_hours"),
        ({"needs": []}, "needs"),
        ({"needs": [{"people": 0}]}, "needs.0.people"),
        ({"needs": [{"people": 1, "certified": True}]}, "certified"),
        ({"needs": [{"people": 1, "skill": "a\u0000b"}]}, "needs.0.skill"),
        ({"sites": ["S9"]}, "sites"),
        ({"rest_hours": 10**30}, "rest_hours"),
    ],
    ids=[
        "no zone",
        "far",
        "long ago",
        "shifts",
        "no need",
        "nobody",
        "proof of nothing",
        "nul",
        "site",
        "huge",
    ],
)
def test_what_cannot_be_is_refused_by_its_name(
    door: Asking, enter: Callable[..., FlaskClient], changes: dict[str, Any], at_fault: str
) -> None:
    """422 with the member at fault, whatever was sent."""
    told = door.problem(enter(Role.CENTRE).post(f"{door.at}/callups", json=draft(**changes)), 422)
    assert at_fault in [".".join(str(part) for part in error["loc"][1:]) for error in told["errors"]]


def test_ids_that_nothing_has_are_not_found(door: Asking, enter: Callable[..., FlaskClient]) -> None:
    """Also ids that no id looks like."""
    centre, volunteer = enter(Role.CENTRE), enter(Role.VOLUNTEER, 3)
    for name in ("0" * 24, "x", "%F0%9F%8C%8A"):
        assert centre.get(f"{door.at}/callups/{name}/board").status_code == 404
        assert centre.put(f"{door.at}/callup-asks/{name}/no-show", json={}).status_code == 404
        told = volunteer.put(f"{door.at}/callup-asks/{name}/answer", json={"answer": "accept"})
        assert told.status_code == 404
