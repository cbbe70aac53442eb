"""Use case: how fairly reach is spread over people, and what hangs on each site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.network import reach
from geomatch.planning import access as access_room
from geomatch.planning import criticality as criticality_room
from geomatch.planning import fairness as fairness_room
from geomatch.services import coverage as coverage_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geomatch.network.profiles import Limit
    from geomatch.network.reach import Catchments
    from geomatch.planning.access import Supply
    from geomatch.planning.fairness import Fairness
    from geomatch.planning.sites import Site, SiteKind
    from geomatch.services.region import Region


@dataclass(frozen=True, slots=True)
class AccessTable:
    """Supply for one person within the limit (2SFCA), on average over people.

    Attributes:
        supply: what the sites that count have to give.
        shared: how much of it somebody can reach; equals the sum of people times their access.
        total, units: of the whole and of each unit; None where nobody lives.
    """

    supply: Supply
    shared: float
    total: float | None
    units: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class CriticalSite:
    """What hangs on one site.

    Attributes:
        rank: 1 for the site whose closing leaves most people without cover.
        site: the site.
        lost, lost_share: people within the limit of this site and of no other, and their share of all people.
        nearest: people within the limit whose nearest site it is.
    """

    rank: int
    site: Site
    lost: int
    lost_share: float | None
    nearest: int


def fairness(region: Region, limit: Limit, kinds: Sequence[SiteKind] = ()) -> Fairness:
    """Tell how unevenly people walk to the sites of the given kinds (all where none), and the over-claim of circles."""
    people = coverage_service.people_of(region, limit.profile, kinds)
    return fairness_room.tabulate(people, region.townships.ids, region.unit_names, limit_m=limit.limit_m)


def access(region: Region, limit: Limit, kinds: Sequence[SiteKind] = ()) -> AccessTable:
    """Share the supply of the sites among the people within the limit (2SFCA)."""
    chosen = region.is_kind(kinds)
    supply = access_room.supply_of([site.capacity for site, counts in zip(region.sites, chosen, strict=True) if counts])
    of_site = np.zeros(len(region.sites))
    of_site[chosen] = supply.of_site
    population, unit = region.homes.population, region.homes.unit
    shared = access_room.two_step(catchments_of(region, limit, kinds), of_site, population)
    everyone = access_room.mean_by_unit(shared, population, np.zeros(len(unit), np.int32), 1)
    by_unit = access_room.mean_by_unit(shared, population, unit, len(region.units))
    return AccessTable(supply, shared.shared, _known(everyone[0]), tuple(_known(mean) for mean in by_unit))


def criticality(region: Region, limit: Limit, kinds: Sequence[SiteKind] = ()) -> tuple[CriticalSite, ...]:
    """Rank the sites of the given kinds by the people who lose their cover if that one site closes."""
    walks, population = region.home_walks(limit.profile, kinds), region.homes.population
    found = criticality_room.weigh(walks.site, walks.walk_m, population, sites=len(region.sites), limit_m=limit.limit_m)
    chosen, everyone = region.is_kind(kinds), int(population.sum())
    ranked = [row for row in criticality_room.order(found).tolist() if chosen[row]]
    return tuple(
        CriticalSite(
            rank=rank,
            site=region.sites[row],
            lost=int(found.lost[row]),
            lost_share=int(found.lost[row]) / everyone if everyone else None,
            nearest=int(found.nearest[row]),
        )
        for rank, row in enumerate(ranked, 1)
    )


def catchments_of(region: Region, limit: Limit, kinds: Sequence[SiteKind] = ()) -> Catchments:
    """Give every pair of a site and a home within the limit; sites of other kinds have none."""
    profile = limit.profile
    return reach.within(
        region.ways(profile),
        region.site_places(profile, kinds),
        region.home_places(profile),
        limit.limit_m,
        ordered=region.homes_by_edge(profile),
    )


def _known(figure: float) -> float | None:
    return None if np.isnan(figure) else figure
