"""Use case: hours that two people vouch for: a volunteer and the site, or two of the back office, then in public."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomatch.errors import ConflictError, NotFoundError
from geomatch.services import hours as hour_service
from geomatch.services.hours import Service
from geomatch.store import ids
from geomatch.volunteering import masking, service_time
from geomatch.volunteering.hours import Evidence
from geomatch.volunteering.notices import Notice, Purpose
from geomatch.volunteering.roles import Scope, scope_of
from geomatch.volunteering.service_time import Claim, ClaimState

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.hours import Entry
    from geomatch.volunteering.roles import Principal


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a service.

    Attributes:
        volunteer: who served.
        site: where, if the site is to agree; None for the back office.
        start, end: the service itself, without the way there.
        note: what was done.
    """

    volunteer: str
    site: str | None
    start: datetime
    end: datetime
    note: str


def claim(work: UnitOfWork, who: Principal, said: Said, *, at: datetime) -> Claim:
    """Say that a service took place; it waits for the other side.

    Raises:
        NotFoundError: the volunteer is not in this account's area.
        InputError: it cannot have been; names the member at fault.
    """
    service_time.check_time(said.start, said.end, at)
    evidence = Evidence.OFFICE if said.site is None else Evidence.BOTH
    with work:
        volunteer = work.people.get(said.volunteer, scope_of(who)).id
        made = Claim(
            ids.fresh(), who.region, volunteer, evidence, said.site, said.start, said.end, masking.words(said.note),
            who.account, at,
        )  # fmt: skip
        work.claims.add(made)
        work.commit()
    return made


def decide(work: UnitOfWork, who: Principal, claim_id: str, *, agrees: bool, why: str, at: datetime) -> Claim:
    """Agree to a claim, which makes it an entry, or refuse it.

    Raises:
        NotFoundError: there is none of that id in this account's area.
        NotAllowedError: whoever decides made the claim, is the volunteer, or is not of the other side.
        ConflictError: it is decided already, or the volunteer has hours for some of that time already.
    """
    with work:
        found = work.claims.get(claim_id, who.region)
        if who.site is None:
            work.people.get(found.volunteer, scope_of(who))
        elif who.site != found.site:
            raise NotFoundError(f"there is no claim {claim_id!r} that this account may see")
        service_time.check_second(found, who)
        if found.state is not ClaimState.WAITING:
            raise ConflictError(f"it is {found.state.value} already")
        entry = _entered(work, found, who, at) if agrees else None
        state = ClaimState.AGREED if agrees else ClaimState.REFUSED
        decided = replace(
            found, state=state, decided_by=who.account, decided_at=at, why=masking.words(why),
            number=None if entry is None else entry.number,
        )  # fmt: skip
        work.claims.decide(decided)
        work.commit()
    return decided


def _entered(work: UnitOfWork, found: Claim, who: Principal, at: datetime) -> Entry | None:
    service = Service(
        found.region, found.volunteer, f"claim:{found.id}", found.start, found.end, found.evidence,
        witness=who.account, entered_by=found.made_by, note=found.note,
    )  # fmt: skip
    if found.evidence is Evidence.BOTH:
        return hour_service.enter(work, service, at=at)
    entry = hour_service.enter(work, service, at=at, counts_from=hour_service.after_public(work, found.region, at))
    if entry is not None:
        work.outbox.put(_told(entry, hour_service.local_day(work, entry)))
    return entry


def _told(entry: Entry, day: str) -> Notice:
    hours = entry.minutes / 60
    return Notice(
        entry.region, f"hours:{entry.number}", Purpose.RESULT, "hours", str(entry.number),
        "后台为您补录了服务时长", "The back office entered hours in your name",
        f"后台为您补录了 {day} 的服务时长 {hours:g} 小时，公示期满后生效。如有不符，请提出异议。",
        entry.entered_at, volunteer=entry.volunteer,
    )  # fmt: skip


def page(
    work: UnitOfWork, scope: Scope, state: ClaimState | None, *, limit: int, offset: int
) -> tuple[int, tuple[tuple[Claim, str], ...]]:
    """Count the claims that may be seen and list some, the oldest first, each with the volunteer's name."""
    with work:
        return work.claims.page(scope, state, limit=limit, offset=offset)
