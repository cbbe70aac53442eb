"""Sites: one centre, an office a township, stations named after communities, outposts in shops on busy streets.

Stations stand where a township has long been lived in; that leaves blind spots on its far sides, as in life.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry import LineString

from makers import names, plane, sketch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from makers.city import City
    from makers.homes import Homes
    from makers.townships import Township
    from makers.ways import Way

COMMUNITIES = Path(__file__).parents[1] / "haidian_communities.csv"
CENTRE_TOWN = "海淀街道"
OUTPOSTS = 220
SERVICES = ("理论政策宣讲", "文艺", "助学支教", "生态环保", "医疗健身", "科普技能", "扶贫帮困", "法律法规")
OFFICE_HOURS = ("Mo-Fr 09:00-17:30", "Mo-Fr 08:30-12:00,13:30-17:30", "Mo-Sa 09:00-17:30")
STATION_HOURS = (
    "Mo-Fr 09:00-17:30", "Mo-Fr 09:00-12:00,13:30-17:30", "Mo-Sa 09:00-17:00", "Mo-Su 08:30-20:00",
    "Mo-Su 09:00-12:00,14:00-18:00", "Tu-Su 09:00-17:30", "Mo-Fr 08:30-17:00; Sa 09:00-12:00",
)  # fmt: skip
OUTPOST_HOURS = ("Mo-Su 08:30-21:00", "Mo-Su 09:00-21:30", "Mo-Su 09:00-20:30", "Mo-Sa 09:00-21:00; Su 10:00-18:00")
CHAINS = ("安家置业", "惠邻地产", "乐居房产", "京和不动产", "百家置地")
NEIGHBOURHOOD_M = 390.0
NEIGHBOURHOOD_KM2 = 2.7
MISSED = 0.004  # how likely a site stands in a blind spot, beside one elsewhere


@dataclass(frozen=True)
class Site:
    """One row of sites.csv, in metres."""

    id: str
    name: str
    kind: str
    xy: NDArray[np.float64]
    parent: str
    unit: str
    hours: str
    services: tuple[str, ...]


def found(city: City, homes: Homes) -> list[Site]:
    """Place every site."""
    shops = shop_fronts(city.walkable)
    seat = next(i for i, town in enumerate(city.towns) if town.name == CENTRE_TOWN)
    centre = Site(
        "C0001", "海淀区新时代文明实践中心", "centre", nearest_of(shops, city.towns[seat].centre), "",
        CENTRE_TOWN, "Mo-Su 08:30-20:00", SERVICES,
    )  # fmt: skip
    offices = [_office(n, town, homes, city) for n, town in enumerate(city.towns)]
    return [centre, *offices, *_stations(city, homes, offices), *_outposts(city, homes, offices, shops)]


def _office(n: int, town: Township, homes: Homes, city: City) -> Site:
    rng = plane.chance("office", town.name)
    mine = homes.xy[homes.town == n]
    mine = mine[shapely.contains_xy(city.towns[n].shape, mine)]
    return Site(
        f"O{n + 1:04d}", f"{town.name}新时代文明实践所", "office", nearest_of(mine, town.centre) + rng.normal(0, 6, 2),
        "C0001", town.name, str(rng.choice(OFFICE_HOURS)), offered(rng, 5),
    )  # fmt: skip


def nearest_of(places: NDArray[np.float64], point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the place nearest to a point."""
    return places[int(np.argmin(np.hypot(*(places - point).T)))]


def offered(rng: np.random.Generator, least: int) -> tuple[str, ...]:
    """Choose some of the eight services, at least so many."""
    count = int(rng.integers(least, len(SERVICES) + 1))
    return tuple(SERVICES[n] for n in np.sort(rng.choice(len(SERVICES), count, replace=False)))


def _stations(city: City, homes: Homes, offices: list[Site]) -> list[Site]:
    with COMMUNITIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sites: list[Site] = []
    for n, town in enumerate(city.towns):
        called = [row["name"] for row in rows if row["township"] == town.name]
        rng = plane.chance("stations", town.name)
        places = _lived_in(homes, n, city, len(called), rng)
        for name, place in zip(called, places, strict=True):
            number = len(sites) + 1
            sites.append(
                Site(
                    f"S{number:04d}",
                    f"{name}新时代文明实践站",
                    "station",
                    place,
                    offices[n].id,
                    town.name,
                    str(rng.choice(STATION_HOURS)),
                    offered(rng, 2),
                )
            )
    return sites


