"""A good choice, quickly: greedy, then swaps of one chosen candidate for one that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.planning.siting.problem import Problem

_TRIED = 8
"""Swaps tried in one place where floors may forbid the best of them."""


class Choice:
    """Candidates chosen so far, in order, and what each other one would add; kept up to date as they come and go."""

    def __init__(self, problem: Problem, chosen: Sequence[int] = ()) -> None:
        self._problem = problem
        self.chosen: list[int] = []
        self.count = problem.already.copy()
        one_short = np.where(self.count == problem.need - 1, problem.weight, 0)
        self.gain = self._by_candidate(one_short)
        for candidate in chosen:
            self.add(candidate)

    @property
    def spent(self) -> float:
        """What the chosen candidates cost."""
        return self._problem.spent(self.chosen)

    def affordable(self, freed: float = 0.0) -> NDArray[np.bool_]:
        """Tell of each candidate whether it is not chosen yet and can be paid for once `freed` has been given back."""
        problem = self._problem
        can = problem.affords(self.spent - freed + problem.cost)
        can[self.chosen] = False
        return can

    def add(self, candidate: int) -> None:
        """Choose one more."""
        self.chosen.append(candidate)
        self._step(candidate, 1)

    def drop(self, candidate: int) -> int:
        """Give one up; the place that it had in the order."""
        place = self.chosen.index(candidate)
        del self.chosen[place]
        self._step(candidate, -1)
        return place

    def lost_without(self, candidate: int) -> int:
        """Count the people whose need would no longer be met without a chosen candidate."""
        points = self._problem.cover.of(candidate)
        return int(self._problem.weight[points[self.count[points] == self._problem.need]].sum())

    def swapped(self, candidate: int) -> NDArray[np.int64]:
        """Tell of every candidate how many people more are covered with it in the place of a chosen one."""
        problem = self._problem
        points = problem.cover.of(candidate)
        count, weight = self.count[points], problem.weight[points]
        # people who are lost with the one and kept by the other, less those who only reach their need with both
        shared = np.where(count == problem.need, weight, 0) - np.where(count == problem.need - 1, weight, 0)
        told = np.flatnonzero(shared)
        kept = self._of_points(points[told], shared[told])
        return np.asarray(self.gain + kept - self.lost_without(candidate))

    def within_reach(self) -> NDArray[np.int64]:
        """Count the people still in need within reach of each candidate, whether or not one site is enough for them."""
        return self._by_candidate(np.where(self.count < self._problem.need, self._problem.weight, 0))

    def _step(self, candidate: int, way: int) -> None:
        problem = self._problem
        points = problem.cover.of(candidate)
        before = self.count[points]
        self.count[points] = before + way
        change = np.where(before + way == problem.need - 1, 1, 0) - np.where(before == problem.need - 1, 1, 0)
        told = np.flatnonzero(change)
        self.gain += self._of_points(points[told], change[told] * problem.weight[points[told]])

    def _of_points(self, points: NDArray[np.int32], people: NDArray[np.int64]) -> NDArray[np.int64]:
        by_point = self._problem.cover.by_point
        pairs = by_point.point[by_point.pairs_of(points)]
        spread = np.repeat(people, by_point.start[points + 1] - by_point.start[points])
        return np.bincount(pairs, weights=spread, minlength=len(self._problem.cover)).astype(np.int64)

    def _by_candidate(self, people: NDArray[np.int64]) -> NDArray[np.int64]:
        cover = self._problem.cover
        summed = np.concatenate([[0], np.cumsum(people[cover.point])])
        return np.asarray(summed[cover.start[1:]] - summed[cover.start[:-1]], np.int64)


def greedy(problem: Problem, chosen: Sequence[int] = ()) -> list[int]:
    """Choose, one after another, what adds most for its cost; missing floors come before everything else.

    Ties go to the candidate that comes first. Where nothing adds people and sites are counted, the rest of the count
    goes to the candidates with the most people in reach: they then have a second site.
    """
    choice = Choice(problem, chosen)
    while True:
        can = choice.affordable()
        if not can.any():
            return choice.chosen
        worth = _worth(problem, choice)
        if worth is None:
            return choice.chosen
        choice.add(int(np.argmax(np.where(can, worth, -1.0))))


def _worth(problem: Problem, choice: Choice) -> NDArray[np.float64] | None:
    """Rate the candidates; None where no more should be chosen."""
    missing = problem.floor - problem.by_unit(choice.chosen) if problem.floor.any() else np.zeros(0, np.int64)
    if (missing > 0).any():
        toward = _toward_floors(problem, choice, np.maximum(missing, 0))
        if toward.any():
            return toward / problem.cost
    if problem.target and problem.covered(choice.chosen) >= problem.target:
        return None
    can = choice.affordable()
    for rated in (choice.gain, choice.within_reach()):
        if rated[can].any():
            return np.asarray(rated / problem.cost)
    if not problem.counted or problem.target:
        return None
    summed = np.concatenate([[0], np.cumsum(problem.weight[problem.cover.point])])
    return np.asarray(summed[problem.cover.start[1:]] - summed[problem.cover.start[:-1]], np.float64)


def _toward_floors(problem: Problem, choice: Choice, missing: NDArray[np.int64]) -> NDArray[np.float64]:
    """Count for each candidate the people that it adds where a floor is missing, no more than are missing there."""
    cover, units = problem.cover, len(missing)
    counts = np.where((choice.count < problem.need) & (problem.unit >= 0), problem.weight, 0)
    flat = cover.candidate.astype(np.int64) * units + np.maximum(problem.unit[cover.point], 0)
    added = np.bincount(flat, weights=counts[cover.point], minlength=len(cover) * units).reshape(-1, units)
    return np.asarray(np.minimum(added, missing).sum(axis=1), np.float64)


def improve(problem: Problem, chosen: Sequence[int]) -> list[int]:
    """Swap a chosen candidate for another while more people are covered and no floor is given up.

    The interchange heuristic (Teitz and Bart 1968), one chosen candidate after another until a whole round changes
    nothing; what the budget then still allows is added.
    """
    choice = Choice(problem, chosen)
    changed = True
    while changed:
        changed = False
        for candidate in list(choice.chosen):
            changed = _swap(problem, choice, candidate) or changed
    return greedy(problem, choice.chosen)


def _swap(problem: Problem, choice: Choice, candidate: int) -> bool:
    better = np.where(choice.affordable(float(problem.cost[candidate])), choice.swapped(candidate), 0)
    if not (better > 0).any():
        return False
    if not problem.floor.any():
        _replace(choice, candidate, int(np.argmax(better)))
        return True
    short = problem.shortfall(choice.chosen)
    best = np.argsort(-better, kind="stable")[:_TRIED]
    for other in best[better[best] > 0].tolist():
        trial = [other if kept == candidate else kept for kept in choice.chosen]
        if problem.shortfall(trial) <= short:
            _replace(choice, candidate, other)
            return True
    return False


def _replace(choice: Choice, candidate: int, other: int) -> None:
    place = choice.drop(candidate)
    choice.add(other)
    choice.chosen.insert(place, choice.chosen.pop())


def better(problem: Problem, other: Sequence[int], best: Sequence[int]) -> list[int]:
    """Give the better of two choices, the second where they are alike."""
    return list(other if _rated(problem, other) > _rated(problem, best) else best)


def _rated(problem: Problem, chosen: Sequence[int]) -> tuple[int, int]:
    """Rate a choice: what it misses of floors first, then the people it covers."""
    return -problem.shortfall(chosen), problem.covered(chosen)


def in_order(problem: Problem, chosen: Sequence[int]) -> list[int]:
    """Put a choice in the order in which each next one adds most people for its cost."""
    left, choice = list(chosen), Choice(problem)
    while left:
        rated = choice.gain[left] / problem.cost[left]
        if not rated.any():
            rated = choice.within_reach()[left] / problem.cost[left]
        choice.add(left.pop(int(np.argmax(rated))))
    return choice.chosen
