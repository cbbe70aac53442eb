"""What the standards ask, clause by clause, and who keeps it: pass or fail, the people missing, minutes to a site."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import InputError
from geomatch.network.profiles import PROFILES, Limit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geomatch.network.profiles import Profile
    from geomatch.planning.coverage import CoverageRow


@dataclass(frozen=True, slots=True)
class Preset:
    """One tier of a standard.

    Attributes:
        id: what questions and columns say.
        standard, clause: where it is written; clause is None where we hold no number of one.
        minutes, limit_m: the walk that it promises, both as it states them: 500 m in 10 minutes is slower than the
            speed of the profile `standard`.
        least_limit_m: the lower end where it states a span of metres.
        least_residents, most_residents: how many people one circle is planned for; None where it does not say.
    """

    id: str
    standard: str
    clause: str | None
    minutes: float
    limit_m: float
    least_limit_m: float | None
    least_residents: int | None
    most_residents: int | None

    @property
    def limit(self) -> Limit:
        """The tier as a limit, for the profile `standard`; metres and seconds are those of the clause."""
        return Limit(self.standard, "standard", self.limit_m, self.minutes * 60)


PRESETS = (
    Preset("gb50180-15", "GB 50180-2018", "2.0.2, table 3.0.4", 15.0, 1000.0, 800.0, 50_000, 100_000),
    Preset("gb50180-10", "GB 50180-2018", "2.0.3, table 3.0.4", 10.0, 500.0, None, 15_000, 25_000),
    Preset("gb50180-5", "GB 50180-2018", "2.0.4, table 3.0.4", 5.0, 300.0, None, 5_000, 12_000),
    Preset("tdt1062-15", "TD/T 1062-2021", None, 15.0, 1000.0, None, None, None),
)
"""Tiers add facilities; they are not nested. TD/T 1062-2021 says "about 1 km"; we hold no number of its clause."""


@dataclass(frozen=True, slots=True)
class CityTarget:
    """A share of people within the walk that a city has promised to reach."""

    place: str
    year: int
    percent: float


CITY_TARGETS = (CityTarget("上海 Shanghai", 2025, 85.0), CityTarget("上海 Shanghai", 2035, 99.0))
DEFAULT_TARGET_PERCENT = CITY_TARGETS[0].percent

RURAL_BELOW_PER_KM2 = 300.0
"""A unit with fewer people per km2 is rural: the bound of the Degree of Urbanisation (UN Statistical Commission 2020),
there for cells of 1 km2, here for whole units. It does not look at sites, so that no gap in a town is excused by it.
At 300 people per km2 a circle of 1000 m, 3.14 km2 at most, holds 942 people; the standard plans one for 50,000."""

BAND_MINUTES = (5.0, 10.0, 15.0, 30.0, 60.0, 120.0)
BANDS = ("0-5", "5-10", "10-15", "15-30", "30-60", "60-120", "120+", "unreachable")
"""Minutes to the nearest site; each band holds its upper end, and not its lower."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One unit, or the whole, held against a target.

    Attributes:
        id, name: of the unit; None in the total.
        population, covered, share: as in the coverage table.
        passes: whether the share reaches the target; None where nobody lives.
        shortfall: how many more people would have to be covered; 0 where it passes.
    """

    id: str | None
    name: str | None
    population: int
    covered: int
    share: float | None
    passes: bool | None
    shortfall: int


def check_target(percent: float) -> float:
    """Give a target back; InputError where it is no percentage above 0."""
    if not 0.0 < percent <= 100.0:  # noqa: PLR2004 - percent
        raise InputError.of("target", "must be a percentage above 0, at most 100", value=percent)
    return percent


def needed(population: int, percent: float) -> int:
    """Count the fewest people that are at least so many per cent of a population."""
    # 8.8 % of 375 is 33.00000000000001 in floats, which must not ask for one person more
    return math.ceil(round(population * percent / 100.0, 6))


def judge(row: CoverageRow, percent: float) -> Verdict:
    """Hold the coverage of a unit, or of the whole, against a target of so many per cent."""
    shortfall = max(needed(row.population, percent) - row.covered, 0)
    passes = None if row.population == 0 else shortfall == 0
    return Verdict(row.id, row.name, row.population, row.covered, row.share, passes, shortfall)


def is_rural(people_per_km2: float | None) -> bool:
    """Tell whether 1000 m on foot makes little sense for a unit of that density; False where none is known."""
    return people_per_km2 is not None and people_per_km2 < RURAL_BELOW_PER_KM2


def people_by_minutes(
    walk_m: NDArray[np.float64],
    population: NDArray[np.int64],
    unit: NDArray[np.int32],
    *,
    units: int,
    profile: Profile = PROFILES["standard"],
) -> NDArray[np.int64]:
    """Count the people of each unit by the minutes that they walk to the nearest site.

    Args:
        walk_m: float64 (n,), of each home, inf where no site can be reached.
        population: int64 (n,).
        unit: int32 (n,), index of the unit, -1 where in none.
        units: how many units there are.
        profile: whose speed turns metres into minutes.

    Returns:
        int64 (units, len(BANDS)); a row adds up to the people of its unit.
    """
    band = band_of(walk_m, profile)
    counted = np.zeros((units, len(BANDS)), np.int64)
    within = unit >= 0
    np.add.at(counted, (unit[within], band[within]), population[within])
    return counted


def band_of(walk_m: NDArray[np.float64], profile: Profile) -> NDArray[np.intp]:
    """Give the place in BANDS of every walk; inf is unreachable."""
    # the same rounding as a limit has: who is within 15 minutes is in a band that ends there
    ends_m = np.round(np.array(BAND_MINUTES) * 60 * profile.speed_mps, 6)
    return np.where(np.isfinite(walk_m), np.searchsorted(ends_m, walk_m), len(BANDS) - 1)
