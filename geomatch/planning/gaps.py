"""Where people live with no site within reach: connected areas, ranked by people.

The ground is cut into cells. A cell belongs to a gap where its own middle is further than the limit from every site by
walking, and an uncovered home lies close by; the cell of an uncovered home always does. Cells that touch, at a corner
too, are one gap. So every uncovered home is in exactly one gap, and gaps follow the streets, not the crow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from geomatch.geo.projection import Plane

CELL_M = 50.0
NEAR_HOME_M = 150.0
NEAR_OFF_NETWORK_HOME_M = 60.0
# Corner cutting moves a line by at most CELL_M x sqrt(2) / 8 = 8.84 m. Growing by 12 m and thinning by 2 m still keeps
# every cell inside its gap (12 > 8.84 + 2), and two gaps, at least one cell apart, disjoint (2 x 22.84 < 50).
_GROWN_M, _SIMPLIFIED_M = 12.0, 2.0


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
    if not len(homes.x):
        return ()
    grid, home_label = _label(homes, is_uncovered)
    people = np.bincount(home_label, weights=homes.population).astype(np.int64)
    ranked = np.argsort(-people[1:], kind="stable") + 1
    return tuple(
        _gap(rank, homes, home_label == label, grid.outline(label), plane, unit_names, site_ids)
        for rank, label in enumerate(ranked.tolist(), 1)
    )


@dataclass(frozen=True)
class _Grid:
    """Labelled cells: row-sorted cells, and the corner of the grid."""

    west: float
    south: float
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    start: NDArray[np.intp]

    def outline(self, label: int) -> BaseGeometry:
        """Give the cells of one label as a smoothed polygon on the plane."""
        mine = slice(self.start[label], self.start[label + 1])
        rows, columns = self.rows[mine], self.columns[mine]
        first = np.ones(len(rows), bool)
        first[1:] = (np.diff(rows) != 0) | (np.diff(columns) != 1)
        starts = np.flatnonzero(first)
        lengths = np.diff(np.append(starts, len(rows)))
        left = self.west + columns[starts] * CELL_M
        bottom = self.south + rows[starts] * CELL_M
        runs = shapely.box(left, bottom, left + lengths * CELL_M, bottom + CELL_M)
        return _smooth(shapely.union_all(runs))


def _label(
    homes: Uncovered, is_uncovered: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.bool_]]
) -> tuple[_Grid, NDArray[np.intp]]:
    """Mark the cells of gaps, label the connected ones, and give every home its label."""
    from scipy import ndimage  # noqa: PLC0415 - scipy stays out of the way to a first answer

    margin_m = NEAR_HOME_M + CELL_M
    west, south = homes.x.min() - margin_m, homes.y.min() - margin_m
    shape = (int((homes.y.max() + margin_m - south) / CELL_M) + 1, int((homes.x.max() + margin_m - west) / CELL_M) + 1)
    home_row, home_column = ((homes.y - south) / CELL_M).astype(np.intp), ((homes.x - west) / CELL_M).astype(np.intp)
    cells = np.zeros(shape, bool)
    for reaches, near_m in ((True, NEAR_HOME_M), (False, NEAR_OFF_NETWORK_HOME_M)):
        mine = homes.on_network == reaches
        _mark_near(cells, home_row[mine], home_column[mine], near_m)
    rows, columns = np.nonzero(cells)
    cells[rows, columns] = is_uncovered(west + (columns + 0.5) * CELL_M, south + (rows + 0.5) * CELL_M)
    cells[home_row, home_column] = True
    labels, count = ndimage.label(cells, structure=np.ones((3, 3), bool))
    # cells far from a home in a straight line around a corner may form islands where nobody lives: they are no gap
    home_label = labels[home_row, home_column]
    lived_in = np.zeros(count + 1, np.intp)
    lived_in[home_label] = 1
    renumber = np.cumsum(lived_in) * lived_in
    labels = renumber[labels]
    rows, columns = np.nonzero(labels)
    order = np.argsort(labels[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    start = np.searchsorted(labels[rows, columns], np.arange(int(lived_in.sum()) + 2))
    return _Grid(float(west), float(south), rows, columns, start), renumber[home_label]


def _mark_near(cells: NDArray[np.bool_], rows: NDArray[np.intp], columns: NDArray[np.intp], near_m: float) -> None:
    """Mark the cells whose middle is within near_m of the middle of a given cell."""
    steps = int(near_m // CELL_M)
    down, across = np.mgrid[-steps : steps + 1, -steps : steps + 1]
    close = np.hypot(down, across) * CELL_M <= near_m
    for step_down, step_across in zip(down[close].tolist(), across[close].tolist(), strict=True):
        cells[rows + step_down, columns + step_across] = True


def _smooth(outline: BaseGeometry) -> BaseGeometry:
    """Cut the corners of cells once (Chaikin 1974), grow a little so that no home is lost, and thin the vertices."""

    def cut(ring: NDArray[np.float64]) -> NDArray[np.float64]:
        here, there = ring[:-1], ring[1:]
        both = np.stack([0.75 * here + 0.25 * there, 0.25 * here + 0.75 * there], axis=1).reshape(-1, 2)
        return np.concatenate([both, both[:1]])

    polygons = []
    for polygon in shapely.get_parts(shapely.segmentize(outline, CELL_M * 1.001)):
        rings = [cut(shapely.get_coordinates(ring)) for ring in shapely.get_rings(polygon)]
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    grown = shapely.buffer(shapely.union_all(shapely.make_valid(polygons)), _GROWN_M, quad_segs=2)
    return shapely.simplify(grown, _SIMPLIFIED_M, preserve_topology=True)


def _gap(  # noqa: PLR0917 - private, one call
    rank: int,
    homes: Uncovered,
    mine: NDArray[np.bool_],
    outline: BaseGeometry,
    plane: Plane,
    unit_names: Sequence[str],
    site_ids: Sequence[str],
) -> Gap:
    people, walk_m, units = homes.population[mine], homes.walk_m[mine], homes.unit[mine]
    closest = int(np.argmin(walk_m))
    reaches_site = bool(np.isfinite(walk_m[closest]))
    in_units = units >= 0
    by_unit = np.bincount(units[in_units], weights=people[in_units], minlength=1)
    has_unit = bool(in_units.any()) and bool(unit_names)
    return Gap(
        rank=rank,
        people=int(people.sum()),
        unit=unit_names[int(np.argmax(by_unit))] if has_unit else None,
        nearest_site=site_ids[int(homes.site[mine][closest])] if reaches_site else None,
        nearest_walk_m=float(walk_m[closest]) if reaches_site else None,
        reason=_reason(reaches_site=reaches_site, reaches_street=bool(homes.on_network[mine].any())),
        geometry=_to_lonlat(outline, plane),
        homes=homes.home[mine],
    )


def _reason(*, reaches_site: bool, reaches_street: bool) -> str:
    if reaches_site:
        return "too_far"
    return "cut_off" if reaches_street else "off_network"


def _to_lonlat(outline: BaseGeometry, plane: Plane) -> shapely.MultiPolygon:
    def turn(coords: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(plane.to_lonlat(coords[:, 0], coords[:, 1]))

    turned = shapely.orient_polygons(shapely.transform(outline, turn))
    return shapely.MultiPolygon(list(shapely.get_parts(turned)))
