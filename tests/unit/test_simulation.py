"""Days are played by the rules: nobody is in two places or asked too often, and a seed is always the same day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomatch.volunteering import simulation
from geomatch.volunteering.dispatch import Policy
from geomatch.volunteering.matching import CLOSEST, Weights
from geomatch.volunteering.simulation import Days

HOUR_S, DAY_S = 3600.0, 86_400.0
POLICY = Policy()


def days(orders: int, helpers: int, *, willing: float = 1.0, seed: int = 0, window: bool = True) -> Days:
    """Orders of one day at one place, an hour each; everybody may help, at walks that differ."""
    rng = np.random.default_rng(seed)
    placed_s = np.sort(rng.uniform(0, 10 * HOUR_S, orders))
    starts_s = DAY_S + (np.zeros(orders) if window else np.arange(orders) * 2 * HOUR_S)
    return Days(
        ids=tuple(f"v{at:03}" for at in range(helpers)),
        trained=np.zeros(helpers, np.int64),
        willing=np.full(helpers, willing),
        placed_s=placed_s,
        starts_s=starts_s,
        ends_s=starts_s + HOUR_S,
        first=np.arange(orders + 1) * helpers,
        helper=np.tile(np.arange(helpers, dtype=np.int32), orders),
        walk_m=np.tile(50.0 + 10.0 * np.arange(helpers), orders),
        speed_mps=1000 / 900,
    )


def test_nobody_is_in_two_places_at_once() -> None:
    """Ten orders for the same hour and six willing people: six are served, each by another."""
    played = simulation.play(days(10, 6), CLOSEST, POLICY, most_a_day=99)
    assert (played.orders, played.served, played.most_tasks, played.gini) == (10, 6, 1, 0.0)


def test_nobody_is_asked_more_often_than_a_day_allows() -> None:
    """Nobody ever says yes: four people with a budget of two get eight notices for twenty orders."""
    played = simulation.play(days(20, 4, willing=0.0), CLOSEST, POLICY, most_a_day=2)
    assert played.served == 0
    assert played.notices * 20 == pytest.approx(8)
    assert played.acceptance == 0.0


def test_always_the_closest_wears_the_closest_out_and_fair_weights_do_not() -> None:
    """Thirty orders, one after the other, ten people within 90 m of each other."""
    many = days(30, 10, window=False)
    closest = simulation.play(many, CLOSEST, POLICY, most_a_day=99)
    fair = simulation.play(many, Weights(), POLICY, most_a_day=99)
    assert closest.served == fair.served == 30
    assert closest.idle_share >= 0.7
    assert fair.idle_share == 0.0
    assert fair.gini < closest.gini / 2


@given(st.integers(0, 8), st.integers(1, 8), st.floats(0, 1), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_what_is_counted_adds_up(orders: int, helpers: int, willing: float, seed: int) -> None:
    """Shares lie between 0 and 1, no more are served than asked, and the same seed gives the same figures."""
    given_days = days(orders, helpers, willing=willing, seed=seed)
    played = simulation.play(given_days, Weights(), POLICY, seed=seed)
    assert 0 <= played.served <= played.orders == orders
    assert 0 <= played.acceptance <= 1
    assert 0 <= played.gini < 1
    assert played.most_tasks <= played.served
    assert played.median_wait_s >= 0
    assert simulation.play(given_days, Weights(), POLICY, seed=seed) == played


def test_a_task_counts_as_load_for_thirty_days() -> None:
    """After that whoever did it is as fresh as anybody."""
    two = days(2, 2, window=False)
    again = replace(two, placed_s=np.array([0.0, 31 * DAY_S]), starts_s=np.array([DAY_S, 40 * DAY_S]))
    again = replace(again, ends_s=again.starts_s + HOUR_S)
    heavy = Weights(load_s=500.0, rest_s=0.0, training_s=0.0, refusal_s=0.0)
    one = replace(POLICY, at_once=1, most_offers=1)
    assert simulation.play(again, heavy, one).most_tasks == 2
    soon = replace(again, placed_s=np.array([0.0, 29 * DAY_S]))
    assert simulation.play(soon, heavy, one).most_tasks == 1


def test_gini_is_that_of_the_books() -> None:
    """All alike 0; one has all of four 3/4; nothing to share 0."""
    assert simulation.gini(np.array([2, 2, 2])) == pytest.approx(0.0)
    assert simulation.gini(np.array([0, 0, 0, 5])) == pytest.approx(0.75)
    assert simulation.gini(np.array([0, 0])) == 0.0
