"""Notices, channels and pushes over HTTP and from the command line: each account its own, an office its area's."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from geomatch.cli import main
from geomatch.config import Settings
from geomatch.services import accounts as account_service
from geomatch.volunteering.notices import Notice, Purpose
from geomatch.volunteering.people import PlaceKind, UsualPlace, Volunteer
from geomatch.volunteering.roles import Principal, Role
from geomatch.web.app import SERVED, app_for
from tests.regions import lonlat
from tests.serving import region_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test
AT = "/api/v1/regions/little"
AREAS = {
    "centre": Principal("", Role.CENTRE, "little"),
    "auditor": Principal("", Role.AUDITOR, "little"),
    "west": Principal("", Role.OFFICE, "little", unit="西岸街道"),
    "east": Principal("", Role.OFFICE, "little", unit="东岸街道"),
    "station": Principal("", Role.STATION, "little", site="S1"),
    "leader": Principal("", Role.LEADER, "little", team="t1", volunteer="v2"),
    "v1": Principal("", Role.VOLUNTEER, "little", volunteer="v1"),
    "resident": Principal("", Role.RESIDENT, "little"),
}


@pytest.fixture(scope="module")
def app(little_region: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The app on a database of its own, with accounts, two volunteers and a notice to each."""
    url = f"sqlite:///{tmp_path_factory.mktemp('notices') / 'store.db'}"
    made = app_for([region_of(little_region)], Settings(database_url=url, notice_hosts=("hook.example",)))
    database = made.extensions[SERVED].database
    home = UsualPlace(PlaceKind.HOME, *lonlat(13.6, 2.0))
    with database.writing() as work:
        work.people.add(
            "little",
            [
                Volunteer("v1", None, "甲", "1", unit="西岸街道", places=(home,)),
                Volunteer("v2", None, "乙", "2", unit="东岸街道", team="t1", places=(home,)),
            ],
            NOW,
        )
        work.outbox.put(*[
            Notice("little", volunteer, Purpose.OFFER, "order", "o1", "您离得近", "near", f"请{volunteer}接单", NOW,
                   volunteer=volunteer)
            for volunteer in ("v1", "v2")
        ])  # fmt: skip
        work.commit()
    for name, who in AREAS.items():
        account = account_service.add(database.writing(), name, who, SECRET, at=NOW)
        if name == "station":
            with database.writing() as work:
                work.outbox.put(Notice(
                    "little", "s", Purpose.STAFF, "site", "S1", "本站", "your site", "请值班", NOW, account=account.id
                ))  # fmt: skip
                work.commit()
    yield made
    database.close()


def signed_in(app: Flask, name: str) -> FlaskClient:
    """A client of one account."""
    client = app.test_client()
    answer = client.post("/api/v1/session", json={"name": name, "password": SECRET})
    client.environ_base["HTTP_X_CSRF_TOKEN"] = answer.get_json()["csrf"]
    return client


def bodies(client: FlaskClient, **query: Any) -> set[str]:
    """What the notices of an account say, by their reader."""
    told = client.get(f"{AT}/notices", query_string=query)
    assert told.status_code == 200, told.text
    return {f"{each['volunteer'] or 'staff'} {each['body']}" for each in told.get_json()["notices"]}


@pytest.mark.parametrize(
    ("name", "mine", "area"),
    [
        ("v1", {"v1 请v1接单"}, None),
        ("leader", {"v2 请v2接单"}, {"v2 …"}),
        ("resident", set(), None),
        ("west", set(), {"v1 …"}),
        ("east", set(), {"v2 …"}),
        ("station", {"staff 请值班"}, {"staff …"}),
        ("centre", set(), {"v1 …", "v2 …", "staff …"}),
        ("auditor", set(), {"v1 …", "v2 …", "staff …"}),
    ],
)
def test_each_account_sees_its_own_and_an_office_its_areas(
    app: Flask, name: str, mine: set[str], area: set[str] | None
) -> None:
    """What they say is told to their reader alone; who has no area is refused one."""
    client = signed_in(app, name)
    assert bodies(client) == mine
    if area is None:
        assert client.get(f"{AT}/notices?of=area").status_code == 403
    else:
        assert bodies(client, of="area") == area


