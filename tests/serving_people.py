"""Volunteers and accounts of a little region, as tests of the right wing need them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from geomatch.services import accounts as account_service
from geomatch.volunteering.people import Volunteer
from geomatch.volunteering.roles import Principal, Role
from geomatch.volunteering.teams import Team, TeamLevel

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from geomatch.store.database import Database

SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test
BORN = datetime(2026, 1, 1, tzinfo=UTC)


def add_volunteers(database: Database, region: str, *given: Volunteer) -> None:
    """Put volunteers into the store, with team T1."""
    with database.writing() as work:
        work.people.put_teams(region, (Team("T1", "一队", TeamLevel.CORPS, "needy"),))
        work.people.add(region, given, BORN)
        work.commit()


def volunteer(number: int, *, unit: str = "甲", team: str | None = "T1") -> Volunteer:
    """Somebody with an id of 24 figures."""
    return Volunteer(
        id=f"{number:024d}", number=None, name=f"王{number}", phone=f"100{number:08d}", team=team, unit=unit
    )


def account(database: Database, region: str, name: str, role: Role, **area: str) -> Principal:
    """Open an account with the usual password."""
    secret = None if role is Role.PROGRAM else SECRET
    who = Principal("", role, region, **area)
    return account_service.add(database.writing(), name, who, secret, at=datetime.now(UTC)).principal


def signed_in(folder: Path, database_url: str | None, name: str) -> FlaskClient:
    """A client of the app over a built region that is signed in by a name."""
    from tests.serving import app_of

    client = app_of(folder, database_url).test_client()
    told = client.post("/api/v1/session", json={"name": name, "password": SECRET})
    assert told.status_code == 200, told.text
    client.environ_base["HTTP_X_CSRF_TOKEN"] = told.get_json()["csrf"]
    return client
