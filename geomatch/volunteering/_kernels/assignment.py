"""The kernel of the best assignment: shortest augmenting paths on a sparse rectangular matrix.

After Jonker and Volgenant (1987), for more columns than rows: column prices start at zero and only fall, and a column
that nobody holds keeps price zero, which is what makes the assignment the cheapest one.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from geomatch.network.heap import drop_top, push

_BIDS_EACH = 32
"""So many bids for each row at the most; where hardly a column stays free, bids are cheaper than long paths."""


@njit(cache=True, nogil=True)
def assign(row_start, column, cost, columns):
    """Give the column of every row so that the costs sum to the least; every row must have a column of its own.

    Args:
        row_start: int64 (R + 1,), the slice of each row's entries.
        column: int32 (n,), the column of each entry; entries of a row have different columns.
        cost: float64 (n,), finite.
        columns: how many columns there are.
    """
    rows = len(row_start) - 1
    price = np.zeros(columns)
    row_of = np.full(columns, -1, np.int32)
    column_of = np.full(rows, -1, np.int32)
    free = _bid(row_start, column, cost, price, row_of, column_of)
    away = np.full(columns, np.inf)
    came_from = np.empty(columns, np.int32)
    settled = np.zeros(columns, np.bool_)
    touched = np.empty(columns, np.int32)
    keys, items = np.empty(len(column) + 1), np.empty(len(column) + 1, np.int32)
    for i in range(len(free)):
        _augment(
            free[i], row_start, column, cost, price, row_of, column_of, away, came_from, settled, touched, keys, items
        )
    return column_of


@njit(cache=True, nogil=True)
def _bid(row_start, column, cost, price, row_of, column_of):
    """Let rows take their cheapest column and pay up to their second best, while it pays; gives the rows left."""
    rows = len(row_start) - 1
    waiting = np.arange(rows).astype(np.int32)
    bids = 0
    while len(waiting) > 0 and bids < _BIDS_EACH * rows:
        bids += len(waiting)
        left = 0
        after = np.empty(len(waiting), np.int32)
        for i in range(len(waiting)):
            row = waiting[i]
            best, second, at, at_second = np.inf, np.inf, -1, -1
            for entry in range(row_start[row], row_start[row + 1]):
                reduced = cost[entry] - price[column[entry]]
                if reduced < best:
                    best, second, at, at_second = reduced, best, entry, at
                elif reduced < second:
                    second, at_second = reduced, entry
            taken = column[at]
            if best == second and row_of[taken] >= 0 and at_second >= 0:
                taken = column[at_second]
            elif second < np.inf:
                price[taken] -= second - best
            out = row_of[taken]
            if out >= 0:
                if best == second:
                    after[left] = row  # a tie for what is held: leave it to the augmenting paths
                    left += 1
                    continue
                column_of[out] = -1
                after[left] = out
                left += 1
            row_of[taken] = row
            column_of[row] = taken
        waiting = after[:left].copy()
    return waiting


@njit(cache=True, nogil=True)
def _augment(
    row, row_start, column, cost, price, row_of, column_of, away, came_from, settled, touched, keys, items
):  # fmt: skip
    """Find the cheapest alternating path from a free row to a free column, turn it over, and set the prices right."""
    size, marks, end = 0, 0, -1
    here, base = row, 0.0
    while True:
        # the row's own reduced cost: that of the entry that it holds, or 0 at the start
        own = 0.0
        if here != row:
            for entry in range(row_start[here], row_start[here + 1]):
                if column[entry] == column_of[here]:
                    own = cost[entry] - price[column[entry]]
                    break
        for entry in range(row_start[here], row_start[here + 1]):
            there = column[entry]
            if settled[there]:
                continue
            longer = base + (cost[entry] - price[there]) - own
            if longer < away[there]:
                if away[there] == np.inf:
                    touched[marks] = there
                    marks += 1
                away[there] = longer
                came_from[there] = here
                if size == len(keys):
                    keys, items = _more(keys), _more(items)
                size = push(keys, items, size, longer, there)
        while size > 0 and (settled[items[0]] or keys[0] > away[items[0]]):
            size = drop_top(keys, items, size)
        there = items[0]
        if row_of[there] < 0:
            end = there
            break
        settled[there] = True
        base = away[there]
        here = row_of[there]
        size = drop_top(keys, items, size)
    for i in range(marks):
        if settled[touched[i]]:
            price[touched[i]] += away[touched[i]] - away[end]
    here = end
    while True:
        holder = came_from[here]
        before = column_of[holder]
        row_of[here] = holder
        column_of[holder] = here
        if holder == row:
            break
        here = before
    for i in range(marks):
        away[touched[i]] = np.inf
        settled[touched[i]] = False


@njit(cache=True, nogil=True)
def _more(array):
    larger = np.empty(2 * len(array), array.dtype)
    larger[: len(array)] = array
    return larger
