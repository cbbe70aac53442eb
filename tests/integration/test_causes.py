"""Why gaps are there, on a little town of two banks: causes add up, and every remedy is what its what-if says."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from geomatch.network.profiles import limit_for
from geomatch.planning.causes.found import CauseKind, RemedyKind
from geomatch.planning.sites import SiteKind
from geomatch.planning.siting.candidates import Candidate
from geomatch.services import causes, gaps
from geomatch.services.whatif import whatif
from tests.regions import lonlat
from tests.serving import region_of

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.network.profiles import Limit

MORNING, NIGHT = datetime(2026, 11, 24, 9, 30), datetime(2026, 11, 24, 23, 0)  # noqa: DTZ001 - the region's own time
QUESTIONS = [
    (limit_for(), (), None),
    (limit_for(metres=300), (SiteKind.OFFICE, SiteKind.STATION), None),
    (limit_for("wheelchair"), (), MORNING),
    (limit_for("elder", minutes=10), (SiteKind.OFFICE,), NIGHT),
]


@pytest.mark.parametrize(("limit", "kinds", "open_at"), QUESTIONS)
def test_causes_add_up_and_remedies_are_what_ifs(
    little_region: Path, limit: Limit, kinds: tuple[SiteKind, ...], open_at: datetime | None
) -> None:
    """Every uncovered person has one cause, and the what-if of a remedy covers as many more as the remedy says."""
    region = region_of(little_region)
    counted = region if open_at is None else region.open_at(open_at)
    shops = [Candidate("S1", "", *lonlat(3, 9)), Candidate("far", "", *lonlat(60, 60))]
    found = causes.causes(region, limit, kinds=kinds, open_at=open_at, candidates=shops)
    assert [told.gap for told in found] == list(gaps.gaps(counted, limit, kinds=kinds))
    for told in found:
        assert sum(cause.people for cause in told.causes) == told.gap.people
        assert sum(cause.homes for cause in told.causes) == len(told.gap.homes)
        assert all(0 < remedy.people_here <= min(told.gap.people, remedy.people_won) for remedy in told.remedies)
        assert [r.people_won for r in told.remedies] == sorted((r.people_won for r in told.remedies), reverse=True)
        for remedy in told.remedies:
            then = whatif(region, causes.changes_of(remedy), limit, kinds, open_at=open_at)
            assert then.after.total.covered - then.before.total.covered == remedy.people_won
    assert any(told.remedies for told in found)


def test_at_night_longer_hours_are_the_remedy(little_region: Path) -> None:
    """Homes beside a site that has closed are uncovered for that reason, and the site is named."""
    found = causes.causes(region_of(little_region), limit_for(), open_at=NIGHT)
    closed = [cause for told in found for cause in told.causes if cause.kind is CauseKind.CLOSED]
    assert {cause.site for cause in closed} <= {"C1", "O1", "O2", "S1", "S2"}
    longer = [remedy for told in found for remedy in told.remedies if remedy.kind is RemedyKind.HOURS]
    assert {remedy.site.id for remedy in longer if remedy.site} >= {"C1", "O1"}


def test_small_gaps_can_be_left_out(little_region: Path) -> None:
    """What is left is told as before."""
    region = region_of(little_region)
    every = causes.causes(region, limit_for())
    large = causes.causes(region, limit_for(), min_people=500)
    assert large == tuple(told for told in every if told.gap.people >= 500)
    assert 0 < len(large) < len(every)
