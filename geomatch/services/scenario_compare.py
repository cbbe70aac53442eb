"""Use case: two what-ifs side by side, and the ground on which they differ."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import InputError
from geomatch.network import reach
from geomatch.planning import patches
from geomatch.planning.patches import Dwellings
from geomatch.services import whatif as whatif_service

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from geomatch.network.profiles import Limit
    from geomatch.planning.patches import Patch
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region
    from geomatch.services.whatif import Changes, WhatIf

    Inside = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.bool_]]


@dataclass(frozen=True)
class Question:
    """What is asked of both: the limit, the kinds of site that count (all where empty), the hour, or None."""

    limit: Limit
    kinds: Sequence[SiteKind] = ()
    open_at: datetime | None = None


@dataclass(frozen=True)
class Comparison:
    """Two what-ifs of one question.

    Attributes:
        a, b: each with its own coverage before and after; before is the same in both.
        won: bool, for each of the region's homes whether it is within the limit with a and not with b.
        lost: the other way round.
    """

    a: WhatIf
    b: WhatIf
    won: NDArray[np.bool_]
    lost: NDArray[np.bool_]


def compare(region: Region, a: Changes, b: Changes, asked: Question) -> Comparison:
    """Count two what-ifs of one question.

    Raises:
        InputError: as of a what-if; each place is named below "a" or "b".
    """
    of_a, of_b = _counted(region, "a", a, asked), _counted(region, "b", b, asked)
    return Comparison(of_a, of_b, of_a.turned > of_b.turned, of_a.turned < of_b.turned)


def ground(region: Region, a: Changes, b: Changes, asked: Question) -> tuple[tuple[Patch, ...], tuple[Patch, ...]]:
    """Give the ground that is won with a over b, and that is lost, around the homes won and lost, most people first.

    The people of the patches add up to those that the comparison counts. Raises as `compare` does.
    """
    compared = compare(region, a, b, asked)
    with_a, with_b = _covered(region, a, compared.a, asked), _covered(region, b, compared.b, asked)
    won = _patches(region, asked.limit, compared.won, lambda x, y: with_a(x, y) & ~with_b(x, y))
    lost = _patches(region, asked.limit, compared.lost, lambda x, y: with_b(x, y) & ~with_a(x, y))
    return won, lost


def _counted(region: Region, name: str, changes: Changes, asked: Question) -> WhatIf:
    if asked.open_at is None:  # where any hour counts, staying open longer changes nothing
        changes = replace(changes, open=())
    try:
        return whatif_service.whatif(region, changes, asked.limit, asked.kinds, open_at=asked.open_at)
    except InputError as error:
        raise InputError(replace(fault, where=f"{name}.{fault.where}") for fault in error.faults) from error


def _covered(region: Region, changes: Changes, found: WhatIf, asked: Question) -> Inside:
    """Tell of any point whether it is within the limit of a site with the changes, over their links too."""
    limit_m = asked.limit.limit_m
    edition = whatif_service.edition(region, changes, open_at=asked.open_at)
    ways, nearby = edition.ways(asked.limit.profile), edition.field(asked.limit.profile, asked.kinds)
    ends = [(link.from_lon, link.from_lat, left_m[0]) for link, left_m in zip(changes.links, found.left_m, strict=True)]
    ends += [(link.to_lon, link.to_lat, left_m[1]) for link, left_m in zip(changes.links, found.left_m, strict=True)]
    lon, lat, left = np.array([end for end in ends if end[2] is not None], np.float64).reshape(-1, 3).T
    places = reach.place(ways, *region.graph.plane.to_xy(lon, lat))

    def inside(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
        points = reach.place(ways, x, y)
        _, walk_m = reach.nearest(ways, nearby, points)
        near = np.asarray(walk_m[:, 0] <= limit_m, bool)
        if len(left):
            around = reach.within(ways, places, points, float(left.max()))
            near[around.point[around.walk_m <= np.repeat(left, np.diff(around.start))]] = True
        return near

    return inside


def _patches(region: Region, limit: Limit, turned: NDArray[np.bool_], inside: Inside) -> tuple[Patch, ...]:
    homes, (x, y) = region.homes, region.home_xy
    rows = np.flatnonzero(turned & (homes.population > 0))
    on_network = region.home_places(limit.profile).on_network[rows]
    dwellings = Dwellings(x[rows], y[rows], homes.population[rows], homes.unit[rows], on_network)
    return patches.find(dwellings, is_inside=inside, plane=region.graph.plane, unit_names=region.unit_names)
