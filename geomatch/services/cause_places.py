"""The places of remedies: rounded to what a what-if is told, put on the streets from there, and called by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.geo.coordinates import LngLat
from geomatch.network import naming, reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.network.snap import Places
    from geomatch.services.cause_facts import Uncovered

DECIMALS = 7
"""Of the degrees in a remedy, about a centimetre: people are counted from the rounded place."""


def rounded(asked: Uncovered, xy: NDArray[np.float64]) -> list[LngLat]:
    """Give points on the plane, float64 (n, 2), as degrees that a what-if is told."""
    lon, lat = asked.counted.graph.plane.to_lonlat(xy[:, 0], xy[:, 1])
    return [LngLat(*spot) for spot in zip(lon.round(DECIMALS).tolist(), lat.round(DECIMALS).tolist(), strict=True)]


def placed(asked: Uncovered, spots: Sequence[LngLat]) -> tuple[NDArray[np.float64], Places]:
    """Put spots on the plane, float64 (n, 2), and on the streets, as a what-if does."""
    lonlat = np.array(spots, np.float64).reshape(-1, 2)
    x, y = asked.counted.graph.plane.to_xy(lonlat[:, 0], lonlat[:, 1])
    return np.column_stack([x, y]), reach.place(asked.ways, x, y)


def names(asked: Uncovered, xy: NDArray[np.float64], places: Places) -> list[str]:
    """Name each place by its street, else by the houses around it, else by the nearest street that has a name.

    "" where none of these is near.
    """
    graph = asked.counted.graph
    street = np.where(places.on_network, graph.edge_name[places.edge], -1).tolist()
    houses = _houses(asked, xy)
    near = naming.nearest(graph, asked.ways.index, xy[:, 0], xy[:, 1])
    found = zip(street, houses, near, strict=True)
    return [graph.names[own] if own >= 0 else around or beside for own, around, beside in found]


def _houses(asked: Uncovered, xy: NDArray[np.float64]) -> list[str]:
    """Give the name of the nearest home that has one, "" where none is near: of an estate, a village."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - scipy stays out of the way to a first answer

    homes = asked.counted.homes
    named = np.array([row for row, name in enumerate(homes.name) if name], np.intp)
    if not len(named):
        return [""] * len(xy)
    tree = cKDTree(np.column_stack(asked.counted.home_xy)[named])
    _, place = tree.query(xy, distance_upper_bound=naming.BESIDE_M)
    rows = np.append(named, -1)[place]
    return ["" if row < 0 else homes.name[row] for row in rows.tolist()]
