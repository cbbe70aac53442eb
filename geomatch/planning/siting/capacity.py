"""Most people served where a site serves only so many (capacitated maximal covering)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.planning.siting import bound as bounds
from geomatch.planning.siting import proof
from geomatch.planning.siting.plan import Certificate, Plan, share_between
from geomatch.planning.siting.problem import merge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.planning.siting.problem import Problem


def most_served(problem: Problem, capacity: NDArray[np.int64]) -> Plan:
    """Choose so that the most people are served, each candidate serving at most its capacity (Current, Storbeck 1988).

    Sites that stay serve whoever is within their reach already. How many a choice serves is a largest flow from
    candidates to people (Edmonds and Karp 1972), people being shared out as they fit best.

    Args:
        problem: who is within reach of which candidate, people, costs and budget.
        capacity: int64 (S,), people that each candidate serves at most.
    """
    merged = merge(problem)
    small = merged.problem
    chosen = _improved(small, capacity, _greedy(small, capacity))
    served = [served_by(small, capacity, chosen[:turn]) for turn in range(len(chosen) + 1)]
    most = bounds.of_cover(small, served[-1]).people
    most = min(most, int(np.floor(proof.most_by_capacity(small, capacity) + 1e-3)))
    covered, before = merged.settled + served[-1], merged.settled
    bound = max(merged.settled + most, covered)
    return Plan(
        tuple(chosen),
        tuple(np.diff(served).tolist()),
        before,
        covered,
        before,
        covered,
        Certificate(bound, share_between(covered, bound), "linear"),
    )


def served_by(problem: Problem, capacity: NDArray[np.int64], chosen: Sequence[int]) -> int:
    """Count the people whom the chosen candidates can serve together, no one beyond its capacity."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - only who asks for capacities pays for it
    from scipy.sparse.csgraph import maximum_flow  # noqa: PLC0415

    rows = np.asarray(chosen, np.intp)
    if not len(rows):
        return 0
    pairs = problem.cover.pairs_of(rows)
    points, number = np.unique(problem.cover.point[pairs], return_inverse=True)
    k, n = len(rows), len(points)
    owner = np.repeat(np.arange(k), problem.cover.start[rows + 1] - problem.cover.start[rows])
    # 0 is where all comes from, then the chosen, then the points, then where all goes
    tails = np.concatenate([np.zeros(k, np.int64), 1 + owner, 1 + k + np.arange(n)])
    heads = np.concatenate([1 + np.arange(k), 1 + k + number, np.full(n, 1 + k + n)])
    people = problem.weight[points]
    most = int(people.sum())
    room = np.concatenate([np.minimum(capacity[rows], most), people[number], people]).astype(np.int32)
    graph = csr_array((room, (tails, heads)), shape=(k + n + 2, k + n + 2))
    return int(maximum_flow(graph, 0, k + n + 1).flow_value)


def _greedy(problem: Problem, capacity: NDArray[np.int64]) -> list[int]:
    """Choose what serves most of the people still unserved for its cost; each takes those with fewest other choices."""
    left = problem.weight.copy()
    choices = np.diff(problem.cover.by_point.start)
    chosen: list[int] = []
    while True:
        can = problem.affords(problem.spent(chosen) + problem.cost)
        can[chosen] = False
        summed = np.concatenate([[0], np.cumsum(left[problem.cover.point])])
        reach = summed[problem.cover.start[1:]] - summed[problem.cover.start[:-1]]
        worth = np.where(can, np.minimum(reach, capacity) / problem.cost, -1.0)
        if not can.any() or worth.max() <= 0:
            return chosen
        best = int(np.argmax(worth))
        chosen.append(best)
        points = problem.cover.of(best)
        points = points[np.argsort(choices[points], kind="stable")]
        taken = np.clip(capacity[best] - (np.cumsum(left[points]) - left[points]), 0, left[points])
        left[points] -= taken


def _improved(problem: Problem, capacity: NDArray[np.int64], chosen: list[int]) -> list[int]:
    """Swap what serves least for what would serve most, while the flow grows."""
    served = served_by(problem, capacity, chosen)
    for place in range(len(chosen) - 1, -1, -1):
        others = chosen[:place] + chosen[place + 1 :]
        can = problem.affords(problem.spent(others) + problem.cost)
        can[chosen] = False
        by_others = np.isin(
            np.arange(problem.cover.points), problem.cover.point[problem.cover.pairs_of(np.array(others, np.intp))]
        )
        reach = np.bincount(
            problem.cover.candidate,
            weights=np.where(by_others, 0, problem.weight)[problem.cover.point],
            minlength=len(can),
        )
        worth = np.where(can, np.minimum(reach, capacity), -1.0)
        best = int(np.argmax(worth))
        if worth[best] <= 0:
            continue
        trial = [*chosen[:place], best, *chosen[place + 1 :]]
        there = served_by(problem, capacity, trial)
        if there > served:
            chosen, served = trial, there
    return chosen
