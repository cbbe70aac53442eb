"""Ways on the plane and the joints between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TOUCH_M = 0.06
MERGE_M = 0.15

STREETS = frozenset(
    {"primary", "secondary", "tertiary", "unclassified", "residential", "pedestrian", "trunk", "motorway"}
)
"""The classes that the measured densities count: residential and above."""


@dataclass(frozen=True)
class Way:
    """A line or closed area with OpenStreetMap tags.

    Attributes:
        xy: metres (n, 2).
        tags: as OpenStreetMap has them.
        joins: whether others may join along it; a bridge or a wall meets others at its own points only.
        marks: tags of single points on it, by their place.
    """

    xy: NDArray[np.float64]
    tags: dict[str, str]
    joins: bool = True
    marks: tuple[tuple[float, float, dict[str, str]], ...] = field(default=())

    @property
    def highway(self) -> str:
        """Its class, or an empty string."""
        return self.tags.get("highway", "")


def cut_at(lines: Sequence[NDArray[np.float64]], joints: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Put every joint that lies on a line into that line as a vertex of its own.

    Args:
        lines: polylines, metres (n, 2) each.
        joints: places where something meets, metres (m, 2).

    Returns:
        The lines, with the joints within TOUCH_M of them as vertices.
    """
    shapes = shapely.linestrings(np.vstack(lines), indices=np.repeat(np.arange(len(lines)), [len(x) for x in lines]))
    tree = shapely.STRtree(shapes)
    at, line = tree.query(shapely.points(joints), predicate="dwithin", distance=TOUCH_M)
    along = shapely.line_locate_point(shapes[line], shapely.points(joints[at]))
    cut = list(lines)
    order = np.lexsort((along, line))
    owners, starts = np.unique(line[order], return_index=True)
    for owner, chosen in zip(owners, np.split(order, starts[1:]), strict=True):
        cut[owner] = _with_vertices(lines[owner], along[chosen], joints[at[chosen]])
    return cut


def _with_vertices(
    xy: NDArray[np.float64], along: NDArray[np.float64], joints: NDArray[np.float64]
) -> NDArray[np.float64]:
    own = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    places = np.concatenate([own, along])
    order = np.argsort(places, kind="stable")
    merged, places = np.vstack([xy, joints])[order], places[order]
    keep = np.concatenate([[True], np.diff(places) > MERGE_M])
    keep[-1] = True
    return merged[keep]


def merge_points(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Make one point of those within MERGE_M of each other.

    Returns:
        The distinct points (k, 2) and, for each given point, the index of its own.
    """
    pairs = cKDTree(points).query_pairs(MERGE_M, output_type="ndarray")
    ones = np.ones(len(pairs), np.int8)
    count, label = connected_components(coo_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(len(points),) * 2))
    first = np.full(count, len(points), np.int64)
    np.minimum.at(first, label, np.arange(len(points)))
    return points[first], label.astype(np.int64)


def bent(start: NDArray[np.float64], end: NDArray[np.float64], sag: float, pieces: int) -> NDArray[np.float64]:
    """Give a gently curved line between two points; `sag` is its height as a share of its length."""
    share = np.linspace(0.0, 1.0, pieces + 1)[:, None]
    gap = end - start
    across = np.array([-gap[1], gap[0]])
    return start + share * gap + np.sin(np.pi * share) * sag * across
