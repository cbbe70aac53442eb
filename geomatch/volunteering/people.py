"""Volunteers: what they can do, when they can, where they usually are, and what the law asks of their age."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from numpy.typing import NDArray

WEEK_HOURS = 168
CHILD_UNTIL, MINOR_UNTIL = 14, 18
"""Under 14 a guardian must have agreed and come along (PIPL 28, 31); under 18 one works beside an adult, by day."""
NIGHT_FROM, NIGHT_UNTIL = 21, 7
"""Hours of the day between which no minor is asked."""
COARSE_DEGREES = 0.002
"""Usual places are stored on a grid of about 200 m: near enough to match, too coarse to find a door."""


class PlaceKind(StrEnum):
    """What a usual place is to the volunteer."""

    HOME = "home"
    WORK = "work"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class UsualPlace:
    """Where a volunteer usually is, coarse: the middle of a cell of COARSE_DEGREES.

    Attributes:
        kind: home, work or other.
        lon, lat: WGS-84 degrees.
    """

    kind: PlaceKind
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Certificate:
    """What proves a skill.

    Attributes:
        skill: code of the skill.
        number: as printed, or empty.
        expires: last day on which it is valid, or None where it never expires.
    """

    skill: str
    number: str = ""
    expires: date | None = None

    def is_valid_on(self, day: date) -> bool:
        """Tell whether it is valid on a day; the day of expiry counts."""
        return self.expires is None or day <= self.expires


@dataclass(frozen=True, slots=True)
class Volunteer:
    """Somebody who helps.

    Attributes:
        id: ours.
        number: the number that the office or the national platform gave, or None.
        name, phone: in full; shown masked.
        team: id of the team, or None.
        unit: township, or None.
        skills: codes.
        certificates: what proves skills.
        hours: of the week, sorted, 0 is Monday 00:00 to 01:00 in the region's time.
        on_duty: the switch that the volunteer holds.
        places: usual places, coarse.
        languages: such as zh, en, yue.
        born: day of birth, or None where it is not known; then an adult's age is presumed by nobody.
        insured_until: last insured day, or None.
        trained: how many trainings were passed.
        guardian_agreed: True where a guardian agreed to a child's service.
        is_professional: a doctor, lawyer, teacher who serves as one.
    """

    id: str
    number: str | None
    name: str
    phone: str
    team: str | None = None
    unit: str | None = None
    skills: tuple[str, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    hours: tuple[int, ...] = ()
    on_duty: bool = False
    places: tuple[UsualPlace, ...] = ()
    languages: tuple[str, ...] = ("zh",)
    born: date | None = None
    insured_until: date | None = None
    trained: int = 0
    guardian_agreed: bool = False
    is_professional: bool = False


def coarse(lon: float, lat: float) -> tuple[float, float]:
    """Give the middle of the cell that a place lies in, WGS-84 degrees; the exact place is not kept."""
    return coarse_degrees(lon), coarse_degrees(lat)


def coarse_degrees(degrees: float) -> float:
    """Give the middle of the cell that a longitude, or a latitude, lies in."""
    cells = round(1 / COARSE_DEGREES)
    return round((math.floor(degrees * cells) + 0.5) / cells, 6)


def age_on(born: date, day: date) -> int:
    """Full years of age on a day; who is born on 29 February has the birthday on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def week_hours(start: datetime, end: datetime) -> tuple[int, ...]:
    """Hours of the week that a window touches, in the time zone of its ends; at most the whole week.

    Raises:
        InputError: the window does not end after it starts.
    """
    if end <= start:
        raise InputError.of("window", "must end after it starts", value=f"{start.isoformat()} to {end.isoformat()}")
    first = start.replace(minute=0, second=0, microsecond=0)
    touched = -(-(end - first) // timedelta(hours=1))
    hour = first.weekday() * 24 + first.hour
    return tuple(sorted({(hour + step) % WEEK_HOURS for step in range(min(touched, WEEK_HOURS))}))


def week_mask(hours: Iterable[int]) -> NDArray[np.uint64]:
    """Give hours of the week as three words of 64 bits: uint64 (3,)."""
    mask = np.zeros(3, np.uint64)
    for hour in hours:
        mask[hour >> 6] |= np.uint64(1 << (hour & 63))
    return mask


def touches_night(start: datetime, end: datetime) -> bool:
    """Tell whether a window touches the hours in which no minor is asked."""
    night = {hour for hour in range(24) if hour >= NIGHT_FROM or hour < NIGHT_UNTIL}
    return any(hour % 24 in night for hour in week_hours(start, end))
