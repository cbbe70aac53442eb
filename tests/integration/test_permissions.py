"""Route by route and role by role: who may ask what. The default is no."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.services import accounts as account_service
from geomatch.volunteering.roles import STAFF, Principal, Role
from geomatch.web import guard
from geomatch.web.api.operation import Operation
from geomatch.web.api.operations import OPERATIONS
from tests.serving import Asking, app_of, region_of

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

CENTRE = {Role.CENTRE}
PEOPLE = set(Role) - {Role.PROGRAM}
OWNERS = {Role.RESIDENT, Role.VOLUNTEER, Role.LEADER}
ORGANISERS = {Role.CENTRE, Role.OFFICE, Role.STATION, Role.LEADER}
GUESTS = {Role.RESIDENT, Role.VOLUNTEER, Role.LEADER}
GUARDED: dict[str, set[Role]] = {
    "site_add": {Role.CENTRE, Role.OFFICE},
    "site_change": {Role.CENTRE, Role.OFFICE, Role.STATION},
    "site_close": {Role.CENTRE, Role.OFFICE},
    "session": PEOPLE,
    "sign_out": PEOPLE,
    "own_password": PEOPLE,
    "account_add": CENTRE,
    "accounts": CENTRE,
    "account_close": CENTRE,
    "account_password": CENTRE,
    "token_add": CENTRE,
    "tokens": CENTRE,
    "token_revoke": CENTRE,
    "volunteers": set(Role) - {Role.RESIDENT, Role.STATION},
    "teams": set(Role),
    "duplicates": {Role.CENTRE, Role.OFFICE},
    "organisations_import": CENTRE,
    "teams_import": CENTRE,
    "volunteers_import": CENTRE,
    "duty": {Role.VOLUNTEER, Role.LEADER},
    "notices": PEOPLE,
    "notice": PEOPLE,
    "notice_wishes": PEOPLE,
    "notice_wishes_set": PEOPLE,
    "notice_rules": PEOPLE,
    "notice_rules_set": CENTRE,
    "notice_channel_add": CENTRE,
    "notice_channels": CENTRE,
    "notice_channel_close": CENTRE,
    "push_reach": CENTRE | {Role.OFFICE},
    "push": CENTRE | {Role.OFFICE},
    "pushes": CENTRE | {Role.OFFICE},
    "hour_code": {Role.STATION},
    "hour_check_in": {Role.VOLUNTEER, Role.LEADER},
    "hour_check_out": {Role.VOLUNTEER, Role.LEADER},
    "hour_visits": PEOPLE - {Role.RESIDENT},
    "hours": PEOPLE - {Role.RESIDENT, Role.STATION},
    "hour_total": {Role.VOLUNTEER, Role.LEADER},
    "hour_anchors": {Role.CENTRE, Role.AUDITOR},
    "hour_claim": {Role.VOLUNTEER, Role.LEADER},
    "hour_draft": {Role.OFFICE, Role.CENTRE},
    "hour_claims": PEOPLE - {Role.RESIDENT},
    "hour_claim_answer": {Role.STATION, Role.OFFICE, Role.CENTRE},
    "hour_object": PEOPLE,
    "hour_objections": {Role.OFFICE, Role.CENTRE, Role.AUDITOR},
    "hour_objection_answer": {Role.OFFICE, Role.CENTRE},
    "hour_reverse": {Role.OFFICE, Role.CENTRE},
    "points": {Role.VOLUNTEER, Role.LEADER},
    "point_rules": PEOPLE,
    "point_rules_set": CENTRE,
    "goods": PEOPLE,
    "goods_add": {Role.STATION, Role.CENTRE},
    "goods_stock": {Role.STATION, Role.CENTRE},
    "goods_switch": {Role.STATION, Role.CENTRE},
    "redemption_add": {Role.VOLUNTEER, Role.LEADER},
    "redemptions": PEOPLE - {Role.RESIDENT, Role.OFFICE},
    "redemption_redeem": {Role.STATION},
    "redemption_undo": {Role.VOLUNTEER, Role.LEADER, Role.STATION, Role.CENTRE},
    "hour_certificate": {Role.VOLUNTEER, Role.LEADER},
    "hour_rules": PEOPLE,
    "hour_rules_set": CENTRE,
    "organisations": set(Role) - {Role.RESIDENT},
    "organisation_put": {Role.CENTRE, Role.OFFICE},
    "categories": set(Role),
    "categories_put": CENTRE,
    "skills": set(Role),
    "skills_put": CENTRE,
    "order_dispatch": STAFF | {Role.PROGRAM},
    "orders_dispatch_batch": {Role.OFFICE, Role.CENTRE},
    "order_matching": STAFF | {Role.PROGRAM, Role.AUDITOR},
    "order_keep_apart": STAFF | {Role.RESIDENT, Role.VOLUNTEER, Role.LEADER},
    "order_let_together": STAFF | {Role.RESIDENT, Role.VOLUNTEER, Role.LEADER},
    "matching_settings": STAFF | {Role.PROGRAM, Role.AUDITOR},
    "matching_settings_set": CENTRE,
    "purposes": PEOPLE,
    "retention_put": CENTRE,
    "consents": OWNERS | {Role.CENTRE, Role.OFFICE},
    "consent_give": OWNERS | {Role.CENTRE, Role.OFFICE},
    "consent_withdraw": OWNERS | {Role.CENTRE, Role.OFFICE},
    "account_holder": CENTRE,
    "person_find": CENTRE,
    "person_data": CENTRE,
    "person_forget": CENTRE,
    "own_data": OWNERS,
    "own_forget": OWNERS,
    "statistics": ORGANISERS | {Role.AUDITOR, Role.PROGRAM},
    "statistics_rows": ORGANISERS | {Role.AUDITOR, Role.PROGRAM},
    "published": ORGANISERS | {Role.AUDITOR, Role.PROGRAM},
    "published_add": CENTRE | {Role.OFFICE},
    "activities": set(Role),
    "activity": set(Role),
    "activity_add": ORGANISERS,
    "activity_change": ORGANISERS,
    "activity_cancel": ORGANISERS,
    "activity_code": ORGANISERS,
    "activity_audience": ORGANISERS,
    "sign_ups": ORGANISERS,
    "check_in_at_desk": ORGANISERS,
    "sign_up": GUESTS,
    "sign_up_leave": GUESTS,
    "check_in": GUESTS,
    "check_out": GUESTS,
    "callup_open": CENTRE,
    "callup_close": CENTRE,
    "callups": {Role.STATION, Role.OFFICE, Role.CENTRE, Role.AUDITOR, Role.PROGRAM},
    "callup_board": {Role.STATION, Role.OFFICE, Role.CENTRE, Role.AUDITOR, Role.PROGRAM},
    "callup_places": {Role.STATION, Role.OFFICE, Role.CENTRE, Role.AUDITOR},
    "callup_asks": {Role.VOLUNTEER, Role.LEADER},
    "callup_answer": {Role.VOLUNTEER, Role.LEADER},
    "callup_swap": {Role.VOLUNTEER, Role.LEADER},
    "callup_no_show": {Role.STATION, Role.OFFICE, Role.CENTRE},
    "menu_put": CENTRE,
    "menu_drop": CENTRE,
    "order_place": set(Role) - {Role.AUDITOR},
    "orders": set(Role),
    "orders_to_grab": {Role.VOLUNTEER, Role.LEADER},
    "orders_at_risk": set(Role) - {Role.RESIDENT, Role.VOLUNTEER},
    "order": set(Role),
    "order_move": set(Role) - {Role.AUDITOR},
    "order_offer": {Role.STATION, Role.OFFICE, Role.CENTRE, Role.PROGRAM},
    "order_accept": {Role.VOLUNTEER, Role.LEADER},
    "order_refuse": {Role.VOLUNTEER, Role.LEADER},
    "order_release": set(Role) - {Role.RESIDENT, Role.AUDITOR},
    "order_contact": PEOPLE - {Role.AUDITOR},
    "order_review": PEOPLE - {Role.AUDITOR},
    "order_reviews": {Role.STATION, Role.OFFICE, Role.CENTRE, Role.AUDITOR, Role.PROGRAM},
    "looks": {Role.AUDITOR},
}
"""Who may ask what is not for everybody. A new route that is not in this table fails the first test."""

AREAS = {
    Role.OFFICE: {"unit": "A"},
    Role.STATION: {"site": "s1"},
    Role.LEADER: {"team": "t1", "volunteer": "v1"},
    Role.VOLUNTEER: {"volunteer": "v1"},
}
SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test
AN_ID = "0123456789abcdef01234567"


@pytest.fixture(scope="module")
def accounts(little_region: Path) -> dict[tuple[Role, str], str]:
    """A name of every role, in the little region and in another one; a program's is its token."""
    database = app_of(little_region).extensions["geomatch.served"].database
    here, now = region_of(little_region).spec.id, datetime.now(UTC)
    made = {}
    for role in Role:
        for region in (here, "elsewhere"):
            name = f"{role.value} of {region} {now.timestamp()}"
            who = Principal("", role, region, **AREAS.get(role, {}))
            secret = None if role is Role.PROGRAM else SECRET
            account = account_service.add(database.writing(), name, who, secret, at=now)
            made[role, region] = name
            if role is Role.PROGRAM:
                scopes = ["orders:read", "orders:write", "volunteers:read", "volunteers:write", "statistics:read"]
                _, made[role, region] = account_service.add_token(
                    database.writing(), account.id, "all", scopes, region=region, at=now, lasts=timedelta(days=1)
                )
    return made


