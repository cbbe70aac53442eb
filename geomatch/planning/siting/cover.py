"""Most people covered for a count or a budget (MCLP, and backup coverage); fewest sites for a target (LSCP)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geomatch.planning.siting import bound as bounds
from geomatch.planning.siting import search
from geomatch.planning.siting.plan import Certificate, Plan, added, floors_short, share_between
from geomatch.planning.siting.problem import merge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.planning.siting.problem import Problem

_STARTS, _MORE = 6, 24
"""Choices met while bounding that are improved as well: so many of the last and of those that cover most, and more of
these where the gap stays wide."""
_WIDE = 0.01


def most_covered(problem: Problem) -> Plan:
    """Choose so that the most people are covered (maximal covering location, Church and ReVelle 1974).

    Floors come first where they are set: what a floor misses is never traded for people elsewhere.
    """
    merged = merge(problem)
    chosen, most = _best(merged.problem)
    chosen = search.in_order(problem, chosen)
    covered, before = problem.covered(chosen), problem.covered()
    everyone = problem.covered(range(len(problem.cover)))
    method = "lagrangian" if merged.settled + most < everyone else "all"
    most = max(min(merged.settled + most, everyone), covered)
    return Plan(
        tuple(chosen),
        added(problem, chosen),
        before,
        covered,
        before,
        covered,
        Certificate(most, share_between(covered, most), method),
        floors_short=floors_short(problem, chosen),
    )


def _best(problem: Problem) -> tuple[list[int], int]:
    """Give the best choice found and the bound, both of a merged problem."""
    best = search.improve(problem, search.greedy(problem))
    everyone = problem.covered(range(len(problem.cover)))
    if problem.covered(best) == everyone and not problem.shortfall(best):
        return best, everyone
    found = bounds.of_cover(problem, problem.covered(best))
    most = sorted(found.choices, key=problem.covered, reverse=True)
    best = _improved(problem, best, [*found.choices[-_STARTS:], *most[:_STARTS]])
    if found.people - problem.covered(best) > _WIDE * found.people:
        best = _improved(problem, best, most[_STARTS : _STARTS + _MORE])
    return best, found.people


def _improved(problem: Problem, best: list[int], starts: Sequence[tuple[int, ...]]) -> list[int]:
    """Give the best of a choice and what swaps make of some others."""
    for start in dict.fromkeys(starts):
        best = search.better(problem, search.improve(problem, search.greedy(problem, start)), best)
    return best


def fewest(problem: Problem) -> Plan:
    """Choose the fewest sites so that the target is met (location set covering, Toregas et al. 1971, for a share).

    Where all candidates together miss it, all that add anybody are chosen and `short_of` says how many are missing.
    The bound is the fewest sites whose own bound on people reaches the target.
    """
    merged = merge(problem).problem
    chosen = search.greedy(merged)
    while len(chosen) > 1 and merged.target:
        smaller = replace(merged, target=0, budget=float(len(chosen) - 1))
        fewer, _ = _best(smaller)
        if smaller.covered(fewer) < merged.target or replace(merged, target=0).shortfall(fewer):
            break
        chosen = fewer
    chosen = search.in_order(problem, _needed(merged, chosen))
    covered, before = problem.covered(chosen), problem.covered()
    short = max(0, problem.target - covered)
    least = len(chosen) if short else _least(merged, len(chosen))
    return Plan(
        tuple(chosen),
        added(problem, chosen),
        before,
        covered,
        None,
        len(chosen),
        Certificate(None, None, None) if short else Certificate(least, share_between(len(chosen), least), "lagrangian"),
        short_of=short,
        floors_short=floors_short(problem, chosen),
    )


def _needed(problem: Problem, chosen: Sequence[int]) -> list[int]:
    """Leave out what the target can do without."""
    kept = list(chosen)
    short = problem.shortfall(kept)
    for candidate in reversed(chosen):
        others = [other for other in kept if other != candidate]
        if problem.shortfall(others) <= short:
            kept = others
    return kept


def _least(problem: Problem, enough: int) -> int:
    """Find the fewest sites that are not proven too few, by halving."""
    low, high = 0, enough
    while low < high:
        middle = (low + high) // 2
        if _too_few(replace(problem, target=0, budget=float(middle)), problem.target):
            low = middle + 1
        else:
            high = middle
    return low


def _too_few(problem: Problem, target: int) -> bool:
    """Tell whether no choice of so many reaches the target, or none keeps all floors."""
    chosen = search.greedy(problem)
    if bounds.of_cover(problem, min(problem.covered(chosen), target - 1), under=target).people < target:
        return True
    floors = int(problem.floor.sum())
    if not floors:
        return False
    kept = int(np.minimum(problem.by_unit(chosen), problem.floor).sum())
    return kept < floors and bounds.of_cover(problem, kept, under=floors, capped=True).people < floors
