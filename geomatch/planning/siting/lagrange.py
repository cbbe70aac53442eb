"""A bound that no choice can exceed, by Lagrange multipliers: cheap, and valid whatever the multipliers are.

For maximal covering, sum of w_i y_i with k_i y_i <= the chosen that reach i, every price l_i >= 0 gives

    bound(l) = sum max(0, w_i - k_i l_i) + best affordable sum of (sum of l_i over the points that j reaches),

where the last part is a fractional knapsack (Geoffrion 1974; Galvao and ReVelle 1996, EJOR 88). A subgradient search
looks for prices that make it small. It ends near the bound of the linear relaxation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.planning.siting.problem import Problem

STEPS = 700
PATIENCE = 12
"""Steps without a better bound before the step is halved."""
SMALLEST = 1e-3
_HAIR = 1e-6


@dataclass(frozen=True)
class Priced:
    """What the search over prices found.

    Attributes:
        bound: no choice wins more people.
        price: float64 (n,), the prices that prove it.
        often: float64 (S,), how much of each candidate the relaxed choice takes, averaged; a guide to good choices.
    """

    bound: float
    price: NDArray[np.float64]
    often: NDArray[np.float64]


def priced(problem: Problem, chosen: list[int], *, steps: int = STEPS) -> Priced:
    """Search for the prices that give the least bound; `chosen` is a good choice to start from.

    Floors and targets are left out, which can only make the bound larger, never wrong.
    """
    matrix, need = problem.cover.matrix, np.maximum(problem.need - problem.already, 1).astype(np.float64)
    turned = matrix.T.tocsr()
    weight = problem.weight.astype(np.float64)
    goal = float(problem.covered(chosen) - problem.covered())
    reached = problem.cover.counts(chosen)
    price = weight / need / np.maximum(reached - need + 1, 1)
    best, best_price, often = np.inf, price, np.zeros(len(problem.cover))
    scale, waited, direction = 1.0, 0, np.zeros_like(price)
    for _ in range(steps):
        take, worth = knapsack(problem, matrix @ price)
        slack = weight - need * price
        bound = float(slack.clip(0.0).sum()) + worth
        often += 0.05 * (take - often)
        waited += 1
        if bound < best - 1e-9 * abs(best if np.isfinite(best) else 1.0):
            best, best_price, waited = bound, price, 0
        if waited >= PATIENCE:
            scale, waited, price = scale / 2, 0, best_price
            direction = np.zeros_like(price)
            continue
        if scale < SMALLEST or best <= goal + _HAIR:
            break
        direction = turned @ take - need * (slack > 0) + 0.5 * direction
        length = float(direction @ direction)
        if length == 0.0:
            break
        price = np.clip(price - scale * (bound - goal) / length * direction, 0.0, weight / need)
    return Priced(best, best_price, often)


def knapsack(problem: Problem, worth: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Fill the budget with what is worth most for its price, the last in part: shares (S,) and their worth."""
    take = np.zeros(len(worth))
    if not np.isfinite(problem.budget):
        take[worth > 0] = 1.0
        return take, float(worth.clip(0.0).sum())
    order = np.argsort(-worth / np.maximum(problem.cost, 1e-12), kind="stable")
    up_to = np.cumsum(problem.cost[order])
    room = problem.budget - (up_to - problem.cost[order])
    part = np.where(problem.cost[order] > 0, room / np.maximum(problem.cost[order], 1e-12), 1.0)
    take[order] = np.clip(part, 0.0, 1.0) * (worth[order] > 0)
    return take, float(take @ worth)


def least_cost(problem: Problem, chosen: list[int]) -> float:
    """Give a cost below which no choice reaches the target; 0 where nothing is to be reached.

    By the same prices: the bound on people grows with the budget, and the target is out of reach while it is below.
    """
    if not problem.target:
        return 0.0
    best, tried = 0.0, problem.spent(chosen)
    for share in (0.9, 0.95, 0.98, 1.0):
        at = replace(problem, budget=max(tried * share, float(problem.cost.min(initial=1.0))))
        found = priced(at, search_start(at, chosen), steps=STEPS // 2)
        best = max(best, _reaching(problem, found.price))
    return best


def search_start(problem: Problem, chosen: list[int]) -> list[int]:
    """Give as many of the chosen, in their order, as the budget pays."""
    up_to = np.cumsum(problem.cost[chosen])
    return [one for one, spent in zip(chosen, up_to, strict=True) if problem.affords(spent)]


def _reaching(problem: Problem, price: NDArray[np.float64]) -> float:
    """Give the least budget whose bound at these prices reaches the target; inf where no budget does."""
    need = np.maximum(problem.need - problem.already, 1).astype(np.float64)
    missing = (problem.target or 0) - float((problem.weight - need * price).clip(0.0).sum()) - _HAIR
    if missing <= 0:
        return 0.0
    worth = problem.cover.matrix @ price
    order = np.argsort(-worth / np.maximum(problem.cost, 1e-12), kind="stable")
    won, paid = np.cumsum(worth[order]), np.cumsum(problem.cost[order])
    last = int(np.searchsorted(won, missing))
    if last >= len(won):
        return float("inf")
    before_won, before_paid = (won[last - 1], paid[last - 1]) if last else (0.0, 0.0)
    share = (missing - before_won) / max(worth[order[last]], 1e-300)
    return float(before_paid + share * problem.cost[order[last]])
