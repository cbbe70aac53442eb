"""Shortest longest walk (p-center): the least radius that enough sites can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.planning.siting import proof
from geomatch.planning.siting.plan import Certificate, Plan, added, share_between
from geomatch.planning.siting.problem import Cover

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.planning.siting.median import Walks
    from geomatch.planning.siting.problem import Problem


def shortest_longest(problem: Problem, walks: Walks) -> Plan:
    """Choose `problem.budget` candidates so that whoever walks furthest walks least (Hakimi 1964).

    Radii are tried by halving: a greedy cover shows that one is enough, the linear relaxation of the cover proves that
    one is not.

    Args:
        problem: says how many are chosen and who is covered by the choice.
        walks: of the same candidates and points; who reaches nothing at all must have been left out (weight 0).
    """
    count, lived_in = int(problem.budget), walks.weight > 0
    radii = np.unique(np.concatenate([[0.0], walks.walk_m, walks.now_m[lived_in]]))
    radii = radii[np.isfinite(radii)]
    before = float(walks.now_m[lived_in].max(initial=0.0))
    radii = np.append(radii[radii < before], before)

    def chosen_at(turn: int) -> list[int] | None:
        return _greedy(_within(walks, float(radii[turn]), lived_in), count)

    low, high = 0, len(radii) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if chosen_at(middle) is not None else (middle + 1, high)
    chosen = chosen_at(high) or []
    value = _longest(walks, chosen, lived_in)
    bound = min(value, _proven(walks, radii[radii <= value], lived_in, count))
    proven = np.isfinite(value)
    return Plan(
        tuple(chosen),
        added(problem, chosen),
        problem.covered(),
        problem.covered(chosen),
        before if np.isfinite(before) else None,
        value if proven else None,
        Certificate(bound, share_between(value, bound), "linear") if proven else Certificate(None, None, None),
    )


def _within(walks: Walks, radius_m: float, lived_in: NDArray[np.bool_]) -> Cover:
    """Give the pairs within a radius, of the points that no site that stays holds within it; renumbered."""
    asked = lived_in & (walks.now_m > radius_m)
    pairs = walks.pairs
    held = asked[pairs.point] & (walks.walk_m <= radius_m)
    number = np.cumsum(asked) - 1
    sizes = np.bincount(pairs.candidate[held], minlength=len(pairs))
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return Cover(start, number[pairs.point[held]].astype(np.int32), int(asked.sum()))


def _greedy(cover: Cover, count: int) -> list[int] | None:
    """Cover every point with at most `count` candidates, the one with most points first; None where that fails."""
    left = np.ones(cover.points, bool)
    chosen: list[int] = []
    while left.any():
        gains = np.bincount(cover.candidate[left[cover.point]], minlength=len(cover))
        best = int(np.argmax(gains)) if len(gains) else 0
        if len(chosen) == count or not len(gains) or not gains[best]:
            return None
        chosen.append(best)
        left[cover.of(best)] = False
    return chosen


def _longest(walks: Walks, chosen: list[int], lived_in: NDArray[np.bool_]) -> float:
    walk_m = walks.now_m.copy()
    at = walks.pairs.pairs_of(np.asarray(chosen, np.intp))
    np.minimum.at(walk_m, walks.pairs.point[at], walks.walk_m[at])
    return float(walk_m[lived_in].max(initial=0.0))


def _proven(walks: Walks, radii: NDArray[np.float64], lived_in: NDArray[np.bool_], count: int) -> float:
    """Find the least radius that is not proven too short."""
    low, high = 0, len(radii) - 1
    while low < high:
        middle = (low + high) // 2
        needed = proof.least_cover(_within(walks, float(radii[middle]), lived_in))
        low, high = (middle + 1, high) if needed > count + 1e-6 else (low, middle)
    return float(radii[high])
