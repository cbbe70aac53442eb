"""Use case, a part of callup_wave: who lives near which station of a call, looked up once for each station."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from geomatch.services import volunteers_near
from geomatch.volunteering.mobilisation import Walks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.services.region import Region
    from geomatch.services.volunteers_near import PlacedRoster
    from geomatch.volunteering.roster import Roster

PROFILE = "standard"


@dataclass
class Muster:
    """The volunteers of a region and their walks to stations; kept between waves, as long as no volunteer changes.

    Attributes:
        placed: the volunteers on the streets.
        region: these streets, with the stations as they are now; `placed` may know older ones.
    """

    placed: PlacedRoster
    region: Region
    _near: dict[tuple[str, float], tuple[NDArray[np.int32], NDArray[np.float64]]] = field(
        default_factory=dict, init=False
    )

    @property
    def roster(self) -> Roster:
        """The volunteers."""
        return self.placed.roster

    def walks(self, sites: Sequence[str], limit_m: NDArray[np.float64]) -> Walks:
        """Give every pair of a station (its row) and a volunteer within the station's limit; none where that is 0."""
        wanted = [(row, (sites[row], limit)) for row, limit in enumerate(limit_m.tolist()) if limit > 0]
        for limit in {limit for _, (_, limit) in wanted}:
            self._look(limit, [site for _, (site, far) in wanted if far == limit and (site, far) not in self._near])
        found = [self._near[key] for _, key in wanted]
        rows = np.array([row for row, _ in wanted], np.int32)
        return Walks(
            np.repeat(rows, [len(volunteer) for volunteer, _ in found]),
            np.concatenate([np.empty(0, np.int32), *(volunteer for volunteer, _ in found)]),
            np.concatenate([np.empty(0), *(walk_m for _, walk_m in found)]),
        )

    def _look(self, limit_m: float, sites: Sequence[str]) -> None:
        if not sites:
            return
        rows = np.array([self.region.site_row(site) for site in sites], np.int64)
        found = volunteers_near.walks(self.placed, self.region.site_places(PROFILE).take(rows), limit_m)
        volunteer = self.roster.place_row[found.point]
        for site, start, end in zip(sites, found.start[:-1].tolist(), found.start[1:].tolist(), strict=True):
            self._near[site, limit_m] = volunteer[start:end], found.walk_m[start:end]
