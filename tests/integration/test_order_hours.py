"""An order that both sides say is done gives its helpers their hours and points, once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.services import hours as hour_service
from geomatch.services import order_taking
from geomatch.services import orders as order_service
from geomatch.services.hours import Service
from geomatch.volunteering import hours
from geomatch.volunteering.hours import Evidence
from geomatch.volunteering.orders import IllegalMoveError, OrderState
from geomatch.volunteering.roles import Principal, Role
from tests.order_rows import NOW, order, put, sheet, volunteer
from tests.serving_people import account

if TYPE_CHECKING:
    from geomatch.store.database import Database
    from geomatch.volunteering.hours import Entry

RESIDENT = Principal("resident", Role.RESIDENT, "little")
CENTRE = Principal("centre", Role.CENTRE, "little")
START = sheet().starts_at
LATER = 30
"""Minutes by which the second helper came later."""


def served(database: Database, *, lasted: timedelta = timedelta(minutes=100), requester: str = "resident") -> str:
    """An order of two helpers that is done; gives its id."""
    asked = order(sheet=sheet(people_needed=2), requester=requester)
    put(database, asked)
    with database.writing() as work:
        work.people.add("little", [volunteer(0), volunteer(1)], NOW)
        work.commit()
    for number in (0, 1):
        order_taking.accept(database, helper(number), asked.id, at=NOW, zone="Asia/Shanghai")
    for number in (0, 1):
        move(database, helper(number), asked.id, OrderState.UNDER_WAY, minutes=number * LATER)
    for number in (0, 1):
        move(database, helper(number), asked.id, OrderState.DONE, minutes=lasted / timedelta(minutes=1))
    return asked.id


def helper(number: int) -> Principal:
    """The account of a volunteer."""
    return Principal(f"account{number}", Role.VOLUNTEER, "little", volunteer=f"v{number}")


def move(database: Database, who: Principal, order_id: str, to: OrderState, *, minutes: float, why: str = "") -> None:
    """Move an order so long after it was to begin."""
    order_service.move(database.writing(), who, order_id, to, at=START + timedelta(minutes=minutes), why=why)


def entries(database: Database) -> list[Entry]:
    """The chain of the region."""
    with database.reading() as work:
        return list(work.hours.chain("little"))


def points(database: Database, number: int) -> int:
    """What a helper can spend."""
    with database.reading() as work:
        return work.points.balances("little", f"v{number}")[0]


def test_both_sides_say_so_and_each_helper_has_the_hours_and_points(database: Database) -> None:
    """From under way to done, grade B, at once, with whoever asked as witness; and no more by confirming again."""
    placed = served(database)
    assert entries(database) == []
    move(database, RESIDENT, placed, OrderState.CONFIRMED, minutes=300)
    with pytest.raises(IllegalMoveError):
        move(database, CENTRE, placed, OrderState.CONFIRMED, minutes=301)
    made = entries(database)
    assert hours.verify(made) == ()
    assert [(each.volunteer, each.cause, each.minutes, each.evidence, each.witness) for each in made] == [
        (f"v{number}", f"order:{placed}", minutes, Evidence.BOTH, "resident") for number, minutes in ((0, 90), (1, 60))
    ]
    assert [each.start for each in made] == [START, START + timedelta(minutes=LATER)]
    assert {each.counts_from for each in made} == {START + timedelta(minutes=300)}
    assert (points(database, 0), points(database, 1)) == (15, 10)


def test_what_was_not_so_is_served_until_it_is_done_at_last(database: Database) -> None:
    """Sent back once and done again: from the first beginning to the last end, one entry each."""
    placed = served(database)
    move(database, RESIDENT, placed, OrderState.UNDER_WAY, minutes=110, why="还没读完")
    for number in (0, 1):
        move(database, helper(number), placed, OrderState.DONE, minutes=120)
    move(database, RESIDENT, placed, OrderState.CONFIRMED, minutes=130)
    assert [each.minutes for each in entries(database)] == [120, 90]


def test_staff_who_confirm_in_their_place_make_it_public_first(database: Database) -> None:
    """Grade C, for a week, without points meanwhile."""
    move(database, CENTRE, served(database), OrderState.CONFIRMED, minutes=300)
    made = entries(database)
    assert {each.evidence for each in made} == {Evidence.OFFICE}
    assert {each.counts_from for each in made} == {START + timedelta(minutes=300, days=7)}
    assert points(database, 0) == 0


def test_nobody_has_hours_for_an_order_of_their_own(database: Database) -> None:
    """Whoever asked and helped as well gets none; the other helper does."""
    own = account(database, "little", "own", Role.VOLUNTEER, volunteer="v0")
    placed = served(database, requester=own.account)
    with database.reading() as work:
        assert work.accounts.volunteer_of(own.account, "little") == "v0"
    move(database, CENTRE, placed, OrderState.CONFIRMED, minutes=300)
    assert [each.volunteer for each in entries(database)] == ["v1"]


def test_time_that_is_counted_already_is_not_counted_again(database: Database) -> None:
    """One helper checked in by the code of a site meanwhile, and has the rest: 40 minutes, which count as 30."""
    placed = served(database)
    with database.writing() as work:
        visit = Service("little", "v1", "visit:1", START, START + timedelta(hours=1), Evidence.CODE, "site:s1", "a")
        hour_service.enter(work, visit, at=START + timedelta(hours=1))
        work.commit()
    move(database, RESIDENT, placed, OrderState.CONFIRMED, minutes=300)
    told = [(each.volunteer, each.evidence.value, each.minutes) for each in entries(database)]
    assert told == [("v1", "code", 60), ("v0", "both", 90), ("v1", "both", 30)]


@pytest.mark.parametrize(("lasted", "minutes"), [(timedelta(minutes=10), []), (timedelta(days=2), [120, 120])])
def test_too_short_is_nothing_and_a_forgotten_end_is_what_was_asked_for(
    database: Database, lasted: timedelta, minutes: list[int]
) -> None:
    """Ten minutes round to nothing; two days are the two hours of the order."""
    move(database, RESIDENT, served(database, lasted=lasted), OrderState.CONFIRMED, minutes=3000)
    assert [each.minutes for each in entries(database)] == minutes
