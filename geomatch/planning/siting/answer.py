"""The answer to a siting question, and its certificate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import InputError
from geomatch.planning.siting import lagrange, search
from geomatch.planning.siting.problem import merge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.planning.siting.problem import Merged, Problem


class Objective(StrEnum):
    """What is wanted, under its field name."""

    MCLP = "mclp"
    LSCP = "lscp"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Certificate:
    """How good an answer is, and how that was proven.

    Attributes:
        measure: what value and bound count: "people", "sites" or "cost".
        value: what the answer reaches.
        value_before: the same before anything is chosen; None where the measure counts only what is chosen.
        bound: what no choice can beat: most people, or least sites or cost.
        gap: |bound - value| as a share of the larger of the two; 0 means proven to be the best.
        optimal: whether the bound equals the value.
        how: which proof gave the bound: "lagrange" (prices), "greedy" (DOMAIN: value + the largest gains left).
        greedy_bound: the cheap bound of greedy choices for people; None where it does not apply.
    """

    measure: str
    value: float
    value_before: float | None
    bound: float
    gap: float
    optimal: bool
    how: str
    greedy_bound: int | None


@dataclass(frozen=True, slots=True)
class Unmet:
    """A floor or target that the answer misses.

    Attributes:
        unit: index of the unit; None for the target of the whole.
        wanted: people who must be within reach.
        reached: people who are.
        reachable: people who would be if every candidate were opened; where this is less than wanted, no choice can.
    """

    unit: int | None
    wanted: int
    reached: int
    reachable: int

    @property
    def short(self) -> int:
        """How many people are missing."""
        return self.wanted - self.reached


@dataclass(frozen=True)
class Siting:
    """What to open.

    Attributes:
        chosen: candidates in order of choice: each wins most people of those that are left.
        people_added: int64 (chosen,), people within the limit of a site whom each adds to those before
            it; sums to covered - covered_before.
        covered_before, covered: people within the limit of at least one site.
        units_before, units: the same, unit by unit, int64 (units,).
        spent: float64 (chosen,), running cost.
        certificate: how good this is.
        unmet: floors and targets that it misses.
    """

    chosen: tuple[int, ...]
    people_added: NDArray[np.int64]
    covered_before: int
    covered: int
    units_before: NDArray[np.int64]
    units: NDArray[np.int64]
    spent: NDArray[np.float64]
    certificate: Certificate
    unmet: tuple[Unmet, ...]


def choose(problem: Problem) -> Siting:
    """Choose sites: most people within a budget, or, where a target is set, the least cost that meets it.

    Floors come before averages: people missing under a floor count before anybody else.

    Raises:
        InputError: neither a budget nor a target bounds the choice.
    """
    if not np.isfinite(problem.budget) and problem.target is None:
        raise InputError.of("p, budget, target", "give how many sites, or what may be spent, or a target")
    merged = merge(problem)
    chosen = _covering(merged.problem) if problem.target is None else _targeted(merged.problem)
    certificate = _most(problem, merged, chosen) if problem.target is None else _fewest(problem, merged, chosen)
    return _told(problem, chosen, certificate)


def _covering(problem: Problem) -> list[int]:
    starts = [search.greedy(problem)]
    if not problem.counted:
        starts.append(search.greedy(problem, by_price=False))
    return max((search.improved(problem, start) for start in starts), key=lambda chosen: search.rank(problem, chosen))


def _targeted(problem: Problem) -> list[int]:
    """Open sites until target and floors are met, then close whatever is not needed for them, the dearest first."""
    chosen = search.greedy(problem)
    for candidate in sorted(chosen, key=lambda one: (-problem.cost[one], one)):
        without = [other for other in chosen if other != candidate]
        if problem.shortfall(without) <= problem.shortfall(chosen):
            chosen = without
    return chosen


def _most(problem: Problem, merged: Merged, chosen: list[int]) -> Certificate:
    value, before = problem.covered(chosen), problem.covered()
    ours = merged.problem
    greedy_bound = _greedy_bound(problem, ours, chosen) if problem.need == 1 else None
    proven = merged.settled + int(np.floor(lagrange.priced(ours, chosen).bound + 1e-6))
    how = "lagrange"
    if greedy_bound is not None and greedy_bound < proven:
        proven, how = greedy_bound, "greedy"
    bound = max(proven, value)
    gap = (bound - value) / bound if bound else 0.0
    return Certificate("people", value, before, bound, gap, bound == value, how, greedy_bound)


def _greedy_bound(problem: Problem, ours: Problem, chosen: list[int]) -> int:
    """Give f(S) + the largest gains that the budget could still buy (submodularity; Nemhauser and others 1978)."""
    left = ours.cover.counts(chosen) == 0
    _, more = lagrange.knapsack(ours, ours.cover.matrix @ (ours.weight * left).astype(np.float64))
    return problem.covered(chosen) + int(np.floor(more + 1e-6))


def _fewest(problem: Problem, merged: Merged, chosen: list[int]) -> Certificate:
    ours = merged.problem
    least = lagrange.least_cost(ours, chosen)
    value = problem.spent(chosen)
    bound = float(np.ceil(least - 1e-6)) if problem.counted else least
    bound = min(bound, value) if problem.shortfall(chosen) == 0 else bound
    gap = (value - bound) / value if value and bound <= value else 0.0
    optimal = problem.shortfall(chosen) == 0 and abs(value - bound) <= 1e-9 * max(1.0, value)
    measure = "sites" if problem.counted else "cost"
    return Certificate(measure, value, None, bound, gap, optimal, "lagrange", None)


def _told(problem: Problem, chosen: list[int], certificate: Certificate) -> Siting:
    """Order the chosen by what each adds for the people with nobody near, and tell the figures."""
    order, added = _ordered(problem, chosen)
    near = problem.reached()
    unmet = [
        Unmet(unit, int(wanted), int(reached), int(reachable))
        for unit, (wanted, reached, reachable) in enumerate(
            zip(problem.floor, problem.by_unit(order), problem.by_unit(range(len(problem.cover))), strict=True)
        )
        if reached < wanted
    ]
    if problem.target is not None and problem.covered(order) < problem.target:
        whole = problem.covered(range(len(problem.cover)))
        unmet.append(Unmet(None, problem.target, problem.covered(order), whole))
    return Siting(
        chosen=tuple(order),
        people_added=np.array(added, np.int64),
        covered_before=near.covered(),
        covered=near.covered(order),
        units_before=near.by_unit(),
        units=near.by_unit(order),
        spent=np.cumsum(problem.cost[order]),
        certificate=certificate,
        unmet=tuple(unmet),
    )


def _ordered(problem: Problem, chosen: list[int]) -> tuple[list[int], list[int]]:
    near = problem.already > 0
    left, order, added = list(chosen), [], []
    weight = problem.weight
    while left:
        gains = [int(weight[(of := problem.cover.of(one))][~near[of]].sum()) for one in left]
        best = int(np.argmax(gains))
        added.append(gains[best])
        order.append(left.pop(best))
        near = near.copy()
        near[problem.cover.of(order[-1])] = True
    return order, added