def _lived_in(homes: Homes, town: int, city: City, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Choose places of homes near the township's older neighbourhoods."""
    mine = np.flatnonzero((homes.town == town) & shapely.contains_xy(city.towns[town].shape, homes.xy))
    xy, weight = homes.xy[mine], homes.weight[mine].astype(float)
    anchors = _anchors(xy, weight * _seen(xy), city.towns[town], rng)
    away_m = cKDTree(anchors).query(xy)[0]
    pull = weight * _seen(xy) * np.exp(-((away_m / NEIGHBOURHOOD_M) ** 2)) + 1e-9
    chosen: list[int] = []
    for _ in range(count):
        pick = int(rng.choice(len(xy), p=pull / pull.sum()))
        chosen.append(pick)
        pull = pull * (1.0 - np.exp(-((np.hypot(*(xy - xy[pick]).T) / 130.0) ** 2))) + 1e-12
    return xy[chosen] + rng.normal(0.0, 5.0, (count, 2))


def _seen(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give 1 for ordinary ground and next to nothing for the blind spots of the sketch."""
    seen = np.ones(len(xy))
    for lon, lat, radius_m, _ in sketch.BLIND_SPOTS:
        middle = plane.to_xy([(lon, lat)])[0]
        seen[np.hypot(*(xy - middle).T) < radius_m] = MISSED
    return seen


def _anchors(
    xy: NDArray[np.float64], weight: NDArray[np.float64], town: Township, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Choose the older neighbourhoods: about one for each few km2 that is lived in."""
    lived = len(np.unique(np.floor(xy / 500.0), axis=0)) * 0.25
    count = max(1, round(min(lived, town.area_km2) / NEIGHBOURHOOD_KM2))
    chosen = [int(rng.choice(len(xy), p=weight / weight.sum()))]
    for _ in range(count - 1):
        gap = cKDTree(xy[chosen]).query(xy)[0]
        pull = weight * (gap > 1100.0)  # noqa: PLR2004 - neighbourhoods lie apart
        if not pull.any():
            break
        chosen.append(int(rng.choice(len(xy), p=pull / pull.sum())))
    return xy[chosen]


def shop_fronts(streets: Sequence[Way]) -> NDArray[np.float64]:
    """Give places beside the busier streets, every few dozen metres."""
    fronts = []
    for way in streets:
        if way.highway in {"primary", "secondary", "tertiary"} and way.joins:
            line = LineString(way.xy)
            side = line.offset_curve(13.0 if way.highway == "tertiary" else 17.0)
            if not side.is_empty:
                at = shapely.line_interpolate_point(side, np.arange(20.0, side.length, 45.0))
                fronts.append(shapely.get_coordinates(at))
    return np.vstack(fronts)


def _outposts(city: City, homes: Homes, offices: list[Site], shops: NDArray[np.float64]) -> list[Site]:
    rng = plane.chance("outposts")
    near = cKDTree(homes.xy).query_ball_point(shops, 320.0)
    custom = np.array([homes.weight[list(at)].sum() for at in near], float) ** 2.2
    town = shapely.STRtree([one.shape for one in city.towns]).nearest(shapely.points(shops))
    inside = shapely.contains_xy(city.district, shops)
    sites: list[Site] = []
    pull = custom * inside * _seen(shops)
    while len(sites) < OUTPOSTS:
        pick = int(rng.choice(len(shops), p=pull / pull.sum()))
        pull = pull * (np.hypot(*(shops - shops[pick]).T) > 110.0)  # noqa: PLR2004 - shops stand apart
        number = len(sites) + 1
        name = f"{rng.choice(CHAINS)}{names.stem(rng)}店文明实践驿站"
        sites.append(
            Site(
                f"P{number:04d}",
                name,
                "outpost",
                shops[pick],
                offices[town[pick]].id,
                city.towns[town[pick]].name,
                str(rng.choice(OUTPOST_HOURS)),
                offered(rng, 1)[:3],
            )
        )
    return sites
