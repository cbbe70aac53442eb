"""Use case: where people live with no site within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import InputError
from geomatch.network import reach
from geomatch.planning import gaps as gaps_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.network.profiles import Limit
    from geomatch.planning.gaps import Gap
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region


def gaps(region: Region, limit: Limit, *, kinds: Sequence[SiteKind] = (), min_people: int = 0) -> tuple[Gap, ...]:
    """Find the uncovered areas where at least min_people live, most people first; cached by region.

    Raises:
        InputError: min_people is negative.
    """
    if min_people < 0:
        raise InputError.of("min_people", "must be 0 or more", value=min_people)
    found = region.gap_lists.get((limit, frozenset(kinds)), lambda: _find(region, limit, kinds))
    return tuple(gap for gap in found if gap.people >= min_people)


def _find(region: Region, limit: Limit, kinds: Sequence[SiteKind]) -> tuple[Gap, ...]:
    walks = region.home_walks(limit.profile, kinds)
    ways, field = region.ways(limit.profile), region.field(limit.profile, kinds)
    x, y = region.home_xy
    rows = np.flatnonzero((walks.walk_m[:, 0] > limit.limit_m) & (region.homes.population > 0))
    homes = gaps_room.Uncovered(
        home=rows,
        x=x[rows],
        y=y[rows],
        population=region.homes.population[rows],
        unit=region.homes.unit[rows],
        on_network=region.home_places(limit.profile).on_network[rows],
        site=walks.site[rows, 0],
        walk_m=walks.walk_m[rows, 0],
    )

    def is_uncovered(xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.bool_]:
        _, walk_m = reach.nearest(ways, field, reach.place(ways, xs, ys))
        return np.asarray(walk_m[:, 0] > limit.limit_m, bool)

    return gaps_room.find(
        homes,
        is_uncovered=is_uncovered,
        plane=region.graph.plane,
        unit_names=region.unit_names,
        site_ids=[site.id for site in region.sites],
    )
