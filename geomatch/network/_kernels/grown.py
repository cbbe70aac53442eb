"""Room for what is not counted beforehand."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def grown(array, size):
    """The array, or a copy with room for at least so many where it has less."""
    if size <= len(array):
        return array
    larger = np.empty((max(size, 2 * len(array)), *array.shape[1:]), array.dtype)
    larger[: len(array)] = array
    return larger
