"""How points fit the townships, as a log likelihood for every reading.

Under the true reading nearly every row stands in the township that it names, or, where it names none, somewhere in the
region; how nearly is not known beforehand, so it is averaged over (a beta-binomial likelihood). Rows astray come in
groups, as when a neighbour's list is appended or a border is drawn wrongly: the logs are halved, and bounded.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geomatch.planning.doctor.measured import Measured

    Pair = tuple[int, int]

_ASTRAY, _RIGHT = 1.0, 19.0
"""Beta prior of the share of rows astray under the true reading: 1 in 20 on average."""
_ELSEWHERE = 0.3
"""Density of rows astray over that of rows in their township: they have about three times the ground to stand on."""
_WORTH = 0.5
_MOST_NAMED, _MOST_UNNAMED = 30.0, 12.0
"""However many rows are astray, they speak against a reading by no more than this."""


@dataclass(frozen=True)
class TownshipEvidence:
    """What the townships say: log likelihoods up to one constant.

    Attributes:
        log_ratio: float64 (S,), of each reading.
        mixed: of some rows in one system and the rest in another, in whatever shares, by pair of readings.
    """

    log_ratio: NDArray[np.float64]
    mixed: Mapping[Pair, float]


def weigh_townships(measured: Measured, pairs: Sequence[Pair]) -> TownshipEvidence:
    """Weigh every reading by the townships, and every given pair of readings mixed."""
    logs = np.zeros(len(measured.fits) + len(pairs))
    for rows, most in ((measured.named, _MOST_NAMED), (~measured.named, _MOST_UNNAMED)):
        if rows.any():
            part = measured.take(rows)
            found = _WORTH * np.concatenate([_alone(part), [_mixture(part, pair) for pair in pairs]])
            logs += np.maximum(found - found.max(), -most)
    readings = len(measured.fits)
    return TownshipEvidence(logs[:readings], dict(zip(pairs, logs[readings:].tolist(), strict=True)))


def _alone(measured: Measured) -> NDArray[np.float64]:
    return _log_likelihood(measured.fits, measured.weight)


def _mixture(measured: Measured, pair: Pair) -> float:
    """Give the log likelihood that each row is in one of two systems, averaged over the share of each."""
    one, other = measured.fits[pair[0]], measured.fits[pair[1]]
    only_one, only_other = float((one & ~other) @ measured.weight), float((other & ~one) @ measured.weight)
    together = _log_likelihood((one | other)[None], measured.weight)[0]
    return float(together) + _log_beta(only_one + 1.0, only_other + 1.0)


def _log_likelihood(fits: NDArray[np.bool_], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    astray, before = (~fits) @ weight, _log_beta(_ASTRAY, _RIGHT)
    right = weight.sum() - astray
    return np.array(
        [
            _log_beta(_ASTRAY + out, _RIGHT + within) - before + out * math.log(_ELSEWHERE)
            for out, within in zip(astray.tolist(), right.tolist(), strict=True)
        ]
    )


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
