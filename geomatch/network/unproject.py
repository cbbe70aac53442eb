"""From the plane back to degrees by polynomial: PROJ's inverse costs more than drawing the circle did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.geo.projection import Plane

_DEGREE = 8
_SAMPLES = 32


def fit(
    plane: Plane, low: NDArray[np.float64], high: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float, NDArray[np.float64], NDArray[np.float64]]:
    """Fit longitude and latitude over a rectangle of the plane; within 1e-9 degrees for regions up to 300 km.

    Returns:
        centre (2,) and half side in metres that bring x, y to -1 ... 1, and the terms of longitude and latitude:
        float64 (9, 9), [i, j] of x**i * y**j, zero where i + j > 8.
    """
    centre = (low + high) / 2
    half_m = max(float((high - low).max()) / 2, 1.0)
    nodes = np.cos(np.pi * (np.arange(_SAMPLES) + 0.5) / _SAMPLES)
    x, y = (axis.ravel() for axis in np.meshgrid(nodes, nodes))
    lon, lat = plane.to_lonlat(x * half_m + centre[0], y * half_m + centre[1])
    powers = [(i, j) for i in range(_DEGREE + 1) for j in range(_DEGREE + 1 - i)]
    table = np.column_stack([x**i * y**j for i, j in powers])
    solved = np.linalg.lstsq(table, np.column_stack([lon, lat]), rcond=None)[0]
    terms = np.zeros((2, _DEGREE + 1, _DEGREE + 1))
    for (i, j), both in zip(powers, solved, strict=True):
        terms[:, i, j] = both
    return centre, half_m, terms[0], terms[1]
