"""How many people have a site within reach, township by township."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geomatch.network.profiles import Limit
    from geomatch.planning.sites import SiteKind


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """The figures of one unit, or of the whole region.

    Attributes:
        id, name: of the unit; None in the total.
        population: people.
        covered: people whose own walk_m to the nearest site is at most limit_m.
        share: covered / population; None where nobody lives.
        off_network: people whose home does not reach a street; never covered.
        straight_line_share: the share that circles drawn with a compass would claim.
        backup_share: the share with two or more sites within the limit.
        median_walk_m, p90_walk_m: population-weighted percentiles of walk_m over the people who can reach a site.
        worst_decile_walk_m: mean walk_m of the tenth of those people who walk furthest.
        gini: population-weighted Gini coefficient of walk_m of those people.
    """

    id: str | None
    name: str | None
    population: int
    covered: int
    share: float | None
    off_network: int
    straight_line_share: float | None
    backup_share: float | None
    median_walk_m: float | None
    p90_walk_m: float | None
    worst_decile_walk_m: float | None
    gini: float | None


FIGURES = (
    "population", "covered", "share", "off_network", "straight_line_share", "backup_share",
    "median_walk_m", "p90_walk_m", "worst_decile_walk_m", "gini",
)  # fmt: skip
"""The figures of a row, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """Coverage of a region; the units add up to the total, to the person."""

    limit: Limit
    kinds: tuple[SiteKind, ...]
    total: CoverageRow
    units: tuple[CoverageRow, ...]
