"""Accounts, sessions and tokens over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import request
from werkzeug.http import dump_cookie

from geomatch.errors import NotSignedInError
from geomatch.services import accounts as account_service
from geomatch.volunteering.roles import Principal, Role
from geomatch.web import guard
from geomatch.web.api import account_shapes as shapes
from geomatch.web.api.operation import Operation
from geomatch.web.api.replies import Reply
from geomatch.web.guard import ANYBODY, SIGNED_IN

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.volunteering.accounts import Account, Token
    from geomatch.web.served import Served

    Json = dict[str, Any]

_CENTRE: frozenset[Role | None] = frozenset({Role.CENTRE})
_PEOPLE = SIGNED_IN - {Role.PROGRAM}


def sign_in(served: Served, asked: shapes.SignIn) -> Reply:
    """Sign in: the cookie is set, and csrf is told."""
    now, address = datetime.now(UTC), request.remote_addr
    served.limits.try_password(address)
    try:
        signed = account_service.sign_in(served.database, asked.name, asked.password.get_secret_value(), at=now)
    except NotSignedInError:
        served.limits.wrong_password(address)
        raise
    told = {"account": _account(signed.account), "csrf": guard.csrf(signed.key)}
    return Reply(told, (_cookie(signed.key, round((signed.ends_at - now).total_seconds())),))


def session(served: Served, _asked: shapes.Nothing, *, who: Principal) -> Json:
    """Tell who is signed in, and what proves it when something is to be changed."""
    account = account_service.found(served.database.reading(), who.account, region=who.region)
    return {"account": _account(account), "csrf": guard.csrf(request.cookies.get(guard.COOKIE, ""))}


def sign_out(served: Served, _asked: shapes.Nothing, *, who: Principal) -> Reply:  # noqa: ARG001 - the gate asks who
    """Sign out."""
    account_service.sign_out(served.database.writing(), request.cookies.get(guard.COOKIE, ""))
    return Reply(None, (_cookie("", 0),))


def change_own_secret(served: Served, asked: shapes.OwnSecret, *, who: Principal) -> Reply:
    """Give oneself another password; one is signed out everywhere else."""
    old, new = asked.old.get_secret_value(), asked.password.get_secret_value()
    session_key = request.cookies.get(guard.COOKIE, "")
    account_service.change_own_secret(served.database, who, old, new, session_key, at=datetime.now(UTC))
    return Reply(None)


def add(served: Served, region: Region, asked: shapes.AccountDraft, *, who: Principal) -> Json:  # noqa: ARG001
    """Open an account of the region."""
    wanted = Principal(
        "", asked.role, region.spec.id, asked.unit, asked.site, asked.team, asked.volunteer
    )  # fmt: skip
    secret = None if asked.password is None else asked.password.get_secret_value()
    return _account(
        account_service.add(served.database.writing(), asked.name, wanted, secret, at=datetime.now(UTC))
    )  # fmt: skip


def listed(served: Served, region: Region, asked: shapes.AccountsQuestion, *, who: Principal) -> Json:  # noqa: ARG001
    """List the accounts of the region by name."""
    matched, page = account_service.listed(
        served.database.reading(), region.spec.id, limit=asked.limit, offset=asked.offset
    )
    return {"numberMatched": matched, "numberReturned": len(page), "accounts": [_account(each) for each in page]}


def close(served: Served, region: Region, account_id: str, _asked: shapes.Nothing, *, who: Principal) -> Reply:  # noqa: ARG001
    """Close an account: its sessions and tokens end."""
    account_service.close(served.database.writing(), account_id, region=region.spec.id)
    return Reply(None)


def set_secret(served: Served, region: Region, account_id: str, asked: shapes.NewSecret, *, who: Principal) -> Reply:  # noqa: ARG001
    """Give an account another password; it is signed out everywhere."""
    secret = asked.password.get_secret_value()
    account_service.set_secret(served.database.writing(), account_id, secret, region=region.spec.id)
    return Reply(None)


def add_token(served: Served, region: Region, account_id: str, asked: shapes.TokenDraft, *, who: Principal) -> Json:  # noqa: ARG001
    """Make a token for a program; it is told this once."""
    token, key = account_service.add_token(
        served.database.writing(), account_id, asked.name, asked.scopes, region=region.spec.id, at=datetime.now(UTC),
        lasts=timedelta(days=asked.days),
    )  # fmt: skip
    return _token(token) | {"token": key}


def tokens(served: Served, region: Region, account_id: str, _asked: shapes.Nothing, *, who: Principal) -> Json:  # noqa: ARG001
    """List the tokens of a program."""
    found = account_service.tokens_of(served.database.reading(), account_id, region=region.spec.id)
    return {"tokens": [_token(token) for token in found]}


def revoke_token(
    served: Served, region: Region, account_id: str, token_id: str, _asked: shapes.Nothing, *, who: Principal  # noqa: ARG001
) -> Reply:  # fmt: skip
    """Take a token back at once."""
    account_service.revoke_token(
        served.database.writing(), account_id, token_id, region=region.spec.id, at=datetime.now(UTC)
    )
    return Reply(None)


def _account(account: Account) -> Json:
    who = account.principal
    return {
        "id": account.id, "region": who.region, "name": account.name, "role": who.role.value, "unit": who.unit,
        "site": who.site, "team": who.team, "volunteer": who.volunteer, "is_open": account.is_open,
        "created_at": account.created_at,
    }  # fmt: skip


def _token(token: Token) -> Json:
    return {
        "id": token.id, "name": token.name, "scopes": sorted(token.scopes), "created_at": token.created_at,
        "ends_at": token.ends_at, "revoked_at": token.revoked_at,
    }  # fmt: skip


def _cookie(key: str, lasts_s: int) -> tuple[str, str]:
    """Write the session's cookie: no program of a page reads it, and no other page sends it along with a form."""
    cookie = dump_cookie(
        guard.COOKIE, key, max_age=lasts_s, path="/", httponly=True, samesite="Lax", secure=request.is_secure
    )
    return "Set-Cookie", cookie


