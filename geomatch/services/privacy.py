"""Use case: what people agreed to, how long data is kept, and everything about a person given out or forgotten."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from geomatch.errors import ConflictError, InputError, NotFoundError
from geomatch.files import zip_out
from geomatch.store import ids
from geomatch.store.identity_rows import ACCOUNT, VOLUNTEER
from geomatch.volunteering import consent as rules
from geomatch.volunteering import retention
from geomatch.volunteering.consent import Consent, Purpose
from geomatch.volunteering.identity import plain_phone
from geomatch.volunteering.retention import Kind
from geomatch.volunteering.roles import Role, Scope, scope_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from geomatch.services.identity import Keys
    from geomatch.store.job_rows import Job
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.people import Volunteer
    from geomatch.volunteering.roles import Principal

BINDING_DUTIES = frozenset({"planned", "started"})
OPEN_ORDERS = frozenset({"submitted", "checked", "offered", "accepted", "under_way", "done"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose data is meant: somebody known by an id, or by what a paper or the person says.

    Attributes:
        volunteer, account: ids, or None.
        document: an identity number, or None.
        name, phone: both or neither.
    """

    volunteer: str | None = None
    account: str | None = None
    document: str | None = None
    name: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What stands for one person.

    Attributes:
        volunteers, accounts: their ids.
        contact: name and phone that orders may name, or None.
    """

    volunteers: tuple[str, ...]
    accounts: tuple[str, ...]
    contact: tuple[str, str] | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.volunteers, *self.accounts)


def agree(
    work: UnitOfWork, who: Principal, purpose: Purpose, version: str, *, volunteer: str | None, by_guardian: bool,
    at: datetime,
) -> Consent:  # fmt: skip
    """Record that somebody agreed to one purpose: oneself, or, at a desk, a volunteer of the own area on paper.

    Raises:
        InputError: it would not count; see consent.check.
        NotFoundError: there is no such volunteer in the area.
    """
    with work:
        each = _subject(work, who, volunteer)
        if each is None and purpose in {Purpose.CHILD, Purpose.WHEREABOUTS}:
            raise InputError.of("purpose", "is for volunteers; this account is none")
        born = None if each is None else each.born
        rules.check(purpose, version, born, at.date(), by_guardian=by_guardian)
        subject = who.account if each is None else each.id
        given = Consent(ids.fresh(), subject, purpose, version, by_guardian, who.account, at)
        work.privacy.withdraw([subject], at, purpose=purpose)  # of two texts the newer holds
        work.privacy.agree(who.region, given)
        if each is not None and purpose is Purpose.CHILD:
            work.people.put(who.region, [replace(each, guardian_agreed=True)], at)
        work.commit()
    return given


def consents(work: UnitOfWork, who: Principal, *, volunteer: str | None) -> tuple[Consent, ...]:
    """List what somebody agreed to, the earliest first: oneself, or, at a desk, a volunteer of the own area."""
    with work:
        each = _subject(work, who, volunteer)
        subjects = [who.account] if each is None else [each.id]
        if each is not None and volunteer is None:
            subjects.append(who.account)
        return work.privacy.consents_of(who.region, subjects)


def withdraw(work: UnitOfWork, who: Principal, consent_id: str, *, at: datetime) -> Consent:
    """Take an agreement back, with what follows from it.

    Without service nobody is asked; without whereabouts the usual places go; without a guardian a child is not asked.

    Raises:
        NotFoundError: there is none, or it is of somebody outside the own area.
    """
    with work:
        given = work.privacy.consent(who.region, consent_id)
        own = {who.account, who.volunteer}
        each = None
        if given.subject not in own and who.role not in {Role.CENTRE, Role.OFFICE}:
            raise NotFoundError(f"there is no consent {consent_id!r} that this account may see")
        with suppress(NotFoundError):
            each = work.people.get(given.subject, _own(who) if given.subject in own else scope_of(who))
        if each is None and given.subject not in own and who.role is not Role.CENTRE:
            raise NotFoundError(f"there is no consent {consent_id!r} that this account may see")
        work.privacy.withdraw([given.subject], at, purpose=given.purpose)
        if each is not None:
            work.people.put(who.region, [_without(each, given.purpose)], at)
        work.commit()
    return replace(given, withdrawn_at=given.withdrawn_at or at)


def _without(each: Volunteer, purpose: Purpose) -> Volunteer:
    if purpose is Purpose.SERVICE:
        return replace(each, on_duty=False)
    if purpose is Purpose.WHEREABOUTS:
        return replace(each, places=())
    if purpose is Purpose.CHILD:
        return replace(each, guardian_agreed=False, on_duty=False)
    return each


def _subject(work: UnitOfWork, who: Principal, volunteer: str | None) -> Volunteer | None:
    """Give the volunteer that is meant: one of the own area, or oneself; None for an account that is none."""
    if volunteer is not None and volunteer != who.volunteer:
        if who.role not in {Role.CENTRE, Role.OFFICE}:
            raise NotFoundError(f"there is no volunteer {volunteer!r} that this account may see")
        return work.people.get(volunteer, scope_of(who))
    return work.people.get(who.volunteer, _own(who)) if who.volunteer else None


def _own(who: Principal) -> Scope:
    return Scope(who.region, account=who.account, volunteer=who.volunteer)


def hold(
    work: UnitOfWork, region: str, account: str, keys: Keys, *, name: str, phone: str, document: str | None
) -> None:
    """Note who holds an account, by keys of the identity only, so that it is known to be whoever a file names so.

    Raises:
        NotFoundError: the region has no such account.
    """
    with work:
        work.accounts.get(account, region)
        found = {keys.of_person(region, name, phone)}
        if document is not None:
            key = _document_key(keys, region, document)
            found.add(key)
            for each in work.people.of_person(region, name, phone):
                if not work.identities.keys_of(each.id):
                    work.identities.add(region, VOLUNTEER, each.id, [key])
        work.identities.add(region, ACCOUNT, account, found)
        work.commit()


def _document_key(keys: Keys, region: str, document: str) -> str:
    try:
        return keys.of_document(region, document)
    except ValueError as error:
        raise InputError.of("document", str(error)) from None


def find(work: UnitOfWork, region: str, asked: Asked, keys: Keys) -> Person:
    """Find all that stands for one person: what is named, and whatever is known to be the same.

    Raises:
        NotFoundError: nothing is.
    """
    with work:
        return _find(work, region, asked, keys)


def _find(work: UnitOfWork, region: str, asked: Asked, keys: Keys) -> Person:
    found: set[tuple[str, str]] = set()
    contact = None
    if asked.volunteer is not None:
        found |= {(VOLUNTEER, each.id) for each in work.people.some([asked.volunteer], region)}
    if asked.account is not None:
        with suppress(NotFoundError):
            found.add((ACCOUNT, work.accounts.get(asked.account, region).id))
    if asked.document is not None:
        found |= set(work.identities.of(region, [_document_key(keys, region, asked.document)]))
    if asked.name is not None and asked.phone is not None:
        contact = (asked.name, plain_phone(asked.phone))
        found |= {(VOLUNTEER, each.id) for each in work.people.of_person(region, asked.name, asked.phone)}
        found |= set(work.identities.of(region, [keys.of_person(region, asked.name, asked.phone)]))
    before: set[tuple[str, str]] = set()
    while found != before:
        before = set(found)
        found |= _same(work, region, found, keys)
    person = Person(
        tuple(sorted(one for kind, one in found if kind == VOLUNTEER)),
        tuple(sorted(one for kind, one in found if kind == ACCOUNT)),
        contact,
    )
    if not person.ids and contact is None:
        raise NotFoundError("nobody is known by that")
    return person


def _same(work: UnitOfWork, region: str, found: set[tuple[str, str]], keys: Keys) -> set[tuple[str, str]]:
    """Give who is known to be the same person as one of these: by the account's volunteer, or by a key."""
    more: set[tuple[str, str]] = set()
    volunteers = work.people.some([one for kind, one in found if kind == VOLUNTEER], region)
    held = {key for _, one in found for key in work.identities.keys_of(one)}
    held |= {keys.of_person(region, each.name, each.phone) for each in volunteers if each.phone}
    more |= set(work.identities.of(region, held))
    more |= {(ACCOUNT, each.id) for each in work.accounts.of_volunteers(region, [each.id for each in volunteers])}
    for kind, one in found:
        if kind == ACCOUNT:
            own = work.accounts.get(one, region).principal.volunteer
            more |= {(VOLUNTEER, each.id) for each in work.people.some([own] if own else [], region)}
    return more


