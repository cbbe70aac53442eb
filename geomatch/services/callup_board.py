"""Use case: how far a call-up is, station by station and shift by shift; and who was asked for what, each their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomatch.errors import NotFoundError
from geomatch.volunteering.roles import scope_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from geomatch.planning.sites import Site
    from geomatch.services.region import Region
    from geomatch.store.callup_ask_rows import Kept
    from geomatch.store.callup_rows import Tally
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.callups import Callup
    from geomatch.volunteering.roles import Principal

MOST_OWN = 200


@dataclass(frozen=True, slots=True)
class Count:
    """Places: how many there are, are held, are stood by for, and have asks without an answer."""

    places: int
    held: int
    standby: int
    asked: int


@dataclass(frozen=True)
class Board:
    """A call as it stands, as far as it may be seen.

    Attributes:
        callup: the call.
        total: all places.
        stations: each site with its places, in the region's order.
        shifts: start and end of each with its places, in time.
        skills: each skill with its places, None for those that need none.
    """

    callup: Callup
    total: Count
    stations: tuple[tuple[Site, Count], ...]
    shifts: tuple[tuple[tuple[datetime, datetime], Count], ...]
    skills: tuple[tuple[str | None, Count], ...]


def board(work: UnitOfWork, region: Region, callup_id: str, who: Principal) -> Board:
    """Give a call as it stands in the area of an account; NotFoundError where there is none."""
    with work:
        callup = work.callups.get(callup_id, region.spec.id)
        tallies = work.callups.tallies(callup_id, scope_of(who))
    by_site: dict[str, list[Tally]] = {}
    by_shift: dict[tuple[datetime, datetime], list[Tally]] = {}
    by_skill: dict[str, list[Tally]] = {}
    for tally in tallies:
        by_site.setdefault(tally.site, []).append(tally)
        by_shift.setdefault((tally.starts_at, tally.ends_at), []).append(tally)
        by_skill.setdefault(tally.skill or "", []).append(tally)
    return Board(
        callup,
        _sum(tallies),
        tuple((site, _sum(by_site[site.id])) for site in region.sites if site.id in by_site),
        tuple((shift, _sum(by_shift[shift])) for shift in sorted(by_shift)),
        tuple((skill or None, _sum(by_skill[skill])) for skill in sorted(by_skill)),
    )


def _sum(tallies: Iterable[Tally]) -> Count:
    places = held = standby = asked = 0
    for tally in tallies:
        places += tally.places
        held += tally.held
        standby += tally.standby
        asked += tally.asked
    return Count(places, held, standby, asked)


def places(
    work: UnitOfWork, region: str, callup_id: str, who: Principal, *, limit: int, offset: int
) -> tuple[int, tuple[Kept, ...]]:
    """Count and list who has a place in the area of an account, or stands by; NotFoundError where there is no call."""
    with work:
        work.callups.get(callup_id, region)
        return work.callup_asks.places(callup_id, scope_of(who), limit=limit, offset=offset)


def own(work: UnitOfWork, who: Principal) -> tuple[Kept, ...]:
    """List what somebody was asked for, the newest first, at most MOST_OWN."""
    with work:
        return work.callup_asks.of_volunteer(who.region, who.volunteer or "", limit=MOST_OWN)


def call_of_own(work: UnitOfWork, ask_id: str, who: Principal) -> str:
    """Give the call that one's own ask belongs to; NotFoundError where it is not one's own."""
    with work:
        found = work.callup_asks.callup_of(ask_id, who.region)
    if found is None or who.volunteer is None or found[1] != who.volunteer:
        raise NotFoundError(f"there is no ask {ask_id!r} that this account may see")
    return found[0]


def call_in_area(work: UnitOfWork, ask_id: str, who: Principal) -> str:
    """Give the call that an ask for a post of one's area belongs to; NotFoundError where it is elsewhere."""
    with work:
        found = work.callup_asks.callup_of(ask_id, who.region)
    if found is None or not scope_of(who).holds(region=who.region, unit=found[3], site=found[2]):
        raise NotFoundError(f"there is no ask {ask_id!r} that this account may see")
    return found[0]
