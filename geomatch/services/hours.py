"""Use case: hours of service are entered with their evidence, listed and summed; nothing is ever written over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geomatch.errors import ConflictError
from geomatch.services import points as point_service
from geomatch.volunteering import hours as rules
from geomatch.volunteering.hours import Entry, EntryKind, Evidence
from geomatch.volunteering.roles import Scope
from geomatch.volunteering.service_time import MOST_SERVICE, ROUNDINGS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.roles import Principal
    from geomatch.volunteering.service_time import HourRules


@dataclass(frozen=True, slots=True)
class Service:
    """A service that took place, before it is an entry; the members are those of Entry."""

    region: str
    volunteer: str
    cause: str
    start: datetime
    end: datetime
    evidence: Evidence
    witness: str
    entered_by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """What a volunteer's entries come to.

    Attributes:
        volunteer: whose.
        minutes: that count.
        waiting: minutes that do not count yet.
        stars: 0 to 5.
        next_star_hours: hours at which there is one more, or None at five.
    """

    volunteer: str
    minutes: int
    waiting: int
    stars: int
    next_star_hours: int | None


def enter(work: UnitOfWork, service: Service, *, at: datetime, counts_from: datetime | None = None) -> Entry | None:
    """Add a service to the chain, inside a unit of work that is open; None where it is too short to count.

    Raises:
        ConflictError: it is entered already, or the volunteer has hours for some of that time already.
    """
    minutes = ROUNDINGS[work.hours.rules(service.region).rounding].counted(service.start, service.end)
    if minutes == 0:
        return None
    work.hours.hold(service.region)
    meeting = standing(work.hours.meeting(service.region, service.volunteer, service.start, service.end))
    if meeting:
        raise ConflictError(f"this volunteer has hours for some of that time already: entry {meeting[0].number}")
    entry = work.hours.append(
        Entry(
            region=service.region, number=0, volunteer=service.volunteer, kind=EntryKind.SERVICE,
            cause=service.cause, start=service.start, end=service.end, minutes=minutes, evidence=service.evidence,
            witness=service.witness, entered_by=service.entered_by, entered_at=at, counts_from=counts_from or at,
            note=service.note, before="", hash="",
        )
    )  # fmt: skip
    if entry.counts_from <= at:
        point_service.earn(work, entry, at=at)
    return entry


def enter_stay(work: UnitOfWork, service: Service, *, at: datetime) -> Entry | None:
    """Add the time between a check-in and a check-out to the chain; None where it is too short to count.

    Raises:
        ConflictError: it is too long for one piece, or as `enter` says.
    """
    _check_stay(service)
    return enter(work, service, at=at) if service.end > service.start else None


def enter_rest(
    work: UnitOfWork, service: Service, *, at: datetime, counts_from: datetime | None = None
) -> tuple[Entry, ...]:
    """Add what no entry has yet of a service to the chain, each piece rounded by itself; gives those that count.

    A cause is written once: a second piece has its number behind it.

    Raises:
        ConflictError: it is too long for one piece, or entered already.
    """
    work.hours.hold(service.region)
    known = standing(work.hours.meeting(service.region, service.volunteer, service.start, service.end))
    made = []
    for number, (start, end) in enumerate(rules.uncovered(service.start, service.end, known), 1):
        _check_stay(service)
        cause = service.cause if number == 1 else f"{service.cause}:{number}"
        piece = replace(service, cause=cause, start=start, end=end)
        made.append(enter(work, piece, at=at, counts_from=counts_from))
    return tuple(entry for entry in made if entry is not None)


def _check_stay(service: Service) -> None:
    if service.end - service.start > MOST_SERVICE:
        raise ConflictError("the check-in is too long ago; tell the site, which can agree to the hours")


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """Give the services among entries that were not reversed."""
    listed = list(entries)
    undone = {entry.cause for entry in listed if entry.kind is EntryKind.REVERSAL}
    return [entry for entry in listed if entry.kind is EntryKind.SERVICE and f"hours:{entry.number}" not in undone]


def page(work: UnitOfWork, scope: Scope, *, limit: int, offset: int) -> tuple[int, tuple[tuple[Entry, str], ...]]:
    """Count the entries of the volunteers that may be seen, and list some, the newest first, each with the name."""
    with work:
        return work.hours.page(scope, limit=limit, offset=offset)


def total(work: UnitOfWork, who: Principal, *, at: datetime) -> Total:
    """Sum somebody's own hours.

    Raises:
        NotFoundError: the account's volunteer is not, or no longer, there.
    """
    own = Scope(who.region, account=who.account, volunteer=who.volunteer)
    with work:
        volunteer = work.people.get(who.volunteer or "", own).id
        objected = work.claims.objected(who.region)
        return summed(volunteer, work.hours.of_volunteer(who.region, volunteer), objected, at=at)


def own_name(work: UnitOfWork, who: Principal) -> str:
    """Give the name of the volunteer that an account is; NotFoundError as in `total`."""
    with work:
        return work.people.get(who.volunteer or "", Scope(who.region, volunteer=who.volunteer)).name


def counting(entries: Iterable[Entry], objected: Collection[int], *, at: datetime) -> list[Entry]:
    """Give the services that count: not taken back, no longer in public, and not doubted."""
    return [each for each in standing(entries) if each.counts_from <= at and each.number not in objected]


def after_public(work: UnitOfWork, region: str, at: datetime) -> datetime:
    """Give the moment from which a back-office entry of now counts."""
    return at + timedelta(days=work.hours.rules(region).public_days)


def local_day(work: UnitOfWork, entry: Entry) -> str:
    """Say on which day of the region a service began."""
    return entry.start.astimezone(ZoneInfo(work.outbox.rules(entry.region).timezone)).date().isoformat()


def summed(volunteer: str, entries: Iterable[Entry], objected: Collection[int], *, at: datetime) -> Total:
    """Sum a volunteer's entries: what counts, and what is still to count; `objected` numbers those that are doubted."""
    left = standing(entries)
    minutes = sum(entry.minutes for entry in counting(left, objected, at=at))
    following = next((star for star in rules.STARS if minutes < star * 60), None)
    return Total(volunteer, minutes, sum(each.minutes for each in left) - minutes, rules.stars(minutes), following)


def hour_rules(work: UnitOfWork, region: str) -> HourRules:
    """Give what a region set for its hours."""
    with work:
        return work.hours.rules(region)


def set_rules(work: UnitOfWork, region: str, given: HourRules) -> HourRules:
    """Set a region's rules; entries that are there stay as they were rounded."""
    with work:
        work.hours.put_rules(region, given)
        work.commit()
    return given
