"""Ground around homes that have something in common: connected areas, ranked by people.

The ground is cut into cells. A cell belongs to a patch where its own middle, by its own walk, has in common what the
homes have, and one of them lies close by; the cell of a home always does. Cells that touch, at a corner too, are one
patch. So every home is in exactly one patch, and patches follow the streets, not the crow.
"""

from __future__ import annotations

from dataclasses import dataclass
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
# every cell inside its patch (12 > 8.84 + 2), and two patches, at least one cell apart, disjoint (2 x 22.84 < 50).
_GROWN_M, _SIMPLIFIED_M = 12.0, 2.0


@dataclass(frozen=True)
class Dwellings:
    """Homes with people that have something in common, all arrays (n,).

    Attributes:
        x, y: float64, metres on the plane.
        population: int64, more than 0.
        unit: int32, index of the unit, -1 where in none.
        on_network: bool.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    population: NDArray[np.int64]
    unit: NDArray[np.int32]
    on_network: NDArray[np.bool_]


@dataclass(frozen=True)
class Patch:
    """One connected area.

    Attributes:
        people: who live in it.
        unit: name of the unit where most of them live, or None where there are no units.
        mine: bool (n,), which of the homes lie in it.
        geometry: WGS-84 degrees.
    """

    people: int
    unit: str | None
    mine: NDArray[np.bool_]
    geometry: shapely.MultiPolygon


def find(
    homes: Dwellings,
    *,
    is_inside: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.bool_]],
    plane: Plane,
    unit_names: Sequence[str],
) -> tuple[Patch, ...]:
    """Find the patches that homes form, most people first.

    Args:
        homes: the homes, each in exactly one of the patches.
        is_inside: tells of points on the plane, by their own walk, whether they have it in common with the homes.
        plane: the region's metric plane.
        unit_names: what `homes.unit` indexes.
    """
    if not len(homes.x):
        return ()
    grid, home_label = _label(homes, is_inside)
    people = np.bincount(home_label, weights=homes.population).astype(np.int64)
    ranked = np.argsort(-people[1:], kind="stable") + 1
    return tuple(
        Patch(
            int(people[label]),
            _unit(homes, home_label == label, unit_names),
            home_label == label,
            _to_lonlat(grid.outline(label), plane),
        )
        for label in ranked.tolist()
    )


def _unit(homes: Dwellings, mine: NDArray[np.bool_], unit_names: Sequence[str]) -> str | None:
    units, people = homes.unit[mine], homes.population[mine]
    in_units = units >= 0
    if not unit_names or not in_units.any():
        return None
    return unit_names[int(np.argmax(np.bincount(units[in_units], weights=people[in_units])))]


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
    homes: Dwellings, is_inside: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.bool_]]
) -> tuple[_Grid, NDArray[np.intp]]:
    """Mark the cells of patches, label the connected ones, and give every home its label."""
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
    cells[rows, columns] = is_inside(west + (columns + 0.5) * CELL_M, south + (rows + 0.5) * CELL_M)
    cells[home_row, home_column] = True
    labels, count = ndimage.label(cells, structure=np.ones((3, 3), bool))
    # cells far from a home in a straight line around a corner may form islands where nobody lives: they are no patch
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


def _to_lonlat(outline: BaseGeometry, plane: Plane) -> shapely.MultiPolygon:
    def turn(coords: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(plane.to_lonlat(coords[:, 0], coords[:, 1]))

    turned = shapely.orient_polygons(shapely.transform(outline, turn))
    return shapely.MultiPolygon(list(shapely.get_parts(turned)))
