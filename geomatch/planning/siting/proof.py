"""Proofs by HiGHS: linear relaxations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import highspy
    from numpy.typing import NDArray

    from geomatch.planning.siting.problem import Cover, Problem


def least_cover(cover: Cover) -> float:
    """Give the least sum of shares of candidates that covers every point; inf where a point has none.

    The linear relaxation of set covering: no cover has fewer sites.
    """
    by_point = cover.by_point
    if (np.diff(by_point.start) == 0).any():
        return float("inf")
    if not cover.points:
        return 0.0
    ones = np.ones(len(cover))
    solved = _solve(
        cost=ones,
        upper=ones,
        row_lower=np.ones(cover.points),
        row_upper=np.full(cover.points, np.inf),
        start=by_point.start[:-1],
        column=by_point.point,
        value=np.ones(len(by_point.point)),
    )
    return float(solved.getInfo().objective_function_value)


def most_by_capacity(problem: Problem, capacity: NDArray[np.int64]) -> float:
    """Give the linear relaxation of the most people served where a candidate serves at most so many.

    Args:
        problem: says who is within reach, who is served already (need met), and the budget.
        capacity: int64 (S,), people.
    """
    cover, candidates = problem.cover, len(problem.cover)
    people = np.where(problem.served(), 0, problem.weight).astype(np.float64)
    pairs = len(cover.point)
    # columns: the candidates' shares, then the people of each pair; rows: candidates, points, the budget
    candidate_rows = np.concatenate([np.arange(candidates), cover.candidate])
    rows = np.concatenate([candidate_rows, candidates + cover.point, np.full(candidates, candidates + cover.points)])
    flows = candidates + np.arange(pairs)
    columns = np.concatenate([np.arange(candidates), flows, flows, np.arange(candidates)])
    values = np.concatenate([-capacity.astype(np.float64), np.ones(pairs), np.ones(pairs), problem.cost])
    order = np.argsort(rows, kind="stable")
    sizes = np.bincount(rows, minlength=candidates + cover.points + 1)
    solved = _solve(
        cost=np.concatenate([np.zeros(candidates), -np.ones(pairs)]),
        upper=np.concatenate([np.ones(candidates), people[cover.point]]),
        row_lower=np.full(len(sizes), -np.inf),
        row_upper=np.concatenate([np.zeros(candidates), people, [problem.budget]]),
        start=np.cumsum(sizes) - sizes,
        column=columns[order],
        value=values[order],
    )
    return -float(solved.getInfo().objective_function_value)


def _solve(
    *,
    cost: NDArray[np.float64],
    upper: NDArray[np.float64],
    row_lower: NDArray[np.float64],
    row_upper: NDArray[np.float64],
    start: NDArray[np.int64],
    column: NDArray[np.integer],
    value: NDArray[np.float64],
) -> highspy.Highs:
    """Minimise cost over columns from 0 to upper, by rows; one thread, so that the same question has one answer."""
    import highspy  # noqa: PLC0415 - only who asks for a proof pays for it

    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), len(row_lower)
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, np.zeros(len(cost)), upper
    model.row_lower_, model.row_upper_ = row_lower, row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.append(start, len(column)).astype(np.int32)
    model.a_matrix_.index_ = column.astype(np.int32)
    model.a_matrix_.value_ = value
    solver = highspy.Highs()  # type: ignore[no-untyped-call] # highspy leaves it so
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS has no keywords
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    solver.run()
    return solver
