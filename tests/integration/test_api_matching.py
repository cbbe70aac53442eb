"""Dispatch, reasons and settings over HTTP: each office its own area's orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.config import Settings
from geomatch.services import accounts as account_service
from geomatch.store import ids
from geomatch.volunteering.order_sheet import Way
from geomatch.volunteering.people import PlaceKind, UsualPlace
from geomatch.volunteering.roles import Principal, Role
from geomatch.web.app import SERVED, app_for
from tests.order_rows import order, put, sheet, volunteer
from tests.regions import lonlat
from tests.serving import region_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from geomatch.volunteering.order_sheet import Order

NOW = datetime.now(UTC)
SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test
AT = "/api/v1/regions/little"
HELPERS = [f"{number:024x}" for number in range(4)]
WHO = {
    "centre": Principal("", Role.CENTRE, "little"),
    "west": Principal("", Role.OFFICE, "little", unit="A"),
    "east": Principal("", Role.OFFICE, "little", unit="B"),
    "helper": Principal("", Role.VOLUNTEER, "little", volunteer=HELPERS[0]),
}


@pytest.fixture(scope="module")
def app(little_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app on a database of its own, with accounts and four volunteers, one of whom is off duty."""
    url = f"sqlite:///{tmp_path_factory.mktemp('matching') / 'store.db'}"
    made = app_for([region_of(little_region)], Settings(database_url=url))
    database = made.extensions[SERVED].database
    people = [
        replace(
            volunteer(number), id=HELPERS[number], on_duty=number != 1, insured_until=(NOW + timedelta(days=99)).date(),
            places=(UsualPlace(PlaceKind.HOME, *lonlat(10.0 + number, 5.0)),),
        )
        for number in range(4)
    ]  # fmt: skip
    with database.writing() as work:
        work.people.add("little", people, NOW)
        work.commit()
    for name, who in WHO.items():
        account_service.add(database.writing(), name, who, SECRET, at=NOW)
    yield made
    database.close()


@pytest.fixture
def placed(app: Flask) -> Order:
    """An order of township A for tomorrow, checked."""
    lon, lat = lonlat(10.0, 5.0)
    times = {"starts_at": NOW + timedelta(days=1), "ends_at": NOW + timedelta(days=1, hours=1)}
    given = order(sheet=sheet(lon=lon, lat=lat, **times), requester=ids.fresh())
    put(app.extensions[SERVED].database, given)
    return given


def entered(app: Flask, name: str) -> FlaskClient:
    """A client that is signed in."""
    client = app.test_client()
    answer = client.post("/api/v1/session", json={"name": name, "password": SECRET})
    client.environ_base["HTTP_X_CSRF_TOKEN"] = answer.get_json()["csrf"]
    return client


def test_an_office_dispatches_its_own_orders_and_is_told_why(app: Flask, placed: Order) -> None:
    """Those on duty are asked, the nearest first; who is nearer is told of; another office sees nothing."""
    west, east = entered(app, "west"), entered(app, "east")
    path = f"{AT}/orders/{placed.id}"
    assert east.post(f"{path}/dispatch", json={}).status_code == 404
    done = west.post(f"{path}/dispatch", json={}).get_json()
    assert (done["state"], done["asked"], done["next"]) == ("offered", [HELPERS[at] for at in (0, 2, 3)], "wait")
    (told,) = west.get(f"{path}/matching").get_json()["matchings"]
    assert told["replays"]
    assert told["asked"] == done["asked"]
    assert [each["rank"] for each in told["chosen"]] == [1, 2, 3]
    assert told["chosen"][0]["why_zh"].startswith("步行 1 分钟；近30天还没有任务")
    assert [(each["volunteer"], each["why_en"]) for each in told["passed_over"]] == [(HELPERS[1], "off duty")]
    assert east.get(f"{path}/matching").status_code == 404
    assert west.post(f"{path}/dispatch", json={}).get_json()["asked"] == []


def test_an_office_puts_many_orders_to_volunteers_at_once(app: Flask, placed: Order) -> None:
    """Its own, named or all that wait; whom, or what is missing; too many are refused, another area's not seen."""
    west, east, helper = entered(app, "west"), entered(app, "east"), entered(app, "helper")
    path = f"{AT}/orders/dispatch-batch"
    sheet_of_two = replace(placed.sheet, way=Way.MATCHER)
    others = [replace(placed, id=ids.fresh(), sheet=sheet_of_two) for _ in range(3)]
    put(app.extensions[SERVED].database, *others)
    assert helper.post(path, json={}).status_code == 403
    assert east.post(path, json={}).get_json()["orders"] == []
    assert east.post(path, json={"orders": [placed.id]}).status_code == 404
    for wrong in ([], ["x"], [placed.id] * 1001, "all"):
        assert west.post(path, json={"orders": wrong}).status_code == 422
    told = west.post(path, json={}).get_json()
    assert (told["left"], {each["order"] for each in told["orders"]}) == (0, {each.id for each in others})
    assert {who for each in told["orders"] for who in each["asked"]} <= {HELPERS[at] for at in (0, 2, 3)}
    assert all(len(each["asked"]) == 1 or each["missing_zh"] for each in told["orders"])
    (named,) = west.post(path, json={"orders": [told["orders"][0]["order"]]}).get_json()["orders"]
    assert (named["asked"], named["wanted"]) == ([], 0)


def test_a_volunteer_keeps_apart_from_who_asked(app: Flask, placed: Order) -> None:
    """Once the order was put to it; said once more it is the same, and it can be taken back."""
    helper, centre = entered(app, "helper"), entered(app, "centre")
    path = f"{AT}/orders/{placed.id}"
    assert helper.put(f"{path}/apart", json={}).status_code == 404
    centre.post(f"{path}/dispatch", json={})
    for _ in range(2):
        assert helper.put(f"{path}/apart", json={}).status_code == 204
    assert helper.delete(f"{path}/apart").status_code == 204
    assert helper.delete(f"{path}/apart").status_code == 404


def test_the_centre_sets_what_counts(app: Flask) -> None:
    """With the meaning of each figure; what makes no sense is refused by name."""
    centre = entered(app, "centre")
    told = centre.get(f"{AT}/matching-settings").get_json()
    assert told["load_s"] == 150
    assert told["meanings"].keys() | {"meanings"} == told.keys()
    changed = centre.put(f"{AT}/matching-settings", json={"load_s": 90, "limits_m": [800, 1600]})
    assert changed.get_json()["load_s"] == 90
    assert entered(app, "west").get(f"{AT}/matching-settings").get_json()["limits_m"] == [800, 1600]
    for wrong in ({"limits_m": [2000, 1000]}, {"load_s": -1}, {"at_once": 9, "most_offers": 3}):
        assert centre.put(f"{AT}/matching-settings", json=wrong).status_code == 422
