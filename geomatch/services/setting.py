"""Use case: what kind of place a region is, and whether 1000 m on foot makes sense there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geomatch.planning import standards as standards_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.services.region import Region

CAVEAT = (
    "乡村地区住得稀，步行 1000 米的标准是为城镇定的，在这里意义不大：请看步行分钟的分布。",
    "A rural region: 1000 m on foot is a standard for towns and makes little sense here; look at the minutes.",
)
"""What an answer about a rural region says of the standard, in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What kind of place a region is.

    Attributes:
        people_per_km2: of the whole, None where no unit is stated.
        unit_people_per_km2: of each unit, None where it is not stated or its ground is nothing.
        rural_units, rural_people: how many units are too thinly settled for 1000 m, and how many live there.
        rural: whether the region as a whole is rural.
        rule: what says so: "setting" where region.toml has a `setting`, else "density": more than half of the people
            live in rural units.
    """

    people_per_km2: float | None
    unit_people_per_km2: tuple[float | None, ...]
    rural_units: int
    rural_people: int
    rural: bool
    rule: str

    @property
    def caveat(self) -> str | None:
        """What has to be said of 1000 m on foot, in both languages; None where nothing has."""
        return " ".join(CAVEAT) if self.rural else None


def ground(region: Region) -> Ground:
    """Tell what kind of place a region is; kept, since it is part of every table of coverage."""
    return region.grounds.get((), lambda: _judged(region))


def _judged(region: Region) -> Ground:
    people = _people(region)
    km2 = _km2(region) if region.townships.stated else np.zeros(len(people))
    densities = tuple(
        float(count / area) if area > 0 else None for count, area in zip(people.tolist(), km2.tolist(), strict=True)
    )
    rural = [
        count for count, density in zip(people.tolist(), densities, strict=True) if standards_room.is_rural(density)
    ]
    everybody, stated = int(region.homes.population.sum()), region.spec.setting
    return Ground(
        people_per_km2=None if None in densities else float(everybody / km2.sum()),
        unit_people_per_km2=densities,
        rural_units=len(rural),
        rural_people=sum(rural),
        rural=2 * sum(rural) > everybody if stated is None else stated == "rural",
        rule="density" if stated is None else "setting",
    )


def _people(region: Region) -> NDArray[np.int64]:
    counted = np.zeros(len(region.units), np.int64)
    within = region.homes.unit >= 0
    np.add.at(counted, region.homes.unit[within], region.homes.population[within])
    return counted


def _km2(region: Region) -> NDArray[np.float64]:
    """Give the ground of each unit on the region's plane."""
    plane = region.graph.plane
    shapes: Sequence[shapely.Geometry] = [unit.geometry for unit in region.units]
    flat = shapely.transform(
        np.array(shapes, object), lambda degrees: np.column_stack(plane.to_xy(degrees[:, 0], degrees[:, 1]))
    )
    return np.asarray(shapely.area(flat) / 1e6, np.float64)
