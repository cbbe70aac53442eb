"""Use case: which volunteers are within a walk of an order, on the streets and by the profile of all other answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.network import reach

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geomatch.network.reach import ByEdge, Catchments, Ways
    from geomatch.network.snap import Places
    from geomatch.services.region import Region
    from geomatch.volunteering.roster import Roster


@dataclass(frozen=True)
class PlacedRoster:
    """Volunteers with their usual places on the streets.

    Attributes:
        roster: the volunteers.
        region: the streets' region.
        ways: the streets as the profile walks them.
        places: of every usual place, in the order of the roster's.
        ordered: these by edge.
    """

    roster: Roster
    region: Region
    ways: Ways
    places: Places
    ordered: ByEdge


def place(region: Region, roster: Roster, profile: str = "standard") -> PlacedRoster:
    """Put the usual places of a roster on the streets; InputError for an unknown profile."""
    ways = region.ways(profile)
    places = reach.place(ways, *region.graph.plane.to_xy(roster.place_lon, roster.place_lat))
    return PlacedRoster(roster, region, ways, places, reach.by_edge_of(ways, places))


def on_streets(placed: PlacedRoster, lon: ArrayLike, lat: ArrayLike) -> Places:
    """Put orders, WGS-84 degrees, on the same streets."""
    return reach.place(placed.ways, *placed.region.graph.plane.to_xy(np.atleast_1d(lon), np.atleast_1d(lat)))


def walks(placed: PlacedRoster, orders: Places, limit_m: float) -> Catchments:
    """Find every pair of an order and a usual place with a walk within the limit; points are rows of the places."""
    return reach.within(placed.ways, orders, placed.places, limit_m, ordered=placed.ordered)


def near(placed: PlacedRoster, order: Places, limit_m: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Give who has a usual place within a walk of one order.

    Returns:
        Rows of the roster int64 (n,), ascending, and walk_m float64 (n,) from the nearest of each one's places.
    """
    found = walks(placed, order, limit_m)
    row = placed.roster.place_row[found.point].astype(np.int64)
    turn = np.lexsort((found.walk_m, row))
    first = np.diff(row[turn], prepend=-1) > 0
    return row[turn][first], found.walk_m[turn][first]


def walks_to(
    placed: PlacedRoster, order: Places, lon: ArrayLike, lat: ArrayLike, limit_m: float
) -> NDArray[np.float64]:
    """Give the walk_m from one order to each of some places, inf beyond the limit: float64 (n,)."""
    there = on_streets(placed, lon, lat)
    found = reach.within(placed.ways, order, there, limit_m)
    walk_m = np.full(len(there), np.inf)
    walk_m[found.point] = found.walk_m
    return walk_m
