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
    angles = np.pi * (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    nodes = np.cos(angles)
    x, y = np.meshgrid(nodes, nodes, indexing="ij")
    lon, lat = plane.to_lonlat(x * half_m + centre[0], y * half_m + centre[1])
    waves = np.cos(np.outer(np.arange(_DEGREE + 1), angles))  # Chebyshev polynomials at their nodes
    powers = _chebyshev_powers()
    lon_terms, lat_terms = (powers.T @ _least_squares(waves, values) @ powers for values in (lon, lat))
    return centre, half_m, lon_terms, lat_terms


def _least_squares(waves: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fit products of two Chebyshev polynomials, of at most _DEGREE together.

    At the nodes they are orthogonal (Mason and Handscomb 2003, 4.6), so each term is a sum, and nothing is solved.
    """
    degree = np.arange(_DEGREE + 1)
    share = np.where(degree == 0, 1.0, 2.0) / _SAMPLES
    terms = waves @ values @ waves.T * np.outer(share, share)
    return np.where(degree[:, None] + degree <= _DEGREE, terms, 0.0)


def _chebyshev_powers() -> NDArray[np.float64]:
    """Give row i the powers of x that make the Chebyshev polynomial of degree i: float64 (9, 9)."""
    powers = np.zeros((_DEGREE + 1, _DEGREE + 1))
    powers[0, 0] = powers[1, 1] = 1.0
    for degree in range(2, _DEGREE + 1):
        powers[degree, 1:] = 2 * powers[degree - 1, :-1]
        powers[degree] -= powers[degree - 2]
    return powers
