"""Use case: back-office entries in public, objections to them, and entries that are taken back by another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geomatch.errors import ConflictError, NotAllowedError, NotFoundError
from geomatch.services import hours as hour_service
from geomatch.services import points as point_service
from geomatch.store import ids
from geomatch.volunteering import masking
from geomatch.volunteering.hours import Entry, EntryKind, Evidence
from geomatch.volunteering.notices import Notice, Purpose
from geomatch.volunteering.roles import Role, scope_of
from geomatch.volunteering.service_time import Objection, ObjectionState

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.roles import Principal, Scope


def public(
    work: UnitOfWork, region: str, *, at: datetime, limit: int, offset: int
) -> tuple[int, tuple[tuple[Entry, str], ...]]:
    """Count the back-office entries of a region that do not count yet, and list some, each with the full name."""
    with work:
        return work.hours.public(region, at, limit=limit, offset=offset)


def object_to(work: UnitOfWork, who: Principal, number: int, words: str, *, at: datetime) -> Objection:
    """Object to an entry that is public; until it is decided the entry does not count.

    Raises:
        NotFoundError: there is no such entry in public.
        ConflictError: this account has objected to it before.
    """
    with work:
        entry = _found(work, who.region, number)
        undone = not hour_service.standing(work.hours.about(who.region, number))
        if entry.evidence is not Evidence.OFFICE or entry.counts_from <= at or undone:
            raise NotFoundError(f"there is no entry {number} in public")
        made = Objection(ids.fresh(), who.region, number, who.account, masking.words(words), at)
        work.claims.object(made)
        work.commit()
    return made


def decide(work: UnitOfWork, who: Principal, objection_id: str, *, upholds: bool, why: str, at: datetime) -> Objection:
    """Uphold an objection, which takes the entry back, or dismiss it.

    Raises:
        NotFoundError: there is none of that id in this account's area.
        NotAllowedError: whoever decides objected, made or agreed to the entry, or is the volunteer.
        ConflictError: it is decided already.
    """
    with work:
        found = work.claims.objection(objection_id, who.region)
        entry = _found(work, who.region, found.number)
        _check_area(work, who, entry)
        if who.account in {found.account, entry.entered_by, entry.witness}:
            raise NotAllowedError("somebody else has to decide: this account has to do with the entry")
        if found.state is not ObjectionState.OPEN:
            raise ConflictError(f"it is {found.state.value} already")
        state = ObjectionState.UPHELD if upholds else ObjectionState.DISMISSED
        decided = replace(found, state=state, decided_by=who.account, decided_at=at, why=masking.words(why))
        if upholds:
            _take_back(work, who, entry, decided.why, at)
        work.claims.decide_objection(decided)
        work.commit()
    return decided


def objections(
    work: UnitOfWork, scope: Scope, state: ObjectionState | None, *, limit: int, offset: int
) -> tuple[int, tuple[Objection, ...]]:
    """Count the objections that may be seen, and list some, the oldest first."""
    with work:
        return work.claims.objections(scope, state, limit=limit, offset=offset)


def reverse(work: UnitOfWork, who: Principal, number: int, why: str, *, at: datetime) -> Entry:
    """Take a service back by an entry of its own; the volunteer is told, and open objections are settled by it.

    Raises:
        NotFoundError: there is no such service in this account's area.
        NotAllowedError: whoever takes it back is the volunteer.
        ConflictError: it is taken back already.
    """
    with work:
        entry = _found(work, who.region, number)
        _check_area(work, who, entry)
        made = _take_back(work, who, entry, masking.words(why), at)
        work.commit()
    return made


def _take_back(work: UnitOfWork, who: Principal, entry: Entry, why: str, at: datetime) -> Entry:
    made = work.hours.append(
        replace(
            entry, kind=EntryKind.REVERSAL, cause=f"hours:{entry.number}", minutes=-entry.minutes,
            evidence=Evidence.OFFICE, witness=who.account, entered_by=who.account, entered_at=at,
            counts_from=max(at, entry.counts_from), note=why,
        )
    )  # fmt: skip
    for objection in work.claims.open_against(entry.region, entry.number):
        work.claims.decide_objection(
            replace(objection, state=ObjectionState.UPHELD, decided_by=who.account, decided_at=at, why=why)
        )
    point_service.settle(work, entry.region, entry.volunteer, at=at)
    work.outbox.put(_told(made, hour_service.local_day(work, entry)))
    return made


def _found(work: UnitOfWork, region: str, number: int) -> Entry:
    entry = next((each for each in work.hours.about(region, number) if each.number == number), None)
    if entry is None or entry.kind is not EntryKind.SERVICE:
        raise NotFoundError(f"there is no service {number} that this account may see")
    return entry


def _check_area(work: UnitOfWork, who: Principal, entry: Entry) -> None:
    """Refuse an entry of another area; that of somebody who was deleted is the centre's."""
    if who.role is not Role.CENTRE:
        work.people.get(entry.volunteer, scope_of(who))
    if who.volunteer == entry.volunteer:
        raise NotAllowedError("somebody else has to decide: this account is the volunteer's own")


def _told(made: Entry, day: str) -> Notice:
    hours = -made.minutes / 60
    return Notice(
        made.region, f"hours:{made.number}", Purpose.RESULT, "hours", str(made.number),
        "您的一条服务时长被冲销", "An entry of your hours was taken back",
        f"您 {day} 的服务时长 {hours:g} 小时已冲销，原因：{made.note}。如有不符，请联系实践中心。",
        made.entered_at, volunteer=made.volunteer,
    )  # fmt: skip
