"""Activities: seats that are never oversold, a waiting list with a true order, and check-in by a code that moves on."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from geomatch.errors import Fault, InputError

MOST_SEATS, MOST_AUDIENCE = 100_000, 10_000_000
LONGEST = timedelta(days=31)
FIRST_YEAR, LAST_YEAR = 2000, 2100
EARLY, LATE = timedelta(hours=1), timedelta(hours=2)
"""How long before its start and after its end somebody can check in."""
CODE_S = 60
"""Seconds after which the code at the door is another; the one before still counts."""
_CODE_SIGNS = 8


class SignUpState(StrEnum):
    """Where somebody stands with an activity; the value is what files and URLs say."""

    SEATED = "seated"
    WAITING = "waiting"
    LEFT = "left"


STATE_NAMES: dict[SignUpState, tuple[str, str]] = {
    SignUpState.SEATED: ("已报名", "Seated"),
    SignUpState.WAITING: ("候补", "On the waiting list"),
    SignUpState.LEFT: ("已退出", "Left"),
}
"""Chinese and English name of each state."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that people come to.

    Attributes:
        id: ours.
        region: id.
        title: as people call it.
        category: statutory category, or a district's own.
        place: where, in words.
        lon, lat: WGS-84 degrees.
        starts_at, ends_at: when.
        signup_until: until when one can sign up and leave.
        seats: how many.
        words: what else is to be known.
        made_by: account.
        made_at: when.
        secret: what the codes at the door are made of; never told.
        unit, site, team: whose it is, where given.
        audience: how many were reached by it, as its organiser counted them afterwards, or None.
        is_cancelled: True where it does not take place.
        version: 1, 2, 3 with each change.
    """

    id: str
    region: str
    title: str
    category: str
    place: str
    lon: float
    lat: float
    starts_at: datetime
    ends_at: datetime
    signup_until: datetime
    seats: int
    words: str
    made_by: str
    made_at: datetime
    secret: str
    unit: str | None = None
    site: str | None = None
    team: str | None = None
    audience: int | None = None
    is_cancelled: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class SignUp:
    """Somebody's place at an activity.

    Attributes:
        id: ours.
        activity: id.
        account: who.
        volunteer: the volunteer that the account is, or None.
        number: the order in which people came, 1, 2, 3; who leaves and comes again comes last.
        state: seated, waiting or left.
        at: when they came.
        checked_in_at: when they came through the door, or None.
        checked_by: "code", or the account at the desk.
        checked_out_at: when they left by the code at the door, or None.
    """

    id: str
    activity: str
    account: str
    volunteer: str | None
    number: int
    state: SignUpState
    at: datetime
    checked_in_at: datetime | None = None
    checked_by: str | None = None
    checked_out_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How full an activity is.

    Attributes:
        seated, waiting: people.
        came: of the seated, who checked in.
    """

    seated: int = 0
    waiting: int = 0
    came: int = 0


def check(activity: Activity) -> Activity:
    """Give an activity back as it is.

    Raises:
        InputError: it ends before it starts, lasts for too long, or lies in another century.
    """
    faults = []
    times = {"starts_at": activity.starts_at, "ends_at": activity.ends_at, "signup_until": activity.signup_until}
    for name, moment in times.items():
        if not FIRST_YEAR <= moment.year < LAST_YEAR:
            faults.append(Fault(name, f"must lie between {FIRST_YEAR} and {LAST_YEAR}", value=str(moment.year)))
    if not faults and not timedelta() < activity.ends_at - activity.starts_at <= LONGEST:
        faults.append(Fault("ends_at", f"must be after the start, by at most {LONGEST.days} days"))
    if not faults and activity.signup_until > activity.ends_at:
        faults.append(Fault("signup_until", "must not be after the end"))
    if faults:
        raise InputError(faults)
    return activity


def code_at(secret: str, moment: datetime) -> str:
    """Give the code at the door at a moment: eight letters and digits that nobody guesses."""
    window = int(moment.timestamp()) // CODE_S
    signed = hmac.new(secret.encode(), str(window).encode(), hashlib.sha256).digest()
    return base64.b32encode(signed)[:_CODE_SIGNS].decode()


def is_code(given: str, secret: str, moment: datetime) -> bool:
    """Tell whether a code is the one at the door, or the one before it."""
    text = "".join(given.split()).upper().encode()
    before = moment - timedelta(seconds=CODE_S)
    return any(hmac.compare_digest(text, code_at(secret, each).encode()) for each in (moment, before))


def is_at_the_door(activity: Activity, moment: datetime) -> bool:
    """Tell whether one can check in."""
    return activity.starts_at - EARLY <= moment <= activity.ends_at + LATE and not activity.is_cancelled
