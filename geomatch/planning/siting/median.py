"""Least mean walk (p-median): greedy, interchange, and a Lagrangian bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.planning.siting.plan import Certificate, Plan, added, share_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.planning.siting.problem import Cover, Problem

_ROUNDS, _PATIENCE = 150, 8


@dataclass(frozen=True)
class Walks:
    """How far people walk.

    Attributes:
        pairs: candidates and the points that walk less to them than to any site that stays.
        walk_m: float64 (M,), of the pairs.
        now_m: float64 (n,), to the nearest site that stays; what is further than counts is cut before.
        weight: int64 (n,), people.
    """

    pairs: Cover
    walk_m: NDArray[np.float64]
    now_m: NDArray[np.float64]
    weight: NDArray[np.int64]

    @property
    def saved(self) -> NDArray[np.float64]:
        """Metres that the people of each pair would save, all together."""
        point = self.pairs.point
        return np.asarray(np.maximum(self.now_m[point] - self.walk_m, 0.0) * self.weight[point])

    def by_candidate(self, figures: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sum figures of the pairs for each candidate."""
        return np.bincount(self.pairs.candidate, weights=figures, minlength=len(self.pairs)).astype(np.float64)


def least_walk(problem: Problem, walks: Walks) -> Plan:
    """Choose `problem.budget` candidates so that people walk least on average (Hakimi 1964).

    Args:
        problem: says how many are chosen and who is covered by the choice.
        walks: of the same candidates and points.
    """
    saved = walks.saved
    chosen = _improved(walks, saved, _greedy(walks, saved, int(problem.budget)))
    reached = _total(walks, saved, chosen)
    most = max(_bound(walks, saved, int(problem.budget), reached), reached)
    people = max(int(walks.weight.sum()), 1)
    before = float((walks.now_m * walks.weight).sum())
    value, bound = (before - reached) / people, (before - most) / people
    return Plan(
        tuple(chosen),
        added(problem, chosen),
        problem.covered(),
        problem.covered(chosen),
        before / people,
        value,
        Certificate(bound, share_between(value, bound), "lagrangian"),
    )


def _levels(walks: Walks, saved: NDArray[np.float64], chosen: Sequence[int]) -> NDArray[np.float64]:
    """Give the most that any chosen candidate saves each point, (n,)."""
    level = np.zeros(walks.pairs.points)
    at = walks.pairs.pairs_of(np.asarray(chosen, np.intp))
    np.maximum.at(level, walks.pairs.point[at], saved[at])
    return level


def _total(walks: Walks, saved: NDArray[np.float64], chosen: Sequence[int]) -> float:
    return float(_levels(walks, saved, chosen).sum())


def _gains(walks: Walks, saved: NDArray[np.float64], level: NDArray[np.float64]) -> NDArray[np.float64]:
    return walks.by_candidate(np.maximum(saved - level[walks.pairs.point], 0.0))


def _greedy(walks: Walks, saved: NDArray[np.float64], count: int) -> list[int]:
    chosen: list[int] = []
    for _ in range(min(count, len(walks.pairs))):
        gains = _gains(walks, saved, _levels(walks, saved, chosen))
        gains[chosen] = -1.0
        chosen.append(int(np.argmax(gains)))
    return chosen


def _improved(walks: Walks, saved: NDArray[np.float64], chosen: list[int]) -> list[int]:
    """Swap one for another while that saves more (Teitz and Bart 1968)."""
    total, changed = _total(walks, saved, chosen), True
    while changed:
        changed = False
        for place in range(len(chosen)):
            others = chosen[:place] + chosen[place + 1 :]
            level = _levels(walks, saved, others)
            gains = _gains(walks, saved, level)
            gains[others] = -1.0
            best = int(np.argmax(gains))
            there = float(level.sum()) + float(gains[best])
            if best != chosen[place] and there > total * (1 + 1e-12):
                chosen[place], total, changed = best, there, True
    return chosen


def _bound(walks: Walks, saved: NDArray[np.float64], count: int, reached: float) -> float:
    """Bound what any `count` candidates save, by a price for each point (Cornuejols, Fisher and Nemhauser 1977).

    bound(u) = sum_i u_i + the `count` largest sums over a candidate's pairs of max(0, saved - u), for every u >= 0.
    """
    point = walks.pairs.point
    price = _levels(walks, saved, range(len(walks.pairs))) / 2
    lowest, best, step, stale = np.inf, price, 1.0, 0
    for _ in range(_ROUNDS):
        over = np.maximum(saved - price[point], 0.0)
        worth = walks.by_candidate(over)
        top = np.argsort(-worth, kind="stable")[:count]
        figure = float(price.sum() + worth[top].sum())
        if figure < lowest * (1 - 1e-7):
            lowest, best, stale = figure, price, 0
        else:
            stale += 1
        if lowest - reached <= 1e-6 * lowest:
            break
        if stale >= _PATIENCE:
            step, stale, price = step / 2, 0, best
            continue
        at = walks.pairs.pairs_of(top)
        slope = 1.0 - np.bincount(point[at], weights=(over[at] > 0).astype(np.float64), minlength=len(price))
        square = float((slope * slope).sum())
        if square == 0.0:
            break
        price = np.maximum(price - step * (figure - reached) / square * slope, 0.0)
    return lowest
