"""Plots: what each block is used for, so that people live in some and not in others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.ops

from makers import blocks, names, plane
from makers.blocks import Block, Joints, Splitter
from makers.ways import STREETS, Way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry import Polygon

    from makers.townships import Township

CAMPUS_TOWNS = frozenset({"清华园街道", "燕园街道", "永定路街道"})
VILLAGE_TOWNS = frozenset({"上庄镇", "苏家坨镇", "西北旺镇", "温泉镇", "香山街道", "四季青镇"})
CAMPUS_MIN_M2 = 120_000.0
PLOT_MAX_M2 = 95_000.0
PEOPLE_PER_LIVED_KM2 = 27_000.0
STEP_M = 9.0
TOUCH_M = 0.2
GATES_MAY_OPEN_ON = frozenset(
    {"primary", "secondary", "tertiary", "residential", "unclassified", "service", "track", "living_street"}
)


@dataclass(frozen=True)
class Plot:
    """Land of one use.

    Attributes:
        shape: metres.
        town: index of its township.
        use: estate, village, campus, office, school, green, farm or wood.
        doors: places on its border where a street passes, metres (n, 2).
    """

    shape: Polygon
    town: int
    use: str
    doors: NDArray[np.float64]


def lay_out(land: Sequence[Block], towns: Sequence[Township], streets: Sequence[Way]) -> tuple[list[Plot], list[Way]]:
    """Cut large blocks into plots and choose a use for each; also gives the dead ends and tracks between them."""
    pieces: list[Block] = []
    lanes: list[Way] = []
    budget_m = np.array([blocks.dead_end_share(town) * _street_goal_m(town) for town in towns])
    reached = _street_reach(streets)
    for block in sorted(land, key=lambda one: -one.shape.area):
        if towns[block.town].name in CAMPUS_TOWNS and block.shape.area > CAMPUS_MIN_M2:
            pieces.append(block)
            continue
        cut = _Cutting(block, towns, reached, plane.chance("plots", *_key(block.shape)))
        pieces += cut.pieces()
        lanes += cut.lanes(budget_m)
    doors = _doors([piece.shape for piece in pieces], [*streets, *lanes])
    plots = []
    for i, town in enumerate(towns):
        mine = [n for n, piece in enumerate(pieces) if piece.town == i]
        uses = _uses([pieces[n].shape for n in mine], [doors[n] for n in mine], town)
        plots += [Plot(pieces[n].shape, i, use, doors[n]) for n, use in zip(mine, uses, strict=True)]
    return plots, lanes


def _key(shape: Polygon) -> tuple[int, int]:
    return round(shape.centroid.x), round(shape.centroid.y)


def _street_goal_m(town: Township) -> float:
    return blocks.wanted_density(town)[0] * town.shape.area / 1e3


def _street_reach(streets: Sequence[Way]) -> shapely.STRtree:
    """Index the streets that a dead end may start from."""
    return shapely.STRtree([shapely.LineString(way.xy) for way in streets if way.highway in STREETS and way.joins])


class _Cutting:
    """Cuts one block into plots; its first cuts may become dead ends in town and tracks in the country."""

    def __init__(
        self, block: Block, towns: Sequence[Township], reached: shapely.STRtree, rng: np.random.Generator
    ) -> None:
        self.block = block
        self.town = towns[block.town]
        self.reached = reached
        self.rng = rng
        self.cuts: list[tuple[int, NDArray[np.float64]]] = []

    def pieces(self) -> list[Block]:
        """Cut until every piece is small enough, and remember the cuts with their depth."""
        splitter = Splitter((), Joints())
        todo, done = [(0, self.block)], []
        while todo:
            depth, piece = todo.pop()
            big = piece.shape.area > PLOT_MAX_M2 * self.rng.uniform(0.8, 1.7)
            halves = splitter.split(piece, self.rng, snap=0.0, highway="plot") if big else []
            if halves:
                self.cuts.append((depth, splitter.ways.pop().xy))
                todo += [(depth + 1, half) for half in halves]
            else:
                done.append(piece)
        return done

    def lanes(self, budget_m: NDArray[np.float64]) -> list[Way]:
        """Make ways of some cuts: dead-end streets while the township's budget of metres lasts, then field tracks."""
        ways: list[Way] = []
        for depth, xy in self.cuts:
            for line in (xy, xy[::-1]):
                if budget_m[self.block.town] > 0 and self._on_street(line[0]):
                    way = self._dead_end(line)
                    budget_m[self.block.town] -= shapely.LineString(way.xy).length
                    ways.append(way)
            if depth == 0 and self.town.name in VILLAGE_TOWNS and not ways and self._on_street(xy[0]):
                ways.append(Way(xy, {"highway": "track"}))
        return ways

    def _on_street(self, point: NDArray[np.float64]) -> bool:
        return len(self.reached.query(shapely.Point(point), predicate="dwithin", distance=TOUCH_M)) > 0

    def _dead_end(self, xy: NDArray[np.float64]) -> Way:
        line = shapely.LineString(xy)
        part = shapely.ops.substring(line, 0.0, min(self.rng.uniform(70.0, 130.0), 0.45 * line.length))
        name = names.street(self.rng, "residential")
        return Way(np.asarray(part.coords), {"highway": "residential", "name": name})


