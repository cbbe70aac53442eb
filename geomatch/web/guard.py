"""The gate: who asks, by session or token, and whether that door is for them. The default is no."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from geomatch.errors import NotAllowedError, NotSignedInError
from geomatch.services import accounts as account_service
from geomatch.volunteering.roles import Role

if TYPE_CHECKING:
    from flask import Request

    from geomatch.store.database import Database
    from geomatch.volunteering.roles import Principal

ANYBODY: frozenset[Role | None] = frozenset({None, *Role})
"""A door for all, signed in or not; nobody is asked who they are."""

SIGNED_IN: frozenset[Role | None] = frozenset(Role)
COOKIE = "geomatch_session"
CSRF_HEADER = "X-CSRF-Token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER = "bearer "


def admit(
    database: Database, request: Request, allowed: frozenset[Role | None], *, region: str | None, scope: str | None
) -> Principal:
    """Let somebody through a door, or not.

    Args:
        database: where sessions and tokens are.
        request: what was sent.
        allowed: the roles that the door is for.
        region: the region that the path names, or None.
        scope: what a program's token must have been made for; None keeps programs out.

    Raises:
        NotSignedInError: neither a session nor a token, or one that is over.
        NotAllowedError: another role, another region, a token made for something else, or a cookie without its proof.
    """
    who = principal(database, request)
    if who.role not in allowed:
        raise NotAllowedError(f"this is not for this role ({who.role.value})")
    if region is not None and region != who.region:
        raise NotAllowedError(f"this account belongs to region {who.region!r}")
    if who.role is Role.PROGRAM and scope not in who.scopes:
        raise NotAllowedError(f"this token was not made for it; it needs {scope or 'a person'}")
    return who


def principal(database: Database, request: Request) -> Principal:
    """Say who asks; a request that changes something by cookie must prove that a page of ours sent it.

    Raises:
        NotSignedInError, NotAllowedError: as in `admit`.
    """
    now = datetime.now(UTC)
    shown = request.headers.get("Authorization", "")
    if shown:
        if not shown.lower().startswith(_BEARER):
            raise NotSignedInError("send Authorization: Bearer and the token")
        return account_service.by_token(database.reading(), shown[len(_BEARER) :].strip(), at=now)
    key = request.cookies.get(COOKIE, "")
    if not key:
        raise NotSignedInError("sign in first, or send a token")
    account = account_service.by_session(database.reading(), key, at=now)
    if request.method not in _SAFE and not hmac.compare_digest(request.headers.get(CSRF_HEADER, ""), csrf(key)):
        raise NotAllowedError(f"send {CSRF_HEADER} with what GET /api/v1/session gives as csrf")
    return account.principal


def csrf(key: str) -> str:
    """Give what proves that a request comes from a page that can read our answers: made of the session's key."""
    return hashlib.sha256(f"csrf:{key}".encode()).hexdigest()
