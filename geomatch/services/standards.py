"""Use case: who keeps the standards: every preset, one's own target, every profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomatch.network.profiles import PROFILES, limit_for, profile_named
from geomatch.planning import standards as standards_room
from geomatch.services import coverage as coverage_service
from geomatch.services import setting as setting_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from geomatch.network.profiles import Limit
    from geomatch.planning.coverage import CoverageTable
    from geomatch.planning.sites import SiteKind
    from geomatch.planning.standards import CityTarget, Preset, Verdict
    from geomatch.services.region import Region
    from geomatch.services.setting import Ground


@dataclass(frozen=True, slots=True)
class Kept:
    """How far a target is reached under one limit: the whole, and unit by unit."""

    limit: Limit
    percent: float
    total: Verdict
    units: tuple[Verdict, ...]

    @property
    def units_passed(self) -> int:
        """How many units reach the target."""
        return sum(unit.passes is True for unit in self.units)

    @property
    def units_shortfall(self) -> int:
        """How many more people would have to be covered for every unit to pass: no unit pays for another."""
        return sum(unit.shortfall for unit in self.units)


@dataclass(frozen=True, slots=True)
class Setting:
    """What kind of place a unit, or the whole, is.

    Attributes:
        people_per_km2: None where no unit is stated or its ground is nothing.
        rural: whether 1000 m on foot makes little sense (standards.RURAL_BELOW_PER_KM2); the whole is rural where
            its region.toml says so or, where that says nothing, where more than half of its people live in rural units.
        minutes: people by walking minutes to the nearest site, in the order of standards.BANDS.
    """

    people_per_km2: float | None
    rural: bool
    minutes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standards:
    """A region held against the standards.

    Attributes:
        asked: the asked limit and target.
        presets: every tier of every standard under the same target, profile `standard`.
        city_targets: the asked limit under the targets that cities report against.
        total_setting, settings: of the whole and of each unit, minutes by the asked profile.
        ground: what kind of place the region is, and how many of its units are rural.
    """

    asked: Kept
    presets: tuple[tuple[Preset, Kept], ...]
    city_targets: tuple[tuple[CityTarget, Kept], ...]
    total_setting: Setting
    settings: tuple[Setting, ...]
    ground: Ground


def standards(
    region: Region,
    limit: Limit,
    *,
    target_percent: float = standards_room.DEFAULT_TARGET_PERCENT,
    kinds: Sequence[SiteKind] = (),
) -> Standards:
    """Hold a region against its target under the asked limit, under every preset, and against city targets.

    Raises:
        InputError: the target is no percentage.
    """
    standards_room.check_target(target_percent)
    told = setting_room.ground(region)
    minutes = _minutes(region, limit, kinds)
    settings = tuple(
        Setting(density, standards_room.is_rural(density), tuple(row))
        for density, row in zip(told.unit_people_per_km2, minutes.tolist(), strict=True)
    )
    table = coverage_service.coverage(region, limit, kinds)
    whole = Setting(told.people_per_km2, told.rural, tuple(_summed(minutes)))
    return Standards(
        asked=kept(table, target_percent),
        presets=tuple(
            (preset, kept(coverage_service.coverage(region, preset.limit, kinds), target_percent))
            for preset in standards_room.PRESETS
        ),
        city_targets=tuple((city, kept(table, city.percent)) for city in standards_room.CITY_TARGETS),
        total_setting=whole,
        settings=settings,
        ground=told,
    )


def kept(table: CoverageTable, percent: float) -> Kept:
    """Hold a coverage table against a target of so many per cent.

    Raises:
        InputError: the target is no percentage.
    """
    standards_room.check_target(percent)
    units = tuple(standards_room.judge(row, percent) for row in table.units)
    return Kept(table.limit, percent, standards_room.judge(table.total, percent), units)


def profiles(
    region: Region, *, minutes: float | None = None, metres: float | None = None, kinds: Sequence[SiteKind] = ()
) -> tuple[CoverageTable, ...]:
    """Give the coverage table of every profile, side by side, for the same minutes (15) or the same metres.

    Raises:
        InputError: both minutes and metres, or one out of bounds.
    """
    limits = [limit_for(profile, minutes=minutes, metres=metres) for profile in PROFILES]
    return tuple(coverage_service.coverage(region, limit, kinds) for limit in limits)


def _minutes(region: Region, limit: Limit, kinds: Sequence[SiteKind]) -> NDArray[np.int64]:
    walk_m = region.home_walks(limit.profile, kinds).walk_m[:, 0]
    homes, profile = region.homes, profile_named(limit.profile)
    return standards_room.people_by_minutes(
        walk_m, homes.population, homes.unit, units=len(region.units), profile=profile
    )


def _summed(minutes: NDArray[np.int64]) -> list[int]:
    counted: list[int] = minutes.sum(axis=0).tolist()
    return counted
