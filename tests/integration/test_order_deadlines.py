"""Deadlines, reminders and the end of an order that nobody took, done by a worker, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.services import accounts as account_service
from geomatch.services import order_deadlines, order_moves, order_taking
from geomatch.services import orders as order_service
from geomatch.services.job_kinds import KINDS
from geomatch.services.jobs import Worker
from geomatch.volunteering.deadlines import USUAL
from geomatch.volunteering.dispatch import Offer, OfferState
from geomatch.volunteering.duties import DutyKind, DutyState
from geomatch.volunteering.notices import NoticeState, Purpose
from geomatch.volunteering.orders import OrderState
from geomatch.volunteering.roles import Principal, Role, Scope
from tests.order_rows import NOW, order, people, put, sheet

if TYPE_CHECKING:
    from geomatch.store.database import Database
    from geomatch.volunteering.order_sheet import Order

ALL = Scope("little")
CENTRE = Principal("centre", Role.CENTRE, "little")
SECRET = "walk-there-and-back"  # noqa: S105 - of accounts that live as long as a test
NEVER = NOW + timedelta(days=999)


def late(database: Database, **changed: object) -> Order:
    """An order of team t1 that is checked and whose deadline is now, with its job."""
    given = order(**{"deadline": NOW, "team": "t1", **changed})
    put(database, given)
    with database.writing() as work:
        order_moves.put_jobs(work, given, NOW)
        work.commit()
    return given


def staff(database: Database) -> dict[str, str]:
    """An account of every step, and of others who are not concerned; names by id."""
    areas = {
        "leader": (Role.LEADER, {"team": "t1"}), "other leader": (Role.LEADER, {"team": "t2"}),
        "office": (Role.OFFICE, {"unit": "A"}), "other office": (Role.OFFICE, {"unit": "B"}),
        "station": (Role.STATION, {"site": "s1"}), "centre": (Role.CENTRE, {}), "auditor": (Role.AUDITOR, {}),
    }  # fmt: skip
    made = {}
    for name, (role, area) in areas.items():
        who = Principal("", role, "little", **area)
        made[account_service.add(database.writing(), name, who, SECRET, at=NOW).id] = name
    return made


def do_due(database: Database, at: datetime, *, twice: bool = True) -> None:
    """Do what is due by a time, each job twice over, as when its worker is killed before it could say so."""
    while True:
        with database.writing() as work:
            kinds = [order_moves.DEADLINE]
            job = work.jobs.take(at, kinds=kinds, regions=["little"], holder="test", lease_until=NEVER)
            if job is None:
                return
            for _ in range(1 + twice):
                order_deadlines.run(work, job, at)
            work.jobs.end(job, at)
            work.commit()


def told(database: Database, purpose: Purpose) -> list[str]:
    """Who is told something of a purpose: volunteers and accounts by id."""
    with database.reading() as work:
        _, posted = work.outbox.page("little", None, NoticeState, limit=99, offset=0)
    return sorted(
        each.notice.volunteer or each.notice.account or "" for each in posted if each.notice.purpose is purpose
    )


def stands(database: Database, order_id: str) -> Order:
    """The order as it stands."""
    with database.reading() as work:
        return work.orders.get(order_id, ALL)


def test_an_order_that_stands_too_long_goes_up_step_by_step(database: Database) -> None:
    """Team, office with its station, centre; each told once, and nobody of another area."""
    names = staff(database)
    given = late(database)
    seen = []
    for n in range(4):
        do_due(database, NOW + USUAL.between * n)
        seen.append((stands(database, given.id).step, sorted(names[each] for each in told(database, Purpose.STAFF))))
    assert seen == [
        (1, ["leader"]), (2, ["leader", "office", "station"]), (3, ["centre", "leader", "office", "station"]),
        (3, ["centre", "leader", "office", "station"]),
    ]  # fmt: skip
    for who, count in ((CENTRE, 1), (Principal("x", Role.OFFICE, "little", unit="B"), 0)):
        matched, page = order_service.at_risk(
            database.reading(), order_service.scope_of(who), at=NOW, limit=9, offset=0
        )  # fmt: skip
        assert (matched, [one.id for one in page]) == (count, [given.id] * count)


def test_an_order_that_moved_in_time_is_nobodys_trouble(database: Database) -> None:
    """The job of an earlier state does nothing, and the list of those at risk is empty."""
    staff(database)
    given = late(database, deadline=NOW + timedelta(hours=1))
    order_service.move(database.writing(), CENTRE, given.id, OrderState.DECLINED, at=NOW, why="重复")
    do_due(database, NOW + timedelta(days=1))
    assert told(database, Purpose.STAFF) == []
    assert order_service.at_risk(database.reading(), ALL, at=NEVER, limit=9, offset=0) == (0, ())


def test_an_order_that_nobody_took_expires_with_its_window(database: Database) -> None:
    """Offers that were not answered count as silent, helpers of a part of it are let go, the resident is told."""
    people(database, 2)
    given = late(database, sheet=sheet(people_needed=2))
    with database.writing() as work:
        work.offers.add("little", given.id, Offer("v1", OfferState.OFFERED, NOW, 0), by="centre")
        work.commit()
    helper = Principal("a0", Role.VOLUNTEER, "little", volunteer="v0")
    order_taking.accept(database, helper, given.id, at=NOW, zone="Asia/Shanghai")
    do_due(database, given.sheet.ends_at - timedelta(seconds=1))
    assert stands(database, given.id).state is OrderState.CHECKED
    do_due(database, given.sheet.ends_at)
    ended = stands(database, given.id)
    assert (ended.state, ended.deadline) == (OrderState.EXPIRED, None)
    with database.reading() as work:
        offers = {kept.offer.volunteer: kept.offer.state for kept in work.offers.of_order(given.id)}
        (duty,) = work.duties.of_subject(DutyKind.ORDER, given.id)
    assert offers == {"v0": OfferState.WITHDRAWN, "v1": OfferState.SILENT}
    assert duty.state is DutyState.RELEASED
    assert told(database, Purpose.RESULT) == ["resident", "v0"]


def test_both_sides_are_reminded_once_of_what_was_agreed(database: Database) -> None:
    """Two hours before; nobody is where it was given back meanwhile."""
    people(database, 2)
    first, second = order(), order(sheet=sheet(starts_at=sheet().ends_at, ends_at=sheet().ends_at + USUAL.remind))
    put(database, first, second)
    helper = Principal("a0", Role.VOLUNTEER, "little", volunteer="v0")
    for given in (first, second):
        order_taking.accept(database, helper, given.id, at=NOW, zone="Asia/Shanghai")
    order_taking.release(database.writing(), helper, second.id, "v0", at=NOW, why="没空")
    do_due(database, first.sheet.starts_at - USUAL.remind - timedelta(seconds=1))
    assert told(database, Purpose.REMINDER) == []
    do_due(database, first.sheet.starts_at)
    assert told(database, Purpose.REMINDER) == ["resident", "v0"]
    with database.reading() as work:
        _, posted = work.outbox.page("little", ["v0"], NoticeState, limit=99, offset=0)
    assert {"11月26日 12:00–14:00" in each.notice.body for each in posted} == {True}  # in the region's own time


@pytest.mark.parametrize("state", [OrderState.SUBMITTED, OrderState.CHECKED, OrderState.OFFERED], ids=str)
def test_a_worker_does_it(database: Database, state: OrderState) -> None:
    """By the kind's name, with the clock of the day: an order of a day long past has expired."""
    past = datetime.now(UTC) - timedelta(days=2)
    given = late(
        database, state=state, sheet=sheet(starts_at=past, ends_at=past + timedelta(hours=1)), deadline=past
    )  # fmt: skip
    worker = Worker(database, KINDS, ["little"])
    while worker.step(datetime.now(UTC)):
        pass
    assert stands(database, given.id).state is OrderState.EXPIRED
