"""Which system it is: all evidence together, against everything else that could be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import TYPE_CHECKING

import numpy as np

from geomatch.planning.doctor.measured import gap_m
from geomatch.planning.doctor.readings import SYSTEMS
from geomatch.planning.doctor.streets import weigh_streets
from geomatch.planning.doctor.townships import weigh_townships

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geomatch.geo.coordinates import CoordSys
    from geomatch.planning.doctor.measured import Measured
    from geomatch.planning.doctor.streets import StreetEvidence

SURE = 0.95
"""Below this nothing is claimed."""
HIGHEST = 0.999
"""Nothing is claimed more surely than this: what no model foresees happens more often than one time in a thousand."""

_ANOTHER_SHIFT, _MIXED, _TOWNSHIPS_SHIFTED = 1.2, 0.01, 0.004
"""Prior weight of the other explanations, where each system has 1; calibrated on shifted, mixed and true files."""
_NEXT_DOOR_M = 120.0
_TELLS_APART_M = 250.0


@dataclass(frozen=True)
class Judgement:
    """How probable each explanation is; they add up to 1.

    Attributes:
        systems: probability of each system of SYSTEMS.
        another_shift: the points are shifted as no system shifts them, or have nothing to do with these streets.
        mixed: some rows are in one system, some in another.
        townships_shifted: streets and townships point to two systems; one of them is not where it says.
        streets: what the streets said.
    """

    systems: Mapping[CoordSys, float]
    another_shift: float
    mixed: float
    townships_shifted: float
    streets: StreetEvidence

    @property
    def likeliest(self) -> CoordSys:
        """The most probable system."""
        return max(self.systems, key=lambda system: self.systems[system])


def judge(measured: Measured) -> Judgement:
    """Weigh every explanation of what was measured (Bayes' rule, priors as above)."""
    streets, townships = weigh_streets(measured), weigh_townships(measured, _pairs(measured))
    apart = _townships_shifted(streets.log_ratio, townships.log_ratio) if not measured.fits.all() else np.empty(0)
    both = streets.log_ratio + townships.log_ratio
    shifts = both[gap_m(measured) > _NEXT_DOOR_M]
    logs = {
        "systems": both[: len(SYSTEMS)],
        "another_shift": shifts + math.log(_ANOTHER_SHIFT / len(shifts)),
        "mixed": _mixed(streets.log_ratio, townships.mixed),
        "townships_shifted": apart,
    }
    everything = np.logaddexp.reduce(np.concatenate([*logs.values()]))
    chance = {name: np.exp(parts - everything) for name, parts in logs.items()}
    return Judgement(
        systems=dict(zip(SYSTEMS, chance["systems"].tolist(), strict=True)),
        another_shift=float(chance["another_shift"].sum()),
        mixed=float(chance["mixed"].sum()),
        townships_shifted=float(chance["townships_shifted"].sum()),
        streets=streets,
    )


def _pairs(measured: Measured) -> list[tuple[int, int]]:
    """Give the pairs of systems whose readings lie far enough apart for a mixture to show."""
    return [
        (one, other)
        for one, other in combinations(range(len(SYSTEMS)), 2)
        if math.dist(measured.offset_m[one], measured.offset_m[other]) > _TELLS_APART_M
    ]


def _mixed(streets: NDArray[np.float64], townships: Mapping[tuple[int, int], float]) -> NDArray[np.float64]:
    """Give the logs of two systems in one file: both leave their mark on the streets; (pairs,)."""
    logs = [streets[one] + streets[other] + log for (one, other), log in townships.items()]
    return np.array(logs) + math.log(_MIXED / 3)


def _townships_shifted(streets: NDArray[np.float64], townships: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the logs of streets in one system and townships in another; (pairs,)."""
    pairs = list(permutations(range(len(SYSTEMS)), 2))
    logs = [streets[on_streets] + townships[in_townships] for on_streets, in_townships in pairs]
    return np.array(logs) + math.log(_TOWNSHIPS_SHIFTED / len(pairs))
