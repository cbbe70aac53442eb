"""Who may help with an order: what keeps each volunteer of a roster from it, for as many rows as are asked about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import InputError
from geomatch.volunteering.matching import Bar
from geomatch.volunteering.order_sheet import Need
from geomatch.volunteering.people import touches_night, week_hours, week_mask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from geomatch.volunteering.roster import Holders, Roster

_AT = {bar: column for column, bar in enumerate(Bar)}
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Task:
    """An order as far as it matters for who may come.

    Attributes:
        starts_at, ends_at: its window, in the region's own time.
        people: how many are needed.
        need: what each must bring.
    """

    starts_at: datetime
    ends_at: datetime
    people: int = 1
    need: Need = field(default_factory=Need)

    def __post_init__(self) -> None:
        if self.ends_at <= self.starts_at:
            raise InputError.of("window", "must end after it starts", value=self.ends_at.isoformat())
        if self.people < 1:
            raise InputError.of("people", "must be at least 1", value=self.people)

    @property
    def last_day(self) -> int:
        """The day on which the window ends, as an ordinal: whatever must be valid on the day is valid on this one."""
        return (self.ends_at - _MOMENT).toordinal()

    @property
    def most_minors(self) -> int:
        """How many minors may be among those who are asked: whoever accepts, an adult is with them; none at night."""
        by_night = touches_night(self.starts_at, self.ends_at)
        return 0 if by_night or self.need.adults_only else self.people - 1


@dataclass(frozen=True)
class Duties:
    """What the volunteers have to do about that time, m duties.

    Attributes:
        row: int64 (m,), the volunteer's index among those who are asked about.
        starts_s, ends_s: float64 (m,), seconds from the start of the order's window; negative before it.
        walk_s: float64 (m,), seconds on foot between the duty's place and the order's, inf where there is no way.
    """

    row: NDArray[np.int64]
    starts_s: NDArray[np.float64]
    ends_s: NDArray[np.float64]
    walk_s: NDArray[np.float64]


def standing(roster: Roster, rows: NDArray[np.int64], task: Task) -> NDArray[np.bool_]:
    """Say what of their own keeps volunteers from an order: bool (len(rows), len(Bar)).

    Certificate and insurance must be valid on the last day of the window, and every hour that it touches must be in
    the volunteer's week. Whatever depends on what else goes on (duties, notices, the walk) is not asked here.
    """
    barred = np.zeros((len(rows), len(Bar)), bool)
    hours = week_mask(week_hours(task.starts_at, task.ends_at))
    barred[:, _AT[Bar.OFF_DUTY]] = ~roster.on_duty[rows]
    barred[:, _AT[Bar.SKILL]] = ~_have_all(roster.skills, task.need.skills, rows, len(roster))
    barred[:, _AT[Bar.CERTIFICATE]] = ~_proven(roster, task, rows)
    barred[:, _AT[Bar.LANGUAGE]] = ~_have_all(roster.languages, task.need.languages, rows, len(roster))
    barred[:, _AT[Bar.AGE]] = _too_young(roster, task, rows)
    barred[:, _AT[Bar.INSURANCE]] = roster.insured_until[rows] < task.last_day
    barred[:, _AT[Bar.WINDOW]] = ((roster.hours[rows] & hours) != hours).any(axis=1)
    return barred


def is_minor(roster: Roster, rows: NDArray[np.int64], task: Task) -> NDArray[np.bool_]:
    """Tell who is a minor, or may be one, when the window starts: bool (len(rows),)."""
    minor: NDArray[np.bool_] = roster.minor_until[rows] > task.starts_at.toordinal()
    return minor


def clashing(count: int, task: Task, duties: Duties) -> NDArray[np.bool_]:
    """Tell who could not get from a duty to the order, or from the order to a duty, in time: bool (count,)."""
    long_s = (task.ends_at - task.starts_at).total_seconds()
    in_the_way = (duties.ends_s + duties.walk_s > 0.0) & (duties.starts_s - duties.walk_s < long_s)
    clash = np.zeros(count, bool)
    clash[duties.row[in_the_way]] = True
    return clash


def with_bar(barred: NDArray[np.bool_], bar: Bar, which: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Give the same with one bar more for some."""
    more = barred.copy()
    more[:, _AT[bar]] |= which
    return more


def _have_all(held: Holders, wanted: Sequence[str], rows: NDArray[np.int64], everyone: int) -> NDArray[np.bool_]:
    have = np.ones(len(rows), bool)
    for thing in wanted:
        have &= _among(held.get(thing), everyone)[rows]
    return have


def _proven(roster: Roster, task: Task, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    proven = np.ones(len(rows), bool)
    for skill in task.need.certified:
        holders = roster.proven.get(skill)
        if holders is not None:
            holders = holders[roster.proven_until[skill] >= task.last_day]
        proven &= _among(holders, len(roster))[rows]
    return proven


def _too_young(roster: Roster, task: Task, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Minors where none may be asked, and children whose guardian did not agree."""
    is_child = roster.child_until[rows] > task.starts_at.toordinal()
    young: NDArray[np.bool_] = is_child & ~roster.guardian_agreed[rows]
    return young | is_minor(roster, rows, task) if task.most_minors == 0 else young


def _among(rows: NDArray[np.int32] | None, everyone: int) -> NDArray[np.bool_]:
    are = np.zeros(everyone, bool)
    if rows is not None:
        are[rows] = True
    return are
