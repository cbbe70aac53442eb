"""Use case: a great call-up is opened, for all stations or some, in shifts with skills, and closed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from geomatch.errors import InputError
from geomatch.planning.sites import SiteKind
from geomatch.services import callup_wave, callup_words
from geomatch.store import ids
from geomatch.volunteering import callups
from geomatch.volunteering.callups import CallPolicy, Callup, Need, Post
from geomatch.volunteering.mobilisation import MOST_NEEDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from geomatch.services.region import Region
    from geomatch.store.unit_of_work import UnitOfWork

MOST_POSTS = 50_000
FURTHEST = timedelta(days=366)
"""No call is for shifts that far from now."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A call as its office wants it.

    Attributes:
        name: what it is called.
        words: what it is about.
        starts_at: when the first shift starts.
        hours: how long it lasts in all.
        shift_hours: how long a shift is.
        needs: what every station needs in every shift.
        sites: ids of the places it is for; all stations where none are named.
        policy: how people are called.
        urgent: whether its notices go out in quiet hours too.
        needs_at: by id of a site, what that one needs in every shift beside `needs`.
    """

    name: str
    words: str
    starts_at: datetime
    hours: int
    shift_hours: int
    needs: tuple[Need, ...]
    sites: tuple[str, ...] = ()
    policy: CallPolicy = field(default_factory=CallPolicy)
    urgent: bool = False
    needs_at: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)

    def needs_of(self, site: str) -> tuple[Need, ...]:
        """Give what a site needs in every shift."""
        return (*self.needs, *self.needs_at.get(site, ()))


def needs_of(given: Iterable[tuple[Need, Sequence[str]]]) -> tuple[tuple[Need, ...], dict[str, tuple[Need, ...]]]:
    """Tell needs of all sites from those of some, which are given by site."""
    of_all: list[Need] = []
    of_some: dict[str, tuple[Need, ...]] = {}
    for need, sites in given:
        for site in dict.fromkeys(sites):
            of_some[site] = (*of_some.get(site, ()), need)
        if not sites:
            of_all.append(need)
    return tuple(of_all), of_some


def open_call(work: UnitOfWork, region: Region, draft: Draft, *, by: str, at: datetime) -> Callup:
    """Open a call and put the job of its first wave.

    Raises:
        InputError: a site that is not there, no needs or too many, shifts that make no sense or are over.
    """
    posts = _posts(region, draft, at)
    callup = Callup(
        ids.fresh(), region.spec.id, draft.name, draft.words, draft.policy, draft.urgent, opened_by=by, opened_at=at
    )  # fmt: skip
    with work:
        work.callups.add(callup, posts)
        callup_wave.put_wave(work, callup, at)
        work.commit()
    return callup


def _posts(region: Region, draft: Draft, at: datetime) -> tuple[Post, ...]:
    if not at - FURTHEST < draft.starts_at < at + FURTHEST:
        raise InputError.of("starts_at", f"must be within {FURTHEST.days} days", value=draft.starts_at.isoformat())
    shifts = callups.shifts(draft.starts_at, hours=draft.hours, shift_hours=draft.shift_hours)
    if shifts[-1][1] <= at:
        raise InputError.of("starts_at", "is so long ago that every shift is over", value=draft.starts_at.isoformat())
    known = {site.id: site for site in region.sites}
    unknown = [site for site in (*draft.sites, *draft.needs_at) if site not in known]
    if unknown:
        raise InputError.of("sites", "there is no such site", value=unknown[0])
    stations = tuple(site.id for site in region.sites if site.kind is SiteKind.STATION)
    sites = tuple(dict.fromkeys(draft.sites)) or stations
    left_out = draft.needs_at.keys() - sites
    if left_out:
        raise InputError.of("needs", "name a site that the call is not for", value=min(left_out))
    _check_needs(draft, sites)
    if sum(len(draft.needs_of(site)) for site in sites) * len(shifts) > MOST_POSTS:
        raise InputError.of("sites", f"times shifts and needs must be at most {MOST_POSTS:,} posts")
    return tuple(
        Post(ids.fresh(), site, known[site].unit, starts_at, ends_at, need)
        for site in sites
        for starts_at, ends_at in shifts
        for need in draft.needs_of(site)
    )


def _check_needs(draft: Draft, sites: Sequence[str]) -> None:
    of_sites = [[(need.skill, need.certified) for need in draft.needs_of(site)] for site in sites]
    if any(len(set(kinds)) != len(kinds) for kinds in of_sites):
        raise InputError.of("needs", "ask for the same skill twice; add the people up")
    kinds = {kind for each in of_sites for kind in each}
    if not 1 <= len(kinds) <= MOST_NEEDS:
        raise InputError.of("needs", f"must be 1 to {MOST_NEEDS}, for at least one site", value=len(kinds))


def close(work: UnitOfWork, region: str, callup_id: str, *, at: datetime) -> Callup:
    """Close a call: nobody is asked any more, and waiting notices are withdrawn; places stay as they are.

    Raises:
        NotFoundError: there is no such call.
    """
    with work:
        callup = work.callups.get(callup_id, region, locked=True)
        if callup.closed_at is None:
            callup = replace(callup, closed_at=at)
            work.callups.close(callup_id, at)
            posts = work.callup_asks.awaited_posts(callup_id)
            work.outbox.withdraw(region, callup_words.CAUSE, *posts, told="the call-up is closed")
            work.commit()
    return callup


def listed(work: UnitOfWork, region: str) -> tuple[Callup, ...]:
    """List the calls of a region, the newest first."""
    with work:
        return work.callups.all(region)
