"""Whether one volunteer may help with one order, whoever proposes it: what they say themselves is not asked.

The bars are those of the matcher, so that nobody may by one door and not by the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from geomatch.volunteering import may, roster
from geomatch.volunteering.matching import BAR_NAMES, Bar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomatch.volunteering.order_sheet import Sheet
    from geomatch.volunteering.people import Volunteer

_OWN_WORD = frozenset({Bar.OFF_DUTY, Bar.WINDOW})
"""Bars that somebody lifts who says yes."""


def task_of(sheet: Sheet, zone: str) -> may.Task:
    """Give what matters of a sheet for who may come, its window in the region's own time."""
    starts_at, ends_at = (moment.astimezone(ZoneInfo(zone)) for moment in (sheet.starts_at, sheet.ends_at))
    return may.Task(starts_at, ends_at, sheet.people_needed, sheet.need)


def bars(volunteer: Volunteer, sheet: Sheet, zone: str) -> tuple[Bar, ...]:
    """Say what keeps a volunteer from an order though they say yes; empty where nothing does."""
    held = may.standing(roster.build([volunteer]), np.zeros(1, np.int64), task_of(sheet, zone))[0]
    return tuple(bar for bar, keeps in zip(Bar, held, strict=True) if keeps and bar not in _OWN_WORD)


def is_one_minor_too_many(volunteer: Volunteer, beside: Sequence[Volunteer], sheet: Sheet, zone: str) -> bool:
    """Tell whether with this volunteer no adult would be among those who come: whoever else accepts is not known."""
    task, everyone = task_of(sheet, zone), roster.build([volunteer, *beside])
    minors = may.is_minor(everyone, np.arange(len(everyone)), task)
    return bool(minors[0]) and int(minors.sum()) > task.most_minors


def words(kept: Iterable[Bar]) -> str:
    """Say bars in Chinese and English."""
    return "; ".join(f"{BAR_NAMES[bar][0]} {BAR_NAMES[bar][1]}" for bar in kept)
