"""What hangs on each site: the people who would lose their cover if it closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Criticality:
    """What hangs on each of S sites, int64 (S,) each.

    Attributes:
        lost: people within the limit of this site and of no other.
        nearest: people within the limit whose nearest site it is.
    """

    lost: NDArray[np.int64]
    nearest: NDArray[np.int64]


def weigh(
    site: NDArray[np.int32],
    walk_m: NDArray[np.float64],
    population: NDArray[np.int64],
    *,
    sites: int,
    limit_m: float,
) -> Criticality:
    """Count what hangs on each site, exactly, from the two nearest sites of every home.

    Whoever has a second site within the limit keeps their cover whichever site closes; of the others only the nearest
    counts. So no site needs to be closed to know.

    Args:
        site: int32 (n, 2), the two nearest sites of each home, -1 padded.
        walk_m: float64 (n, 2), the walks to them, inf padded.
        population: int64 (n,).
        sites: how many sites there are.
        limit_m: inclusive.
    """
    covered = walk_m[:, 0] <= limit_m
    alone = covered & ~(walk_m[:, 1] <= limit_m)
    return Criticality(*(_people(site[rows, 0], population[rows], sites) for rows in (alone, covered)))


def order(found: Criticality) -> NDArray[np.intp]:
    """Rank the sites: who leaves most people without cover first, then whose nearest people are most."""
    return np.lexsort((-found.nearest, -found.lost))


def _people(site: NDArray[np.int32], population: NDArray[np.int64], sites: int) -> NDArray[np.int64]:
    # whole numbers up to 2**53 are exact in the floats that bincount adds
    return np.bincount(site, weights=population, minlength=sites).astype(np.int64)
