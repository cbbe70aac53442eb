"""Every guarded operation, asked as every role by schemathesis with all its checks: no 500, nothing undeclared."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from geomatch.services.accounts import digest
from geomatch.store import ids
from geomatch.volunteering.accounts import SCOPES, Account, Token
from geomatch.volunteering.people import PlaceKind, UsualPlace, Volunteer
from geomatch.volunteering.roles import Principal, Role
from geomatch.volunteering.teams import Team, TeamLevel
from geomatch.web import guard
from geomatch.web.api.operations import OPERATIONS
from geomatch.web.app import SERVED
from tests.serving import app_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from flask import Flask

    from geomatch.store.database import Database

GUARDED = [each for each in OPERATIONS if not each.is_open]
FEW = settings(
    max_examples=2, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
ONE = settings(FEW, max_examples=1)
HELPER = "ab" * 12


def stocked(database: Database, region: str, *, now: datetime) -> None:
    """A team and a volunteer, whom the accounts of leaders and volunteers are."""
    spot = UsualPlace(PlaceKind.HOME, 116.301, 39.901)
    helper = Volunteer(HELPER, "V-helper", "王小明", "13812345678", team="t1", unit="A", places=(spot,), on_duty=True)
    with database.writing() as work:
        work.people.put_teams(region, [Team("t1", "一队", TeamLevel.CORPS, "needy", unit="A")])
        work.people.put(region, [helper], now)
        work.commit()


def entered(database: Database, region: str, role: Role, site: str) -> dict[str, str]:
    """A new account of a role, and what it sends with each request; without hashing a password."""
    now = datetime.now(UTC)
    identity, key = ids.fresh(), secrets.token_urlsafe(32)
    area: dict[str, str] = {
        Role.OFFICE: {"unit": "A"}, Role.STATION: {"site": site}, Role.LEADER: {"team": "t1", "volunteer": HELPER},
        Role.VOLUNTEER: {"volunteer": HELPER},
    }.get(role, {})  # fmt: skip
    account = Account(identity, identity, Principal(identity, role, region, **area), is_open=True, created_at=now)
    with database.writing() as work:
        work.accounts.add(account, identity, None)
        if role is Role.PROGRAM:
            token = Token(ids.fresh(), identity, "all", frozenset(SCOPES), now, now + timedelta(days=1))
            work.accounts.add_token(token, digest(key))
        else:
            work.accounts.start_session(digest(key), identity, now, now + timedelta(hours=1))
        work.commit()
    if role is Role.PROGRAM:
        return {"Authorization": f"Bearer {key}"}
    return {"Cookie": f"{guard.COOKIE}={key}", guard.CSRF_HEADER: guard.csrf(key)}


def checked(app: Flask, roles: Sequence[Role], may: bool, case: schemathesis.Case) -> None:  # noqa: FBT001
    """Ask one case as each of some roles, and hold the answers to every check."""
    served = app.extensions[SERVED]
    region = served.regions[0]
    if "region_id" in (case.path_parameters or {}):
        case.path_parameters["region_id"] = region.spec.id
    for role in roles:
        sent = entered(served.database, region.spec.id, role, region.sites[0].id)
        response = case.call(headers=sent)
        # rules between members are not in a document, and ids that were made up name nothing; a program's token is good
        # whatever cookie the check puts beside it
        excluded = [positive_data_acceptance, *([ignored_auth] if role is Role.PROGRAM else [])]
        try:
            case.validate_response(response, excluded_checks=excluded, headers=sent)
        except Exception as fault:
            fault.add_note(f"asked as {role}")
            raise
        assert response.status_code < 500, role
        assert may or response.status_code in {401, 403, 404, 405, 406}, (role, response.text)


def asking(ask: Callable[[schemathesis.Case], None]) -> Callable[..., None]:
    """Make a plain function of one argument, as Hypothesis wants it."""

    def asked(case: schemathesis.Case) -> None:
        ask(case)

    return asked


@pytest.fixture(scope="module")
def schema(little_region: Path) -> Any:
    """The document, as schemathesis reads it."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app_of(little_region))


@pytest.mark.parametrize("operation", GUARDED, ids=lambda each: each.name)
def test_schemathesis_finds_nothing_as_any_role(little_region: Path, schema: Any, operation: Any) -> None:
    """Whoever may ask is answered as the document says, right or wrong; whoever may not is refused."""
    app = app_of(little_region)
    served = app.extensions[SERVED]
    stocked(served.database, served.regions[0].spec.id, now=datetime.now(UTC))
    found = schema[f"/api/v1{operation.path.replace('<', '{').replace('>', '}')}"][operation.method]
    inside = [role for role in operation.allowed & {*Role} if role is not Role.PROGRAM or operation.scope is not None]
    outside = [role for role in Role if role not in inside]
    right, wrong = (
        found.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )
    for cases, roles, bounds in ((right, inside, FEW), (wrong, inside, FEW), (right, outside, ONE)):
        # the cases take longer to think of than to ask: each is asked as every role
        bounds(given(case=cases)(asking(partial(checked, app, roles, roles is inside))))()
