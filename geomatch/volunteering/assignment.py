"""The best assignment of many orders at once: the most orders served, and among those the least walking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.volunteering._kernels import assignment as kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOBODY = -1


@dataclass(frozen=True)
class Assignment:
    """Who serves which order.

    Attributes:
        helper: int32 (R,), the volunteer of each order, NOBODY where none is left for it.
        served: how many orders have one.
        cost: the sum of the costs of those.
    """

    helper: NDArray[np.int32]
    served: int
    cost: float


def assign(order_start: NDArray[np.int64], helper: NDArray[np.int32], cost: NDArray[np.float64]) -> Assignment:
    """Serve as many orders as can be, each by a helper of its own, at the least total cost.

    An order that stays unserved costs more than any change of helpers can save, so that fewer served orders are never
    cheaper. Costs far below 1e-9 of that are beyond the floats.

    Args:
        order_start: (R + 1,), the slice of each order's candidates.
        helper: (n,), volunteer of each candidate, from 0; those of one order differ.
        cost: (n,), at least 0 and finite, such as seconds of walking.
    """
    orders = len(order_start) - 1
    names, column = np.unique(helper, return_inverse=True)
    row = np.repeat(np.arange(orders), np.diff(order_start))
    found = np.full(orders, NOBODY, np.int32)
    # whoever is fewer takes turns: then nearly every turn ends with a match, and ends soon
    if orders <= len(names):
        held = _shortest(row, column, cost, (orders, len(names)))
        served = np.flatnonzero(held >= 0)
        found[served] = names[held[served]]
    else:
        held = _shortest(column, row, cost, (len(names), orders))
        busy = np.flatnonzero(held >= 0)
        found[held[busy]] = names[busy]
    is_chosen = helper == found[row]
    return Assignment(found, int(is_chosen.sum()), float(cost[is_chosen].sum()))


def _shortest(
    row: NDArray[np.int64], column: NDArray[np.int64], cost: NDArray[np.float64], shape: tuple[int, int]
) -> NDArray[np.int64]:
    """Give the column of each row, -1 where it has none: a row also has a column of its own at a forbidding price."""
    rows, columns = shape
    alone = float(cost.max(initial=0.0) + 1.0) * (rows + 1)
    every = np.arange(rows)
    order = np.argsort(np.concatenate([row, every]), kind="stable")
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows) + 1)])
    to = np.concatenate([column, columns + every])[order].astype(np.int32)
    held = kernel.assign(start, to, np.concatenate([cost, np.full(rows, alone)])[order], columns + rows)
    return np.where(held < columns, held, -1).astype(np.int64)