def entered(folder: Path, accounts: dict[tuple[Role, str], str], role: Role | None, region: str) -> FlaskClient:
    """A client that is signed in as a role, or shows its token."""
    client = app_of(folder).test_client()
    if role is Role.PROGRAM:
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {accounts[role, region]}"
    elif role is not None:
        answer = client.post("/api/v1/session", json={"name": accounts[role, region], "password": SECRET})
        client.environ_base["HTTP_X_CSRF_TOKEN"] = answer.get_json()["csrf"]
    return client


def ask(client: FlaskClient, operation: Operation, region: str) -> int:
    """Ask with ids that nothing has and a body that says nothing; give the status."""
    path = operation.path.replace("<region_id>", region)
    for name in operation.ids:
        path = path.replace(f"<{name}>", AN_ID)
    body = {"json": {}} if operation.has_body else {}
    return client.open(f"/api/v1{path}", method=operation.method, **body).status_code


def test_every_guarded_route_is_in_the_table() -> None:
    """And the table names nothing that is not there; each says the same as the code."""
    assert {each.name: each.allowed for each in OPERATIONS if not each.is_open} == GUARDED


def test_a_route_that_says_nothing_is_for_nobody() -> None:
    """The default of an operation is that no role may ask."""
    plain = Operation("x", "/x", dict, object, None, "nothing")  # type: ignore[arg-type]
    assert not plain.allowed
    assert not plain.is_open


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_each_role_may_ask_what_the_table_says(
    little_region: Path, accounts: dict[tuple[Role, str], str], role: Role | None
) -> None:
    """Not signed in: 401; another role, or one of another region: 403; the right one gets through to what is asked."""
    here = region_of(little_region).spec.id
    client, stranger = (entered(little_region, accounts, role, region) for region in (here, "elsewhere"))
    guarded = [each for each in OPERATIONS if not each.is_open]
    for operation in sorted(guarded, key=lambda each: each.name == "sign_out"):  # which ends what the others need
        status = ask(client, operation, here)
        if role is None:
            assert status == 401, operation.name
        elif role in GUARDED[operation.name]:
            assert status not in {401, 403}, operation.name
        else:
            assert status == 403, operation.name
        if role is not None and operation.of_region:
            assert ask(stranger, operation, here) == 403, operation.name


