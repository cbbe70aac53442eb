"""Use case: how many minutes people walk to their nearest site, in all and unit by unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.network.profiles import profile_named
from geomatch.planning import minutes as minutes_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.planning.minutes import Minutes
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region


@dataclass(frozen=True, slots=True)
class MinutesTable:
    """The spread of walking minutes of the whole and of each unit, in the order of the region's units."""

    total: Minutes
    units: tuple[Minutes, ...]


def minutes(region: Region, profile: str = "standard", kinds: Sequence[SiteKind] = ()) -> MinutesTable:
    """Tell how the minutes to the nearest site of the given kinds (all where none) are spread over people.

    Raises:
        InputError: an unknown profile.
    """
    walker = profile_named(profile)
    walk_m, homes = region.home_walks(profile, kinds).walk_m[:, 0], region.homes
    order = np.argsort(homes.unit, kind="stable")
    bounds = np.searchsorted(homes.unit[order], np.arange(len(region.units) + 1))
    parts = [order[bounds[place] : bounds[place + 1]] for place in range(len(region.units))]
    return MinutesTable(
        minutes_room.spread(walk_m, homes.population, profile=walker),
        tuple(minutes_room.spread(walk_m[part], homes.population[part], profile=walker) for part in parts),
    )
