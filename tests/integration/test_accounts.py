"""Accounts over HTTP: signing in and out, locks, passwords, tokens; no secret is ever told or kept plain."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import argon2
import pytest
from argon2 import PasswordHasher

from geomatch.errors import InputError, NotSignedInError, TooManyError
from geomatch.services import accounts as account_service
from geomatch.store.database import Database
from geomatch.volunteering.roles import Principal, Role
from tests.serving import Asking, app_of, region_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test


@pytest.fixture
def shipped_hashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash passwords as it is shipped, which elsewhere would only take time (see tests/conftest.py)."""
    kept = account_service._hasher, account_service._nothing_fits
    monkeypatch.setattr(argon2, "PasswordHasher", PasswordHasher)
    for each in kept:
        each.cache_clear()
    yield
    for each in kept:
        each.cache_clear()


def centre(database: Database, name: str = "主任") -> Any:
    """An account of the centre."""
    return account_service.add(database.writing(), name, Principal("", Role.CENTRE, "little"), SECRET, at=NOW)


def test_who_signs_in_is_known_until_the_session_ends(database: Database) -> None:
    """By the key of the session, to the last moment and not after."""
    account = centre(database)
    signed = account_service.sign_in(database, " 主 任 ", SECRET, at=NOW)
    last = signed.ends_at - timedelta(microseconds=1)
    assert account_service.by_session(database.reading(), signed.key, at=last) == account
    with pytest.raises(NotSignedInError):
        account_service.by_session(database.reading(), signed.key, at=signed.ends_at)
    account_service.sign_out(database.writing(), signed.key)
    with pytest.raises(NotSignedInError):
        account_service.by_session(database.reading(), signed.key, at=NOW)


def test_a_name_is_locked_after_five_failures_and_opens_again(database: Database) -> None:
    """For names that exist and names that do not, alike; the right password does not open it before its time."""
    centre(database)
    for name in ("主任", "nobody"):
        for second in range(account_service.MOST_FAILURES):
            with pytest.raises(NotSignedInError, match="do not belong together"):
                account_service.sign_in(database, name, "wrong", at=NOW + timedelta(seconds=second))
        with pytest.raises(TooManyError) as told:
            account_service.sign_in(database, name, SECRET, at=NOW + timedelta(seconds=10))
        assert told.value.retry_after_s == account_service.LOCKED_FOR.total_seconds() - 10
    later = NOW + account_service.LOCKED_FOR + timedelta(seconds=1)
    assert account_service.sign_in(database, "主任", SECRET, at=later).account.name == "主任"


@pytest.mark.usefixtures("shipped_hashing")
def test_of_many_wrong_guesses_at_once_no_more_are_answered_than_one_after_the_other(database: Database) -> None:
    """The right one among them does not open a name that the others have locked meanwhile."""
    centre(database)
    many = 16
    together = threading.Barrier(many)

    def guess(number: int) -> str:
        together.wait()
        try:
            account_service.sign_in(database, "主任", f"wrong {number}", at=NOW)
        except (NotSignedInError, TooManyError) as told:
            return type(told).__name__
        return "in"

    with ThreadPoolExecutor(many) as pool:
        told = Counter(pool.map(guess, range(many)))
    assert told["in"] == 0
    assert told["NotSignedInError"] <= (account_service.MOST_FAILURES if database.kind == "sqlite" else many - 1)
    with pytest.raises(TooManyError):
        account_service.sign_in(database, "主任", SECRET, at=NOW)


def test_somebody_changes_the_own_password(database: Database) -> None:
    """Who knows the old one; every other session ends, and wrong ones lock the name."""
    account = centre(database)
    here, there = (account_service.sign_in(database, "主任", SECRET, at=NOW).key for _ in range(2))
    change = partial(account_service.change_own_secret, database, account.principal, session=here, at=NOW)
    with pytest.raises(InputError, match="too easy"):
        change(SECRET, "abababababab")
    with pytest.raises(InputError, match="old: is not the password"):
        change("wrong", "another-way-round")
    change(SECRET, "another-way-round")
    assert account_service.by_session(database.reading(), here, at=NOW) == account
    with pytest.raises(NotSignedInError):
        account_service.by_session(database.reading(), there, at=NOW)
    for _ in range(account_service.MOST_FAILURES - 1):
        with pytest.raises(InputError):
            change(SECRET, "yet-another-way")
    with pytest.raises(TooManyError):
        change("another-way-round", "yet-another-way")


