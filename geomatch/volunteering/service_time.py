"""How a service comes to be known before it is an entry: somebody came and left, or said so, and another agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from geomatch.errors import InputError, NotAllowedError
from geomatch.volunteering.hours import EXACT, USUAL_ROUNDING, Evidence, Rounding
from geomatch.volunteering.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.volunteering.roles import Principal

MOST_SERVICE = timedelta(hours=12)
"""Longer in one piece is a check-out that was forgotten, or a slip of the pen."""

LATEST_CLAIM = timedelta(days=90)
"""What is longer ago is not claimed any more: nobody remembers it well enough to confirm."""

ROUNDINGS: dict[str, Rounding] = {"usual": USUAL_ROUNDING, "exact": EXACT}
"""The rules of rounding by the name that a district sets."""


@dataclass(frozen=True, slots=True)
class HourRules:
    """What a district sets.

    Attributes:
        rounding: one of ROUNDINGS.
        public_days: how long a back-office entry is public before it counts.
    """

    rounding: str = "usual"
    public_days: int = 7


class VisitState(StrEnum):
    """Where a visit stands."""

    OPEN = "open"
    DONE = "done"
    LAPSED = "lapsed"  # nobody checked out


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who came to a site to serve, by its code.

    Attributes:
        id: ours.
        region: of which region.
        site: where.
        volunteer: who.
        account: that of the volunteer.
        came_at, left_at: when the codes were given; left_at is None while it is open, or where it lapsed.
        state: open, done or lapsed.
        minutes: what counts, 0 until it is done.
        number: of the entry, or None where nothing counts.
    """

    id: str
    region: str
    site: str
    volunteer: str
    account: str
    came_at: datetime
    left_at: datetime | None
    state: VisitState
    minutes: int
    number: int | None


class ClaimState(StrEnum):
    """Where a claim stands."""

    WAITING = "waiting"
    AGREED = "agreed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Claim:
    """A service that one side says took place; it becomes an entry when the other agrees.

    Attributes:
        id: ours.
        region: of which region.
        volunteer: who served.
        evidence: BOTH where the volunteer says so and the site is to agree, OFFICE where the back office does.
        site: where, of the first kind; else None.
        start, end: the service itself, without the way there.
        note: what was done.
        made_by, made_at: account, and when.
        state: waiting, agreed or refused.
        decided_by, decided_at, why: account, when and why, once it is decided.
        number: of the entry that came of it.
    """

    id: str
    region: str
    volunteer: str
    evidence: Evidence
    site: str | None
    start: datetime
    end: datetime
    note: str
    made_by: str
    made_at: datetime
    state: ClaimState = ClaimState.WAITING
    decided_by: str | None = None
    decided_at: datetime | None = None
    why: str = ""
    number: int | None = None


class ObjectionState(StrEnum):
    """Where an objection stands."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody says against an entry that is public.

    Attributes:
        id: ours.
        region: of which region.
        number: of the entry.
        account: who objects; told to nobody.
        words: what they say.
        made_at: when.
        state: open, upheld or dismissed.
        decided_by, decided_at, why: account, when and why, once it is decided.
    """

    id: str
    region: str
    number: int
    account: str
    words: str
    made_at: datetime
    state: ObjectionState = ObjectionState.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None
    why: str = ""


def check_time(start: datetime, end: datetime, at: datetime) -> None:
    """Refuse a service that cannot have been.

    Raises:
        InputError: it ends before it starts, in the future, is too long or too long ago; names the member at fault.
    """
    if end <= start:
        raise InputError.of("end", "must be after the start", value=end.isoformat())
    if end - start > MOST_SERVICE:
        hours = MOST_SERVICE // timedelta(hours=1)
        raise InputError.of("end", f"a service lasts at most {hours} hours in one piece", value=end.isoformat())
    if end > at:
        raise InputError.of("end", "lies in the future; say it when it is over", value=end.isoformat())
    if start < at - LATEST_CLAIM:
        raise InputError.of("start", f"is more than {LATEST_CLAIM.days} days ago", value=start.isoformat())


def check_second(claim: Claim, who: Principal) -> None:
    """Refuse a second person who is the first, the volunteer, or not of the other side.

    Raises:
        NotAllowedError: says why.
    """
    if who.account == claim.made_by:
        raise NotAllowedError("somebody else has to agree: this account made the claim")
    if who.volunteer == claim.volunteer:
        raise NotAllowedError("somebody else has to agree: this account is the volunteer's own")
    if claim.evidence is Evidence.BOTH and who.site != claim.site:
        raise NotAllowedError("the site where the service was has to agree")
    if claim.evidence is Evidence.OFFICE and who.role not in {Role.OFFICE, Role.CENTRE}:
        raise NotAllowedError("an office or the centre has to agree")
