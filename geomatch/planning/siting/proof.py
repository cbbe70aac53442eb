"""Proofs by HiGHS, as scipy brings it: linear relaxations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from geomatch.planning.siting.problem import Cover, Problem


def least_cover(cover: Cover) -> float:
    """Give the least sum of shares of candidates that covers every point; inf where a point has none.

    The linear relaxation of set covering: no cover has fewer sites.
    """
    if (np.diff(cover.by_point.start) == 0).any():
        return float("inf")
    if not cover.points:
        return 0.0
    ones = np.ones(len(cover))
    return _least(ones, cover.by_point.matrix * -1.0, -np.ones(cover.points), ones)


def most_by_capacity(problem: Problem, capacity: NDArray[np.int64]) -> float:
    """Give the linear relaxation of the most people served where a candidate serves at most so many.

    Args:
        problem: says who is within reach, who is served already (need met), and the budget.
        capacity: int64 (S,), people.
    """
    from scipy.sparse import csr_array  # noqa: PLC0415 - only who asks for a proof pays for it

    cover, candidates = problem.cover, len(problem.cover)
    people = np.where(problem.served(), 0, problem.weight).astype(np.float64)
    pairs = len(cover.point)
    # columns: the candidates' shares, then the people of each pair; rows: candidates, points, the budget
    flows = candidates + np.arange(pairs)
    rows = np.concatenate(
        [
            np.arange(candidates),
            cover.candidate,
            candidates + cover.point,
            np.full(candidates, candidates + cover.points),
        ]
    )
    columns = np.concatenate([np.arange(candidates), flows, flows, np.arange(candidates)])
    values = np.concatenate([-capacity.astype(np.float64), np.ones(2 * pairs), problem.cost])
    shape = (candidates + cover.points + 1, candidates + pairs)
    at_most = np.concatenate([np.zeros(candidates), people, [problem.budget]])
    least = _least(
        np.concatenate([np.zeros(candidates), -np.ones(pairs)]),
        csr_array((values, (rows, columns)), shape=shape),
        at_most,
        np.concatenate([np.ones(candidates), people[cover.point]]),
    )
    return -least


def _least(
    cost: NDArray[np.float64], rows: csr_array, at_most: NDArray[np.float64], upper: NDArray[np.float64]
) -> float:
    """Give the least cost of columns from 0 to upper with rows @ columns <= at_most."""
    from scipy.optimize import linprog  # noqa: PLC0415 - only who asks for a proof pays for it

    bounds = np.column_stack([np.zeros(len(cost)), upper])
    solved = linprog(cost, A_ub=rows, b_ub=at_most, bounds=bounds)  # type: ignore[call-overload] # takes sparse rows
    if solved.status != 0:
        raise RuntimeError(f"HiGHS could not solve a linear relaxation: {solved.message}")
    return float(solved.fun)
