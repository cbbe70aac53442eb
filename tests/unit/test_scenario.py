"""Nearest sites over new links, on a few ends written by hand."""

from __future__ import annotations

import numpy as np

from geomatch.planning import scenario
from geomatch.planning.scenario import Nearby


def test_an_end_a_hair_less_than_nothing_from_itself_comes_to_rest() -> None:
    """Rounding makes such walks; going round and round in them must win nothing."""
    ends = Nearby(np.array([[3], [7]], np.int32), np.array([[900.0], [200.0]]))
    over = scenario.through(ends, np.array([[-2e-11, 100.0], [100.0, -2e-11]]))
    assert over.away_m.tolist() == [[300.0], [200.0]]
    assert over.site.tolist() == [[7], [7]]
