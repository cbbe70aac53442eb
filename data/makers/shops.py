"""Partner shops that could open an outpost: a list to choose from, drawn along busier streets where customers are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree

from makers import names, plane, sites

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from makers.city import City
    from makers.homes import Homes

SHOPS = 1000
CUSTOM_M, APART_M = 320.0, 60.0


@dataclass(frozen=True)
class Shop:
    """One row of shops.csv, in metres."""

    id: str
    name: str
    xy: NDArray[np.float64]


def listed(city: City, homes: Homes) -> list[Shop]:
    """List shops, more of them where more people live near the street."""
    rng = plane.chance("shops")
    fronts = sites.shop_fronts(city.walkable)
    fronts = fronts[shapely.contains_xy(city.district, fronts)]
    near = cKDTree(homes.xy).query_ball_point(fronts, CUSTOM_M)
    pull = np.array([homes.weight[list(at)].sum() for at in near], float)
    shops: list[Shop] = []
    while len(shops) < SHOPS:
        pick = int(rng.choice(len(fronts), p=pull / pull.sum()))
        pull = pull * (np.hypot(*(fronts - fronts[pick]).T) > APART_M)
        name = f"{rng.choice(sites.CHAINS)}{names.stem(rng)}店"
        shops.append(Shop(f"D{len(shops) + 1:04d}", name, fronts[pick]))
    return shops
