"""Who has an open site within reach, hour by hour of a week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from geomatch.planning import opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.network.reach import Catchments

DAYS, HOURS = 7, 24
ORDINARY_MONDAY = date(2026, 3, 9)
"""The week that stands for all where none is named: no public holiday in China, so the same question has the same
answer in every year."""

CLOSED, OPEN, UNKNOWN = 0, 1, 2


@dataclass(frozen=True)
class Week:
    """Coverage at the start of every hour, int64 (7, 24) each, Monday first.

    Attributes:
        covered: people within the limit of a site that is open then.
        at_most: the same if every site whose hours are unknown were open.
    """

    covered: NDArray[np.int64]
    at_most: NDArray[np.int64]


def monday_of(day: date) -> date:
    """Give the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def states(hours: str | None, monday: date, *, timezone: str) -> NDArray[np.uint8]:
    """Tell for every hour of a week, at its start, whether hours are open: uint8 (168,), 0 closed, 1 open, 2 unknown.

    Args:
        hours: what `opening.check` accepted, or None.
        monday: the week's first day.
        timezone: IANA name of the region's time zone.
    """
    first = datetime.combine(monday, time())
    known = (opening.is_open(hours, first + timedelta(hours=hour), timezone=timezone) for hour in range(DAYS * HOURS))
    return np.array([UNKNOWN if is_open is None else int(is_open) for is_open in known], np.uint8)


def tabulate(
    catchments: Catchments,
    pattern: NDArray[np.intp],
    pattern_states: NDArray[np.uint8],
    population: NDArray[np.int64],
) -> Week:
    """Count the people with an open site within the limit, hour by hour.

    Sites with the same hours are one, and homes that reach the same hours are one.

    Args:
        catchments: every pair of one of S sites and one of n homes within the limit.
        pattern: int (S,), which of p sets of hours each site keeps.
        pattern_states: uint8 (p, 168), see `states`.
        population: int64 (n,).
    """
    reached = np.zeros((len(population), len(pattern_states)), bool)
    reached[catchments.point, np.repeat(pattern, np.diff(catchments.start))] = True
    alike, member = np.unique(np.packbits(reached, axis=1), axis=0, return_inverse=True)
    people = np.bincount(member.ravel(), weights=population, minlength=len(alike))
    groups = np.unpackbits(alike, axis=1, count=len(pattern_states)).astype(np.float32)
    covered, at_most = (
        (people @ (groups @ is_open.astype(np.float32) > 0)).astype(np.int64).reshape(DAYS, HOURS)
        for is_open in (pattern_states == OPEN, pattern_states != CLOSED)
    )
    return Week(covered, at_most)


def patterns(hours: Sequence[str | None]) -> tuple[list[str | None], NDArray[np.intp]]:
    """Give the distinct hours, and which of them each site keeps."""
    place: dict[str | None, int] = {}
    of_site = [place.setdefault(text, len(place)) for text in hours]
    return [*place], np.array(of_site, np.intp)
