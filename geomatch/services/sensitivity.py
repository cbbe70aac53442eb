"""Use case: how far the headline figure moves when what it rests on is a little different."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomatch.network import reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from geomatch.network.profiles import Limit
    from geomatch.network.snap import Places
    from geomatch.planning.sites import SiteKind
    from geomatch.services.region import Region

SLOWER, FASTER = 0.9, 1.1
"""People who walk a tenth slower or faster get a tenth less or more far in the same minutes."""

LONGER_LEG, SHORTER_LEG = 1.5, 0.5
"""A straight access leg is a guess at the way from a door to the street: half as long again, or half as long."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Coverage under one variation.

    Attributes:
        speed_factor: of the profile's speed; the minutes stay, so limit_m is as many times the asked one.
        access_factor: of every access leg, of homes and of sites; who reaches the network at all does not change.
        limit_m: the limit that holds then.
        covered, share: people within it.
    """

    speed_factor: float
    access_factor: float
    limit_m: float
    covered: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Band:
    """The least and the most that come out when `varied` ("speed", "access" or "both") is varied."""

    varied: str
    low: Outcome
    high: Outcome


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The headline as it is reported, and the bands around it."""

    population: int
    headline: Outcome
    bands: tuple[Band, ...]


def sensitivity(region: Region, limit: Limit, kinds: Sequence[SiteKind] = ()) -> Sensitivity:
    """Vary speed, access legs and both at once, every time by walking the whole network again."""
    walks = {1.0: region.home_walks(limit.profile, kinds).walk_m[:, 0]}
    for factor in (LONGER_LEG, SHORTER_LEG):
        walks[factor] = _walks(region, limit.profile, kinds, factor)

    def outcome(speed: float, leg: float) -> Outcome:
        return _count(walks[leg], region.homes.population, speed, leg, limit.limit_m)

    return Sensitivity(
        population=int(region.homes.population.sum()),
        headline=outcome(1.0, 1.0),
        bands=(
            Band("speed", outcome(SLOWER, 1.0), outcome(FASTER, 1.0)),
            Band("access", outcome(1.0, LONGER_LEG), outcome(1.0, SHORTER_LEG)),
            Band("both", outcome(SLOWER, LONGER_LEG), outcome(FASTER, SHORTER_LEG)),
        ),
    )


def _walks(region: Region, profile: str, kinds: Sequence[SiteKind], factor: float) -> NDArray[np.float64]:
    """Give each home's walk to the nearest site with every access leg so many times as long."""
    ways = region.ways(profile)
    field = reach.field(ways, _with_legs(region.site_places(profile, kinds), factor))
    _, walk_m = reach.nearest(ways, field, _with_legs(region.home_places(profile), factor))
    return walk_m[:, 0]


def _with_legs(places: Places, factor: float) -> Places:
    return replace(places, access_m=places.access_m * factor)


def _count(
    walk_m: NDArray[np.float64], population: NDArray[np.int64], speed: float, leg: float, limit_m: float
) -> Outcome:
    varied_m = round(limit_m * speed, 6)
    covered, everyone = int(population[walk_m <= varied_m].sum()), int(population.sum())
    return Outcome(speed, leg, varied_m, covered, covered / everyone if everyone else None)