def test_a_closed_account_is_out_at_once(database: Database) -> None:
    """Its sessions end, and it cannot sign in again."""
    account = centre(database)
    signed = account_service.sign_in(database, "主任", SECRET, at=NOW)
    account_service.close(database.writing(), account.id, region="little")
    with pytest.raises(NotSignedInError):
        account_service.by_session(database.reading(), signed.key, at=NOW)
    with pytest.raises(NotSignedInError):
        account_service.sign_in(database, "主任", SECRET, at=NOW)


def test_another_password_signs_out_everywhere(database: Database) -> None:
    """And only the new one opens."""
    account = centre(database)
    signed = account_service.sign_in(database, "主任", SECRET, at=NOW)
    account_service.set_secret(database.writing(), account.id, "another-way-round", region="little")
    with pytest.raises(NotSignedInError):
        account_service.by_session(database.reading(), signed.key, at=NOW)
    with pytest.raises(NotSignedInError):
        account_service.sign_in(database, "主任", SECRET, at=NOW)
    account_service.sign_in(database, "主任", "another-way-round", at=NOW)


@pytest.mark.parametrize(
    ("secret", "told"), [("short", "10 to 200"), ("主任" * 120, "10 to 200"), ("abababababab", "too easy")]
)
def test_a_weak_password_is_refused(database: Database, secret: str, told: str) -> None:
    """Too short, too long, or guessed at once."""
    with pytest.raises(InputError, match=told):
        account_service.add(database.writing(), "主任", Principal("", Role.CENTRE, "little"), secret, at=NOW)


@pytest.mark.parametrize(
    ("who", "column"),
    [
        (Principal("", Role.OFFICE, "little"), "unit"),
        (Principal("", Role.STATION, "little", unit="A"), "site"),
        (Principal("", Role.LEADER, "little"), "team"),
        (Principal("", Role.VOLUNTEER, "little"), "volunteer"),
        (Principal("", Role.CENTRE, "little", unit="A"), "unit"),
        (Principal("", Role.PROGRAM, "little"), "password"),
    ],
)
def test_an_account_whose_area_does_not_fit_is_refused(database: Database, who: Principal, column: str) -> None:
    """A role without its area would see nothing, and a centre with one would not be what it says."""
    with pytest.raises(InputError, match=column):
        account_service.add(database.writing(), "somebody", who, SECRET, at=NOW)


def test_a_token_is_told_once_ends_and_can_be_taken_back(database: Database) -> None:
    """It says whose it is and what for, until it ends or is taken back."""
    program = account_service.add(database.writing(), "统计", Principal("", Role.PROGRAM, "little"), None, at=NOW)
    token, key = account_service.add_token(
        database.writing(), program.id, "每日", ["orders:read"], region="little", at=NOW, lasts=timedelta(days=2)
    )
    assert account_service.by_token(database.reading(), key, at=NOW).scopes == {"orders:read"}
    with pytest.raises(NotSignedInError):
        account_service.by_token(database.reading(), key, at=NOW + timedelta(days=2))
    account_service.revoke_token(database.writing(), program.id, token.id, region="little", at=NOW)
    with pytest.raises(NotSignedInError):
        account_service.by_token(database.reading(), key, at=NOW)
    assert account_service.tokens_of(database.reading(), program.id, region="little")[0].revoked_at == NOW