_ACCOUNTS = "/regions/<region_id>/accounts"
_ONE = f"{_ACCOUNTS}/<account_id>"

OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "sign_in", "/session", sign_in, shapes.SignIn, shapes.Session, "Sign in", method="POST", allowed=ANYBODY
        ),
        Operation("session", "/session", session, shapes.Nothing, shapes.Session, "Who is signed in", allowed=_PEOPLE),
        Operation(
            "sign_out", "/session", sign_out, shapes.Nothing, None, "Sign out", method="DELETE", status=204,
            allowed=_PEOPLE,
        ),
        Operation(
            "own_password", "/session/password", change_own_secret, shapes.OwnSecret, None, "Change one's own password",
            method="PUT", status=204, allowed=_PEOPLE,
        ),
        Operation(
            "account_add", _ACCOUNTS, add, shapes.AccountDraft, shapes.Account, "Open an account", method="POST",
            status=201, allowed=_CENTRE,
        ),
        Operation(
            "accounts", _ACCOUNTS, listed, shapes.AccountsQuestion, shapes.Accounts, "The accounts of a region",
            allowed=_CENTRE,
        ),
        Operation(
            "account_close", _ONE, close, shapes.Nothing, None, "Close an account", method="DELETE", status=204,
            allowed=_CENTRE,
        ),
        Operation(
            "account_password", f"{_ONE}/password", set_secret, shapes.NewSecret, None, "Give another password",
            method="PUT", status=204, allowed=_CENTRE,
        ),
        Operation(
            "token_add", f"{_ONE}/tokens", add_token, shapes.TokenDraft, shapes.NewToken, "Make a token",
            method="POST", status=201, allowed=_CENTRE,
        ),
        Operation(
            "tokens", f"{_ONE}/tokens", tokens, shapes.Nothing, shapes.Tokens, "The tokens of a program",
            allowed=_CENTRE,
        ),
        Operation(
            "token_revoke", f"{_ONE}/tokens/<token_id>", revoke_token, shapes.Nothing, None, "Take a token back",
            method="DELETE", status=204, allowed=_CENTRE,
        ),
    )
)  # fmt: skip
