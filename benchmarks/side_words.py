"""How Valhalla is asked: one wording for its Actor and for its service.

Tried and left: circles by distance (`shortest` or not), `denoise` 0, `generalize` 0 to 10: 10 to 30 times slower, none
more precise.
"""

from __future__ import annotations

import json

SPEED_KMH = 4.68
"""1.30 m/s, the adult profile; a circle by time at this speed is Valhalla's best in speed and precision."""

COSTING = {"costing": "pedestrian", "costing_options": {"pedestrian": {"walking_speed": SPEED_KMH}}}


def isochrone_request(lon: float, lat: float, limit_m: float) -> str:
    """One circle, with Valhalla's own choices where it has any."""
    contours = [{"time": limit_m / 1000 / SPEED_KMH * 60}]
    return json.dumps({"locations": [place(lon, lat)], "contours": contours, "polygons": True, **COSTING})


def place(lon: float, lat: float) -> dict[str, float]:
    """A place as Valhalla takes it."""
    return {"lon": round(lon, 7), "lat": round(lat, 7)}
