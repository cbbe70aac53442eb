"""The circle of a site: the ground from which it can be walked to within a limit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.network.profiles import Limit
    from geomatch.network.reach import Catchments
    from geomatch.network.shape import RingSet


@dataclass(frozen=True)
class Circle:
    """One circle with its figures.

    Attributes:
        site: id of the site, or None for a circle around a point.
        limit: standard, profile, limit_m and limit_s.
        coordinates: polygons of rings of WGS-84 points, float64 (n, 2) each, as a GeoJSON MultiPolygon has them; none
            where the site reaches no street.
        area_m2: on the region's plane.
        street_m: metres of street within the limit.
        population: people whose own walk_m is within the limit; never counted from the polygon.
        shed_ratio: area_m2 / (pi limit_m^2), the pedestrian shed.
    """

    site: str | None
    limit: Limit
    coordinates: list[list[NDArray[np.float64]]]
    area_m2: float
    street_m: float
    population: int
    shed_ratio: float

    @property
    def geometry(self) -> shapely.MultiPolygon:
        """The circle as a shape in WGS-84 degrees; empty where the site reaches no street."""
        return shapely.MultiPolygon([(rings[0], rings[1:]) for rings in self.coordinates])


def assemble(
    site_ids: Sequence[str | None], limit: Limit, drawn: RingSet, people_within: NDArray[np.int64]
) -> list[Circle]:
    """Join drawn rings and counted people, place by place."""
    straight_m2 = math.pi * limit.limit_m**2
    return [
        Circle(
            site=site_id,
            limit=limit,
            coordinates=drawn.coordinates(place),
            area_m2=area_m2,
            street_m=street_m,
            population=people,
            shed_ratio=area_m2 / straight_m2,
        )
        for place, (site_id, area_m2, street_m, people) in enumerate(
            zip(site_ids, drawn.area_m2.tolist(), drawn.street_m.tolist(), people_within.tolist(), strict=True)
        )
    ]


def people_within(catchments: Catchments, population: NDArray[np.int64], limit_m: float) -> NDArray[np.int64]:
    """Count the people of each site's catchment whose own walk is within a limit: int64 (S,)."""
    counted = np.where(catchments.walk_m <= limit_m, population[catchments.point], 0)
    up_to = np.concatenate([[0], np.cumsum(counted)])
    return np.asarray(up_to[catchments.start[1:]] - up_to[catchments.start[:-1]], np.int64)
