"""The nearest few sites of every point, and what they are once sites come and go and links are built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NONE = -1


@dataclass(frozen=True)
class Nearby:
    """The k nearest sites of each of n points, the nearest first.

    Attributes:
        site: int32 (n, k), index of a site, -1 padded where fewer can be reached.
        away_m: float64 (n, k), metres to it, inf padded.
    """

    site: NDArray[np.int32]
    away_m: NDArray[np.float64]

    def without(self, gone: Sequence[int], keep: int) -> Nearby | None:
        """Give the `keep` nearest of those that stay; None where a point may have more near than are listed here."""
        if not len(gone):
            return Nearby(self.site[:, :keep], self.away_m[:, :keep])
        leaves = np.isin(self.site, np.asarray(gone, np.int32))
        away_m = np.where(leaves, np.inf, self.away_m)
        left = np.isfinite(away_m).sum(axis=1)
        listed_all = np.isinf(self.away_m[:, -1])
        if not (listed_all | (left >= keep)).all():
            return None
        return nearest_of(np.where(leaves, NONE, self.site), away_m, keep)

    def joined(self, other: Nearby) -> Nearby:
        """Give the nearest of two lists, as many as the first has; a site in both counts once, at its nearer."""
        site = np.concatenate([self.site, other.site], axis=1)
        away_m = np.concatenate([self.away_m, other.away_m], axis=1)
        return nearest_of(site, away_m, self.site.shape[1])

    def take(self, rows: slice) -> Nearby:
        """Give some of the points."""
        return Nearby(self.site[rows], self.away_m[rows])


def nearest_of(site: NDArray[np.int32], away_m: NDArray[np.float64], keep: int) -> Nearby:
    """Give the `keep` nearest distinct sites of each row."""
    order = np.argsort(away_m, axis=1, kind="stable")
    site, away_m = np.take_along_axis(site, order, 1), np.take_along_axis(away_m, order, 1)
    again = np.zeros(site.shape, bool)
    for column in range(1, site.shape[1]):
        again[:, column] = (site[:, :column] == site[:, column : column + 1]).any(axis=1)
    again &= site != NONE
    if again.any():
        away_m = np.where(again, np.inf, away_m)
        order = np.argsort(away_m, axis=1, kind="stable")
        site, away_m = np.take_along_axis(site, order, 1), np.take_along_axis(away_m, order, 1)
    unreached = np.isinf(away_m[:, :keep])
    return Nearby(np.where(unreached, np.int32(NONE), site[:, :keep]), away_m[:, :keep])


def through(ends: Nearby, between_m: NDArray[np.float64]) -> Nearby:
    """Give the nearest sites of the ends of new links, walking over any of the links.

    Args:
        ends: the nearest sites of each of E ends without the links.
        between_m: float64 (E, E), metres from end to end, over a link where there is one.
    """
    between_m = np.maximum(between_m, 0.0)  # a place at the end of its street may be a hair less than 0 from itself
    while True:
        longer = (ends.away_m[None] + between_m[:, :, None]).reshape(len(between_m), -1)
        site = np.broadcast_to(ends.site[None], (len(between_m), *ends.site.shape)).reshape(longer.shape)
        better = ends.joined(Nearby(site, longer))
        if (better.away_m == ends.away_m).all():
            return better
        ends = better


def over(points: Nearby, ends: Nearby, to_end_m: NDArray[np.float64]) -> Nearby:
    """Give the nearest sites of points that may walk to the end of a link first.

    Args:
        points: the nearest sites of n points without the links.
        ends: what `through` gave for E ends.
        to_end_m: float64 (n, E), metres from each point to each end.
    """
    for end in range(to_end_m.shape[1]):
        away_m = to_end_m[:, end, None] + ends.away_m[end][None]
        site = np.broadcast_to(ends.site[end][None], away_m.shape)
        points = points.joined(Nearby(site, away_m))
    return points


def turned(before_m: NDArray[np.float64], after_m: NDArray[np.float64], limit_m: float) -> NDArray[np.int8]:
    """Give 1 for each point that comes within the limit, -1 for each that falls out of it, 0 for all others."""
    return (after_m <= limit_m).astype(np.int8) - (before_m <= limit_m).astype(np.int8)
