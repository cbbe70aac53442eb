"""How much of the sites' supply falls to each person: the two-step floating catchment area (2SFCA).

Luo and Wang 2003, Environment and Planning B 30(6), 865-884: step one shares each site's supply among the people within
the limit, R_j = S_j / sum of P_k; step two adds up what a home can reach, A_i = sum of R_j. Nothing is lost: the sum of
P_i A_i over homes equals the sum of S_j over sites that somebody can reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.network.reach import Catchments

EACH_WHERE_NONE_STATED = 1.0


@dataclass(frozen=True)
class Supply:
    """What the sites have to give.

    Attributes:
        of_site: float64 (S,).
        stated: how many sites state their capacity.
        assumed: how many do not, and count as `each`.
        each: the median of what is stated; 1 where no site states any, so that supply then counts sites.
    """

    of_site: NDArray[np.float64]
    stated: int
    assumed: int
    each: float


@dataclass(frozen=True)
class Access:
    """Supply within reach.

    Attributes:
        of_home: float64 (n,), supply for one person of each home.
        shared: float64, the supply of the sites with anybody in their catchment.
    """

    of_home: NDArray[np.float64]
    shared: float


def supply_of(capacities: Sequence[int | None]) -> Supply:
    """Give the supply of sites by their capacities; None counts as the median of those that are stated."""
    stated = [capacity for capacity in capacities if capacity is not None]
    each = float(np.median(stated)) if stated else EACH_WHERE_NONE_STATED
    of_site = np.array([each if capacity is None else capacity for capacity in capacities], np.float64)
    return Supply(of_site, len(stated), len(capacities) - len(stated), each)


def two_step(catchments: Catchments, supply: NDArray[np.float64], population: NDArray[np.int64]) -> Access:
    """Share the supply of each site among the people in its catchment.

    Args:
        catchments: every pair of one of S sites and one of n homes within the limit.
        supply: float64 (S,).
        population: int64 (n,).
    """
    site = np.repeat(np.arange(len(supply)), np.diff(catchments.start))
    demand = np.bincount(site, weights=population[catchments.point], minlength=len(supply))
    used = demand > 0
    ratio = np.divide(supply, demand, out=np.zeros(len(supply)), where=used)
    of_home = np.bincount(catchments.point, weights=ratio[site], minlength=len(population))
    return Access(np.asarray(of_home, np.float64), float(supply[used].sum()))


def mean_by_unit(access: Access, population: NDArray[np.int64], unit: NDArray[np.int32], units: int) -> list[float]:
    """Give the supply for one person, on average over the people of each unit; nan where nobody lives."""
    inside = unit >= 0
    people = np.bincount(unit[inside], weights=population[inside], minlength=units)
    held = np.bincount(unit[inside], weights=(population * access.of_home)[inside], minlength=units)
    means: list[float] = np.divide(held, people, out=np.full(units, np.nan), where=people > 0).tolist()
    return means