def test_open_routes_ask_nobody_who_they_are(little_region: Path) -> None:
    """A token that is none does no harm where none is needed."""
    client = app_of(little_region).test_client()
    assert client.get("/api/v1/regions", headers={"Authorization": "Bearer nonsense"}).status_code == 200


def test_a_cookie_alone_changes_nothing(little_region: Path, accounts: dict[tuple[Role, str], str]) -> None:
    """Another site can make a browser send the cookie, but not the header; reading is let through."""
    here = region_of(little_region).spec.id
    client = entered(little_region, accounts, Role.CENTRE, here)
    draft = {"name": "somebody", "role": "auditor", "password": SECRET}
    forged = client.post(f"/api/v1/regions/{here}/accounts", json=draft, headers={guard.CSRF_HEADER: ""})
    told = Asking(little_region).problem(forged, 403)
    assert guard.CSRF_HEADER in told["detail"]
    assert client.get(f"/api/v1/regions/{here}/accounts", headers={guard.CSRF_HEADER: ""}).status_code == 200


def test_a_program_is_held_to_the_scopes_of_its_token(
    little_region: Path, accounts: dict[tuple[Role, str], str]
) -> None:
    """What needs a person, or another scope, is not for this token."""
    here = region_of(little_region).spec.id
    client = entered(little_region, accounts, Role.PROGRAM, here)
    assert client.get("/api/v1/session").status_code == 403
