"""No choice can cover more: upper bounds that hold for whatever multipliers they are made with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.planning.siting.problem import Problem

ROUNDS = 1000
_PATIENCE, _DEFLECTED, _SMALLEST, _GOOD_ENOUGH = 40, 0.8, 0.01, 1e-4
"""Rounds without progress before steps are halved; how much of the last direction is kept; the step and the gap that
end the search."""
_FIRST = 0.5
"""Prices begin at this share of their highest."""
_TWO = 2


@dataclass(frozen=True)
class Bound:
    """What no choice can exceed.

    Attributes:
        people: the bound, whole people.
        choices: affordable choices met on the way, good starts for swaps; each a tuple of candidates.
    """

    people: int
    choices: tuple[tuple[int, ...], ...]


def of_cover(problem: Problem, covered: int, *, under: int = 0, capped: bool = False) -> Bound:
    """Bound the people that any affordable choice covers, floors left aside (they can only lower it).

    Prices that any choice would have to pay are looked for by subgradient steps (Held, Wolfe and Crowder 1974); the
    figure is a bound wherever they stop. At its lowest it equals the linear relaxation.

    Args:
        problem: merged or not.
        covered: people that a known choice covers (as they are counted here).
        under: people; the search ends as soon as the bound is below them.
        capped: count the people of each unit up to its floor only; a choice keeps all floors where that is their sum.
    """
    relaxed = _Relaxed(problem, capped=capped)
    price = best_price = relaxed.highest * _FIRST
    lowest, step, stale, direction = np.inf, 1.0, 0, np.zeros_like(price)
    met: dict[tuple[int, ...], None] = {}
    for turn in range(ROUNDS):
        figure, share, slope = relaxed.at(price)
        if figure < lowest * (1 - 1e-7):
            lowest, best_price, stale = figure, price, 0
        else:
            stale += 1
        if turn % 10 == 0:
            met[tuple(np.flatnonzero(share >= 1.0).tolist())] = None
        if lowest < under - 1e-3 or lowest - covered < 1.0 or (not under and lowest - covered < _GOOD_ENOUGH * lowest):
            break
        if stale >= _PATIENCE:
            if step < _SMALLEST:
                break
            step, stale, price, direction = step / 2, 0, best_price, np.zeros_like(price)
            continue
        direction = slope + _DEFLECTED * direction
        square = float((direction * direction).sum())
        if square == 0.0:
            break
        price = np.clip(price - step * (figure - covered) / square * direction, 0.0, relaxed.highest)
    # people are whole: what rounding of sums could hide is far below half a person
    return Bound(int(np.floor(lowest * (1 + 1e-12) + 1e-6)), tuple(met))


class _Relaxed:
    """A question with "a point counts only when enough chosen candidates reach it" priced instead of kept.

    With a price u_i for each point that r_i more sites would serve (Galvao and ReVelle 1996, Eur. J. Oper. Res. 88),

        bound(u) = sum_i max(0, w_i - r_i u_i) + the dearest affordable candidates' sum of u

    holds for every u >= 0. That r_i counts what is still missing makes it tighter than need and sites already there.

    Where two sites are missing, one alone would serve half a person. Without any one candidate j there must still be
    another: y_i <= sum of the others' x, a price v_ij for each such pair beside u_i, and w_i - r_i u_i - sum_j v_ij.

    Attributes:
        highest: float64, what prices need not exceed: of the points and, where two are missing somewhere, of the pairs.
    """

    def __init__(self, problem: Problem, *, capped: bool) -> None:
        self._problem, self._capped = problem, capped
        self._need = np.maximum(problem.need - problem.already, 0)
        self._weight = problem.weight.astype(np.float64)
        self._paired = (self._need == _TWO)[problem.cover.point]
        each = np.where(self._need > 0, self._weight / np.maximum(self._need, 1), 0.0)
        pairs = np.where(self._paired, self._weight[problem.cover.point], 0.0)
        self.highest = np.concatenate([each, pairs]) if self._paired.any() else each

    def at(self, price: NDArray[np.float64]) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
        """Give the bound at some prices, the share of each candidate bought, and the slope of the bound."""
        problem, points = self._problem, len(self._weight)
        cover, of_point, of_pair = problem.cover, price[:points], price[points:]
        summed = np.bincount(cover.point, weights=of_pair, minlength=points) if len(of_pair) else 0.0
        worth = _by_candidate(problem, of_point + summed)
        if len(of_pair):
            worth -= np.bincount(cover.candidate, weights=of_pair, minlength=len(cover))
        value, share = _dearest(problem, worth)
        gain = self._weight - self._need * of_point - summed
        counted = _up_to_floors(problem, gain) if self._capped else (gain > 0).astype(np.float64)
        reached = _reached(problem, share)
        slope = reached - self._need * counted
        if len(of_pair):
            apart = reached[cover.point] - share[cover.candidate] - counted[cover.point]
            slope = np.concatenate([slope, np.where(self._paired, apart, 0.0)])
        return float((gain * counted).sum()) + value, share, slope


def _up_to_floors(problem: Problem, gain: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the share of each point that counts: in every unit those with most gain a person, up to the floor.

    A knapsack in every unit, its last point in part (Dantzig 1957).
    """
    shares = np.zeros(len(gain))
    rows = np.flatnonzero((problem.unit >= 0) & (gain > 0) & (problem.weight > 0))
    rows = rows[np.lexsort((-gain[rows] / problem.weight[rows], problem.unit[rows]))]
    unit, people = problem.unit[rows], problem.weight[rows].astype(np.float64)
    before = np.cumsum(people) - people
    first = np.searchsorted(unit, unit)  # where a unit's rows begin
    room = problem.floor[unit] - (before - before[first])
    shares[rows] = np.clip(room / people, 0.0, 1.0)
    return shares


def _by_candidate(problem: Problem, price: NDArray[np.float64]) -> NDArray[np.float64]:
    cover = problem.cover
    if not len(cover.point):
        return np.zeros(len(cover))
    return np.asarray(cover.matrix @ price)


def _reached(problem: Problem, share: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = np.flatnonzero(share)
    cover = problem.cover
    spread = np.repeat(share[rows], cover.start[rows + 1] - cover.start[rows])
    return np.bincount(cover.point[cover.pairs_of(rows)], weights=spread, minlength=cover.points).astype(np.float64)


def _dearest(problem: Problem, worth: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Give the most that the budget buys, the last candidate in part (Dantzig 1957), and the share of each bought."""
    share = np.zeros(len(worth))
    order = np.argsort(-worth / problem.cost, kind="stable")
    order = order[worth[order] > 0]
    spent = np.cumsum(problem.cost[order])
    whole = order[problem.affords(spent)]
    share[whole] = 1.0
    if len(whole) < len(order):
        left = problem.budget - (spent[len(whole) - 1] if len(whole) else 0.0)
        share[order[len(whole)]] = max(0.0, left / float(problem.cost[order[len(whole)]]))
    if problem.counted:
        share = np.floor(share + 1e-9)
    return float((worth * share).sum()), share
