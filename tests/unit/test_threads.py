"""Many points at once: whatever the number of threads, each point once, and the same answers to the last bit."""

from __future__ import annotations

import os

import numpy as np
import pytest

from geomatch import threads
from geomatch.network import reach, snap
from geomatch.network.profiles import PROFILES
from tests import networks


@pytest.fixture(params=[1, 2, 3, 64])
def processors(request, monkeypatch):
    """A machine with so many processors."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(request.param)), raising=False)
    return request.param


@pytest.mark.parametrize("count", [0, 1, threads.WORTH_A_THREAD - 1, 2 * threads.WORTH_A_THREAD, 100_001])
def test_every_point_is_worked_on_once(processors, count):
    """The slices are together all of them, and there are no more than it is worth."""
    done = np.zeros(count, int)
    seen = set()

    def work(some: slice) -> None:
        done[some] += 1
        seen.add((some.start, some.stop))

    threads.in_slices(work, count)
    assert (done == 1).all()
    assert len(seen) == max(1, min(processors, count // threads.WORTH_A_THREAD))


@pytest.mark.usefixtures("processors")
@pytest.mark.parametrize("at", [0, 4 * threads.WORTH_A_THREAD - 1])
def test_what_fails_in_a_thread_fails_here(at):
    """A fault in any slice is the caller's."""

    def work(some: slice) -> None:
        if some.start <= at < some.stop:
            raise ValueError(f"point {at}")

    with pytest.raises(ValueError, match=f"point {at}"):
        threads.in_slices(work, 4 * threads.WORTH_A_THREAD)


def test_a_hundred_thousand_points_are_answered_as_a_few_thousand_are(processors):
    """Snapping and the nearest of many, whoever shares the work, equal those of parts too small to be shared."""
    graph = networks.random_network(7)
    ways = reach.ways_for(graph, snap.build_index(graph), PROFILES["adult"], min_part_segments=5)
    rng = np.random.default_rng(processors)
    x, y = networks.xy(*rng.uniform(-1000.0, 2500.0, (100_000, 2)))
    sites = reach.place(ways, *networks.xy(*rng.uniform(0.0, 1500.0, (20, 2))))
    for k in (1, 3):
        field = reach.field(ways, sites, k)
        many = reach.place(ways, x, y)
        site, walk_m = reach.nearest(ways, field, many)
        for first in range(0, len(x), 9_000):
            some = slice(first, first + 9_000)
            few = reach.place(ways, x[some], y[some])
            np.testing.assert_array_equal(many.edge[some], few.edge)
            np.testing.assert_array_equal(many.offset_m[some], few.offset_m)
            np.testing.assert_array_equal(many.access_m[some], few.access_m)
            few_site, few_walk_m = reach.nearest(ways, field, few)
            np.testing.assert_array_equal(site[some], few_site)
            np.testing.assert_array_equal(walk_m[some], few_walk_m)
