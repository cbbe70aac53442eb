"""The circle of a site: the ground from which it can be walked to within a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely import MultiPolygon

    from geomatch.network.profiles import Limit


@dataclass(frozen=True, slots=True)
class Circle:
    """One circle with its figures.

    Attributes:
        site: id of the site, or None for a circle around a point.
        limit: standard, profile, limit_m and limit_s.
        geometry: WGS-84 degrees; empty where the site reaches no street.
        area_m2: on the region's plane.
        street_m: metres of street within the limit.
        population: people whose own walk_m is within the limit; never counted from the polygon.
        shed_ratio: area_m2 / (pi limit_m^2), the pedestrian shed.
    """

    site: str | None
    limit: Limit
    geometry: MultiPolygon
    area_m2: float
    street_m: float
    population: int
    shed_ratio: float
