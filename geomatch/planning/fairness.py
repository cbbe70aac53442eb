"""How unevenly people walk: over-claim, percentiles, worst decile, Gini and the Lorenz curve, unit by unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.planning import coverage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geomatch.planning.coverage import People

LORENZ_STEPS = 100


@dataclass(frozen=True, slots=True)
class FairnessRow:
    """How unevenly the people of one unit, or of the whole region, walk.

    Attributes:
        id, name: of the unit; None in the total.
        population, covered, share: as in the coverage table.
        straight_line: people within the limit as the crow flies.
        over_claim, over_claim_share: how many of them walk further than the limit, as people and as a share of all:
            coverage by straight-line buffers minus coverage by walking.
        median_walk_m, p40_walk_m, p90_walk_m: percentiles over the people who can reach a site.
        p90_p40: how many times as far the tenth decile starts as the fifth; None where nobody walks or P40 is 0.
        worst_decile_walk_m, gini: as in the coverage table.
    """

    id: str | None
    name: str | None
    population: int
    covered: int
    share: float | None
    straight_line: int
    over_claim: int
    over_claim_share: float | None
    median_walk_m: float | None
    p40_walk_m: float | None
    p90_walk_m: float | None
    p90_p40: float | None
    worst_decile_walk_m: float | None
    gini: float | None


@dataclass(frozen=True, slots=True)
class Fairness:
    """The whole, its units, and the Lorenz curve of the whole (see `lorenz`)."""

    total: FairnessRow
    units: tuple[FairnessRow, ...]
    lorenz: tuple[tuple[float, float], ...]


def tabulate(people: People, unit_ids: Sequence[str], unit_names: Sequence[str], *, limit_m: float) -> Fairness:
    """Tell how unevenly people walk; homes in no unit must hold nobody."""
    units = tuple(
        _row(unit_id, name, people.take(np.flatnonzero(people.unit == place)), limit_m)
        for place, (unit_id, name) in enumerate(zip(unit_ids, unit_names, strict=True))
    )
    curve = lorenz(*_walkers(people))
    return Fairness(_row(None, None, people, limit_m), units, tuple((float(x), float(y)) for x, y in curve))


def lorenz(metres: NDArray[np.float64], people: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give the Lorenz curve: which share of all walking falls to the share of people who walk least.

    Lorenz 1905; straight between homes, so the points lie on it exactly.

    Args:
        metres: ascending, one for each home.
        people: of each home, more than 0.

    Returns:
        float64 (LORENZ_STEPS + 1, 2), share of people and share of metres, from (0, 0) to (1, 1); the diagonal where
        nobody walks at all. Empty for no homes.
    """
    if not len(metres):
        return np.empty((0, 2))
    shares = np.linspace(0.0, 1.0, LORENZ_STEPS + 1)
    total_m = float((metres * people).sum())
    if total_m == 0.0:
        return np.column_stack([shares, shares])
    by_people = np.concatenate([[0.0], np.cumsum(people) / people.sum()])
    by_metres = np.concatenate([[0.0], np.cumsum(metres * people) / total_m])
    curve = np.interp(shares, by_people, by_metres)
    curve[-1] = 1.0  # sums of floats may end a hair beside it
    return np.column_stack([shares, curve])


def _walkers(people: People) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give the walks of those who can reach a site, ascending, and how many people walk each."""
    reaches = np.flatnonzero(np.isfinite(people.walk_m) & (people.population > 0))
    order = reaches[np.argsort(people.walk_m[reaches], kind="stable")]
    return people.walk_m[order], people.population[order]


def _row(unit_id: str | None, name: str | None, people: People, limit_m: float) -> FairnessRow:
    population = int(people.population.sum())
    covered = int(people.population[people.walk_m <= limit_m].sum())
    straight = int(people.population[people.straight_m <= limit_m].sum())
    metres, walkers = _walkers(people)
    up_to = np.cumsum(walkers)
    walked = len(metres) > 0
    p40, p50, p90 = (coverage.weighted_percentile(metres, up_to, part) if walked else None for part in (0.4, 0.5, 0.9))
    return FairnessRow(
        id=unit_id,
        name=name,
        population=population,
        covered=covered,
        share=covered / population if population else None,
        straight_line=straight,
        over_claim=straight - covered,
        over_claim_share=(straight - covered) / population if population else None,
        median_walk_m=p50,
        p40_walk_m=p40,
        p90_walk_m=p90,
        p90_p40=p90 / p40 if p40 and p90 is not None else None,
        worst_decile_walk_m=coverage.worst_share_mean(metres, walkers, 0.1) if walked else None,
        gini=coverage.gini(metres, walkers) if walked else None,
    )
