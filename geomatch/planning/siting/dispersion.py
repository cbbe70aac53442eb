"""As far from each other as can be (p-dispersion): for what should be spread, not near to people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.planning.siting.plan import Certificate, share_between

if TYPE_CHECKING:
    from numpy.typing import NDArray


def farthest_apart(
    between_m: NDArray[np.float64], kept_m: NDArray[np.float64], count: int
) -> tuple[tuple[int, ...], float, Certificate]:
    """Choose so that the two nearest to each other are as far apart as can be (Kuby 1987).

    Farthest first from every start, then swaps. The bound is the least distance at which the candidates fall into
    fewer groups than are to be chosen, everybody in a group nearer to each other than that: two of the chosen would
    share a group.

    Args:
        between_m: float64 (S, S), symmetric, between candidates; inf where there is no way.
        kept_m: float64 (S,), from each candidate to the nearest site that stays; inf where none counts.
        count: how many to choose, at most S.

    Returns:
        Indexes in the order chosen, the least distance between two of them or to a site that stays (inf where there
        are no two), and the certificate of that distance.
    """
    apart = np.minimum(between_m, np.inf)
    np.fill_diagonal(apart, np.inf)
    count = min(count, len(kept_m))
    tries = [_from(apart, kept_m, first, count) for first in range(len(kept_m))]
    best = max(tries, key=lambda chosen: _least(apart, kept_m, chosen), default=[])
    best = _swapped(apart, kept_m, best)
    value = _least(apart, kept_m, best)
    if not np.isfinite(value):
        return tuple(best), value, Certificate(None, None, None)
    bound = max(value, _proven(apart, kept_m, count, value))
    told = (
        Certificate(bound, share_between(value, bound), "cliques")
        if np.isfinite(bound)
        else Certificate(None, None, None)
    )
    return tuple(best), value, told


def _from(apart: NDArray[np.float64], kept_m: NDArray[np.float64], first: int, count: int) -> list[int]:
    """Choose the farthest from all that are chosen, again and again (Gonzalez 1985)."""
    chosen, away = [first], np.minimum(kept_m, apart[first])
    away[first] = -1.0
    while len(chosen) < count:
        best = int(np.argmax(away))
        chosen.append(best)
        away = np.minimum(away, apart[best])
        away[chosen] = -1.0
    return chosen


def _least(apart: NDArray[np.float64], kept_m: NDArray[np.float64], chosen: list[int]) -> float:
    return float(min(apart[np.ix_(chosen, chosen)].min(initial=np.inf), kept_m[chosen].min(initial=np.inf)))


def _swapped(apart: NDArray[np.float64], kept_m: NDArray[np.float64], chosen: list[int]) -> list[int]:
    """Swap one of the two nearest while that sets them further apart."""
    while True:
        least = _least(apart, kept_m, chosen)
        trial = next((other for other in _trials(apart, kept_m, chosen) if _least(apart, kept_m, other) > least), None)
        if trial is None:
            return chosen
        chosen = trial


def _trials(apart: NDArray[np.float64], kept_m: NDArray[np.float64], chosen: list[int]) -> list[list[int]]:
    """Give, for each chosen one, the choice with the best other in its place."""
    trials = []
    for place in range(len(chosen)):
        others = chosen[:place] + chosen[place + 1 :]
        away = np.minimum(kept_m, apart[others].min(axis=0, initial=np.inf))
        away[others] = -1.0
        trials.append([*chosen[:place], int(np.argmax(away)), *chosen[place + 1 :]])
    return trials


def _proven(apart: NDArray[np.float64], kept_m: NDArray[np.float64], count: int, value: float) -> float:
    """Find the least distance above the value that is proven too far, and give the one just below it."""
    upper = np.triu_indices(len(kept_m), 1)
    distances = np.unique(np.concatenate([apart[upper], kept_m, [value]]))
    distances = distances[distances >= value]
    low, high = 0, len(distances)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _too_far(apart, kept_m, count, float(distances[middle])) else (middle + 1, high)
    return float(distances[low - 1]) if low else value


def _too_far(apart: NDArray[np.float64], kept_m: NDArray[np.float64], count: int, far_m: float) -> bool:
    """Tell whether fewer groups than `count` hold all candidates, those in a group all nearer than far_m."""
    left = list(np.flatnonzero(kept_m >= far_m))
    groups = 0
    while left:
        groups += 1
        if groups >= count:
            return False
        group = [left[0]]
        for other in left[1:]:
            if (apart[other, group] < far_m).all():
                group.append(other)
        left = [other for other in left if other not in set(group)]
    return True
