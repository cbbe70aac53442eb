"""How many people have a site within reach, township by township."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

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


@dataclass(frozen=True)
class People:
    """Where people live and how far they walk: the arrays that a coverage table is made of, all (n,).

    Attributes:
        population: int64, people of each home.
        unit: int32, index of its unit, -1 where in none.
        on_network: bool, whether the home reaches a street.
        walk_m: float64, effective metres to the nearest site, inf where none can be reached.
        second_m: float64, the same to the second nearest.
        straight_m: float64, metres to the nearest site as the crow flies, inf where there is no site.
    """

    population: NDArray[np.int64]
    unit: NDArray[np.int32]
    on_network: NDArray[np.bool_]
    walk_m: NDArray[np.float64]
    second_m: NDArray[np.float64]
    straight_m: NDArray[np.float64]

    def take(self, index: NDArray[np.intp]) -> People:
        """Give some of the homes."""
        return People(
            self.population[index], self.unit[index], self.on_network[index],
            self.walk_m[index], self.second_m[index], self.straight_m[index],
        )  # fmt: skip


def tabulate(
    people: People, unit_ids: Sequence[str], unit_names: Sequence[str], *, limit: Limit, kinds: Sequence[SiteKind] = ()
) -> CoverageTable:
    """Make the coverage table of a region.

    People who cannot reach a site stay in the population and are not covered; the figures of walking metres
    (percentiles, worst decile, Gini) are of those who can reach one, since there is no distance to average for the
    others. Homes in no unit must hold nobody: then the units add up to the total.
    """
    order = np.argsort(people.unit, kind="stable")
    bounds = np.searchsorted(people.unit[order], np.arange(len(unit_ids) + 1))
    rows = []
    for place, (unit_id, name) in enumerate(zip(unit_ids, unit_names, strict=True)):
        mine = people.take(order[bounds[place] : bounds[place + 1]])
        rows.append(_row(unit_id, name, mine, limit.limit_m))
    return CoverageTable(limit, tuple(kinds), _row(None, None, people, limit.limit_m), tuple(rows))


def _row(unit_id: str | None, name: str | None, people: People, limit_m: float) -> CoverageRow:
    weight = people.population
    population = int(weight.sum())
    covered = int(weight[people.walk_m <= limit_m].sum())
    reaches = np.isfinite(people.walk_m) & (weight > 0)
    spread = _spread(people.walk_m[reaches], weight[reaches])
    return CoverageRow(
        id=unit_id,
        name=name,
        population=population,
        covered=covered,
        share=_share(covered, population),
        off_network=int(weight[~people.on_network].sum()),
        straight_line_share=_share(int(weight[people.straight_m <= limit_m].sum()), population),
        backup_share=_share(int(weight[people.second_m <= limit_m].sum()), population),
        median_walk_m=spread[0],
        p90_walk_m=spread[1],
        worst_decile_walk_m=spread[2],
        gini=spread[3],
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _spread(
    walk_m: NDArray[np.float64], weight: NDArray[np.int64]
) -> tuple[float | None, float | None, float | None, float | None]:
    """Give the median, 90th percentile, worst-decile mean and Gini of the walks of `weight` people each."""
    if not len(walk_m):
        return None, None, None, None
    order = np.argsort(walk_m, kind="stable")
    metres, people = walk_m[order], weight[order]
    up_to = np.cumsum(people)
    return (
        weighted_percentile(metres, up_to, 0.5),
        weighted_percentile(metres, up_to, 0.9),
        worst_share_mean(metres, people, 0.1),
        gini(metres, people),
    )


def weighted_percentile(metres: NDArray[np.float64], up_to: NDArray[np.int64], share: float) -> float:
    """Give the walk that at least `share` of the people do not exceed.

    The inverse of the empirical distribution (Hyndman and Fan 1996, definition 1): never a value that nobody walks.

    Args:
        metres: ascending, one for each home.
        up_to: cumulated people.
        share: between 0 and 1.
    """
    # people are whole, so a float just above a whole number must not ask for one person more
    needed = np.ceil(share * int(up_to[-1]) - 1e-6)
    return float(metres[min(int(np.searchsorted(up_to, needed)), len(metres) - 1)])


def worst_share_mean(metres: NDArray[np.float64], people: NDArray[np.int64], share: float) -> float:
    """Give the mean walk of the `share` of the people who walk furthest; a home at the edge counts in part."""
    wanted = share * float(people.sum())
    beyond = np.cumsum(people[::-1])[::-1] - people  # people who walk further than each home
    taken = np.clip(wanted - beyond, 0.0, people)
    return float((taken * metres).sum() / taken.sum())


def gini(metres: NDArray[np.float64], people: NDArray[np.int64]) -> float:
    """Give the population-weighted Gini coefficient: half the mean absolute difference over the mean.

    By Brown's formula over the Lorenz curve (Brown 1994, Soc. Sci. Med. 38(9)): G = 1 - sum p_i (L_i + L_{i-1}), with
    p_i the share of people and L_i the cumulated share of metres, homes ascending by walk.
    """
    total_m = float((metres * people).sum())
    if total_m == 0.0:
        return 0.0
    lorenz = np.concatenate([[0.0], np.cumsum(metres * people) / total_m])
    return max(0.0, float(1.0 - (people / people.sum() * (lorenz[1:] + lorenz[:-1])).sum()))
