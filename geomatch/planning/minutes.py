"""How many minutes people walk to their nearest site: the quartiles, and how many people in each band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.network.profiles import PROFILES
from geomatch.planning import standards
from geomatch.planning.coverage import weighted_percentile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.network.profiles import Profile

QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Minutes:
    """The walks of the people of a unit, or of the whole.

    Attributes:
        population: people, those who can reach no site included.
        bands: people in each of standards.BANDS; adds up to the population.
        quartile_s: seconds that a quarter, half and three quarters of those who can reach a site do not exceed; None
            where nobody can.
    """

    population: int
    bands: tuple[int, ...]
    quartile_s: tuple[float, float, float] | None


def spread(
    walk_m: NDArray[np.float64], population: NDArray[np.int64], *, profile: Profile = PROFILES["standard"]
) -> Minutes:
    """Tell how the minutes to the nearest site are spread over people.

    Args:
        walk_m: float64 (n,), effective metres of each home, inf where no site can be reached.
        population: int64 (n,).
        profile: whose speed turns metres into minutes.
    """
    nowhere = np.zeros(len(walk_m), np.int32)
    bands = standards.people_by_minutes(walk_m, population, nowhere, units=1, profile=profile)[0]
    return Minutes(int(population.sum()), tuple(bands.tolist()), _quartile_s(walk_m, population, profile.speed_mps))


def _quartile_s(
    walk_m: NDArray[np.float64], population: NDArray[np.int64], speed_mps: float
) -> tuple[float, float, float] | None:
    reaches = np.isfinite(walk_m) & (population > 0)
    if not reaches.any():
        return None
    order = np.argsort(walk_m[reaches], kind="stable")
    metres, up_to = walk_m[reaches][order], np.cumsum(population[reaches][order])
    first, half, third = (weighted_percentile(metres, up_to, share) / speed_mps for share in QUARTILES)
    return first, half, third
