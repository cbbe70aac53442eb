"""Ledu: a river valley with a county seat, side valleys that climb into the mountains, and villages along all of them.

Where the valley lies and which way it runs is true, good to a kilometre or two; everything else is drawn or grown here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from makers import blocks, homes, land, plane, sidewalks, town, townships, villages
from makers.homes import Homes
from makers.townships import Township
from makers.ways import Way

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from makers.town import Town
    from makers.villages import Village

RIVER = (
    (102.130, 36.455), (102.180, 36.470), (102.250, 36.475), (102.320, 36.486), (102.400, 36.478),
    (102.470, 36.475), (102.540, 36.462), (102.600, 36.440), (102.660, 36.432),
)  # fmt: skip
SEAT_NAME = "河湾镇"
SEAT = (102.402, 36.4855)
SEAT_HALF_M = (1350.0, 420.0)
SEAT_KM_PER_KM2, SEAT_JUNCTIONS_PER_KM2 = 10.0, 42.0

# where a side valley leaves the river's, and where its road ends; the name is its township's
SIDE_VALLEYS = {
    "石峡乡": ((102.160, 36.467), (102.140, 36.540), (102.155, 36.600)),
    "北岭乡": ((102.235, 36.476), (102.225, 36.545), (102.240, 36.625)),
    "柏林乡": ((102.305, 36.486), (102.318, 36.555), (102.300, 36.640)),
    "上湾乡": ((102.372, 36.486), (102.385, 36.560), (102.372, 36.650)),
    "红坡乡": ((102.455, 36.478), (102.470, 36.545), (102.462, 36.620)),
    "云台乡": ((102.545, 36.463), (102.560, 36.520), (102.548, 36.585)),
    "西沟乡": ((102.190, 36.470), (102.170, 36.405), (102.185, 36.340)),
    "南川乡": ((102.280, 36.478), (102.262, 36.400), (102.272, 36.315)),
    "松坡乡": ((102.352, 36.482), (102.345, 36.400), (102.358, 36.290)),
    "清泉乡": ((102.425, 36.476), (102.438, 36.400), (102.425, 36.300)),
    "长岭乡": ((102.505, 36.468), (102.522, 36.395), (102.512, 36.320)),
    "东山乡": ((102.590, 36.443), (102.610, 36.380), (102.598, 36.325)),
}
# towns on the floor of the valley, west to east
VALLEY_TOWNS = {
    "西川镇": (102.165, 36.468), "金滩镇": (102.240, 36.478), "双桥镇": (102.315, 36.488),
    "榆林镇": (102.470, 36.478), "杨滩镇": (102.540, 36.465), "峡口镇": (102.625, 36.438),
}  # fmt: skip
PEOPLE = {"seat": 62_000, "valley": 14_000, "side": 5_200}
"""Residents of a township, about: invented, in round numbers, because we have no figure to rest on."""
BRIDGE_EVERY_M = 4_200.0
TOWNSHIP_CELL_M = 250.0
VILLAGE_HOMES = 13
SEAT_PEOPLE_PER_HOME = 160
WOOD_AWAY_M, WOOD_STRIP_M, WOOD_LEAST_M2 = 700.0, 2_000.0, 4e5


@dataclass(frozen=True)
class Valley:
    """Everything that is written.

    Attributes:
        towns: the townships, with shapes; the seat first.
        walkable, joints, scenery: as `write.streets` takes them.
        homes: where people live.
        villages: as they lie along the roads; their homes are in `homes` under their names.
        square: the middle of the seat.
    """

    towns: list[Township]
    walkable: list[Way]
    joints: NDArray[np.float64]
    scenery: list[Way]
    homes: Homes
    villages: list[Village]
    square: NDArray[np.float64]


def build() -> Valley:
    """Make the district; the same one every time."""
    river = LineString(plane.rounded(plane.to_xy(RIVER, plane.LEDU), closed=False))
    north, south = (_beside(river, aside, name) for aside, name in ((420.0, "河滨北路"), (-420.0, "河滨南路")))
    sides = [_side_valley(name, points, north, south) for name, points in SIDE_VALLEYS.items()]
    taken: set[str] = set()
    settled = [place for way in (north, south, *sides) for place in villages.along(way, taken)]
    towns = _towns(shapely.union_all([LineString(way.xy) for way in (north, south, *sides)]))
    seat = _seat(towns[0], north)
    reserved = seat.towns[0].shape.buffer(150.0)
    settled = [place for place in settled if not reserved.intersects(shapely.MultiPoint(place.houses))]
    roads = [*_outside(north, seat.towns[0].shape), south, *sides, *_bridges(north, south)]
    walkable = [*roads, *seat.streets, *seat.walks, *seat.lanes, *(way for place in settled for way in place.ways)]
    inner = [inside.joints for inside in seat.insides] + [place.joints for place in settled]
    meetings = sidewalks.meetings(seat.walks, walkable)
    return Valley(
        towns=towns,
        walkable=walkable,
        joints=np.vstack([blocks.corners(seat.corners), seat.kerbs, meetings, *inner]),
        scenery=[*_scenery(river, [LineString(way.xy) for way in walkable], towns), *seat.grounds],
        homes=_homes(seat, settled, towns),
        villages=settled,
        square=towns[0].centre,
    )


def wander(points: NDArray[np.float64], rng: np.random.Generator, *, every_m: float, sway_m: float) -> LineString:
    """Give a road that follows a line as a valley makes it: to and fro, its ends kept."""
    line = LineString(plane.rounded(points, closed=False))
    along = np.linspace(0.0, line.length, max(3, round(line.length / every_m) + 1))
    places = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    sway = rng.normal(0.0, sway_m, places.shape)
    sway[[0, -1]] = 0.0
    return LineString(plane.rounded(places + sway, closed=False, passes=2))


def _beside(river: LineString, aside_m: float, name: str) -> Way:
    bank = np.asarray(river.offset_curve(aside_m).simplify(25.0).coords)
    line = wander(bank, plane.chance("ledu", name), every_m=1500.0, sway_m=45.0)
    return Way(np.asarray(line.coords), {"highway": "secondary" if aside_m > 0 else "tertiary", "name": name})


def _side_valley(name: str, points: tuple[tuple[float, float], ...], north: Way, south: Way) -> Way:
    xy = plane.to_xy(points, plane.LEDU)
    bank = LineString((north if points[-1][1] > points[0][1] else south).xy)
    xy[0] = np.asarray(shapely.shortest_line(shapely.Point(xy[0]), bank).coords[-1])
    line = wander(xy, plane.chance("ledu", "road", name), every_m=800.0, sway_m=110.0)
    return Way(np.asarray(line.coords), {"highway": "tertiary", "name": f"{name.removesuffix('乡')}路"})


def _outside(road: Way, ring: Polygon) -> list[Way]:
    """Give a road but for the part inside the seat, where it is a street of the town."""
    parts = shapely.get_parts(LineString(road.xy).difference(ring))
    return [Way(np.asarray(part.coords), road.tags) for part in parts]


def _bridges(north: Way, south: Way) -> list[Way]:
    line, other = LineString(north.xy), LineString(south.xy)
    ways = []
    for at in np.arange(1_400.0, line.length, BRIDGE_EVERY_M):
        xy = np.asarray(shapely.shortest_line(line.interpolate(float(at)), other).coords)
        ways.append(Way(xy, {"highway": "tertiary", "bridge": "yes", "layer": "1"}, joins=False))
    return ways


def _towns(roads: shapely.Geometry) -> list[Township]:
    """Give 19 townships whose shapes fill the ground within a walk of the roads, mountains included."""
    ends = {name: points[1] for name, points in SIDE_VALLEYS.items()}
    kinds = {SEAT_NAME: ("seat", SEAT)}
    kinds |= {name: ("valley", point) for name, point in VALLEY_TOWNS.items()}
    kinds |= {name: ("side", point) for name, point in ends.items()}
    outline = roads.buffer(5_000.0, quad_segs=4).simplify(300.0)
    outline = Polygon(outline.exterior)
    centres = plane.to_xy([point for _, point in kinds.values()], plane.LEDU)
    share = np.array([{"seat": 0.45, "valley": 0.55, "side": 1.3}[kind] for kind, _ in kinds.values()])
    shapes = townships.drawn(outline, centres, share, cell_m=TOWNSHIP_CELL_M)
    rng = plane.chance("ledu", "people")
    return [
        Township(name, int(round(PEOPLE[kind] * rng.uniform(0.7, 1.3), -2)), shape.area / 1e6, centre, 0.0, 0.0, shape)
        for (name, (kind, _)), centre, shape in zip(kinds.items(), centres, shapes, strict=True)
    ]


def _seat(township: Township, road: Way) -> Town:
    """Grow the county seat round the main road, as a town of blocks."""
    x, y = plane.to_xy([SEAT], plane.LEDU)[0]
    line = LineString(road.xy)
    middle = np.asarray(line.interpolate(line.project(shapely.Point(x, y))).coords[0])
    wide, deep = SEAT_HALF_M
    corners = np.array([(-wide, -0.45 * deep), (wide, -0.45 * deep), (wide, 1.7 * deep), (-wide, 1.7 * deep)])
    ring = Polygon(plane.rounded(middle + corners, closed=True, passes=2))
    crossed = shapely.polygonize(shapely.get_parts(shapely.union_all([ring.exterior, line])))
    halves = [part for part in shapely.get_parts(crossed) if ring.contains(part.representative_point())]
    edge = [Way(np.asarray(ring.exterior.coords), {"highway": "tertiary", "name": "环城路"})]
    inner = shapely.get_parts(line.intersection(ring))
    main = [Way(np.asarray(part.coords), {"highway": "primary", "name": "河滨北路"}) for part in inner]
    built = Township(
        township.name, township.population, ring.area / 1e6, middle,
        SEAT_KM_PER_KM2, SEAT_JUNCTIONS_PER_KM2, ring,
    )  # fmt: skip
    return town.grow(land.Land(tuple(halves), (*edge, *main), (), ()), [built])


def _homes(seat: Town, settled: list[Village], towns: list[Township]) -> Homes:
    inside = homes.settle(seat, SEAT_PEOPLE_PER_HOME)
    xy, weight, called = [inside.xy], [inside.weight], list(inside.name)
    for place in settled:
        rng = plane.chance("ledu", "homes", place.name, round(float(place.houses[0, 0])))
        count = min(len(place.houses), VILLAGE_HOMES)
        chosen = np.sort(rng.choice(len(place.houses), count, replace=False))
        xy.append(place.houses[chosen])
        weight.append(np.maximum(1, np.round(6 * rng.lognormal(0.0, 0.4, count))).astype(np.int64))
        called += [place.name] * count
    points = np.vstack(xy)
    tree = shapely.STRtree([one.shape for one in towns])
    return Homes(points, tree.nearest(shapely.points(points)).astype(np.int64), np.concatenate(weight), called)


def _scenery(river: LineString, lines: list[LineString], towns: list[Township]) -> list[Way]:
    """Draw what only lies there: river, motorway and railway along the valley, woods above the villages."""
    ways = [
        Way(np.asarray(river.coords), {"waterway": "river", "name": "湟水"}, joins=False),
        _area(
            river.buffer(45.0, cap_style="flat").simplify(4.0), {"natural": "water", "water": "river", "name": "湟水"}
        ),
        Way(np.asarray(river.offset_curve(1500.0).simplify(8.0).coords), {"railway": "rail"}, joins=False),
    ]
    for aside_m, heading in ((-1150.0, 1), (-1172.0, -1)):
        lane = np.asarray(river.offset_curve(aside_m).simplify(8.0).coords)[::heading]
        ways.append(Way(lane, {"highway": "motorway", "oneway": "yes", "foot": "no"}, joins=False))
    ground = shapely.union_all([shapely.set_precision(one.shape, 1.0) for one in towns]).buffer(0)
    lived = shapely.union_all(shapely.buffer(shapely.simplify(lines, 60.0), WOOD_AWAY_M, quad_segs=2))
    high = shapely.difference(ground, lived).simplify(80.0)
    return [*ways, *(_area(part, {"natural": "wood"}) for part in _without_holes(high))]


def _without_holes(ground: shapely.Geometry) -> list[Polygon]:
    """Cut ground into strips that roads cut right through: what is written as one ring can have no holes."""
    west, south, east, north = ground.bounds
    strips = [shapely.box(west, at, east, at + WOOD_STRIP_M) for at in np.arange(south, north, WOOD_STRIP_M)]
    parts = shapely.get_parts(shapely.intersection(np.array(strips, object), ground))
    return [part for whole in parts for part in shapely.get_parts(whole) if part.area > WOOD_LEAST_M2]


def _area(shape: Polygon, tags: dict[str, str]) -> Way:
    return Way(np.asarray(shape.exterior.coords), tags, joins=False)
