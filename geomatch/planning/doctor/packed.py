"""Degrees and minutes written as one number, which looks like decimal degrees and is not.

116°18'23" becomes 116.1823 in some surveyors' tables and 11618.3833 in what satellite receivers write.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIXTY = 60.0
_FEWEST = 10
"""Of decimal degrees one row in three has digits that could be minutes and seconds; of ten rows, one file in 30,000."""


class Packing(StrEnum):
    """How degrees and minutes were made one number."""

    SECONDS = "D.MMSS"
    MINUTES = "DDMM.mmmm"


def unpack(numbers: NDArray[np.float64], packing: Packing) -> NDArray[np.float64] | None:
    """Read packed numbers as degrees, any shape; None where any of them has minutes or seconds of 60 or more.

    Args:
        numbers: a whole file's longitudes and latitudes, at least 10 points.
        packing: how they would have been packed.
    """
    size = np.abs(numbers)
    if numbers.shape[-1] < _FEWEST or not np.isfinite(size).all():
        return None
    if packing is Packing.MINUTES:
        whole, minutes = np.divmod(size, 100.0)
        seconds = np.zeros_like(size)
    else:
        ten_thousandths = np.round(size * 1e4, 3)  # what decimals a double can tell apart there
        whole, rest = np.divmod(ten_thousandths, 1e4)
        minutes, seconds = np.divmod(rest, 100.0)
    if (minutes >= _SIXTY).any() or (seconds >= _SIXTY).any():
        return None
    return np.asarray(np.sign(numbers) * (whole + minutes / _SIXTY + seconds / _SIXTY**2), np.float64)
