"""Orders, offers, duties, reviews and looks in the store, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.errors import BusyError, ChangedError, ConflictError, NotFoundError
from geomatch.volunteering.dispatch import Offer, OfferState
from geomatch.volunteering.duties import Duty, DutyKind, DutyState
from geomatch.volunteering.looks import Look
from geomatch.volunteering.orders import Actor, Move, OrderState
from geomatch.volunteering.reviews import Review, ReviewFigures
from geomatch.volunteering.roles import Role, Scope
from tests.order_rows import HERE, NOW, order, people, put, sheet

if TYPE_CHECKING:
    from geomatch.store.database import Database

ALL = Scope("little")


def offer(who: str, state: OfferState = OfferState.OFFERED) -> Offer:
    """An offer of the first phase, made now."""
    return Offer(who, state, NOW, 0)


def duty(
    who: str, subject: str = "o1", *, hours: tuple[float, float] = (0, 2), kind: DutyKind = DutyKind.ORDER
) -> Duty:
    """A duty of so many hours from now."""
    starts_at, ends_at = (NOW + timedelta(hours=hour) for hour in hours)
    return Duty(who, "little", kind, subject, starts_at, ends_at, *HERE)


def test_an_order_is_read_back_as_it_was_put(database: Database) -> None:
    """Every member, on its own and in the list, and the move that made it."""
    given = order(sheet=sheet(for_other=True, consent="电话里同意", people_needed=3), deadline=NOW, team="t1")
    put(database, given, order(region="elsewhere"))
    with database.reading() as work:
        assert work.orders.get(given.id, ALL) == given
        assert work.orders.page(ALL, OrderState, limit=10, offset=0) == (1, (given,))
        assert work.orders.page(ALL, [OrderState.DONE], limit=10, offset=0) == (0, ())
        (first,) = work.orders.moves_of(given.id)
    assert (first.before, first.after) == (None, OrderState.SUBMITTED)


def test_a_move_is_written_down_and_of_two_by_the_same_version_one_counts(database: Database) -> None:
    """The second is told that the order changed, and leaves no trace."""
    given = order()
    put(database, given)
    move = Move(given.id, given.state, OrderState.CANCELLED, "resident", Actor.REQUESTER, NOW, "不用了")
    with database.writing() as work:
        moved = work.orders.make(given, move)
        with pytest.raises(ChangedError):
            work.orders.make(given, replace(move, after=OrderState.DECLINED))
        work.commit()
    assert (moved.state, moved.moves, moved.version) == (OrderState.CANCELLED, 2, 2)
    with database.reading() as work:
        assert work.orders.get(given.id, ALL) == moved
        assert work.orders.moves_of(given.id)[1:] == (move,)


@pytest.mark.parametrize(
    ("scope", "sees"),
    [
        (Scope("little"), {"mine", "teams"}),
        (Scope("little", unit="A"), {"mine"}),
        (Scope("little", site="s2"), {"teams"}),
        (Scope("little", team="t1"), {"teams", "mine"}),
        (Scope("little", team="t2"), set()),
        (Scope("little", account="resident"), {"mine"}),
        (Scope("little", account="nobody"), set()),
        (Scope("little", account="nobody", volunteer="v1"), {"mine"}),
        (Scope("little", account="nobody", volunteer="v2"), set()),
        (Scope("little", nothing=True), set()),
        (Scope("elsewhere"), set()),
    ],
    ids=[
        "region",
        "unit",
        "site",
        "asked team",
        "other team",
        "account",
        "stranger",
        "asked",
        "not asked",
        "nothing",
        "elsewhere",
    ],
)
def test_each_scope_sees_its_own(database: Database, scope: Scope, sees: set[str]) -> None:
    """v1 of team t1 is offered one; v2 declined it, and so does not see it any more; a list and a look agree."""
    mine, teams = order(), order(requester=None, unit="B", site="s2", team="t1")
    put(database, mine, teams)
    with database.writing() as work:
        work.offers.add("little", mine.id, offer("v1"), by="staff", team="t1")
        work.offers.add("little", mine.id, offer("v2"), by="staff", team="t2")
        work.offers.answer(mine.id, "v2", OfferState.DECLINED, NOW)
        work.commit()
    names = {mine.id: "mine", teams.id: "teams"}
    with database.reading() as work:
        count, found = work.orders.page(scope, OrderState, limit=10, offset=0)
        assert {names[each.id] for each in found} == sees
        assert count == len(sees)
        for order_id, name in names.items():
            if name in sees:
                assert work.orders.get(order_id, scope).id == order_id
            else:
                with pytest.raises(NotFoundError):
                    work.orders.get(order_id, scope)


def test_of_many_who_take_a_place_as_many_win_as_there_are_places(database: Database) -> None:
    """Sixteen at once for three places, and not one more afterwards."""
    given = order(sheet=sheet(people_needed=3))
    put(database, given)

    def take(_: int) -> int:
        def do() -> int:
            with database.writing() as work:
                taken = work.orders.take_place(given.id, NOW)
                work.commit()
            return 0 if taken is None else taken.taken

        return database.retrying(do)

    with ThreadPoolExecutor(16) as threads:
        told = sorted(threads.map(take, range(16)))
    assert told == [0] * 13 + [1, 2, 3]
    with database.reading() as work:
        assert work.orders.get(given.id, ALL).taken == 3


@pytest.mark.parametrize("state", sorted(set(OrderState) - {OrderState.CHECKED, OrderState.OFFERED}), ids=str)
def test_no_place_is_taken_of_an_order_that_is_not_to_be_had(database: Database, state: OrderState) -> None:
    """Not before it was checked, and not when it is over."""
    given = order(state)
    put(database, given)
    with database.writing() as work:
        assert work.orders.take_place(given.id, NOW) is None


def test_nobody_has_two_open_offers_of_one_order(database: Database) -> None:
    """Who declined may be asked once more, and every offer that was made stays in the record."""
    with database.writing() as work:
        assert work.offers.add("little", "o1", offer("v1"), by="staff")
        assert not work.offers.add("little", "o1", offer("v1"), by="staff")
        assert work.offers.answer("o1", "v1", OfferState.DECLINED, NOW, why="没空")
        assert not work.offers.answer("o1", "v1", OfferState.ACCEPTED, NOW)
        assert work.offers.standing("o1", "v1") is None
        assert work.offers.add("little", "o1", offer("v1"), by="staff")
        assert work.offers.answer("o1", "v1", OfferState.ACCEPTED, NOW)
        assert not work.offers.add("little", "o1", offer("v1"), by="staff")
        assert work.offers.add("little", "o1", offer("v2"), by="staff")
        assert work.offers.withdraw_open("o1", NOW, why="已满员") == 1
        work.commit()
    with database.reading() as work:
        kept = work.offers.of_order("o1")
    states = sorted((each.offer.volunteer, each.offer.state.value, each.why) for each in kept)
    assert states == [("v1", "accepted", ""), ("v1", "declined", "没空"), ("v2", "withdrawn", "已满员")]


def test_nobody_promises_to_be_in_two_places_at_once(database: Database) -> None:
    """One may begin when the other ends; the same again is no second; who was let go has time again."""
    (who, other) = people(database, 2)
    with database.writing() as work:
        assert work.duties.add(duty(who), NOW)
        assert not work.duties.add(duty(who), NOW)
        with pytest.raises(ConflictError, match="another duty"):
            work.duties.add(duty(who, "o2", hours=(1.9, 3), kind=DutyKind.POST), NOW)
        assert work.duties.add(duty(who, "o2", hours=(2, 3)), NOW)
        assert work.duties.add(duty(other, "o2", hours=(1, 3)), NOW)
        assert work.duties.set_state(DutyKind.ORDER, "o1", who, DutyState.STARTED, NOW)
        assert work.duties.release(DutyKind.ORDER, "o1", NOW) == 1
        assert not work.duties.set_state(DutyKind.ORDER, "o1", who, DutyState.DONE, NOW)
        assert work.duties.add(duty(who, "o3"), NOW)
        with pytest.raises(BusyError):
            work.duties.add(duty("gone"), NOW)
        work.commit()
    with database.reading() as work:
        mine = work.duties.around([who], NOW, NOW + timedelta(hours=9))
        assert [each.subject for each in mine] == ["o3", "o2"]
        assert [each.state for each in work.duties.of_subject(DutyKind.ORDER, "o1")] == [DutyState.RELEASED]


def test_of_two_duties_that_overlap_and_come_at_once_one_is_taken(database: Database) -> None:
    """Eight threads promise the same volunteer for eight orders of the same hour."""
    (who,) = people(database, 1)

    def promise(number: int) -> bool:
        def do() -> bool:
            with database.writing() as work:
                work.duties.add(duty(who, f"o{number}"), NOW)
                work.commit()
            return True

        try:
            return database.retrying(do)
        except ConflictError:
            return False

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(promise, range(8))) == 1


def test_a_review_is_given_once_and_silence_is_counted_as_silence(database: Database) -> None:
    """Two orders were confirmed and one was reviewed: one in two, not all of them good."""
    first, second = order(OrderState.DONE), order(OrderState.DONE, unit="B")
    put(database, first, second)
    review = Review(first.id, "resident", NOW, True, True, False, False, "来得很准时")  # noqa: FBT003 - points of fact
    with database.writing() as work:
        for each in (first, second):
            work.orders.make(each, Move(each.id, each.state, OrderState.CONFIRMED, "resident", Actor.REQUESTER, NOW))
        assert work.reviews.add("little", review)
        assert not work.reviews.add("little", replace(review, came_on_time=False))
        work.commit()
    with database.reading() as work:
        assert work.reviews.get(first.id) == review
        assert work.reviews.get(second.id) is None
        figures = work.reviews.figures(ALL, NOW, NOW + timedelta(days=1))
        assert figures == ReviewFigures(2, 1, 0, 1, 1, 0, 0)
        assert (figures.silent, figures.share(figures.came_on_time)) == (1, 1.0)
        assert work.reviews.figures(Scope("little", unit="B"), NOW, NOW + timedelta(days=1)) == ReviewFigures(
            1, 0, 0, 0, 0, 0, 0
        )
        assert work.reviews.figures(ALL, NOW - timedelta(days=1), NOW) == ReviewFigures(*[0] * 7)


def test_every_look_is_kept(database: Database) -> None:
    """By region, or by order, the newest first."""
    looks = [Look("o1", f"a{n}", Role.OFFICE, NOW + timedelta(minutes=n), "核实地址") for n in range(3)]
    with database.writing() as work:
        for look in looks:
            work.looks.add("little", look)
        work.looks.add("elsewhere", looks[0])
        work.looks.add("little", replace(looks[0], order="o2"))
        work.commit()
    with database.reading() as work:
        assert work.looks.page("little", order="o1", limit=2, offset=0) == (3, (looks[2], looks[1]))
        assert work.looks.page("little", order=None, limit=9, offset=0)[0] == 4