@pytest.mark.usefixtures("shipped_hashing")
def test_nothing_in_the_database_lets_anybody_in(tmp_path: Path) -> None:
    """Neither the password nor what the cookie holds nor the token stands in any cell."""
    database = Database(f"sqlite:///{tmp_path / 'accounts.db'}")
    centre(database)
    program = account_service.add(database.writing(), "统计", Principal("", Role.PROGRAM, "little"), None, at=NOW)
    signed = account_service.sign_in(database, "主任", SECRET, at=NOW)
    _, key = account_service.add_token(
        database.writing(), program.id, "每日", ["orders:read"], region="little", at=NOW, lasts=timedelta(days=2)
    )
    with sqlite3.connect(tmp_path / "accounts.db") as file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        cells = " ".join(str(row) for table in tables for row in file.execute(f"SELECT * FROM {table}"))  # noqa: S608
    assert "$argon2id$v=19$m=65536,t=3,p=4$" in cells
    assert not [secret for secret in (SECRET, signed.key, key) if secret in cells]


@pytest.fixture(scope="module")
def desk(little_region: Path) -> tuple[FlaskClient, str]:
    """A client signed in as the centre of the little region, and the path of its accounts."""
    app, region = app_of(little_region), region_of(little_region).spec.id
    database, name = app.extensions["geomatch.served"].database, f"desk {datetime.now(UTC).timestamp()}"
    account_service.add(database.writing(), name, Principal("", Role.CENTRE, region), SECRET, at=datetime.now(UTC))
    client = app.test_client()
    answer = client.post("/api/v1/session", json={"name": name, "password": SECRET})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    client.environ_base["HTTP_X_CSRF_TOKEN"] = answer.get_json()["csrf"]
    return client, f"/api/v1/regions/{region}/accounts"


def test_a_desk_opens_lists_and_closes_accounts(desk: tuple[FlaskClient, str]) -> None:
    """What is told never holds the password."""
    client, path = desk
    made = client.post(path, json={"name": "清河所", "role": "office", "unit": "A", "password": SECRET})
    assert made.status_code == 201
    assert SECRET not in made.text
    page = client.get(path).get_json()
    assert made.get_json() in page["accounts"]
    assert client.delete(f"{path}/{made.get_json()['id']}").status_code == 204
    again = client.post(path, json={"name": "清 河所", "role": "office", "unit": "A", "password": SECRET})
    assert again.status_code == 409


def test_a_desk_makes_and_takes_back_tokens(desk: tuple[FlaskClient, str], little_region: Path) -> None:
    """The token lets in what it was made for, and no more once it is taken back."""
    client, path = desk
    made = client.post(path, json={"name": "大屏", "role": "program"}).get_json()
    token = client.post(f"{path}/{made['id']}/tokens", json={"name": "大屏", "scopes": ["orders:read"]})
    assert token.status_code == 201
    listed = client.get(f"{path}/{made['id']}/tokens").get_json()["tokens"]
    assert "token" not in listed[0]
    assert client.delete(f"{path}/{made['id']}/tokens/{listed[0]['id']}").status_code == 204
    plain = app_of(little_region).test_client()
    shown = plain.get(path, headers={"Authorization": f"Bearer {token.get_json()['token']}"})
    assert shown.status_code == 401
    assert shown.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("body", "at_fault"),
    [
        ({"name": "x", "role": "king", "password": SECRET}, "role"),
        ({"name": "", "role": "centre", "password": SECRET}, "name"),
        ({"name": "x", "role": "centre"}, "password"),
        ({"name": "x", "role": "office", "password": SECRET}, "unit"),
        ({"name": "x", "role": "centre", "password": "short"}, "password"),
        ({"name": "x", "role": "centre", "password": SECRET, "admin": True}, "admin"),
    ],
)
def test_a_draft_at_fault_names_its_member(
    desk: tuple[FlaskClient, str], little_region: Path, body: dict[str, Any], at_fault: str
) -> None:
    """Each 422 says which, and never repeats the password."""
    client, path = desk
    told = Asking(little_region).problem(client.post(path, json=body), 422)
    assert [error["loc"][-1] for error in told["errors"]] == [at_fault]
    assert SECRET not in str(told)