def test_one_notice_says_why_to_those_who_may_see_it(app: Flask) -> None:
    """To its reader with its words, to the office of its township without, to others not at all."""
    own = signed_in(app, "v1")
    (found,) = own.get(f"{AT}/notices").get_json()["notices"]
    whole = own.get(f"{AT}/notices/{found['id']}").get_json()
    assert (whole["body"], whole["why"]["zh"], whole["cause"]) == (
        "请v1接单",
        "您离得近",
        {"kind": "order", "id": "o1"},
    )
    assert whole["ways"] == []
    assert signed_in(app, "west").get(f"{AT}/notices/{found['id']}").get_json()["body"] == "…"
    for stranger in ("east", "station", "leader", "resident"):
        assert signed_in(app, stranger).get(f"{AT}/notices/{found['id']}").status_code == 404


def test_opting_out_holds_at_once_and_only_for_oneself(app: Flask) -> None:
    """What was not sent yet ends; the other volunteer's stays; it can be taken back."""
    client = signed_in(app, "leader")
    told = client.put(f"{AT}/notice-wishes", json={"opted_out": ["offer"], "interests": ["法律法规"], "mail": "a@b.cn"})
    assert told.get_json() == {"opted_out": ["offer"], "interests": ["law"], "mail": "a@b.cn"}
    assert client.get(f"{AT}/notice-wishes").get_json() == told.get_json()
    assert [each["state"] for each in client.get(f"{AT}/notices").get_json()["notices"]] == ["opted_out"]
    assert bodies(signed_in(app, "v1"), state="waiting") == {"v1 请v1接单"}
    assert client.put(f"{AT}/notice-wishes", json={}).get_json() == {"opted_out": [], "interests": [], "mail": None}
    for wrong in ({"mail": "no mailbox"}, {"mail": "a@b.cn\r\nBcc: c@d.cn"}, {"interests": ["nonsense"]}):
        assert client.put(f"{AT}/notice-wishes", json=wrong).status_code == 422


def test_the_centre_sets_quiet_hours_and_the_cap(app: Flask) -> None:
    """Everybody can read them; what is none is named."""
    draft = {"quiet_from": "20:30", "quiet_until": "08:00", "most_a_day": 2}
    centre = signed_in(app, "centre")
    told = centre.put(f"{AT}/notice-rules", json=draft).get_json()
    assert told == draft | {"timezone": "Asia/Shanghai"}
    assert signed_in(app, "resident").get(f"{AT}/notice-rules").get_json() == told
    for wrong in ({"most_a_day": 51}, {"timezone": "Mars"}, {"quiet_from": "25:00"}, {"timezone": "../../etc/passwd"}):
        assert centre.put(f"{AT}/notice-rules", json=draft | wrong).status_code == 422


def test_a_secret_is_told_once_and_an_address_never_again(app: Flask) -> None:
    """And only hosts that the setting names are taken."""
    centre = signed_in(app, "centre")
    draft = {"name": "短信平台", "kind": "webhook", "address": "https://hook.example/in?key=42", "purposes": ["offer"]}
    made = centre.post(f"{AT}/notice-channels", json=draft)
    assert made.status_code == 201
    assert made.get_json()["secret"].startswith("whsec_")
    listed = centre.get(f"{AT}/notice-channels")
    assert "whsec_" not in listed.text
    assert "key=42" not in listed.text
    (shown,) = listed.get_json()["channels"]
    assert (shown["host"], shown["deliveries"]) == (
        "hook.example",
        dict.fromkeys(["waiting", "sent", "dead", "withdrawn"], 0),
    )
    for wrong in (
        {"address": "https://other.example/"},
        {"address": "file:///etc/passwd"},
        {"kind": "wecom"},
        {"secret": "mine"},
        {"purposes": ["nonsense"]},
    ):
        assert centre.post(f"{AT}/notice-channels", json=draft | wrong).status_code == 422, wrong
    assert centre.delete(f"{AT}/notice-channels/{shown['id']}").status_code == 204
    assert centre.delete(f"{AT}/notice-channels/{uuid4().hex[:24]}").status_code == 404
    assert centre.get(f"{AT}/notice-channels").get_json()["channels"][0]["is_open"] is False


