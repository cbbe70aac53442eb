"""Room for what is not counted beforehand."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def grown(array, filled, more):
    """Copy an array into one at least twice as large, with room for some more."""
    larger = np.empty(2 * (filled + more), array.dtype)
    larger[:filled] = array[:filled]
    return larger
