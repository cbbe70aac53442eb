"""Targets to the person, and minutes counted one by one."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomatch.errors import InputError
from geomatch.network.profiles import PROFILES, limit_for
from geomatch.planning import standards
from geomatch.planning.coverage import CoverageRow


def row_of(population: int, covered: int) -> CoverageRow:
    """Make a row of coverage of which only the people count."""
    share = covered / population if population else None
    return CoverageRow("u", "U", population, covered, share, 0, None, None, None, None, None, None)


@given(st.integers(0, 4_000_000), st.integers(1, 1000), st.floats(0, 1))
def test_pass_and_shortfall_are_exact_in_whole_people(population: int, tenths: int, part: float) -> None:
    """With fractions instead of floats: the shortfall is the fewest people whose cover would reach the target."""
    percent, covered = tenths / 10, int(part * population)
    verdict = standards.judge(row_of(population, covered), percent)
    target = Fraction(tenths, 1000) * population
    assert verdict.passes == (None if population == 0 else covered >= target)
    assert covered + verdict.shortfall >= target
    assert verdict.shortfall == 0 or covered + verdict.shortfall - 1 < target


@pytest.mark.parametrize(("population", "percent"), [(1500, 2.2), (750, 4.4), (375, 8.8)])
def test_a_target_that_floats_would_miss_is_met(population: int, percent: float) -> None:
    """33 people are asked for, although floats make it a hair more."""
    assert population * percent / 100 > 33
    assert standards.needed(population, percent) == 33


@pytest.mark.parametrize("percent", [0.0, -1.0, 100.1, float("nan"), float("inf")])
def test_a_target_is_a_percentage(percent: float) -> None:
    """Nothing but a percentage above 0 is a target."""
    with pytest.raises(InputError, match="target"):
        standards.check_target(percent)


def test_presets_state_their_clauses_and_walks() -> None:
    """The tiers of GB 50180-2018 as the standard has them; the first is the default question."""
    told = [(tier.clause, tier.minutes, tier.limit_m, tier.least_residents) for tier in standards.PRESETS[:3]]
    assert told == [
        ("2.0.2, table 3.0.4", 15, 1000, 50_000),
        ("2.0.3, table 3.0.4", 10, 500, 15_000),
        ("2.0.4, table 3.0.4", 5, 300, 5_000),
    ]
    assert standards.PRESETS[0].limit == limit_for()
    assert len({preset.id for preset in standards.PRESETS}) == len(standards.PRESETS)


walkers = st.lists(
    st.tuples(
        st.one_of(st.floats(0, 9000), st.sampled_from([1000.0, 333.333333, 666.666667, 2000.0, float("inf")])),
        st.integers(0, 50),
        st.integers(-1, 2),
    ),
    max_size=30,
)


@given(walkers, st.sampled_from([*PROFILES.values()]))
def test_people_by_minutes_equal_a_count_one_by_one(rows: list[tuple[float, int, int]], profile: object) -> None:
    """Each home falls in the first band whose end, as a limit in minutes, its walk does not exceed."""
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    found = standards.people_by_minutes(
        np.array(columns[0], float),
        np.array(columns[1], np.int64),
        np.array(columns[2], np.int32),
        units=3,
        profile=profile,
    )
    ends = [limit_for(profile.name, minutes=end).limit_m for end in standards.BAND_MINUTES]
    expected = np.zeros((3, len(standards.BANDS)), int)
    for walk_m, people, unit in rows:
        if unit >= 0:
            band = next((place for place, end in enumerate(ends) if walk_m <= end), 6 if walk_m < np.inf else 7)
            expected[unit, band] += people
    assert found.tolist() == expected.tolist()


def test_rural_is_thin_settlement_and_nothing_else() -> None:
    """Below 300 people per km2; where no density is known nothing is called rural."""
    assert standards.is_rural(299.9)
    assert not standards.is_rural(300.0)
    assert not standards.is_rural(None)
