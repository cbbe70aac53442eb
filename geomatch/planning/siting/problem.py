"""What siting is asked: who is within reach of which candidate, what may be spent, what must be kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Cover:
    """The pairs of a candidate and a demand point within its reach: candidate j has the slice start[j]:start[j + 1].

    Attributes:
        start: int64 (S + 1,).
        point: int32 (M,), no point twice in a slice.
        points: n, how many demand points there are.
    """

    start: NDArray[np.int64]
    point: NDArray[np.int32]
    points: int

    def __len__(self) -> int:
        return len(self.start) - 1

    @cached_property
    def candidate(self) -> NDArray[np.int32]:
        """The candidate of each pair, int32 (M,)."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.start))

    @cached_property
    def matrix(self) -> csr_array:
        """Ones at the pairs, float64 (S, n)."""
        from scipy.sparse import csr_array  # noqa: PLC0415 - scipy stays out of the way to a first answer

        return csr_array((np.ones(len(self.point)), self.point, self.start), shape=(len(self), self.points))

    @cached_property
    def by_point(self) -> Cover:
        """The same pairs the other way round: the candidates of each point."""
        turned = self.matrix.T.tocsr()
        return Cover(turned.indptr.astype(np.int64), turned.indices.astype(np.int32), len(self))

    def of(self, candidate: int) -> NDArray[np.int32]:
        """Give the points within reach of a candidate."""
        return self.point[self.start[candidate] : self.start[candidate + 1]]

    def pairs_of(self, rows: NDArray[np.integer]) -> NDArray[np.int64]:
        """Give the places of all pairs of some candidates."""
        sizes = self.start[rows + 1] - self.start[rows]
        before = np.cumsum(sizes) - sizes
        return np.repeat(self.start[rows] - before, sizes) + np.arange(int(sizes.sum()))

    def counts(self, chosen: Sequence[int] | NDArray[np.intp]) -> NDArray[np.int64]:
        """Count for each point the chosen candidates within reach of it, int64 (n,)."""
        rows = np.asarray(chosen, np.intp)
        return np.bincount(self.point[self.pairs_of(rows)], minlength=self.points)


@dataclass(frozen=True)
class Problem:
    """A siting question as matrices.

    Attributes:
        cover: who is within reach of which candidate.
        weight: int64 (n,), people of each demand point.
        already: int64 (n,), how many sites that stay have it within reach.
        cost: float64 (S,), what each candidate costs; ones where a count is asked for.
        budget: what may be spent in all; the count where costs are ones. inf where nothing bounds it.
        unit: int32 (n,), the unit of each point, -1 in none.
        floor: int64 (units,), people of each unit who must be within reach at the least; zeros where nothing is asked.
        target: people who must be within reach in all, where the fewest sites are asked for.
        need: how many sites must have a point within reach before its people count: 1, or 2 for backup coverage.
    """

    cover: Cover
    weight: NDArray[np.int64]
    already: NDArray[np.int64]
    cost: NDArray[np.float64]
    budget: float
    unit: NDArray[np.int32]
    floor: NDArray[np.int64]
    target: int = 0
    need: int = 1

    def covered(self, chosen: Sequence[int] | NDArray[np.intp] = ()) -> int:
        """Count the people whose need is met."""
        return int(self.weight[self.served(chosen)].sum())

    def served(self, chosen: Sequence[int] | NDArray[np.intp] = ()) -> NDArray[np.bool_]:
        """Tell of each point whether its need is met."""
        return np.asarray(self.already + self.cover.counts(chosen) >= self.need)

    def by_unit(self, chosen: Sequence[int] | NDArray[np.intp] = ()) -> NDArray[np.int64]:
        """Count the people whose need is met, unit by unit, int64 (units,)."""
        told = self.served(chosen) & (self.unit >= 0)
        return _summed(self.unit[told], self.weight[told], len(self.floor))

    def shortfall(self, chosen: Sequence[int] | NDArray[np.intp] = ()) -> int:
        """Count the people missing under the floors and the target."""
        short = int(np.maximum(self.floor - self.by_unit(chosen), 0).sum())
        return short + max(0, self.target - self.covered(chosen))

    def spent(self, chosen: Sequence[int] | NDArray[np.intp]) -> float:
        """Sum up what is spent."""
        return float(self.cost[np.asarray(chosen, np.intp)].sum())

    def affords(self, spent: float | NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell whether a sum is within the budget; sums of floats may miss it by a hair."""
        return np.asarray(spent <= self.budget + 1e-9 * max(1.0, abs(self.budget)))

    @property
    def counted(self) -> bool:
        """Whether sites are counted, not priced."""
        return bool((self.cost == 1.0).all())

    def without_floors(self) -> Problem:
        """Give the question with nothing that must be kept."""
        return replace(self, floor=np.zeros_like(self.floor), target=0)


@dataclass(frozen=True)
class Merged:
    """A problem whose points with the same candidates, unit and need are one; what is settled is left out.

    Attributes:
        problem: the smaller problem; its people are those that a choice can still win, its floors and target what
            is still missing.
        settled: people whose need is met already.
    """

    problem: Problem
    settled: int


def merge(problem: Problem) -> Merged:
    """Join points with the same candidates; leave out those that are served already or that nobody can serve.

    Points with the same candidates are found by two sums of random 64-bit numbers, one number a candidate.
    """
    settled = problem.served() & (problem.weight > 0)
    by_point = problem.cover.by_point
    choices = np.diff(by_point.start)
    left = np.flatnonzero(~settled & (problem.weight > 0) & (problem.already + choices >= problem.need))
    unit = problem.unit[left] if problem.floor.any() else np.zeros(len(left), np.int32)
    alike = np.column_stack([*_fingerprints(by_point, left), unit, problem.already[left]]).astype(np.uint64)
    _, first, group = np.unique(alike, axis=0, return_index=True, return_inverse=True)
    kept = left[first]
    turned = Cover(_starts(choices[kept]), by_point.point[by_point.pairs_of(kept)], len(problem.cover))
    smaller = replace(
        problem,
        cover=turned.by_point,
        weight=_summed(group, problem.weight[left], len(kept)),
        already=problem.already[kept],
        unit=problem.unit[kept],
        floor=np.maximum(problem.floor - problem.by_unit(), 0),
        target=max(0, problem.target - problem.covered()),
    )
    return Merged(smaller, problem.covered())


def _fingerprints(by_point: Cover, points: NDArray[np.intp]) -> list[NDArray[np.uint64]]:
    random = np.random.default_rng(20261123).integers(0, 2**64, (2, by_point.points), np.uint64)
    pairs = by_point.point[by_point.pairs_of(points)]
    start = _starts(np.diff(by_point.start)[points])
    sums = [np.concatenate([[np.uint64(0)], np.cumsum(numbers[pairs], dtype=np.uint64)]) for numbers in random]
    return [np.asarray(told[start[1:]] - told[start[:-1]], np.uint64) for told in sums]


def _starts(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _summed(place: NDArray[np.integer], weight: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Sum whole numbers by place; exact up to 2**53."""
    return np.bincount(place, weights=weight, minlength=size).astype(np.int64)
