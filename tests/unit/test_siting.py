"""Siting on matrices, held against every choice there is."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.planning.siting import lagrange, search
from geomatch.planning.siting.answer import choose
from geomatch.planning.siting.problem import Cover, Problem, merge


@st.composite
def problems(draw, *, need: int = 1, priced: bool = False, floored: bool = False) -> Problem:
    """Up to 7 candidates, 12 points in two units, some of them served already."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sites, points = draw(st.integers(1, 7)), draw(st.integers(1, 12))
    near = rng.random((sites, points)) < draw(st.sampled_from([0.1, 0.3, 0.6]))
    cost = rng.integers(1, 6, sites).astype(float) if priced else np.ones(sites)
    budget = float(draw(st.integers(1, 9 if priced else sites)))
    weight = rng.integers(0, 20, points)
    unit = rng.integers(-1, 2, points).astype(np.int32)
    already = rng.integers(0, 3, points) * (rng.random(points) < 0.3)
    floor = np.zeros(2, np.int64)
    if floored:
        people = np.bincount(unit[unit >= 0], weights=weight[unit >= 0], minlength=2)
        floor = np.ceil(people * rng.choice([0.0, 0.4, 0.8, 1.0], 2)).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(near.sum(axis=1))]).astype(np.int64)
    cover = Cover(start, np.nonzero(near)[1].astype(np.int32), points)
    return Problem(cover, weight.astype(np.int64), already.astype(np.int64), cost, budget, unit, floor, None, need)


def every_choice(problem: Problem) -> list[list[int]]:
    """All choices that can be paid."""
    rows = range(len(problem.cover))
    choices = chain.from_iterable(combinations(rows, size) for size in range(len(rows) + 1))
    return [list(choice) for choice in choices if problem.affords(problem.spent(choice))]


@given(problems() | problems(priced=True) | problems(need=2) | problems(need=2, priced=True))
def test_the_bound_is_never_below_the_best_choice(problem: Problem) -> None:
    """Whatever the prices, no affordable choice wins more; an answer called optimal is as good as the best."""
    best = max(problem.covered(choice) for choice in every_choice(problem))
    found = choose(problem)
    value = problem.covered(found.chosen)
    assert problem.affords(problem.spent(found.chosen))
    assert value <= best <= found.certificate.bound
    assert found.certificate.value == value
    assert found.certificate.optimal == (found.certificate.bound == value)
    assert not found.certificate.optimal or value == best
    if found.certificate.greedy_bound is not None:
        assert found.certificate.greedy_bound >= best


@given(problems(floored=True) | problems(floored=True, priced=True))
def test_the_bound_holds_with_floors_and_what_is_missed_is_told(problem: Problem) -> None:
    """Floors only lower the best; every unit below its floor is listed with the people that are missing."""
    found = choose(problem)
    kept = [choice for choice in every_choice(problem) if problem.shortfall(choice) == 0]
    assert found.certificate.bound >= max([0, *(problem.covered(choice) for choice in kept)])
    assert sum(row.short for row in found.unmet) == problem.shortfall(found.chosen)
    assert all(row.reachable >= row.reached for row in found.unmet)


@given(problems(), st.integers(1, 100))
@settings(max_examples=60)
def test_the_fewest_sites_are_never_fewer_than_the_bound(problem: Problem, percent: int) -> None:
    """The bound on sites is never above the true least; a target that nobody can meet is said to be missed."""
    goal = int(np.ceil(problem.weight.sum() * percent / 100))
    asked = Problem(
        problem.cover, problem.weight, problem.already, problem.cost, np.inf, problem.unit, problem.floor, goal
    )
    found = choose(asked)
    meeting = [len(choice) for choice in every_choice(asked) if asked.covered(choice) >= goal]
    if not meeting:
        assert [(row.unit, row.wanted) for row in found.unmet] == [(None, goal)]
        return
    assert not found.unmet
    assert found.certificate.bound <= min(meeting) <= len(found.chosen)
    assert not found.certificate.optimal or len(found.chosen) == min(meeting)


@given(problems() | problems(priced=True))
def test_swaps_never_fall_below_greedy_and_the_curve_only_rises(problem: Problem) -> None:
    """Swaps keep or better the greedy choice; what each site adds sums to the whole, the largest first."""
    ours = merge(problem).problem
    first = search.greedy(ours)
    assert ours.covered(search.improved(ours, first)) >= ours.covered(first)
    found = choose(problem)
    assert found.people_added.sum() == found.covered - found.covered_before
    assert (np.diff(found.people_added) <= 0).all()
    assert found.covered_before == problem.covered()
    assert (found.units >= found.units_before).all()


@given(problems(floored=True) | problems(need=2))
def test_merging_changes_no_figure(problem: Problem) -> None:
    """Points joined by their candidates count the same people for every choice."""
    merged = merge(problem)
    for choice in every_choice(problem):
        assert merged.settled + merged.problem.covered(choice) == problem.covered(choice)
        assert merged.problem.without_target().shortfall(choice) == problem.shortfall(choice)


@given(problems(need=2))
def test_any_prices_give_a_bound(problem: Problem) -> None:
    """The search over prices may stop anywhere: even after one step its bound holds."""
    ours = merge(problem)
    best = max(problem.covered(choice) for choice in every_choice(problem))
    assert ours.settled + lagrange.priced(ours.problem, [], steps=1).bound >= best - 1e-6


def test_a_choice_that_nothing_bounds_is_refused() -> None:
    """Neither count nor target: the message names what could be given."""
    cover = Cover(np.array([0, 1]), np.array([0], np.int32), 1)
    ones = np.ones(1, np.int64)
    unit = np.zeros(1, np.int32)
    with pytest.raises(InputError, match="p, budget, target"):
        choose(Problem(cover, ones, 0 * ones, np.ones(1), np.inf, unit, np.zeros(1, np.int64)))