def _doors(shapes: list[Polygon], streets: Sequence[Way]) -> list[NDArray[np.float64]]:
    """Find where streets that a gate may open on pass along each border, every few metres."""
    usable = [way for way in streets if way.highway in GATES_MAY_OPEN_ON and way.joins]
    tree = shapely.STRtree([shapely.LineString(way.xy) for way in usable])
    found = []
    for shape in shapes:
        ring = shape.exterior
        points = shapely.line_interpolate_point(ring, np.arange(0.0, ring.length, STEP_M))
        at, _ = tree.query(points, predicate="dwithin", distance=TOUCH_M)
        found.append(shapely.get_coordinates(points[np.unique(at)]))
    return found


def _uses(shapes: list[Polygon], doors: list[NDArray[np.float64]], town: Township) -> list[str]:
    rng = plane.chance("uses", town.name)
    quota_m2 = town.population / PEOPLE_PER_LIVED_KM2 * 1e6
    rural = blocks.wanted_density(town)[0] < 3.0 or town.name in VILLAGE_TOWNS  # noqa: PLR2004 - km per km2
    lived_share = 0.0 if not shapes else min(quota_m2 / sum(shape.area for shape in shapes), 0.75)
    wish = np.array([_attraction(shape, town, rng, rural=rural) for shape in shapes])
    uses = ["" for _ in shapes]
    big_campus = [town.name in CAMPUS_TOWNS and shape.area > CAMPUS_MIN_M2 for shape in shapes]
    left_m2 = lived_share * sum(shape.area for shape in shapes)
    for n in np.argsort(-wish, kind="stable"):
        reached = len(doors[n]) * STEP_M > 45.0  # noqa: PLR2004 - room for a gate
        if left_m2 > 0 and reached:
            left_m2 -= shapes[n].area
            uses[n] = _lived(shapes[n], town, rng)
        else:
            uses[n] = "campus" if big_campus[n] and reached else _not_lived(rng, rural=rural, reached=reached)
    return uses


def _attraction(shape: Polygon, town: Township, rng: np.random.Generator, *, rural: bool) -> float:
    """Say how soon people settle: at random in town; in the country in clusters, by a wave over the land."""
    x, y = shape.centroid.x, shape.centroid.y
    phase = len(town.name) + town.population % 7
    wave = np.sin(x / 310.0 + phase) * np.cos(y / 270.0 - phase) + np.sin((x + y) / 610.0)
    return float(rng.normal(0.0, 0.45) + (1.1 * wave if rural else 0.25 * wave))


def _lived(shape: Polygon, town: Township, rng: np.random.Generator) -> str:
    if town.name in CAMPUS_TOWNS:
        return "campus" if shape.area > CAMPUS_MIN_M2 else "estate"
    if town.name in VILLAGE_TOWNS and rng.random() < (0.25 if town.name == "四季青镇" else 0.6):
        return "village"
    return "campus" if shape.area > 1.3e5 and rng.random() < 0.5 else "estate"  # noqa: PLR2004 - a large plot


def _not_lived(rng: np.random.Generator, *, rural: bool, reached: bool) -> str:
    if rural:
        uses, shares = ("farm", "wood", "office", "green"), (0.55, 0.3, 0.1, 0.05)
    else:
        uses, shares = ("office", "school", "green", "farm"), (0.46, 0.24, 0.3, 0.0)
    use = str(rng.choice(uses, p=shares))
    return use if reached or use in {"farm", "wood"} else "green"
