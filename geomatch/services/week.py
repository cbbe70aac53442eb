"""Use case: who has an open site within reach, hour by hour of a week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.planning import week as week_room
from geomatch.services.fairness import catchments_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from geomatch.network.profiles import Limit
    from geomatch.planning.sites import SiteKind
    from geomatch.planning.week import Week
    from geomatch.services.region import Region


@dataclass(frozen=True, slots=True)
class OpenWeek:
    """Coverage by the hour.

    Attributes:
        monday: the first day of the week that was looked at.
        timezone: of the region, in which the hours are.
        week: people covered at the start of each hour.
        population: all people.
        sites, unknown: how many sites count, and of how many the hours are not known at all.
    """

    monday: date
    timezone: str
    week: Week
    population: int
    sites: int
    unknown: int


def opening(region: Region, day: date = week_room.ORDINARY_MONDAY) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """Tell which sites are open in each hour of the week that holds a day.

    Returns:
        For each of p distinct sets of hours what `planning.week.states` tells of it, uint8 (p, 168); and which of them
        each site of the region keeps, int (S,).
    """
    monday, timezone = week_room.monday_of(day), region.spec.timezone
    hours, pattern = week_room.patterns([site.hours for site in region.sites])
    told = [week_room.states(text, monday, timezone=timezone) for text in hours]
    return np.array(told, np.uint8).reshape(len(hours), week_room.DAYS * week_room.HOURS), pattern


def week(
    region: Region, limit: Limit, *, day: date = week_room.ORDINARY_MONDAY, kinds: Sequence[SiteKind] = ()
) -> OpenWeek:
    """Count who has an open site within the limit, for every hour of the week that holds a day.

    A site whose hours are unknown is not known to be open: it counts in `at_most` only.
    """
    states, pattern = opening(region, day)
    untold = np.all(states == week_room.UNKNOWN, axis=1)[pattern]
    chosen = region.is_kind(kinds)
    population = region.homes.population
    return OpenWeek(
        monday=week_room.monday_of(day),
        timezone=region.spec.timezone,
        week=week_room.tabulate(catchments_of(region, limit, kinds), pattern, states, population),
        population=int(population.sum()),
        sites=int(chosen.sum()),
        unknown=int((chosen & untold).sum()),
    )
