"""The exclusive area of a site: the ground, and the people, to whom it is the nearest site by walking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.network.areas import Areas


@dataclass(frozen=True, slots=True)
class Area:
    """What is nearest to one site, within the limit.

    Attributes:
        site: its id.
        geometry: WGS-84 degrees; empty where no ground is nearest to it. Areas tile the covered ground.
        area_m2: on the region's plane.
        population, homes: people, and homes with people, whose own nearest site by walk_m it is; never counted from the
            polygon.
    """

    site: str
    geometry: shapely.MultiPolygon
    area_m2: float
    population: int
    homes: int


def assemble(
    site_ids: Sequence[str],
    rows: Sequence[int],
    drawn: Areas,
    nearest: NDArray[np.int32],
    population: NDArray[np.int64],
) -> tuple[Area, ...]:
    """Join drawn areas and counted people for some of the sites.

    Args:
        site_ids: of all S sites.
        rows: which of them to tell of, in order.
        drawn: the ground of those that have any.
        nearest: int32 (n,), the nearest site within the limit of each home, -1 where there is none.
        population: int64 (n,).
    """
    lived_in = (nearest >= 0) & (population > 0)
    homes = np.bincount(nearest[lived_in], minlength=len(site_ids))
    people = np.bincount(nearest[lived_in], weights=population[lived_in], minlength=len(site_ids))
    ground = {row: place for place, row in enumerate(drawn.place.tolist())}
    made = []
    for row in rows:
        at = ground.get(row)
        geometry = shapely.MultiPolygon() if at is None else drawn.geometry[at]
        area_m2 = 0.0 if at is None else float(drawn.area_m2[at])
        made.append(Area(site_ids[row], geometry, area_m2, int(people[row]), int(homes[row])))
    return tuple(made)
