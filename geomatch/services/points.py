"""Use case: hours that count earn points, once; points go with hours that are taken back, and lapse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from geomatch.store import ids
from geomatch.volunteering import points as books
from geomatch.volunteering.hours import EntryKind
from geomatch.volunteering.points import Transaction, TransactionKind
from geomatch.volunteering.roles import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.hours import Entry
    from geomatch.volunteering.roles import Principal
    from geomatch.volunteering.shop import PointRules

CLOCK = "clock"
"""Who books what nobody decided."""

AT_ONCE = 500
"""How many entries one job earns for."""


@dataclass(frozen=True, slots=True)
class Purse:
    """What somebody has.

    Attributes:
        volunteer: whose.
        points: that can be spent, unless some are owed.
        held: put by for goods that are ordered.
        owed: of hours that were taken back after the points were spent; nothing can be ordered until they are there.
        transactions: the newest first.
    """

    volunteer: str
    points: int
    held: int
    owed: int
    transactions: tuple[Transaction, ...]


def earn(work: UnitOfWork, entry: Entry, *, at: datetime) -> None:
    """Give the points of a service that counts, inside a unit of work that is open; given once, however often asked."""
    if work.points.of(entry.region, TransactionKind.EARN, f"hours:{entry.number}") is not None:
        return
    worth = work.points.rules(entry.region).points_of(entry.minutes)
    if worth:
        legs = books.legs(TransactionKind.EARN, entry.volunteer, worth)
        book(work, entry.region, TransactionKind.EARN, legs, cause=f"hours:{entry.number}", who=CLOCK, at=at)
        settle(work, entry.region, entry.volunteer, at=at)


def settle(work: UnitOfWork, region: str, volunteer: str, *, at: datetime) -> int:
    """Take back the points of hours that were taken back, as far as they are there; gives how many are still owed."""
    owed = _owed(work, region, volunteer)
    there, _ = work.points.hold(region, volunteer)
    left = 0
    for earned in owed:
        worth = _worth(earned, volunteer)
        if worth > there:
            left += worth
            continue
        reverse(work, region, earned, who=CLOCK, why="the hours were taken back", at=at)
        there -= worth
    return left


def _owed(work: UnitOfWork, region: str, volunteer: str) -> list[Transaction]:
    undone = {
        entry.cause for entry in work.hours.of_volunteer(region, volunteer) if entry.kind is EntryKind.REVERSAL
    }  # fmt: skip
    if not undone:
        return []
    made = work.points.of_volunteer(region, volunteer)
    reversed_ids = {each.cause for each in made if each.kind is TransactionKind.REVERSE}
    return [
        each
        for each in made
        if each.kind is TransactionKind.EARN and each.cause in undone and each.id not in reversed_ids
    ]


def _worth(earned: Transaction, volunteer: str) -> int:
    return sum(leg.points for leg in earned.legs if leg.account == books.wallet(volunteer))


def book(
    work: UnitOfWork,
    region: str,
    kind: TransactionKind,
    legs: Iterable[books.Leg],
    *,
    cause: str,
    who: str,
    at: datetime,
    why: str = "",
) -> Transaction:
    """Book a transaction inside a unit of work that is open; raises as PointRows.book does."""
    made = Transaction(ids.fresh(), kind, tuple(legs), cause, who, at, why)
    work.points.book(region, made)
    return made


def reverse(work: UnitOfWork, region: str, undone: Transaction, *, who: str, why: str, at: datetime) -> Transaction:
    """Book what undoes a transaction; ConflictError where it is undone already, PointsError where points are gone."""
    legs = books.reversed_legs(undone)
    return book(work, region, TransactionKind.REVERSE, legs, cause=undone.id, who=who, at=at, why=why)


def catch_up(work: UnitOfWork, region: str, *, at: datetime) -> int:
    """Earn for services that began to count by waiting, inside a unit of work that is open; gives how many."""
    done = 0
    objected = work.claims.objected(region)
    for number in work.points.unearned(region, at, limit=AT_ONCE):
        about = work.hours.about(region, number)
        if len(about) == 1 and number not in objected:
            earn(work, about[0], at=at)
            done += 1
    return done


def expire(work: UnitOfWork, region: str, *, at: datetime) -> int:
    """Let points lapse that are older than the region says, inside a unit of work that is open; gives how many."""
    last_days = work.points.rules(region).last_days
    if last_days is None:
        return 0
    before, gone = at - timedelta(days=last_days), 0
    for volunteer in work.points.holders(region):
        there, _ = work.points.hold(region, volunteer)
        old = min(there, _unspent(work.points.of_volunteer(region, volunteer), volunteer, before))
        if old > 0:
            legs = books.legs(TransactionKind.EXPIRE, volunteer, old)
            cause = f"{volunteer}:{at.date().isoformat()}"
            if work.points.of(region, TransactionKind.EXPIRE, cause) is None:
                book(work, region, TransactionKind.EXPIRE, legs, cause=cause, who=CLOCK, at=at)
                gone += old
    return gone


def _unspent(made: Iterable[Transaction], volunteer: str, before: datetime) -> int:
    """Sum what was earned before a moment, less all that ever left: what is spent is spent from the oldest."""
    wallet, old, left = books.wallet(volunteer), 0, 0
    listed = list(made)
    undone = {each.cause for each in listed if each.kind is TransactionKind.REVERSE}
    for each in listed:
        moved = sum(leg.points for leg in each.legs if leg.account == wallet)
        if each.id in undone or each.kind is TransactionKind.REVERSE:
            continue
        if each.kind is TransactionKind.EARN:
            old += moved if each.at < before else 0
        else:
            left -= moved
    return old - left


def purse(work: UnitOfWork, who: Principal, *, limit: int, offset: int) -> Purse:
    """Tell what somebody has; NotFoundError where the account's volunteer is not, or no longer, there."""
    with work:
        volunteer = work.people.get(who.volunteer or "", Scope(who.region, volunteer=who.volunteer)).id
        there, held = work.points.balances(who.region, volunteer)
        owed = sum(_worth(each, volunteer) for each in _owed(work, who.region, volunteer))
        made = work.points.of_volunteer(who.region, volunteer)[::-1]
    return Purse(volunteer, there, held, owed, made[offset : offset + limit])


def point_rules(work: UnitOfWork, region: str) -> PointRules:
    """Give what a region set for its points."""
    with work:
        return work.points.rules(region)


def set_rules(work: UnitOfWork, region: str, given: PointRules) -> PointRules:
    """Set a region's rules; points that were given stay."""
    with work:
        work.points.put_rules(region, given)
        work.commit()
    return given
