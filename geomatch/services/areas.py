"""Use case: each home to its nearest site, as areas that tile the covered ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.network import areas as ground_room
from geomatch.planning import areas as areas_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.network.profiles import Limit
    from geomatch.planning.areas import Area
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region


def areas(region: Region, limit: Limit, kinds: Sequence[SiteKind] = ()) -> tuple[Area, ...]:
    """Give every site of the given kinds (all where none) its exclusive area, site by site; cached by region."""
    return region.area_lists.get((limit, frozenset(kinds)), lambda: _draw(region, limit, kinds))


def _draw(region: Region, limit: Limit, kinds: Sequence[SiteKind]) -> tuple[Area, ...]:
    profile = limit.profile
    nearby = region.field(profile, kinds)
    drawn = ground_room.areas(region.ways(profile), region.shape(profile), nearby, limit.limit_m)
    walks = region.home_walks(profile, kinds)
    return areas_room.assemble(
        site_ids=[site.id for site in region.sites],
        rows=np.flatnonzero(region.is_kind(kinds)).tolist(),
        drawn=drawn,
        nearest=np.where(walks.walk_m[:, 0] <= limit.limit_m, walks.site[:, 0], np.int32(-1)),
        population=region.homes.population,
    )
