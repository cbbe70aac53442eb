"""No choice can cover more: upper bounds that hold for whatever multipliers they are made with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.planning.siting.problem import Problem

ROUNDS = 400
_PATIENCE, _DEFLECTED, _GOOD_ENOUGH = 12, 0.6, 1e-4


@dataclass(frozen=True)
class Bound:
    """What no choice can exceed.

    Attributes:
        people: the bound, whole people.
        choices: affordable choices met on the way, good starts for swaps; each a tuple of candidates.
    """

    people: int
    choices: tuple[tuple[int, ...], ...]


def of_cover(problem: Problem, covered: int, *, close: float = _GOOD_ENOUGH) -> Bound:
    """Bound the people that any affordable choice covers, floors left aside (they can only lower it).

    Lagrangian relaxation of "a point counts only when enough chosen candidates reach it" (Galvao and ReVelle 1996,
    Eur. J. Oper. Res. 88): with a price u_i for each point,

        bound(u) = sum_i max(0, w_i - need u_i) + sum_i u_i already_i + the dearest affordable candidates' sum of u

    holds for every u >= 0; subgradient steps (Held, Wolfe and Crowder 1974) look for a low one. At its lowest it equals
    the linear relaxation.

    Args:
        problem: merged or not.
        covered: people that a known choice covers, or below whom the bound is to come.
        close: share of the bound that is not worth more rounds; 0 goes on until the bound is less than a person away.
    """
    weight, need = problem.weight.astype(np.float64), problem.need
    price = weight / need * 0.5
    best_price, lowest, step, stale = price, np.inf, 1.0, 0
    direction = np.zeros_like(price)
    met: dict[tuple[int, ...], None] = {}
    for turn in range(ROUNDS):
        value, share = _dearest(problem, _by_candidate(problem, price))
        counts = weight > need * price
        figure = float((weight - need * price)[counts].sum() + (price * problem.already).sum()) + value
        if figure < lowest * (1 - 1e-7):
            lowest, best_price, stale = figure, price, 0
        else:
            stale += 1
        if turn % 10 == 0:
            met[tuple(np.flatnonzero(share >= 1.0).tolist())] = None
        if lowest - covered < 1.0 or lowest - covered < close * lowest:
            break
        if stale >= _PATIENCE:
            step, stale, price, direction = step / 2, 0, best_price, np.zeros_like(price)
            continue
        slope = _reached(problem, share) + problem.already - need * counts
        direction = slope + _DEFLECTED * direction
        square = float((direction * direction).sum())
        if square == 0.0:
            break
        price = np.clip(price - step * (figure - covered) / square * direction, 0.0, weight / need)
    # people are whole: what rounding of sums could hide is far below half a person
    return Bound(int(np.floor(lowest * (1 + 1e-12) + 1e-6)), tuple(met))


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
