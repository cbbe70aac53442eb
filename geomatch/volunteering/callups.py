"""A call-up: one call for very many people, made of posts, each a station, a shift, a skill and how many are needed.

Who says yes while there is room holds a place; who says yes later stands by, in the order of saying so, and moves up
when somebody drops out or does not come.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geomatch.errors import ConflictError, InputError
from geomatch.volunteering.people import MINOR_UNTIL, age_on, touches_night

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from geomatch.volunteering.people import Volunteer

MOST_HOURS, MOST_PEOPLE = 72, 100


class AskState(StrEnum):
    """Where it stands that somebody was asked for a post; the value is what files and URLs say.

    asked: no answer yet. silent: none in time; a yes still counts. held: has a place. standby: said yes when all places
    were taken. declined: said no. withdrawn: said yes, and then no. no_show: did not come.
    """

    ASKED = "asked"
    SILENT = "silent"
    HELD = "held"
    STANDBY = "standby"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    NO_SHOW = "no_show"


STATE_NAMES: dict[AskState, tuple[str, str]] = {
    AskState.ASKED: ("待答复", "asked"),
    AskState.SILENT: ("未答复", "no answer"),
    AskState.HELD: ("已上岗位", "has a place"),
    AskState.STANDBY: ("候补", "stands by"),
    AskState.DECLINED: ("婉拒", "declined"),
    AskState.WITHDRAWN: ("退出", "withdrew"),
    AskState.NO_SHOW: ("未到岗", "did not come"),
}
"""Chinese and English words for each state."""


class Answer(StrEnum):
    """What is said of an ask: three by the volunteer, the last by the station."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    NO_SHOW = "no_show"


_FROM: dict[Answer, frozenset[AskState]] = {
    Answer.ACCEPT: frozenset({AskState.ASKED, AskState.SILENT}),
    Answer.DECLINE: frozenset({AskState.ASKED, AskState.SILENT}),
    Answer.WITHDRAW: frozenset({AskState.HELD, AskState.STANDBY}),
    Answer.NO_SHOW: frozenset({AskState.HELD}),
}
_AGAIN: dict[Answer, frozenset[AskState]] = {
    Answer.ACCEPT: frozenset({AskState.HELD, AskState.STANDBY}),
    Answer.DECLINE: frozenset({AskState.DECLINED}),
    Answer.WITHDRAW: frozenset({AskState.WITHDRAWN}),
    Answer.NO_SHOW: frozenset({AskState.NO_SHOW}),
}
_AFTER = {
    Answer.DECLINE: AskState.DECLINED,
    Answer.WITHDRAW: AskState.WITHDRAWN,
    Answer.NO_SHOW: AskState.NO_SHOW,
}


def after(state: AskState, answer: Answer, *, has_room: bool) -> AskState:
    """Say where an ask stands after an answer; the same answer twice is one.

    Raises:
        ConflictError: that answer cannot follow.
    """
    if state in _AGAIN[answer]:
        return state
    if state not in _FROM[answer]:
        raise ConflictError(f"{answer.value} cannot follow: the ask is {state.value}")
    if answer is Answer.ACCEPT:
        return AskState.HELD if has_room else AskState.STANDBY
    return _AFTER[answer]


@dataclass(frozen=True, slots=True)
class Need:
    """So many people for each shift of a station, and what they must be able to do.

    Attributes:
        people: at least 1.
        skill: code, or None where anybody can do it.
        certified: whether only a certificate that is valid on the day proves the skill.
    """

    people: int
    skill: str | None = None
    certified: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.people <= MOST_PEOPLE:
            raise InputError.of("people", f"must be from 1 to {MOST_PEOPLE}", value=self.people)
        if self.certified and self.skill is None:
            raise InputError.of("certified", "names no skill that a certificate could prove", value=self.certified)


@dataclass(frozen=True, slots=True)
class Post:
    """Places at one station in one shift that ask the same of people.

    Attributes:
        id: ours.
        site: the station.
        unit: its township, or None.
        starts_at, ends_at: the shift.
        need: how many, and what they must be able to do.
        held: how many places are taken.
        phase: how often its surroundings had too few, so how far it reaches now.
    """

    id: str
    site: str
    unit: str | None
    starts_at: datetime
    ends_at: datetime
    need: Need
    held: int = 0
    phase: int = 0

    @property
    def missing(self) -> int:
        """How many places are free."""
        return max(0, self.need.people - self.held)


