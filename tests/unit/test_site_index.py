"""The live index of sites answers as a list of all sites would."""

from __future__ import annotations

import itertools
import math
import threading
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from geomatch.planning.site_index import SiteIndex

IDS = st.integers(0, 40).map("S{}".format)
# a coarse grid makes ties and shared places common
METRES = st.integers(-5, 5).map(float) | st.floats(-1e6, 1e6, allow_nan=False)


def by_list(places: dict[str, tuple[float, float]], x: float, y: float) -> list[tuple[str, float]]:
    """Order sites by distance the slow way."""
    order = sorted((math.hypot(px - x, py - y), site_id) for site_id, (px, py) in places.items())
    return [(site_id, straight_m) for straight_m, site_id in order]


class LiveSites(RuleBasedStateMachine):
    """Sites come, move and go in the index and in a plain dictionary."""

    @initialize(places=st.dictionaries(IDS, st.tuples(METRES, METRES)))
    def open(self, places: dict[str, tuple[float, float]]) -> None:
        """Begin with some sites."""
        self.index = SiteIndex((site_id, x, y) for site_id, (x, y) in places.items())
        self.places = dict(places)

    @rule(site_id=IDS, x=METRES, y=METRES)
    def add_or_move(self, site_id: str, x: float, y: float) -> None:
        """Add a new site, move a known one."""
        (self.index.move if site_id in self.places else self.index.add)(site_id, x, y)
        self.places[site_id] = (x, y)

    @rule(site_id=IDS)
    def close(self, site_id: str) -> None:
        """Close a site; an unknown one is refused."""
        if site_id in self.places:
            self.index.close(site_id)
            del self.places[site_id]
        else:
            with pytest.raises(KeyError):
                self.index.close(site_id)

    @rule(x=METRES, y=METRES, taken=st.integers(0, 50))
    def walk_outward(self, x: float, y: float, taken: int) -> None:
        """The walk outward is the sorted list, as far as it is taken."""
        walked = list(itertools.islice(self.index.nearest_order(x, y), taken))
        assert walked == by_list(self.places, x, y)[:taken]

    @rule(xs=st.tuples(METRES, METRES).map(sorted), ys=st.tuples(METRES, METRES).map(sorted))
    def look_in_a_box(self, xs: list[float], ys: list[float]) -> None:
        """A box holds what lies in it or on its border."""
        held = [site_id for site_id, (x, y) in self.places.items() if xs[0] <= x <= xs[1] and ys[0] <= y <= ys[1]]
        assert self.index.in_box(xs[0], ys[0], xs[1], ys[1]) == sorted(held)
        assert len(self.index) == len(self.places)


LiveSites.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestLiveSites: Any = LiveSites.TestCase


def test_sites_on_a_circle_come_in_order_to_the_last_bit() -> None:
    """Distances that differ by rounding alone are ordered as a list would, across every step of the lazy walk."""
    turns = [turn * 0.017 for turn in range(300)]
    places = {f"S{place}": (1234.5 * math.cos(turn), 1234.5 * math.sin(turn)) for place, turn in enumerate(turns)}
    index = SiteIndex((site_id, x, y) for site_id, (x, y) in places.items())
    assert list(index.nearest_order(0.0, 0.0)) == by_list(places, 0.0, 0.0)


@pytest.mark.parametrize("place", [(math.nan, 0.0), (0.0, math.inf)])
def test_a_place_that_is_no_place_is_refused(place: tuple[float, float]) -> None:
    """NaN and infinity never reach the tree, and a refused move leaves the site where it was."""
    index = SiteIndex([("S1", 1.0, 2.0)])
    with pytest.raises(ValueError, match="finite"):
        index.add("S2", *place)
    with pytest.raises(ValueError, match="finite"):
        index.move("S1", *place)
    assert list(index.nearest_order(1.0, 2.0)) == [("S1", 0.0)]


def test_an_id_is_added_once() -> None:
    """A second site of the same id is refused."""
    with pytest.raises(ValueError, match="already"):
        SiteIndex([("S1", 0.0, 0.0), ("S1", 1.0, 1.0)])


def test_many_threads_may_edit_and_ask() -> None:
    """Every walk during edits sees the sites that nobody touches, in their order."""
    fixed = [(f"F{number}", float(number), 0.0) for number in range(50)]
    index = SiteIndex(fixed)
    errors: list[BaseException] = []

    def edit(name: str) -> None:
        try:
            for turn in range(150):
                index.add(name, float(turn), 1.0)
                index.move(name, 0.0, float(turn))
                index.close(name)
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            errors.append(error)

    threads = [threading.Thread(target=edit, args=(f"E{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(100):
        walked = [site_id for site_id, _ in index.nearest_order(0.0, 0.0)]
        assert set(walked) >= {site_id for site_id, _, _ in fixed}
        assert len(walked) == len(set(walked))
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(index) == 50
