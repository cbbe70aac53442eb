"""Where people live with no site within reach: connected areas, ranked by people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely import MultiPolygon


@dataclass(frozen=True, slots=True)
class Gap:
    """One connected uncovered area where people live.

    Attributes:
        rank: 1 for the most people.
        people: people living in it; over all gaps they sum to all uncovered people.
        unit: name of the unit where most of them live, or None where there are no units.
        nearest_site: id of the site with the shortest walk from any home of the gap; None where no home can walk to one.
        nearest_walk_m: that walk; None where no home can walk to a site.
        reason: "too_far" where homes can walk to a site but not within the limit, "off_network" where they reach no
            street, "cut_off" where they reach a street but no site.
        geometry: WGS-84 degrees.
    """

    rank: int
    people: int
    unit: str | None
    nearest_site: str | None
    nearest_walk_m: float | None
    reason: str
    geometry: MultiPolygon
