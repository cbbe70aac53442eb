"""Use case: who has a site within reach, township by township."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.planning import coverage as coverage_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.network.profiles import Limit
    from geomatch.planning.coverage import CoverageTable, People
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region


def coverage(region: Region, limit: Limit, kinds: Sequence[SiteKind] = ()) -> CoverageTable:
    """Count the people within the limit of a site of the given kinds (all where none); cached by region."""
    return region.coverage_tables.get((limit, frozenset(kinds)), lambda: _tabulate(region, limit, kinds))


def people_of(region: Region, profile: str, kinds: Sequence[SiteKind] = ()) -> People:
    """Give where people live and how far they walk, and would fly, to the sites of the given kinds."""
    walks = region.home_walks(profile, kinds)
    return coverage_room.People(
        population=region.homes.population,
        unit=region.homes.unit,
        on_network=region.home_places(profile).on_network,
        walk_m=walks.walk_m[:, 0],
        second_m=walks.walk_m[:, 1],
        straight_m=_straight_m(region, kinds),
    )


def _tabulate(region: Region, limit: Limit, kinds: Sequence[SiteKind]) -> CoverageTable:
    people, ids = people_of(region, limit.profile, kinds), region.townships.ids
    return coverage_room.tabulate(people, ids, region.unit_names, limit=limit, kinds=kinds)


def _straight_m(region: Region, kinds: Sequence[SiteKind]) -> NDArray[np.float64]:
    """Give each home's metres to the nearest site as the crow flies; inf where there is no site."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - scipy stays out of the way to a first answer

    chosen = region.is_kind(kinds)
    if not chosen.any():
        return np.full(len(region.homes.lon), np.inf)
    tree = cKDTree(np.column_stack([region.site_x, region.site_y])[chosen])
    away_m, _ = tree.query(np.column_stack(region.home_xy))
    return np.asarray(away_m, np.float64)
