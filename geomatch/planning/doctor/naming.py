"""Which column of a table names townships, and which township each row names."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from geomatch.planning.units import Units

_SHORTEST_ID = 6
"""Statistical codes have six digits and more; a shorter id may be any number of any column."""


def name_townships(
    columns: Mapping[str, Sequence[str]], rows: int, units: Units
) -> tuple[str | None, NDArray[np.int32]]:
    """Find the column in which most rows name one of the units.

    A cell names the unit whose name it holds, as an address does (the longest of several), or whose id it is.

    Args:
        columns: the cells of each column, top to bottom, n each.
        rows: n.
        units: the townships; those of a region that states none are never named.

    Returns:
        The column, None where no row names a unit; and the index of each row's unit, int32 (n,), -1 for none.
    """
    best_column, best = None, np.full(rows, -1, np.int32)
    if not units.stated:
        return best_column, best
    index_of = {_folded(name): index for index, name in enumerate(units.names)}
    ids = {_folded(one): index for index, one in enumerate(units.ids) if len(one) >= _SHORTEST_ID}
    longest_first = sorted(filter(None, index_of), key=len, reverse=True)
    any_name = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")
    for column, cells in columns.items():
        known = {}
        for cell in set(cells):
            held = max(any_name.findall(_folded(cell)), key=len, default=None)
            known[cell] = ids.get(_folded(cell), -1) if held is None else index_of[held]
        named = np.array([known[cell] for cell in cells], np.int32)
        if (named >= 0).sum() > (best >= 0).sum():
            best_column, best = column, named
    return best_column, best


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
