"""Good choices, fast: greedy, then swaps, for coverage under a budget and floors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.planning.siting.problem import Problem

MAX_SWAPS = 400
LOOKED_AT = 64
"""How many of the most promising swaps are reckoned out where floors make a swap's worth more than a sum."""


class _Gains:
    """What each candidate would add, kept up to date while sites are chosen.

    A point with a need of k counts 1 / k of its people for each of the first k sites: for k = 1 that is coverage, for
    k = 2 a guide towards it. Every pair is looked at once in all, when its point has what it needs.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.count = problem.already.copy()
        self.floored = bool(problem.floor.any())
        self.units = len(problem.floor) + 1 if self.floored else 1  # the last one: points in no unit
        self.unit = problem.unit % self.units if self.floored else np.zeros_like(problem.unit)
        self.floor = np.append(problem.floor, 0) if self.floored else np.zeros(1, np.int64)
        self.each = problem.weight / problem.need
        cover = problem.cover
        wanting = (self.count < problem.need)[cover.point]
        place = cover.candidate * self.units + self.unit[cover.point]
        gains = np.bincount(place, weights=self.each[cover.point] * wanting, minlength=len(cover) * self.units)
        self.by_unit = gains.reshape(len(cover), self.units)
        self.short = self.floor - self._covered_by_unit()

    def _covered_by_unit(self) -> NDArray[np.int64]:
        met = self.count >= self.problem.need
        return np.bincount(self.unit[met], weights=self.problem.weight[met], minlength=self.units).astype(np.int64)

    def worth(self) -> NDArray[np.float64]:
        """Give what each candidate would add; people missing under a floor come before all others."""
        gain: NDArray[np.float64] = self.by_unit.sum(axis=1)
        if not self.missing:
            return gain
        towards = np.minimum(self.by_unit, np.maximum(self.short, 0)).sum(axis=1)
        return np.asarray(towards * (1.0 + self.problem.weight.sum()) + gain)

    @property
    def missing(self) -> bool:
        """Whether a unit is still below its floor."""
        return self.floored and bool((self.short > 0).any())

    def choose(self, candidate: int) -> None:
        """Open a candidate."""
        points = self.problem.cover.of(candidate)
        self.count[points] += 1
        met = points[self.count[points] == self.problem.need]
        by_point = self.problem.cover.by_point
        pairs = by_point.pairs_of(met)
        sizes = by_point.start[met + 1] - by_point.start[met]
        place = by_point.point[pairs] * self.units + np.repeat(self.unit[met], sizes)
        lost = np.bincount(place, weights=np.repeat(self.each[met], sizes), minlength=self.by_unit.size)
        self.by_unit -= lost.reshape(self.by_unit.shape)
        if self.floored:
            self.short = self.floor - self._covered_by_unit()


def greedy(problem: Problem, *, by_price: bool = True) -> list[int]:
    """Open whatever adds most (for its price, where asked) until nothing more can be paid or won.

    Stops as soon as the target is met, where there is one.
    """
    gains, spent, chosen = _Gains(problem), 0.0, list[int]()
    open_ = np.ones(len(problem.cover), bool)
    price = np.maximum(problem.cost, 1e-12) if by_price else np.ones(len(problem.cover))
    covered = problem.covered()
    while problem.target is None or covered < problem.target or gains.missing:
        worth = np.where(open_ & problem.affords(spent + problem.cost), gains.worth() / price, 0.0)
        best = int(np.argmax(worth)) if len(worth) else 0
        if not len(worth) or worth[best] <= 0.5 / (problem.need * price[best]):
            break
        chosen.append(best)
        open_[best] = False
        spent += float(problem.cost[best])
        gains.choose(best)
        covered = int(problem.weight[gains.count >= problem.need].sum())
    return chosen


def rank(problem: Problem, chosen: list[int]) -> tuple[int, int]:
    """Order choices: fewer people missing under floors first, then more people covered."""
    return -problem.without_target().shortfall(chosen), problem.covered(chosen)


def improved(problem: Problem, chosen: list[int]) -> list[int]:
    """Swap one chosen candidate for one that is not, the best swap first, until none helps; fill what is left over."""
    chosen = list(chosen)
    best = rank(problem, chosen)
    for _ in range(MAX_SWAPS):
        found = _best_swap(problem, chosen, best)
        if found is None:
            break
        chosen, best = found
    return chosen


def _best_swap(problem: Problem, chosen: list[int], now: tuple[int, int]) -> tuple[list[int], tuple[int, int]] | None:
    """Find the swap, or the site more, that helps most; None where none does."""
    change = _changes(problem, chosen)
    if not change.size:
        return None
    if not problem.floor.any():
        place = int(np.argmax(change))
        if change.flat[place] < 0.5:  # noqa: PLR2004 - people are whole
            return None
        after = _swapped(chosen, place)
        return after, rank(problem, after)
    likely = np.argsort(-change, axis=None, kind="stable")[:LOOKED_AT]
    if now[0] < 0:
        likely = np.concatenate([likely, _towards_floors(problem, chosen, change)])
    tried = [_swapped(chosen, int(place)) for place in likely if np.isfinite(change.flat[place])]
    ranked = [(rank(problem, after), after) for after in tried]
    best = max(ranked, key=lambda entry: entry[0], default=None)
    return (best[1], best[0]) if best is not None and best[0] > now else None


def _towards_floors(problem: Problem, chosen: list[int], change: NDArray[np.float64]) -> NDArray[np.intp]:
    """Give the swaps that win most people of the units that miss their floor."""
    short = np.append(problem.by_unit(chosen) < problem.floor, False)
    only = problem.reweighted(problem.weight * short[problem.unit])
    worth = np.where(np.isfinite(change), _changes(only, chosen), -np.inf)
    return np.argsort(-worth, axis=None, kind="stable")[:LOOKED_AT]


def _swapped(chosen: list[int], place: int) -> list[int]:
    entering, slot = divmod(place, len(chosen) + 1)
    return [*chosen[:slot], *chosen[slot + 1 :], entering]


def _changes(problem: Problem, chosen: list[int]) -> NDArray[np.float64]:
    """Give what every swap would change, float64 (S, chosen + 1): candidate in, chosen out; the last column: none out.

    Points that both reach are corrected for: the one that leaves loses nobody there, the one that comes wins nobody.
    -inf where a swap cannot be paid or the candidate is chosen already.
    """
    cover, need, weight = problem.cover, problem.need, problem.weight
    count = problem.already + cover.counts(chosen)
    wins, loses = weight * (count == need - 1), weight * (count == need)
    gain = cover.matrix @ wins.astype(np.float64)
    change = np.repeat(gain[:, None], len(chosen) + 1, axis=1)
    if chosen:
        picked = cover.matrix[np.asarray(chosen)]
        lost = picked @ loses.astype(np.float64)
        both = _shared(problem, picked, (loses - wins * (need > 1)).astype(np.float64))
        change[:, :-1] += both - lost
    freed = np.append(problem.cost[chosen], 0.0)
    change[~problem.affords(problem.spent(chosen) + problem.cost[:, None] - freed)] = -np.inf
    change[chosen] = -np.inf
    return change


def _shared(problem: Problem, picked: object, worth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum the worth of the points that a candidate and a chosen one both reach, float64 (S, chosen)."""
    from scipy.sparse import csr_array  # noqa: PLC0415 - scipy stays out of the way to a first answer

    cover = problem.cover
    kept = np.flatnonzero(worth[cover.point])
    start = np.searchsorted(kept, cover.start)
    valued = csr_array((worth[cover.point[kept]], cover.point[kept], start), shape=(len(cover), cover.points))
    return np.asarray((valued @ picked.T).toarray())  # type: ignore[attr-defined] # a sparse array
