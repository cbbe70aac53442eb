"""Where people live: census figures spread over homes, or over streets, to the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geomatch.network.graph import KINDS, RESIDENTIAL_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from geomatch.network.graph import StreetGraph
    from geomatch.planning.units import Units

SPACING_M = 50.0
"""How far apart the points stand that people are spread over where a township has no homes."""

OUTSIDE = -1


@dataclass(frozen=True)
class DemandPoints:
    """Homes as a file gives them.

    Attributes:
        id: unique texts (n,).
        name: as people call it, "" where unknown (n,).
        lon, lat: WGS-84 degrees, float64 (n,).
        weight: float64 (n,), 0 or more: the share of its unit's people.
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    weight: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True)
class StreetPoints:
    """Points along streets; `length_m` is the piece of street that each stands for. float64 (n,), unit int32 (n,)."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    unit: NDArray[np.int32]
    length_m: NDArray[np.float64]


@dataclass(frozen=True)
class Homes:
    """Where people live.

    Attributes:
        id: unique texts (n,).
        name: as people call it, "" where unknown (n,).
        lon, lat: WGS-84 degrees, float64 (n,).
        population: int64 (n,).
        unit: int32 (n,), index of the township, or -1 outside of all, where the population is 0.
    """

    id: tuple[str, ...]
    name: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    population: NDArray[np.int64]
    unit: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True)
class Peopled:
    """Homes, and what had to be decided on the way.

    Attributes:
        homes: every home of the file in its order, then the points made for units without homes.
        outside: ids of homes that lie in no unit.
        on_streets: units whose people were spread over points along their streets.
        streetless: units with people, but neither homes nor streets: one home at an inner point.
    """

    homes: Homes
    outside: tuple[str, ...]
    on_streets: tuple[int, ...]
    streetless: tuple[int, ...]


def apportion(total: int, weights: ArrayLike) -> NDArray[np.int64]:
    """Share a whole number by weights with the largest-remainder method (Hamilton); ties go to the first.

    Args:
        total: 0 or more.
        weights: (n,) finite, 0 or more; all zero counts as all equal.

    Returns:
        int64 (n,) whose sum is exactly the total; 0 for a weight of 0 unless all are. Empty for no weights.
    """
    shares = np.asarray(weights, np.float64)
    if not len(shares):
        return np.empty(0, np.int64)
    peak = shares.max()
    shares = np.ones_like(shares) if peak == 0 else shares / peak  # so that the sum cannot overflow
    quotas = total * shares / shares.sum()
    whole = np.floor(quotas).astype(np.int64)
    missing = total - int(whole.sum())
    order = np.argsort(np.where(shares > 0, whole - quotas, np.inf), kind="stable")
    whole[order[: max(missing, 0)]] += 1
    return np.asarray(whole, np.int64)


def empty_units(points: DemandPoints | None, units: Units) -> tuple[int, ...]:
    """Give the units that have people but not one of these homes, by index."""
    homes = np.zeros(len(units), np.int64)
    if points is not None:
        located = units.locate(points.lon, points.lat)
        homes += np.bincount(located[located >= 0], minlength=len(units))
    return tuple(np.nonzero((units.populations > 0) & (homes == 0))[0].tolist())


def people(points: DemandPoints | None, units: Units, streets: StreetPoints) -> Peopled:
    """Spread each unit's people over its homes, else over its street points, else put them at an inner point.

    Args:
        points: the homes of the demand file, or None.
        units: the townships; the one unit of a region that states none holds every home.
        streets: points in the units that `empty_units` gave, by `street_points`.
    """
    empty = empty_units(points, units)
    parts = [] if points is None else [_housed(points, units)]
    parts += [_along_streets(units, unit, streets) for unit in empty]
    homes = _joined(parts)
    on_streets = tuple(unit for unit in empty if (streets.unit == unit).any())
    given = 0 if points is None else len(points)
    outside = tuple(homes.id[place] for place in np.nonzero(homes.unit[:given] == OUTSIDE)[0])
    return Peopled(homes, outside, on_streets, tuple(unit for unit in empty if unit not in on_streets))


def street_points(graph: StreetGraph, units: Units, wanted: Sequence[int]) -> StreetPoints:
    """Set points every 50 m along the residential streets of some units, along any street where a unit has none.

    Args:
        graph: the streets.
        units: the townships.
        wanted: indices of the units to do.
    """
    residential = np.isin(graph.edge_kind, [KINDS.index(kind) for kind in RESIDENTIAL_KINDS])
    near = _edges_near(graph, units, wanted)
    points = _points_along(graph, near, units)
    kept = np.isin(points.unit, np.asarray(wanted, np.int32))
    lives_here = residential[_owners(graph, near)]
    with_homes = np.unique(points.unit[lives_here])
    kept &= lives_here | ~np.isin(points.unit, with_homes)
    return StreetPoints(points.lon[kept], points.lat[kept], points.unit[kept], points.length_m[kept])


def _edges_near(graph: StreetGraph, units: Units, wanted: Sequence[int]) -> NDArray[np.int64]:
    """Give the edges with an end in the box of a wanted unit, widened by the longest edge."""
    if not len(wanted) or not graph.edge_count:
        return np.empty(0, np.int64)
    margin = float(graph.edge_length_m.max())
    ends = graph.node_xy[graph.edge_u]
    near = np.zeros(graph.edge_count, bool)
    for unit in wanted:
        x, y = graph.plane.to_xy(*shapely.get_coordinates(units.units[unit].geometry).T)
        near |= (
            (ends[:, 0] >= x.min() - margin)
            & (ends[:, 0] <= x.max() + margin)
            & (ends[:, 1] >= y.min() - margin)
            & (ends[:, 1] <= y.max() + margin)
        )
    return np.nonzero(near)[0]


def _counts(graph: StreetGraph, edges: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.ceil(graph.edge_length_m[edges] / SPACING_M).astype(np.int64)


def _owners(graph: StreetGraph, edges: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.repeat(edges, _counts(graph, edges))


def _points_along(graph: StreetGraph, edges: NDArray[np.int64], units: Units) -> StreetPoints:
    """Cut each edge into equal pieces of at most 50 m and put a point in the middle of each."""
    counts = _counts(graph, edges)
    owners = np.repeat(edges, counts)
    place = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    length_m = (graph.edge_length_m[edges] / np.maximum(counts, 1)).repeat(counts)
    lines = _lines(graph, edges).repeat(counts)
    spots = shapely.get_coordinates(shapely.line_interpolate_point(lines, (place + 0.5) * length_m))
    lon, lat = graph.plane.to_lonlat(spots[:, 0], spots[:, 1])
    return StreetPoints(lon, lat, units.locate(lon, lat), length_m)


def _lines(graph: StreetGraph, edges: NDArray[np.int64]) -> NDArray[np.object_]:
    starts, ends = graph.geom_start[edges], graph.geom_start[edges + 1]
    sizes = ends - starts
    index = np.repeat(np.arange(len(edges)), sizes)
    source = np.repeat(starts - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
    lines: NDArray[np.object_] = np.asarray(shapely.linestrings(graph.geom_xy[source], indices=index), object)
    return lines


def _housed(points: DemandPoints, units: Units) -> Homes:
    """Share each unit's people among the homes within it."""
    unit = units.locate(points.lon, points.lat) if units.stated else np.zeros(len(points), np.int32)
    population = np.zeros(len(points), np.int64)
    for index, total in enumerate(units.populations.tolist()):
        members = np.nonzero(unit == index)[0]
        population[members] = apportion(total, points.weight[members])
    return Homes(points.id, points.name, points.lon, points.lat, population, unit)


def _along_streets(units: Units, unit: int, streets: StreetPoints) -> Homes:
    """Share a unit's people among its street points; without any, put them at an inner point."""
    members = np.nonzero(streets.unit == unit)[0]
    place = units.units[unit]
    if len(members):
        lon, lat = streets.lon[members], streets.lat[members]
        shares = apportion(place.population, streets.length_m[members])
    else:
        inner = place.geometry.representative_point()
        lon, lat, shares = np.array([inner.x]), np.array([inner.y]), np.array([place.population], np.int64)
    ids = tuple(f"{place.id}#{number}" for number in range(1, len(lon) + 1))
    return Homes(ids, ("",) * len(lon), lon, lat, shares, np.full(len(lon), unit, np.int32))


def _joined(parts: Sequence[Homes]) -> Homes:
    return Homes(
        tuple(text for part in parts for text in part.id),
        tuple(text for part in parts for text in part.name),
        np.concatenate([np.empty(0, np.float64), *(part.lon for part in parts)]),
        np.concatenate([np.empty(0, np.float64), *(part.lat for part in parts)]),
        np.concatenate([np.empty(0, np.int64), *(part.population for part in parts)]),
        np.concatenate([np.empty(0, np.int32), *(part.unit for part in parts)]),
    )
