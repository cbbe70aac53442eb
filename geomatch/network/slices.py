"""Slices of one long array, such as the vertices of lines that lie one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def chosen(start: NDArray[np.int64], which: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Choose some of many slices, in the order asked for.

    Args:
        start: int64 (n + 1,), the slice of each.
        which: int64 (k,), those wanted.

    Returns:
        The slice of each among those chosen, int64 (k + 1,), and the elements that they hold.
    """
    counts = np.diff(start)[which]
    ends = np.zeros(len(which) + 1, np.int64)
    np.cumsum(counts, out=ends[1:])
    return ends, np.repeat(start[:-1][which] - ends[:-1], counts) + np.arange(ends[-1])
