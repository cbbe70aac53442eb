"""How often something may be asked: counted for all workers of a machine, in memory that does not grow."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.config import Settings
from geomatch.errors import TooManyError
from geomatch.services import accounts as account_service
from geomatch.volunteering.roles import Principal, Role
from geomatch.web import buckets as bucket_room
from geomatch.web import limits as limit_room
from geomatch.web.app import SERVED, app_for
from geomatch.web.buckets import Buckets
from geomatch.web.limits import Limits
from tests.serving import Asking, region_of

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test
AT = 1_700_000_000.0


def test_so_many_at_once_and_then_one_after_the_other(tmp_path: Path) -> None:
    """And after a rest so many again; another one is not meant."""
    counts = Buckets(tmp_path / "limits")
    take = [counts.take("甲", at_once=3, every_s=10, now=AT) for _ in range(4)]
    assert take == [0, 0, 0, pytest.approx(10)]
    assert counts.take("乙", at_once=3, every_s=10, now=AT) == 0
    assert counts.take("甲", at_once=3, every_s=10, now=AT + 9.9) == pytest.approx(0.1)
    assert counts.take("甲", at_once=3, every_s=10, now=AT + 10) == 0
    assert [counts.take("甲", at_once=3, every_s=10, now=AT + 100) for _ in range(4)][:3] == [0, 0, 0]


@given(st.lists(st.floats(0, 50), min_size=1, max_size=60), st.integers(1, 5))
@settings(max_examples=60)
def test_never_more_than_allowed_in_any_stretch_of_time(waits: list[float], at_once: int) -> None:
    """Whatever the pauses: in no stretch of so many seconds more than at once and one every so often."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        counts, now, had = Buckets(Path(folder) / "limits"), AT, []
        for wait in waits:
            now += wait
            if counts.take("甲", at_once=at_once, every_s=10, now=now) == 0:
                had.append(now)
    for first, start in enumerate(had):
        for last in range(first, len(had)):
            assert last - first + 1 <= at_once + (had[last] - start) / 10 + 1e-3


def test_the_memory_does_not_grow_and_the_busiest_stay_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crowd of others pushes out whoever had least lately, not whoever is held back."""
    monkeypatch.setattr(bucket_room, "SLOTS", 64)
    counts = Buckets(tmp_path / "limits")
    for _ in range(50):
        counts.take("busy", at_once=50, every_s=60, now=AT)
    for number in range(2000):
        counts.take(f"other {number}", at_once=50, every_s=60, now=AT)
    assert counts.take("busy", at_once=50, every_s=60, now=AT) > 0
    assert (tmp_path / "limits").stat().st_size == 64 * 16


def test_a_clock_that_was_set_back_locks_nobody_out_for_long(tmp_path: Path) -> None:
    """No longer than who had everything at once."""
    counts = Buckets(tmp_path / "limits")
    for _ in range(3):
        counts.take("甲", at_once=3, every_s=10, now=AT + 86_400)
    assert counts.take("甲", at_once=3, every_s=10, now=AT) <= 10


def test_all_processes_count_together(tmp_path: Path) -> None:
    """Four processes take at the same time: together they get what there is, and no more."""
    told = (
        "import sys; from pathlib import Path; from geomatch.web.buckets import Buckets\n"
        "counts = Buckets(Path(sys.argv[1]))\n"
        f"print(sum(counts.take('x', at_once=1000, every_s=60, now={AT}) == 0 for _ in range(500)))"
    )
    command = [sys.executable, "-c", told, str(tmp_path / "limits")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert sum(int(each.communicate(timeout=60)[0]) for each in running) == 1000


def test_where_no_file_can_be_had_each_process_counts_for_itself(tmp_path: Path) -> None:
    """It is not left open because a folder cannot be written."""
    (tmp_path / "no folder").touch()
    counts = Buckets(tmp_path / "no folder" / "limits")
    assert counts.take("甲", at_once=1, every_s=10, now=AT) == 0
    assert counts.take("甲", at_once=1, every_s=10, now=AT) > 0


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("203.0.113.7", "203.0.113.8", False),
        (None, "nonsense", True),
    ],
)
def test_who_counts_as_one_address(tmp_path: Path, one: str | None, other: str, alike: bool) -> None:  # noqa: FBT001
    """An IPv4 address however written; a whole household's 64 bits of IPv6."""
    limits = Limits(tmp_path / "limits", writes_a_minute=1, clock=lambda: AT)
    limits.anybody(one)
    if alike:
        with pytest.raises(TooManyError):
            limits.anybody(other)
    else:
        limits.anybody(other)


