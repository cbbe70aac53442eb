"""Notices to an area: whom somebody wants to tell something, and why each of them is told."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from geomatch.errors import InputError
from geomatch.volunteering.categories import NAMES, Category

if TYPE_CHECKING:
    from datetime import date, datetime

MOST_PUSHED = 20_000
"""The most volunteers that one push reaches; who wants to tell more makes a call-up, which goes in waves."""


@dataclass(frozen=True, slots=True)
class Circle:
    """The ground within so many minutes' walk of a place.

    Attributes:
        place: what the place is called.
        lon, lat: where it is, WGS-84 degrees.
        profile: who walks.
        minutes: how long, inclusive.
        limit_m: the same in metres of that profile.
    """

    place: str
    lon: float
    lat: float
    profile: str
    minutes: float
    limit_m: float


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant: all that is given must hold.

    Attributes:
        unit: of this township.
        skills: who has at least one of these.
        interests: who asked for notices about at least one of these categories.
        circle: who has a usual place within it.
    """

    unit: str | None = None
    skills: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    circle: Circle | None = None

    def __post_init__(self) -> None:
        """Refuse to mean everybody by saying nothing."""
        if not (self.unit or self.skills or self.interests or self.circle):
            raise InputError.of("unit, skills, interests, circle", "give at least one of these")


@dataclass(frozen=True, slots=True)
class Push:
    """A push that was sent.

    Attributes:
        id: ours.
        region: id.
        account: who sent it.
        unit: of the office that sent it, or None for the centre.
        body: what it says.
        why_zh, why_en: whom it was for, in words.
        put: how many notices were put in the outbox.
        made_at: when.
    """

    id: str
    region: str
    account: str
    unit: str | None
    body: str
    why_zh: str
    why_en: str
    put: int
    made_at: datetime


def why(audience: Audience) -> tuple[str, str]:
    """Say in Chinese and English why somebody of an audience is told."""
    zh, en = [], []
    if audience.unit:
        zh.append(f"您登记在{audience.unit}")
        en.append(f"you are registered in {audience.unit}")
    if audience.skills:
        zh.append(f"您登记的技能包括下列之一：{'、'.join(audience.skills)}")
        en.append(f"you have at least one of the skills {', '.join(audience.skills)}")
    if audience.interests:
        zh.append(f"您关注下列之一：{'、'.join(_name(each, 0) for each in audience.interests)}")
        en.append(
            f"you asked for notices about at least one of {', '.join(_name(each, 1) for each in audience.interests)}"
        )
    if audience.circle:
        at = audience.circle
        zh.append(f"您常在的地点到{at.place}步行不超过{at.minutes:g}分钟")
        en.append(f"a usual place of yours is within {at.minutes:g} minutes' walk of {at.place}")
    return "；".join(zh), "; ".join(en)


def key_of(body: str, day: date, volunteer: str) -> str:
    """Name the notice: the same text reaches nobody twice on one day, whoever sends it and whatever the areas share."""
    return f"push:{day.isoformat()}:{blake2b(body.encode(), digest_size=10).hexdigest()}:{volunteer}"


def _name(category: str, language: int) -> str:
    return NAMES[Category(category)][language] if category in set(Category) else category
