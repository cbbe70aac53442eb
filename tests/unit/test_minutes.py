"""Minutes to the nearest site, against a count person by person."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.network.profiles import PROFILES
from geomatch.planning import minutes, standards

walkers = st.lists(
    st.tuples(st.one_of(st.floats(0, 12_000), st.sampled_from([1000.0, 2000.0, np.inf])), st.integers(0, 9)),
    max_size=25,
)


@given(walkers, st.sampled_from([*PROFILES.values()]))
def test_quartiles_and_bands_equal_a_count_person_by_person(rows: list[tuple[float, int]], profile: object) -> None:
    """Everybody stands in a row by their walk: the quartile is the walk of the person a quarter of the way along."""
    walk_m, people = (np.array([row[n] for row in rows], kind) for n, kind in ((0, float), (1, np.int64)))
    found = minutes.spread(walk_m, people, profile=profile)
    line = np.sort(np.repeat(walk_m, people))
    reaches = line[np.isfinite(line)]
    assert found.population == len(line) == sum(found.bands)
    assert found.bands[-1] == len(line) - len(reaches)
    ends = [0.0, *(end * 60 * profile.speed_mps for end in standards.BAND_MINUTES), np.inf]
    for place, count in enumerate(found.bands[:-1]):
        least, most = ends[place], ends[place + 1]
        above = reaches > least + 1e-6 if place else np.ones(len(reaches), bool)
        assert count == (above & (reaches <= most + 1e-6)).sum()
    if not len(reaches):
        assert found.quartile_s is None
        return
    for share, told_s in zip(minutes.QUARTILES, found.quartile_s, strict=True):
        person = int(np.ceil(share * len(reaches))) - 1
        assert told_s == pytest.approx(reaches[person] / profile.speed_mps)
