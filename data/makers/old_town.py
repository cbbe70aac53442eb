"""Chaozhou: an old town of narrow streets on a river, newer quarters round it, and 18 city landscapes on main roads.

That the old town stands on the west bank of a broad river is true; every line and figure here is drawn or grown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from makers import blocks, homes, land, names, plane, sidewalks, sites, town, townships
from makers.land import Barrier, Bones
from makers.sites import Site
from makers.sketch import Corridor, Ground
from makers.townships import Township
from makers.ways import Way

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from makers.homes import Homes

LANDSCAPES = 18
PEOPLE_PER_HOME = 110
OUTLINE = (
    (116.614, 23.642), (116.640, 23.638), (116.664, 23.641), (116.672, 23.652), (116.674, 23.666),
    (116.670, 23.680), (116.655, 23.686), (116.636, 23.685), (116.618, 23.680), (116.610, 23.662),
)  # fmt: skip
RIVER = Corridor("江", "river", (
    (116.6650, 23.6950), (116.6580, 23.6820), (116.6545, 23.6700), (116.6530, 23.6580), (116.6560, 23.6450),
    (116.6600, 23.6300),
), 88, 1500)  # fmt: skip
PARK = Ground("湖公园", "park", (
    (116.6380, 23.6735), (116.6420, 23.6745), (116.6432, 23.6712), (116.6405, 23.6690), (116.6378, 23.6705),
))  # fmt: skip
ARTERIALS = (
    ("牌坊大街", "secondary", ((116.6475, 23.6400), (116.6472, 23.6520), (116.6465, 23.6640), (116.6480, 23.6850))),
    ("环城西路", "primary", ((116.6385, 23.6380), (116.6390, 23.6520), (116.6372, 23.6660), (116.6380, 23.6860))),
    ("大桥路", "primary", ((116.6080, 23.6590), (116.6250, 23.6600), (116.6450, 23.6585), (116.6760, 23.6580))),
    ("新城大道", "primary", ((116.6245, 23.6380), (116.6240, 23.6520), (116.6228, 23.6680), (116.6250, 23.6840))),
    ("北门路", "secondary", ((116.6090, 23.6740), (116.6240, 23.6760), (116.6480, 23.6775), (116.6740, 23.6720))),
    ("南门路", "secondary", ((116.6110, 23.6490), (116.6300, 23.6478), (116.6480, 23.6486), (116.6750, 23.6500))),
    ("东岸路", "secondary", ((116.6640, 23.6390), (116.6632, 23.6520), (116.6640, 23.6660), (116.6665, 23.6830))),
)
# name, inner point, share of the ground, people (invented, round), street km and junctions per km2
QUARTERS = (
    ("古城街道", (116.6470, 23.6600), 0.22, 46_000, 13.0, 82.0),
    ("城北街道", (116.6350, 23.6770), 0.24, 38_000, 8.5, 34.0),
    ("城西街道", (116.6240, 23.6560), 0.33, 61_000, 9.0, 38.0),
    ("河东街道", (116.6650, 23.6590), 0.21, 27_000, 7.5, 26.0),
)
FRONT_HOURS = "24/7"


@dataclass(frozen=True)
class OldTown:
    """Everything that is written, as `write` takes it."""

    towns: list[Township]
    walkable: list[Way]
    joints: NDArray[np.float64]
    scenery: list[Way]
    homes: Homes


def build() -> OldTown:
    """Make the town; the same one every time."""
    towns = _quarters(Polygon(plane.rounded(plane.to_xy(OUTLINE), closed=True)))
    united = shapely.union_all([shapely.set_precision(one.shape, 0.01) for one in towns])
    district = Polygon(max(shapely.get_parts(united), key=lambda part: part.area).exterior)
    river = LineString(RIVER.line()).buffer(RIVER.half_m, cap_style="flat")
    cuts = [Barrier("river", RIVER.name, river), Barrier("park", PARK.name, PARK.shape())]
    lines = [
        (name, highway, LineString(plane.rounded(plane.to_xy(points), closed=False)))
        for name, highway, points in ARTERIALS
    ]
    ground = land.prepare(district, cuts, [], Bones((RIVER,), lines))
    grown = town.grow(ground, towns)
    walkable = [*grown.streets, *grown.walks, *grown.lanes]
    meetings = sidewalks.meetings(grown.walks, walkable)
    inner = [inside.joints for inside in grown.insides]
    return OldTown(
        towns=towns,
        walkable=walkable,
        joints=np.vstack([blocks.corners(grown.corners), grown.kerbs, meetings, *inner]),
        scenery=[*_scenery(river.intersection(district), district), *grown.grounds],
        homes=homes.settle(grown, PEOPLE_PER_HOME),
    )


def _quarters(district: Polygon) -> list[Township]:
    centres = plane.to_xy([point for _, point, *_ in QUARTERS])
    shapes = townships.drawn(district, centres, np.array([share for _, _, share, *_ in QUARTERS]))
    return [
        Township(name, people, shape.area / 1e6, centre, density, junctions, shape)
        for (name, _, _, people, density, junctions), centre, shape in zip(QUARTERS, centres, shapes, strict=True)
    ]


def _scenery(river: Polygon, district: Polygon) -> list[Way]:
    middle = LineString(RIVER.line()).intersection(district)
    return [
        Way(np.asarray(middle.coords), {"waterway": "river", "name": RIVER.name}, joins=False),
        Way(np.asarray(river.simplify(1.0).exterior.coords), {"natural": "water", "water": "river"}, joins=False),
        Way(
            np.asarray(PARK.shape().simplify(1.0).exterior.coords), {"leisure": "park", "name": PARK.name}, joins=False
        ),
    ]


def landscapes(made: OldTown) -> list[Site]:
    """Place 18 city landscapes beside main roads, each as far as can be from those before it."""
    rng = plane.chance("chaozhou", "landscapes")
    fronts = sites.shop_fronts([way for way in made.walkable if way.highway in {"primary", "secondary"}])
    fronts = fronts[shapely.contains_xy(shapely.union_all([one.shape for one in made.towns]).buffer(-40.0), fronts)]
    chosen = [int(np.argmin(np.hypot(*(fronts - made.towns[0].centre).T)))]
    away_m = np.hypot(*(fronts - fronts[chosen[0]]).T)
    while len(chosen) < LANDSCAPES:
        chosen.append(int(np.argmax(away_m)))
        away_m = np.minimum(away_m, np.hypot(*(fronts - fronts[chosen[-1]]).T))
    tree = shapely.STRtree([one.shape for one in made.towns])
    units = [made.towns[int(tree.nearest(shapely.Point(fronts[n])))].name for n in chosen]
    return [
        Site(
            f"L{number:04d}",
            f"{names.stem(rng)}小景观",
            "landscape",
            fronts[n],
            "",
            unit,
            FRONT_HOURS,
            sites.offered(rng, 1)[:2],
        )
        for number, (n, unit) in enumerate(zip(chosen, units, strict=True), 1)
    ]
