"""Use case, a part of callup_wave: everybody who could be called, and who lives near which station of a call."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from geomatch.services import volunteers_near
from geomatch.volunteering.mobilisation import Walks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.services.volunteers_near import PlacedRoster
    from geomatch.volunteering.roster import Roster

PROFILE = "standard"


@dataclass(frozen=True)
class _Near:
    """Pairs found so far within one limit, and for which stations they were looked for."""

    is_known: NDArray[np.bool_]
    walks: Walks


@dataclass
class Muster:
    """The volunteers of a region beside the stations of one call; kept between its waves, as long as nobody changes.

    Attributes:
        sites: ids of the stations.
        placed: the volunteers on the streets.
    """

    sites: Sequence[str]
    placed: PlacedRoster
    _near: dict[float, _Near] = field(default_factory=dict, init=False)

    @property
    def roster(self) -> Roster:
        """The volunteers."""
        return self.placed.roster

    def walks(self, limit_m: NDArray[np.float64]) -> Walks:
        """Give every pair of a station and a volunteer within the station's limit; 0 where nobody is looked for."""
        parts = []
        for limit in np.unique(limit_m[limit_m > 0]).tolist():
            wanted = limit_m == limit
            near = self._within(limit, wanted)
            keep = wanted[near.site]
            parts.append(Walks(near.site[keep], near.volunteer[keep], near.walk_m[keep]))
        return _joined(parts)

    def _within(self, limit_m: float, wanted: NDArray[np.bool_]) -> Walks:
        known = self._near.get(limit_m, _Near(np.zeros(len(self.sites), bool), _joined([])))
        fresh = np.flatnonzero(wanted & ~known.is_known)
        if len(fresh):
            known = _Near(known.is_known | wanted, _joined([known.walks, self._look(limit_m, fresh)]))
            self._near[limit_m] = known
        return known.walks

    def _look(self, limit_m: float, which: NDArray[np.intp]) -> Walks:
        region = self.placed.region
        rows = np.array([region.site_row(self.sites[row]) for row in which.tolist()], np.int64)
        places = region.site_places(PROFILE).take(rows)
        found = volunteers_near.walks(self.placed, places, limit_m)
        site = np.repeat(which, np.diff(found.start)).astype(np.int32)
        return Walks(site, self.roster.place_row[found.point], found.walk_m)


def _joined(parts: Sequence[Walks]) -> Walks:
    if len(parts) == 1:
        return parts[0]
    return Walks(
        np.concatenate([np.empty(0, np.int32), *(part.site for part in parts)]),
        np.concatenate([np.empty(0, np.int32), *(part.volunteer for part in parts)]),
        np.concatenate([np.empty(0), *(part.walk_m for part in parts)]),
    )
