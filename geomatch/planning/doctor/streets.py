"""How points sit on the streets, as a log likelihood ratio for every reading.

Each point's distance to the nearest street is ranked among the distances that the same point has under the shifts: the
ground around it is its own measure, dense town or thin village. Under a wrong reading every rank is as likely as any
other. Under the true one ranks bunch: homes keep off the carriageway, shops stand beside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.network.snap import SEARCH_M
from geomatch.planning.doctor.measured import gap_m
from geomatch.planning.doctor.readings import SYSTEMS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.planning.doctor.measured import Measured

_HOMES = (0.02, 0.05, 0.11, 0.12, 0.14, 0.18, 0.15, 0.11, 0.08, 0.04)
"""Share of homes in each tenth of the ranks, from 1,494 residential compounds of Haidian on real streets, smoothed."""
_BESIDE = (0.55, *(0.05,) * 9)
_TENTHS = len(_HOMES)
_HABITS = (
    (0.35, 40.0 * np.array(_HOMES)),
    (0.35, 10.0 * np.array(_BESIDE)),
    (0.20, np.ones(_TENTHS)),
)
"""Prior weight and Dirichlet parameters of each habit: as homes do, beside the street, some habit of its own."""
_NO_HABIT = 0.05
"""Prior weight of points that follow no streets: then the true reading looks like chance as well."""

_NEIGHBOUR_M = 250.0
"""A shift nearer than this to a system's reading is not chance: it sees the same blocks from next door."""
_LEAST_REACHED, _LARGEST_TREND, _LEAST_POINTS = 0.9, 0.35, 5

_log_gamma = np.vectorize(math.lgamma, otypes=[np.float64])


@dataclass(frozen=True)
class StreetEvidence:
    """What the streets say.

    Attributes:
        log_ratio: float64 (S,), log likelihood ratio of each reading against chance, tempered.
        points: how many points had streets all around.
        temper: by how much the logs were divided so that no shift exceeds what chance allows; 1 where none did.
        used: bool (n,), which points those were.
    """

    log_ratio: NDArray[np.float64]
    points: int
    temper: float
    used: NDArray[np.bool_]


def weigh_streets(measured: Measured) -> StreetEvidence:
    """Weigh every reading by the streets; nothing is said of points at the edge of the streets or away from them."""
    street_m = np.minimum(measured.street_m, SEARCH_M)
    used = _among_streets(street_m[len(SYSTEMS) :], measured.offset_m[len(SYSTEMS) :])
    count = int(used.sum())
    if count < _LEAST_POINTS:
        return StreetEvidence(np.zeros(len(street_m)), count, 1.0, used)
    log_ratio = _against_chance(_tenths(street_m[:, used], measured.weight[used]))
    chance = log_ratio[gap_m(measured) > _NEIGHBOUR_M]
    # a likelihood ratio has mean 1 under chance, so the largest of K is about log K; more means that points are not
    # independent, and by so much less is every one of them worth (see test_doctor, "shifts")
    temper = max(1.0, float(chance.max()) / math.log(len(chance)))
    return StreetEvidence(log_ratio / temper, count, temper, used)


def _among_streets(shifted_m: NDArray[np.float64], offset_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which points have streets on all sides: within 2 km under nearly every shift, and no nearer one way.

    A distance that grows steadily in one direction has the edge of the map behind it: there every rank is biased.
    """
    from_mean = shifted_m - shifted_m.mean(axis=0)
    scatter = np.maximum((from_mean**2).sum(axis=0), 1e-9)
    explained = ((offset_m.T @ from_mean) ** 2 / (offset_m**2).sum(axis=0)[:, None]).sum(axis=0)
    reached = (shifted_m < SEARCH_M).mean(axis=0)
    return np.asarray((reached > _LEAST_REACHED) & (explained < _LARGEST_TREND * scatter), bool)


def _tenths(street_m: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum the weight in each tenth of the ranks, reading by reading: float64 (S, tenths)."""
    edges = np.quantile(street_m[len(SYSTEMS) :], np.arange(1, _TENTHS) / _TENTHS, axis=0)
    tenth = sum((street_m > edge).astype(np.int8) for edge in edges)
    return np.stack([(tenth == rank) @ weight for rank in range(_TENTHS)], axis=1)


def _against_chance(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the log of the Dirichlet-multinomial likelihood, averaged over the habits, against equal tenths: (S,)."""
    chance = -counts.sum(axis=1) * math.log(_TENTHS)
    logs = [math.log(share) + _log_dirichlet_multinomial(counts, habit) for share, habit in _HABITS]
    return np.asarray(np.logaddexp.reduce([*logs, math.log(_NO_HABIT) + chance], axis=0) - chance, np.float64)


def _log_dirichlet_multinomial(counts: NDArray[np.float64], habit: NDArray[np.float64]) -> NDArray[np.float64]:
    rise = (_log_gamma(habit + counts) - _log_gamma(habit)).sum(axis=1)
    return np.asarray(_log_gamma(habit.sum()) - _log_gamma(habit.sum() + counts.sum(axis=1)) + rise, np.float64)
