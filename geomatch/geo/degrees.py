"""Short distances from degrees alone, where no plane is at hand: good to some parts in a hundred, never for a walk."""

from __future__ import annotations

import math

M_PER_DEGREE = 111_195.0
"""Metres of a degree of latitude, on a sphere as large as the Earth (mean radius 6,371 km)."""

_NARROWEST = 0.01
"""A degree of longitude is nothing at the poles; there it counts as this share of one of latitude."""

Box = tuple[float, float, float, float]


def widened(box: Box, margin_m: float) -> Box:
    """Widen west, south, east, north in degrees by as many metres on every side."""
    west, south, east, north = box
    up = margin_m / M_PER_DEGREE
    across = up / max(math.cos(math.radians((south + north) / 2)), _NARROWEST)
    return west - across, south - up, east + across, north + up


def apart_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Give the straight distance between two places that are near each other."""
    return math.hypot((other_lon - lon) * math.cos(math.radians(lat)), other_lat - lat) * M_PER_DEGREE