def everything(work: UnitOfWork, region: str, asked: Asked, keys: Keys, *, by: str, at: datetime) -> dict[str, Any]:
    """Give everything that is held of a person, table by table, with what it is for; noted among the requests.

    Raises:
        NotFoundError: nobody is known by that.
    """
    with work:
        person = _find(work, region, asked, keys)
        found = work.privacy.held(person.ids, person.contact)
        days = _days(work, region)
        _note(work, region, "export", person, by=by, at=at)
        work.commit()
    purposes = [
        {"purpose": purpose.value, "name": said.name[0], "text": said.text[0], "version": said.version}
        for purpose, said in rules.STATEMENTS.items()
    ]
    kept = [{"kind": kind.value, "what": retention.MEANINGS[kind][0], "days": count} for kind, count in days.items()]
    return {"made_at": at, "region": region, "purposes": purposes, "kept_for": kept, "tables": found}


def export(work: UnitOfWork, region: str, asked: Asked, keys: Keys, *, path: Path, by: str, at: datetime) -> int:
    """Write everything that is held of a person as a zip: about.json, and a file of each table; gives how many rows."""
    told = everything(work, region, asked, keys, by=by, at=at)
    tables = told.pop("tables")
    with zip_out.zipped(path, made=at) as folder:
        for name, part in {"about": told, **tables}.items():
            text = json.dumps(part, ensure_ascii=False, indent=1, default=str)
            (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return sum(map(len, tables.values()))


def forget(work: UnitOfWork, region: str, asked: Asked, keys: Keys, *, by: str, at: datetime) -> dict[str, int]:
    """Forget a person: all that says who it was is blanked or goes; ids stay, on which ledgers stand.

    Gives how many rows of which table.

    Raises:
        NotFoundError: nobody is known by that.
        ConflictError: somebody still waits for them, or they for somebody.
    """
    with work:
        person = _find(work, region, asked, keys)
        _check_free(work.privacy.held(person.ids, person.contact), at)
        work.privacy.withdraw(person.ids, at)
        _note(work, region, "deletion", person, by=by, at=at)
        counts = work.privacy.forget(person.ids, person.contact)
        work.people.tell(region, person.volunteers, at)
        for account in person.accounts:
            work.accounts.close(account)
        work.privacy.forget_names(person.accounts)
        work.commit()
    return counts


def _check_free(held: Mapping[str, list[dict[str, Any]]], at: datetime) -> None:
    waiting = [row for row in held.get("duties", []) if row["state"] in BINDING_DUTIES and row["ends_at"] > at]
    if waiting:
        raise ConflictError("somebody waits for this person: withdraw from what was promised first")
    if [row for row in held.get("orders", []) if row["state"] in OPEN_ORDERS]:
        raise ConflictError("an order of this person is still open: cancel or end it first")


def _note(work: UnitOfWork, region: str, kind: str, person: Person, *, by: str, at: datetime) -> None:
    for subject in person.ids:
        row = {"id": ids.fresh(), "region": region, "kind": kind, "subject": subject, "account": by, "at": at}
        work.privacy.note_request(row)


def days(work: UnitOfWork, region: str) -> dict[Kind, int]:
    """Give how many days each kind of data is kept."""
    with work:
        return _days(work, region)


def _days(work: UnitOfWork, region: str) -> dict[Kind, int]:
    return retention.USUAL_DAYS | work.privacy.rules(region)


def set_days(work: UnitOfWork, region: str, given: Mapping[Kind, int]) -> dict[Kind, int]:
    """Set how many days kinds of data are kept; those that are not named are kept for as long as usual."""
    for kind, count in given.items():
        if not retention.LEAST_DAYS <= count <= retention.MOST_DAYS:
            told = f"must be from {retention.LEAST_DAYS} to {retention.MOST_DAYS} days"
            raise InputError.of(kind.value, told, value=count)
    with work:
        work.privacy.put_rules(region, given)
        work.commit()
    return retention.USUAL_DAYS | dict(given)


def run_out(work: UnitOfWork, job: Job, at: datetime) -> None:
    """Do the job "retention": blank what is over, or let it go."""
    for kind, count in _days(work, job.region).items():
        before = at - timedelta(days=count)
        if kind is Kind.CLOSED_ACCOUNTS:
            work.privacy.forget_names(work.privacy.closed_before(job.region, before))
        else:
            work.privacy.run_out(job.region, kind, before)