def limited(folder: Path, tmp_path: Path, *, writes: int, proxies: int = 0) -> Flask:
    """An app with limits of its own."""
    url = f"sqlite:///{tmp_path / 'limited.db'}"
    return app_for([region_of(folder)], Settings(database_url=url, writes_a_minute=writes, proxies=proxies))


def test_who_guesses_passwords_is_held_back_by_address(
    little_region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the names; who signs in rightly is not counted; another address is let in."""
    monkeypatch.setattr(limit_room, "WRONG_AT_ONCE", 3)
    app = limited(little_region, tmp_path, writes=0)
    database, region = app.extensions[SERVED].database, region_of(little_region).spec.id
    account_service.add(database.writing(), "主任", Principal("", Role.CENTRE, region), SECRET, at=datetime.now(UTC))
    client, right = app.test_client(), {"name": "主任", "password": SECRET}
    app.extensions[SERVED].limits._clock = lambda: AT
    assert [client.post("/api/v1/session", json=right).status_code for _ in range(5)] == [200] * 5
    there = {"REMOTE_ADDR": "203.0.113.7"}
    for number in range(3):
        wrong = {"name": f"nobody {number}", "password": SECRET}
        assert client.post("/api/v1/session", json=wrong, environ_base=there).status_code == 401
    held = client.post("/api/v1/session", json=right, environ_base=there)
    told = Asking(little_region).problem(held, 429)
    assert "try again later" in told["detail"]
    assert held.headers["Retry-After"] == "3"
    assert client.post("/api/v1/session", json=right).status_code == 200


def test_accounts_and_strangers_may_change_so_much_and_programs_ask_so_much(
    little_region: Path, tmp_path: Path
) -> None:
    """Each account has its own; reading is free for people; Retry-After says when again."""
    app = limited(little_region, tmp_path, writes=3)
    database, region, now = app.extensions[SERVED].database, region_of(little_region).spec.id, datetime.now(UTC)
    app.extensions[SERVED].limits._clock = lambda: AT
    at = f"/api/v1/regions/{region}"
    clients = []
    for name in ("甲", "乙"):
        account_service.add(database.writing(), name, Principal("", Role.CENTRE, region), SECRET, at=now)
        client = app.test_client()
        signed = client.post("/api/v1/session", json={"name": name, "password": SECRET})
        client.environ_base["HTTP_X_CSRF_TOKEN"] = signed.get_json()["csrf"]
        clients.append(client)
    first, second = clients
    statuses = [first.put(f"{at}/categories", json={"categories": []}).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert [first.get(f"{at}/categories").status_code for _ in range(5)] == [200] * 5
    assert second.put(f"{at}/categories", json={"categories": []}).status_code == 200
    program = account_service.add(database.writing(), "大屏", Principal("", Role.PROGRAM, region), None, at=now)
    _, key = account_service.add_token(
        database.writing(), program.id, "x", ["volunteers:read"], region=region, at=now, lasts=timedelta(days=1)
    )
    shown = {"Authorization": f"Bearer {key}"}
    asked = [app.test_client().get(f"{at}/volunteers", headers=shown) for _ in range(4)]
    assert [each.status_code for each in asked] == [200, 200, 200, 429]
    assert asked[-1].headers["Retry-After"] == "20"
    plain = app.test_client()
    saved = [plain.post(f"{at}/scenarios", json={"name": f"{n}", "question": {}}).status_code for n in range(4)]
    assert saved[-1] == 429
    assert 429 not in saved[:3]


def test_tokens_that_are_none_are_counted_by_address(
    little_region: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After so many of them the answer is 429."""
    monkeypatch.setattr(limit_room, "STRANGE_AT_ONCE", 5)
    app = limited(little_region, tmp_path, writes=1)
    app.extensions[SERVED].limits._clock = lambda: AT
    client, region = app.test_client(), region_of(little_region).spec.id
    asked = [
        client.get(f"/api/v1/regions/{region}/teams", headers={"Authorization": f"Bearer {n}"}).status_code
        for n in range(limit_room.STRANGE_AT_ONCE + 1)
    ]
    assert asked == [401] * limit_room.STRANGE_AT_ONCE + [429]


def test_an_address_is_believed_from_our_own_proxies_only(little_region: Path, tmp_path: Path) -> None:
    """Without any, what a client writes of itself says nothing; with one, the last address counts."""
    for proxies, seen in ((0, "127.0.0.1"), (1, "203.0.113.9")):
        app = limited(little_region, tmp_path, writes=1, proxies=proxies)
        limits, names = app.extensions[SERVED].limits, []
        limits.anybody = names.append
        path = f"/api/v1/regions/{region_of(little_region).spec.id}/scenarios"
        app.test_client().post(path, json={}, headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})
        assert names == [seen]