def test_a_push_is_weighed_first_and_sent_once(app: Flask) -> None:
    """With a key it is sent once and answered alike; an office reaches its own township only."""
    west, body = signed_in(app, "west"), f"今晚停水 {uuid4().hex}"
    draft = {"circle": {"site": "S1", "minutes": 5}}
    weighed = west.post(f"{AT}/pushes/reach", json=draft).get_json()
    assert (weighed["reaches"], weighed["opted_out"]) == (1, 0)
    key = {"Idempotency-Key": uuid4().hex}
    first, again = (west.post(f"{AT}/pushes", json=draft | {"body": body}, headers=key) for _ in range(2))
    assert (first.status_code, first.get_json()["put"]) == (201, 1)
    assert again.get_json() == first.get_json()
    assert west.post(f"{AT}/pushes", json=draft | {"body": body, "unit": "东岸街道"}).status_code == 403
    (sent,) = [each for each in west.get(f"{AT}/pushes").get_json()["pushes"] if each["body"] == body]
    assert (sent["unit"], sent["states"]) == ("西岸街道", {"waiting": 1})
    assert body not in signed_in(app, "east").get(f"{AT}/pushes").text
    assert body in signed_in(app, "centre").get(f"{AT}/pushes").text


@pytest.mark.parametrize(
    "draft",
    [
        {},
        {"circle": {}},
        {"circle": {"site": "S1", "lon": 116.3, "lat": 39.9}},
        {"circle": {"site": "S1", "minutes": 0}},
        {"circle": {"site": "S1", "minutes": 1e400}},
        {"unit": "a\0b"},
        {"interests": ["nonsense"]},
        {"unit": "西岸街道", "body": " \u200b "},
        {"unit": "西岸街道", "hours": 0},
        {"unit": "西岸街道", "body": "x" * 2001},
    ],
)
def test_a_push_at_fault_is_refused(app: Flask, draft: dict[str, Any]) -> None:
    """Nobody meant, a circle around nothing, texts that cannot be seen."""
    answer = signed_in(app, "centre").post(f"{AT}/pushes", json={"body": "停水"} | draft)
    assert answer.status_code == 422, answer.text


def test_a_circle_elsewhere_is_told(app: Flask) -> None:
    """A point outside every region, and a site that is not there."""
    centre = signed_in(app, "centre")
    for circle in ({"lon": 100.0, "lat": 30.0}, {"site": "S9"}):
        assert centre.post(f"{AT}/pushes/reach", json={"circle": circle}).status_code == 404


def test_an_office_scripts_it(
    little_region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Open a way, set the rules, weigh a push and send it, count; what is at fault ends with 1 and one line."""
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    region = str(little_region)
    opening = ["notices", "channel-add", region, "平台", "--kind", "webhook", "--purpose", "push"]
    monkeypatch.setattr("sys.stdin", io.StringIO("https://hook.example/\n"))
    assert main(opening) == 1
    assert "GEOMATCH_NOTICE_HOSTS" in capsys.readouterr().err
    monkeypatch.setenv("GEOMATCH_NOTICE_HOSTS", "hook.example")
    monkeypatch.setattr("sys.stdin", io.StringIO("https://hook.example/\n"))
    assert main(opening) == 0
    told = capsys.readouterr().out
    assert "whsec_" in told
    assert main(["notices", "channels", region]) == 0
    assert "hook.example" in capsys.readouterr().out
    assert main(["notices", "channel-close", region, told.partition(":")[0]]) == 0
    assert main(["notices", "rules", region, "--quiet", "22:00-06:00", "--most-a-day", "2"]) == 0
    assert "22:00-06:00" in capsys.readouterr().out
    assert main(["notices", "push", region, "--unit", "西岸街道", "--dry-run"]) == 0
    assert main(["notices", "push", region, "--unit", "西岸街道"]) == 1
    assert main(["notices", "push", region, "--body", "停水"]) == 1
    assert main(["notices", "push", region, "--site", "S1", "--body", "停水"]) == 0
    assert "0 notices" in capsys.readouterr().out
    assert main(["notices", "count", region]) == 0