@dataclass(frozen=True, slots=True)
class CallPolicy:
    """How people are called.

    Attributes:
        reply_within: after so long without an answer somebody counts as silent.
        wave_every: so long after a wave comes the next.
        first_share: the first wave asks for this share of the places only, until it is seen how many say yes.
        limits_m: how far a post reaches on foot, and how far when its surroundings had too few; rising.
        most_shifts: how many shifts one person may hold in a call.
        rest: how long one rests between two shifts.
        asks_a_day: how many notices that ask something one may get on a day, those of others included.
        called_m: being called once more counts like walking so much further.
        shift_m: holding a shift already counts like walking so much further.
    """

    reply_within: timedelta = timedelta(minutes=30)
    wave_every: timedelta = timedelta(minutes=10)
    first_share: float = 0.3
    limits_m: tuple[float, ...] = (1500.0, 3000.0, 6000.0)
    most_shifts: int = 2
    rest: timedelta = timedelta(hours=8)
    asks_a_day: int = 3
    called_m: float = 300.0
    shift_m: float = 1500.0

    def __post_init__(self) -> None:
        limits = self.limits_m
        if not limits or limits[0] <= 0 or any(later <= earlier for earlier, later in pairwise(limits)):
            raise InputError.of("limits_m", "must rise from above 0", value=limits)
        for name in ("reply_within", "wave_every"):
            if getattr(self, name) <= timedelta(0):
                raise InputError.of(name, "must be longer than nothing", value=getattr(self, name))
        for field in fields(self):
            figure = getattr(self, field.name)
            if isinstance(figure, int | float) and not 0 <= figure < float("inf"):
                raise InputError.of(field.name, "must be a number of at least 0", value=figure)
        if not 0 < self.first_share <= 1:
            raise InputError.of("first_share", "must be above 0 and at most 1", value=self.first_share)


@dataclass(frozen=True, slots=True)
class Callup:
    """One call.

    Attributes:
        id: ours.
        region: id.
        name: what it is called.
        words: what it is about, as the notices say it.
        policy: how people are called.
        urgent: whether its notices go out in quiet hours too.
        opened_by: id of the account.
        opened_at: when.
        wave: how many waves were sent.
        closed_at: when it ended, or None.
    """

    id: str
    region: str
    name: str
    words: str
    policy: CallPolicy
    urgent: bool
    opened_by: str
    opened_at: datetime
    wave: int = 0
    closed_at: datetime | None = None


def shifts(starts_at: datetime, *, hours: int, shift_hours: int) -> tuple[tuple[datetime, datetime], ...]:
    """Cut a time into shifts; the last one may be shorter.

    Raises:
        InputError: longer than MOST_HOURS, or shifts of no length.
    """
    if not 1 <= hours <= MOST_HOURS:
        raise InputError.of("hours", f"must be from 1 to {MOST_HOURS}", value=hours)
    if not 1 <= shift_hours <= hours:
        raise InputError.of("shift_hours", "must be at least 1, and at most hours", value=shift_hours)
    ends = range(0, hours, shift_hours)
    return tuple(
        (starts_at + timedelta(hours=first), starts_at + timedelta(hours=min(first + shift_hours, hours)))
        for first in ends
    )


def may_take(who: Volunteer, post: Post, timezone: str) -> bool:
    """Tell whether somebody meets what a post needs, is insured, and is of age for it."""
    zone = ZoneInfo(timezone)
    starts_at, ends_at = post.starts_at.astimezone(zone), post.ends_at.astimezone(zone)
    need, day = post.need, ends_at.date()
    able = need.skill is None or need.skill in who.skills
    proven = not need.certified or any(
        held.skill == need.skill and held.is_valid_on(day) for held in who.certificates
    )  # fmt: skip
    insured = who.insured_until is not None and day <= who.insured_until
    minor = is_minor(who.born, post, timezone)
    return able and proven and insured and not (minor and (touches_night(starts_at, ends_at) or need.people == 1))


def is_minor(born: date | None, post: Post, timezone: str) -> bool:
    """Tell whether somebody is a minor, or may be one, when a post's shift starts."""
    return born is None or age_on(born, post.starts_at.astimezone(ZoneInfo(timezone)).date()) < MINOR_UNTIL


def fits(
    starts_at: datetime,
    ends_at: datetime,
    held: Iterable[tuple[datetime, datetime]],
    *,
    rest: timedelta,
    most_shifts: int,
) -> bool:
    """Tell whether somebody who holds some shifts may hold this one too: rested before and after, and not too many."""
    others = tuple(held)
    rested = all(starts_at >= ended + rest or ends_at + rest <= started for started, ended in others)
    return rested and len(others) < most_shifts
