"""The 29 townships: true figures, shapes of our own.

A power diagram of the centre points (a Voronoi diagram whose weights shift the borders) gives every township its area;
then all borders are bent together by one smooth wave, so that neighbours still fit.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import Polygon

from makers import plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIGURES = Path(__file__).parents[1] / "haidian_townships.csv"
CELL_M = 90.0
PASSES = 400
GAIN = 0.25  # a border moves by the weight over twice the distance of the centres, on both sides: 0.25 is stable
WAVES = ((2300.0, 0.7, 90.0), (1100.0, 2.1, 45.0), (520.0, 4.0, 14.0))  # wavelength_m, phase, amplitude_m


@dataclass(frozen=True)
class Township:
    """One township.

    Attributes:
        name: its Chinese name.
        population: residents of the 2020 census.
        area_km2: its true area.
        centre: metres (2,), a true inner point rounded to 3 decimals of a degree.
        street_km_per_km2, junctions_per_km2: measured on real streets of residential class and above; 0 unknown.
        shape: our polygon, metres.
    """

    name: str
    population: int
    area_km2: float
    centre: NDArray[np.float64]
    street_km_per_km2: float
    junctions_per_km2: float
    shape: Polygon


def load(outline: Polygon) -> list[Township]:
    """Read the figures and draw a shape for each township; together they fill the outline."""
    with FIGURES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    centres = plane.to_xy([(float(row["lon"]), float(row["lat"])) for row in rows])
    areas_m2 = np.array([float(row["area_km2"]) for row in rows]) * 1e6
    shapes = drawn(outline, centres, areas_m2)
    return [
        Township(
            name=row["name"],
            population=int(row["population"]),
            area_km2=float(row["area_km2"]),
            centre=centre,
            street_km_per_km2=float(row["street_km_per_km2"]),
            junctions_per_km2=float(row["junctions_per_km2"]),
            shape=shape,
        )
        for row, centre, shape in zip(rows, centres, shapes, strict=True)
    ]


def drawn(
    outline: Polygon, centres: NDArray[np.float64], areas_m2: NDArray[np.float64], *, cell_m: float = CELL_M
) -> list[Polygon]:
    """Draw shapes round centres that fill an outline, their areas as the given ones are to each other."""
    weights = _balance(outline, centres, areas_m2 * (outline.area / areas_m2.sum()), cell_m)
    return bend(_cells(outline, centres, weights))


def _balance(
    outline: Polygon, centres: NDArray[np.float64], wanted_m2: NDArray[np.float64], cell_m: float
) -> NDArray[np.float64]:
    """Find the weights that give every cell its area, on a raster of the outline."""
    west, south, east, north = outline.bounds
    x, y = np.meshgrid(np.arange(west, east, cell_m), np.arange(south, north, cell_m))
    inside = shapely.contains_xy(outline, x, y)
    points = np.column_stack([x[inside], y[inside]])
    squares = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2).astype(np.float32)
    weights = np.zeros(len(centres))
    for _ in range(PASSES):
        owner = (squares - weights.astype(np.float32)).argmin(axis=1)
        areas = np.bincount(owner, minlength=len(centres)) * cell_m**2
        weights += GAIN * (wanted_m2 - areas)
    return weights


def _cells(outline: Polygon, centres: NDArray[np.float64], weights: NDArray[np.float64]) -> list[Polygon]:
    cells = []
    for i in range(len(centres)):
        cell = outline
        for j in range(len(centres)):
            if i != j:
                cell = cell.intersection(_side(centres[i], centres[j], weights[i] - weights[j]))
        cells.append(max(getattr(cell, "geoms", [cell]), key=lambda part: part.area))
    return cells


def _side(mine: NDArray[np.float64], theirs: NDArray[np.float64], lead: float, reach_m: float = 2e5) -> Polygon:
    """Give the half plane, as a huge square, where my power distance is the smaller one."""
    gap = theirs - mine
    distance = float(np.hypot(*gap))
    along = gap / distance
    across = np.array([-along[1], along[0]])
    foot = mine + along * (distance / 2 + lead / (2 * distance))
    back = -along * reach_m
    side = across * reach_m
    return Polygon([foot - side, foot + side, foot + side + back, foot - side + back])


def bend(shapes: list[Polygon]) -> list[Polygon]:
    """Bend borders by smooth waves that depend on the place only, so that shared borders stay shared."""
    fine = shapely.segmentize(np.array(shapes, object), 60.0)
    bent = shapely.transform(fine, _wave)
    return [shape if shape.is_valid else shape.buffer(0) for shape in shapely.simplify(bent, 0.0)]


def _wave(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = xy.T
    moved = xy.copy()
    for length_m, phase, amplitude_m in WAVES:
        turn = 2 * np.pi / length_m
        moved[:, 0] += amplitude_m * np.sin(turn * y + phase) * np.cos(0.6 * turn * x + 2 * phase)
        moved[:, 1] += amplitude_m * np.sin(turn * x + 3 * phase) * np.cos(0.7 * turn * y + phase)
    return moved
