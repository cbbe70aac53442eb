"""Where people live with no site within reach: connected areas, ranked by people.

How homes become areas is told in patches.py: here the ground of a patch is further than the limit from every site by
walking, and its homes are the uncovered ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from geomatch.planning import patches
from geomatch.planning.patches import Dwellings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import shapely
    from numpy.typing import NDArray

    from geomatch.geo.projection import Plane
    from geomatch.planning.patches import Patch


@dataclass(frozen=True, slots=True)
class Gap:
    """One connected uncovered area where people live.

    Attributes:
        rank: 1 for the most people.
        people: uncovered people living in it; over all gaps they sum to all uncovered people.
        unit: name of the unit where most of them live, or None where there are no units.
        nearest_site: id of the site with the shortest walk from any uncovered home of the gap; None
            where there is none.
        nearest_walk_m: that walk; None where no home can walk to a site.
        reason: "too_far" where homes can walk to a site but not within the limit, "off_network" where they reach no
            street, "cut_off" where they reach a street but no site.
        geometry: WGS-84 degrees.
        homes: int64 (h,), which homes of the region live in it uncovered.
    """

    rank: int
    people: int
    unit: str | None
    nearest_site: str | None
    nearest_walk_m: float | None
    reason: str
    geometry: shapely.MultiPolygon
    homes: NDArray[np.int64] = field(compare=False, repr=False)


@dataclass(frozen=True)
class Uncovered:
    """The homes with people that no site covers, all arrays (n,).

    Attributes:
        home: int64, which homes of the region they are.
        x, y: float64, metres on the plane.
        population: int64, more than 0.
        unit: int32, index of the unit, -1 where in none.
        on_network: bool.
        site: int32, index of the nearest site by walking, -1 where none can be reached.
        walk_m: float64, the walk to it, inf where none can be reached.
    """

    home: NDArray[np.int64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    population: NDArray[np.int64]
    unit: NDArray[np.int32]
    on_network: NDArray[np.bool_]
    site: NDArray[np.int32]
    walk_m: NDArray[np.float64]


def find(
    homes: Uncovered,
    *,
    is_uncovered: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.bool_]],
    plane: Plane,
    unit_names: Sequence[str],
    site_ids: Sequence[str],
) -> tuple[Gap, ...]:
    """Find the gaps that uncovered homes form, most people first.

    Args:
        homes: the uncovered homes.
        is_uncovered: tells of points on the plane, by their own walk, whether they are further than the limit.
        plane: the region's metric plane.
        unit_names: what `homes.unit` indexes.
        site_ids: what `homes.site` indexes.
    """
    found = patches.find(
        Dwellings(homes.x, homes.y, homes.population, homes.unit, homes.on_network),
        is_inside=is_uncovered,
        plane=plane,
        unit_names=unit_names,
    )
    return tuple(_gap(rank, homes, patch, site_ids) for rank, patch in enumerate(found, 1))


def _gap(rank: int, homes: Uncovered, patch: Patch, site_ids: Sequence[str]) -> Gap:
    mine = patch.mine
    walk_m = homes.walk_m[mine]
    closest = int(np.argmin(walk_m))
    reaches_site = bool(np.isfinite(walk_m[closest]))
    return Gap(
        rank=rank,
        people=patch.people,
        unit=patch.unit,
        nearest_site=site_ids[int(homes.site[mine][closest])] if reaches_site else None,
        nearest_walk_m=float(walk_m[closest]) if reaches_site else None,
        reason=_reason(reaches_site=reaches_site, reaches_street=bool(homes.on_network[mine].any())),
        geometry=patch.geometry,
        homes=homes.home[mine],
    )


def _reason(*, reaches_site: bool, reaches_street: bool) -> str:
    if reaches_site:
        return "too_far"
    return "cut_off" if reaches_street else "off_network"
