"""Use case: why each gap is there, and what would win its people, each remedy a what-if.

A remedy's people are counted as the what-if counts them: from the very places that its body names, by each home's walk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geomatch.planning.causes import judging
from geomatch.planning.causes.found import GapCauses, RemedyKind
from geomatch.services import cause_facts, cause_remedies, cause_ways
from geomatch.services import gaps as gaps_service
from geomatch.services.cause_facts import Uncovered
from geomatch.services.whatif import Changes, Link, Move

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from geomatch.network.profiles import Limit
    from geomatch.planning.causes.found import Remedy
    from geomatch.planning.sites import SiteKind
    from geomatch.planning.siting.candidates import Candidate
    from geomatch.services.region import Region


def causes(
    region: Region,
    limit: Limit,
    *,
    kinds: Sequence[SiteKind] = (),
    min_people: int = 0,
    open_at: datetime | None = None,
    candidates: Sequence[Candidate] = (),
) -> tuple[GapCauses, ...]:
    """Say of every gap why it is there and what would win its people; most people first.

    Args:
        region: an open region.
        limit: how far is within reach, and for whom.
        kinds: kinds of site that count; all where empty.
        min_people: leave out gaps where fewer live.
        open_at: only sites known to be open then count; a time without a zone is the region's own.
        candidates: shops that could be opened; asked with some, the answer is not kept.

    Raises:
        InputError: min_people is negative.
    """
    counted = region if open_at is None else region.open_at(open_at)
    found = gaps_service.gaps(counted, limit, kinds=kinds, min_people=min_people)
    if candidates:
        return _find(region, counted, limit, tuple(kinds), candidates)[: len(found)]
    every = counted.cause_lists.get(
        (limit, frozenset(kinds), open_at is None), lambda: _find(region, counted, limit, tuple(kinds))
    )
    return every[: len(found)]  # gaps come by people, so those with enough come first


def changes_of(remedy: Remedy) -> Changes:
    """Give a remedy as the changes of a what-if."""
    site, where = remedy.site, remedy.spots
    if site is None:
        return Changes(links=(Link(*where[0], *where[1]),))
    if remedy.kind is RemedyKind.HOURS:
        return Changes(open=(site.id,))
    if remedy.kind is RemedyKind.PLACE:
        return Changes(move=(Move(site.id, site.lon, site.lat),))
    return Changes(add=(site,))


def _find(
    region: Region, counted: Region, limit: Limit, kinds: tuple[SiteKind, ...], candidates: Sequence[Candidate] = ()
) -> tuple[GapCauses, ...]:
    found = gaps_service.gaps(counted, limit, kinds=kinds)
    if not found:
        return ()
    rows = np.concatenate([gap.homes for gap in found])
    gap_of = np.repeat(np.arange(len(found)), [len(gap.homes) for gap in found])
    asked = Uncovered(region, counted, limit, kinds, rows, gap_of)
    between = cause_ways.between(asked, cause_facts.homes_of(asked), len(found))
    sites = cause_remedies.sites(asked, len(found), candidates)
    kind = judging.judge(between.homes, limit.limit_m)
    told = []
    for number, gap in enumerate(found):
        said = judging.causes_of(
            between.homes,
            kind,
            np.flatnonzero(gap_of == number),
            limit_m=limit.limit_m,
            site_ids=[site.id for site in region.sites],
            obstacles=between.obstacles,
            streets={obstacle: names for (of, obstacle), names in between.streets.items() if of == number},
        )
        remedies = sorted((*sites[number], *between.remedies[number]), key=lambda remedy: -remedy.people_won)
        told.append(GapCauses(gap, said, tuple(remedies)))
    return tuple(told)
