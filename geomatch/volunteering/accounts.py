"""Accounts: who may sign in, as what, and for which area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError
from geomatch.volunteering.roles import Principal, Role

if TYPE_CHECKING:
    from datetime import datetime

LEAST_SECRET, MOST_SECRET = 10, 200
"""Characters of a password; the upper bound keeps hashing cheap."""
TOKEN_DAYS = 366
"""The longest that a token lasts."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody, or a program, that may sign in.

    Attributes:
        id: ours.
        name: what is typed to sign in.
        principal: as what, and for which area.
        is_open: False where it was closed.
        created_at: when.
    """

    id: str
    name: str
    principal: Principal
    is_open: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """What a program shows instead of a password.

    Attributes:
        id: ours; not the token itself, which is told once.
        account: whose it is.
        name: what it is for.
        scopes: what may be done with it.
        created_at, ends_at: from when to when.
        revoked_at: when it was taken back, or None.
    """

    id: str
    account: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = None


SCOPES = {
    "orders:read": "see orders",
    "orders:write": "place orders and move them",
    "volunteers:read": "see volunteers, masked",
    "volunteers:write": "import and change volunteers",
    "statistics:read": "see activities and figures",
}
"""What a token may be made for, with words for each."""

_NEEDS = {Role.OFFICE: "unit", Role.STATION: "site", Role.LEADER: "team", Role.VOLUNTEER: "volunteer"}


def check_area(who: Principal) -> None:
    """Refuse an account whose role needs an area that is not given, or that has one that says nothing.

    Raises:
        InputError: names the member at fault.
    """
    needed = _NEEDS.get(who.role)
    if needed is not None and not getattr(who, needed):
        raise InputError.of(needed, f"an account of this role ({who.role.value}) needs its {needed}")
    if who.role in {Role.CENTRE, Role.AUDITOR, Role.RESIDENT}:
        given = [name for name in ("unit", "site", "team", "volunteer") if getattr(who, name)]
        if given:
            raise InputError(Fault(name, f"an account of this role ({who.role.value}) has no {name}") for name in given)


def check_secret(secret: str, name: str) -> None:
    """Refuse a password that is guessed at once.

    Raises:
        InputError: too short, too long, the name itself, or one sign over and over.
    """
    if not LEAST_SECRET <= len(secret) <= MOST_SECRET:
        raise InputError.of("password", f"must have {LEAST_SECRET} to {MOST_SECRET} characters")
    if secret.casefold() == name.casefold() or len(set(secret)) < 4:  # noqa: PLR2004 - abab, 1111
        raise InputError.of("password", "is too easy to guess")
