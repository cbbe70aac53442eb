"""Orders from 点单 to 评单 through the services, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from geomatch.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from geomatch.services import order_contact, order_moves, order_reviews, order_taking
from geomatch.services import orders as order_service
from geomatch.store import ids
from geomatch.volunteering.dispatch import OfferState
from geomatch.volunteering.duties import Duty, DutyKind, DutyState
from geomatch.volunteering.notices import NoticeState
from geomatch.volunteering.order_sheet import Way
from geomatch.volunteering.orders import Actor, IllegalMoveError, OrderState
from geomatch.volunteering.people import PlaceKind, UsualPlace
from geomatch.volunteering.reviews import Review
from geomatch.volunteering.roles import Principal, Role, Scope
from tests.order_rows import HERE, NOW, order, put, sheet, volunteer
from tests.regions import lonlat
from tests.serving import region_of

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.services.region import Region
    from geomatch.store.database import Database
    from geomatch.volunteering.order_sheet import Order

ZONE = "Asia/Shanghai"
RESIDENT = Principal("resident", Role.RESIDENT, "little")
CENTRE = Principal("centre", Role.CENTRE, "little")
WEST = Principal("west", Role.OFFICE, "little", unit="西岸街道")
EAST = Principal("east", Role.OFFICE, "little", unit="东岸街道")
START = sheet().starts_at


@pytest.fixture
def little(little_region: Path) -> Region:
    """The little region."""
    return region_of(little_region)


def helper(number: int) -> Principal:
    """The account of a volunteer."""
    return Principal(f"account{number}", Role.VOLUNTEER, "little", volunteer=f"v{number}")


def with_people(database: Database, count: int = 3, **changed: object) -> None:
    """So many volunteers who can do it."""
    with database.writing() as work:
        work.people.add("little", [volunteer(number, **changed) for number in range(count)], NOW)
        work.commit()


def moved(database: Database, who: Principal, order_id: str, to: OrderState, **more: Any) -> Order:
    """Move an order."""
    return order_service.move(database.writing(), who, order_id, to, **{"at": NOW, **more})


def accepted(database: Database, number: int, order_id: str) -> Order:
    """Let a volunteer accept."""
    return order_taking.accept(database, helper(number), order_id, at=NOW, zone=ZONE)


def offered(database: Database, order_id: str, *names: str, who: Principal = CENTRE) -> order_service.Found:
    """Offer an order to volunteers."""
    return order_service.offer(database.writing(), who, order_id, names, at=NOW, zone=ZONE)


def bodies(database: Database, reader: str) -> list[str]:
    """What somebody is told, the order of it aside."""
    with database.reading() as work:
        _, posted = work.outbox.page("little", {reader}, NoticeState, limit=50, offset=0)
    return sorted(each.notice.body for each in posted if each.state is NoticeState.WAITING)


def jobs(database: Database, kind: str) -> list[str]:
    """Keys of the jobs of a kind that wait, by their time."""
    keys = []
    with database.writing() as work:
        while job := work.jobs.take(
            NOW + timedelta(days=9), kinds=[kind], regions=["little"], holder="test", lease_until=NOW + timedelta(99)
        ):
            keys.append(job.key)
    return keys


def test_an_order_goes_all_the_way(database: Database, little: Region) -> None:
    """Placed, checked, offered, accepted, begun, done, confirmed, reviewed; each with who, as what and when."""
    with_people(database)
    placed = order_service.place(database.writing(), little, RESIDENT, sheet(way=Way.PERSON), at=NOW)
    assert (placed.unit, placed.site, placed.requester) == ("西岸街道", "S1", "resident")
    assert placed.deadline == NOW + timedelta(hours=2)
    moved(database, WEST, placed.id, OrderState.CHECKED)
    told = offered(database, placed.id, "v0", "v1", who=WEST)
    assert told.order.state is OrderState.OFFERED
    assert accepted(database, 0, placed.id).state is OrderState.ACCEPTED
    assert bodies(database, "v1") == []  # not asked any more
    for to, at in ((OrderState.UNDER_WAY, START), (OrderState.DONE, START + timedelta(hours=1))):
        assert moved(database, helper(0), placed.id, to, at=at).state is to
    assert moved(database, RESIDENT, placed.id, OrderState.CONFIRMED).state is OrderState.CONFIRMED
    review = Review(placed.id, "", NOW, True, True, True, False, "打13812345678夸他")  # noqa: FBT003 - points of fact
    order_reviews.review(database.writing(), RESIDENT, review)
    story = order_service.found(database.reading(), RESIDENT, placed.id)
    assert [(step.after.value, step.who, step.actor.value) for step in story.moves] == [
        ("submitted", "resident", "requester"), ("checked", "west", "dispatcher"), ("offered", "west", "dispatcher"),
        ("accepted", "account0", "helper"), ("under_way", "account0", "helper"), ("done", "account0", "helper"),
        ("confirmed", "resident", "requester"), ("reviewed", "resident", "requester"),
    ]  # fmt: skip
    assert {kept.offer.volunteer: kept.offer.state.value for kept in story.offers} == {
        "v0": "accepted", "v1": "withdrawn",
    }  # fmt: skip
    assert story.review == replace(review, by="resident", words="打138****5678夸他")
    assert len(bodies(database, "resident")) == len(story.moves)


def test_what_the_matcher_is_to_do_is_put_once(database: Database, little: Region) -> None:
    """Checked with way=matcher there is a job to dispatch it; by another way there is none."""
    placed = order_service.place(database.writing(), little, RESIDENT, sheet(way=Way.MATCHER), at=NOW)
    assert jobs(database, order_moves.DISPATCH) == []
    moved(database, CENTRE, placed.id, OrderState.CHECKED)
    assert jobs(database, order_moves.DISPATCH) == [f"{placed.id}:2"]
    other = order_service.place(database.writing(), little, RESIDENT, sheet(way=Way.MATCHER), at=NOW)
    checked = moved(database, CENTRE, other.id, OrderState.CHECKED, way=Way.GRAB)
    assert checked.sheet.way is Way.GRAB
    assert jobs(database, order_moves.DISPATCH) == [f"{placed.id}:2"]


def test_staff_write_down_orders_of_their_own_area(database: Database, little: Region) -> None:
    """An order by phone has no requester; an office of the other bank may not take it, nor see it."""
    placed = order_service.place(database.writing(), little, WEST, sheet(), at=NOW)
    assert (placed.requester, placed.taken_by) == (None, "west")
    with pytest.raises(NotAllowedError, match="outside this account's area"):
        order_service.place(database.writing(), little, EAST, sheet(), at=NOW)
    with pytest.raises(NotFoundError):
        moved(database, EAST, placed.id, OrderState.CHECKED)
    with pytest.raises(InputError, match="lies outside"):
        order_service.place(database.writing(), little, WEST, sheet(lon=116.0), at=NOW)


@pytest.mark.parametrize(
    ("who", "to", "more", "told"),
    [
        (RESIDENT, OrderState.CHECKED, {}, "only"),
        (CENTRE, OrderState.DONE, {}, "can go to"),
        (CENTRE, OrderState.DECLINED, {}, "say why"),
        (CENTRE, OrderState.OFFERED, {}, "POST offers"),
        (CENTRE, OrderState.ACCEPTED, {}, "POST accept"),
        (RESIDENT, OrderState.REVIEWED, {}, "POST review"),
        (CENTRE, OrderState.DECLINED, {"why": "重复", "way": Way.GRAB}, "when an order is checked"),
        (CENTRE, OrderState.CHECKED, {"team": "t9"}, "no team"),
    ],
    ids=["not theirs", "no such move", "no reason", "offers", "accept", "review", "way", "team"],
)
def test_what_may_not_be_done_is_refused_and_leaves_no_trace(
    database: Database, who: Principal, to: OrderState, more: dict[str, Any], told: str
) -> None:
    """In words; the order stands where it stood."""
    given = order(OrderState.SUBMITTED)
    put(database, given)
    with pytest.raises(InputError, match=told):
        moved(database, who, given.id, to, **more)
    assert order_service.found(database.reading(), CENTRE, given.id).order == given


def test_who_may_not_help_is_not_asked(database: Database) -> None:
    """Each by name with what keeps them; nobody is asked at all."""
    given = order(sheet=sheet(way=Way.PERSON))
    put(database, given)
    people = [volunteer(0), volunteer(1, skills=()), volunteer(2, born=date(2015, 1, 1))]
    with database.writing() as work:
        work.people.add("little", people, NOW)
        work.commit()
    with pytest.raises(InputError) as refused:
        offered(database, given.id, "v0", "v1", "v2", "v9")
    assert [fault.where for fault in refused.value.faults] == ["volunteers.1", "volunteers.2", "volunteers.3"]
    assert "没有所需技能" in str(refused.value)
    assert "年龄" in str(refused.value)
    assert order_service.found(database.reading(), CENTRE, given.id).offers == ()
    assert len(offered(database, given.id, "v0", "v0").offers) == 1
    assert len(offered(database, given.id, "v0").offers) == 1


def test_a_place_is_taken_once_however_often_one_accepts(database: Database) -> None:
    """Two places: the same volunteer holds one of them, the next one the other, and a third comes too late."""
    with_people(database)
    given = order(sheet=sheet(people_needed=2))
    put(database, given)
    assert accepted(database, 0, given.id).taken == 1
    assert accepted(database, 0, given.id).taken == 1
    full = accepted(database, 1, given.id)
    assert (full.taken, full.state) == (2, OrderState.ACCEPTED)
    with pytest.raises(ConflictError, match="taken"):
        accepted(database, 2, given.id)
    with database.reading() as work:
        duties = work.duties.of_subject(DutyKind.ORDER, given.id)
    assert {(each.volunteer, each.state) for each in duties} == {("v0", DutyState.PLANNED), ("v1", DutyState.PLANNED)}


def test_the_last_place_is_kept_for_an_adult(database: Database) -> None:
    """Two of sixteen may not go together; one of them beside an adult may, whoever comes first."""
    given = order(sheet=sheet(people_needed=2))
    put(database, given)
    young = {"born": date(2010, 1, 1)}
    with database.writing() as work:
        work.people.add("little", [volunteer(0, **young), volunteer(1, **young), volunteer(2)], NOW)
        work.commit()
    assert accepted(database, 0, given.id).taken == 1
    with pytest.raises(InputError, match="年龄"):
        accepted(database, 1, given.id)
    assert accepted(database, 2, given.id).state is OrderState.ACCEPTED


def test_an_order_is_accepted_only_by_whom_it_is_for(database: Database) -> None:
    """Not by who was not asked, has no time, may not help, said no, or asked for it."""
    with_people(database)
    own = order(requester="account0")
    asked, busy = order(OrderState.OFFERED, sheet=sheet(way=Way.PERSON)), order()
    strict = order(sheet=replace(sheet(), need=replace(sheet().need, skills=("急救",), certified=("急救",))))
    put(database, own, asked, busy, strict)
    with database.writing() as work:
        work.duties.add(Duty("v1", "little", DutyKind.POST, "p1", START, START + timedelta(minutes=5), *HERE), NOW)
        work.commit()
    with pytest.raises(NotAllowedError, match="their own"):
        accepted(database, 0, own.id)
    with pytest.raises(NotFoundError):
        accepted(database, 0, asked.id)
    with pytest.raises(ConflictError, match="another duty"):
        accepted(database, 1, busy.id)
    with pytest.raises(InputError, match="没有所需技能"):
        accepted(database, 0, strict.id)
    offered(database, asked.id, "v0")
    order_taking.refuse(database.writing(), helper(0), asked.id, at=NOW, why="打不通13812345678")
    order_taking.refuse(database.writing(), helper(0), asked.id, at=NOW)
    with pytest.raises(ConflictError, match="any more"):
        accepted(database, 0, asked.id)
    with pytest.raises(NotFoundError):
        order_taking.refuse(database.writing(), helper(2), asked.id, at=NOW)
    (kept,) = order_service.found(database.reading(), CENTRE, asked.id).offers
    assert (kept.offer.state, kept.why) == (OfferState.DECLINED, "打不通138****5678")
    with database.reading() as work:
        assert work.orders.get(busy.id, order_service.scope_of(CENTRE)).taken == 0


def test_a_place_that_is_given_back_is_dispatched_again(database: Database) -> None:
    """The order is open once more, the helper free, and both moves are in the story with the reason."""
    with_people(database)
    given = order()
    put(database, given)
    accepted(database, 0, given.id)
    with pytest.raises(NotFoundError):  # whom it does not concern does not even see it
        order_taking.release(database.writing(), helper(1), given.id, "v0", at=NOW, why="我想去")
    with pytest.raises(InputError, match="say why"):
        order_taking.release(database.writing(), helper(0), given.id, "v0", at=NOW, why=" ")
    again = order_taking.release(database.writing(), helper(0), given.id, "v0", at=NOW, why="病了")
    assert (again.state, again.taken) == (OrderState.CHECKED, 0)
    story = order_service.found(database.reading(), CENTRE, given.id)
    assert [step.after.value for step in story.moves[1:]] == ["accepted", "offered", "checked"]
    assert story.moves[2].why == "病了"
    assert accepted(database, 1, given.id).state is OrderState.ACCEPTED
    order_taking.release(database.writing(), CENTRE, given.id, "v1", at=NOW, why="没有来")
    assert any("没有来" in body for body in bodies(database, "v1"))
    assert accepted(database, 0, given.id).state is OrderState.ACCEPTED  # free again


def test_an_order_that_is_called_off_lets_everybody_go(database: Database) -> None:
    """The helper has time again and is told; nobody can accept any more."""
    with_people(database)
    given = order(sheet=sheet(people_needed=2))
    put(database, given)
    accepted(database, 0, given.id)
    moved(database, RESIDENT, given.id, OrderState.CANCELLED, why="儿子回来了")
    assert any("儿子回来了" in body for body in bodies(database, "v0"))
    with pytest.raises(ConflictError):
        accepted(database, 1, given.id)
    other = order()
    put(database, other)
    assert accepted(database, 0, other.id).state is OrderState.ACCEPTED


def test_an_order_is_done_when_the_last_helper_is_done(database: Database) -> None:
    """Each begins and ends the own part; not before its time, not twice; who says it is not so sends them back."""
    with_people(database)
    given = order(sheet=sheet(people_needed=2))
    put(database, given)
    for number in (0, 1):
        accepted(database, number, given.id)
    with pytest.raises(InputError, match="earliest"):
        moved(database, helper(0), given.id, OrderState.UNDER_WAY)
    with pytest.raises(InputError, match="planned"):
        moved(database, helper(0), given.id, OrderState.DONE, at=START)
    for number in (0, 0, 1):
        assert moved(database, helper(number), given.id, OrderState.UNDER_WAY, at=START).state is OrderState.UNDER_WAY
    assert moved(database, helper(0), given.id, OrderState.DONE, at=START).state is OrderState.UNDER_WAY
    assert moved(database, helper(1), given.id, OrderState.DONE, at=START).state is OrderState.DONE
    with pytest.raises(IllegalMoveError):  # the other side must agree
        moved(database, helper(0), given.id, OrderState.CONFIRMED)
    back = moved(database, RESIDENT, given.id, OrderState.UNDER_WAY, why="还没读完")
    assert back.state is OrderState.UNDER_WAY
    for number in (0, 1):
        last = moved(database, helper(number), given.id, OrderState.DONE, at=START)
    assert last.state is OrderState.DONE


def test_the_door_is_shown_after_acceptance_and_every_look_is_kept(database: Database) -> None:
    """To the helper until it is confirmed, to who asked, to staff for a reason; to nobody else, and no look is lost."""
    with_people(database)
    given = order(sheet=sheet(way=Way.PERSON))
    put(database, given)
    offered(database, given.id, "v0", "v1")

    def look(who: Principal, why: str = "") -> str:
        return order_contact.look(database.writing(), who, given.id, why=why, at=NOW).sheet.contact.phone

    auditor = Principal("auditor", Role.AUDITOR, "little")
    for who in (helper(0), helper(1), auditor):
        with pytest.raises(NotAllowedError):
            look(who)
    with pytest.raises(InputError, match="say why"):
        look(CENTRE, " ")
    accepted(database, 0, given.id)
    for who, why in ((helper(0), ""), (RESIDENT, ""), (CENTRE, "核实13900001111")):
        assert look(who, why) == "13812345678"
    with pytest.raises(NotFoundError):
        look(helper(1))
    _, kept = order_contact.looks(database.reading(), "little", order=given.id, limit=9, offset=0)
    assert {(one.account, one.role.value, one.why) for one in kept} == {
        ("account0", "volunteer", "accepted"), ("resident", "resident", "own order"),
        ("centre", "centre", "核实139****1111"),
    }  # fmt: skip
    for to, who in ((OrderState.UNDER_WAY, helper(0)), (OrderState.DONE, helper(0)), (OrderState.CONFIRMED, RESIDENT)):
        moved(database, who, given.id, to, at=START)
    with pytest.raises(NotAllowedError, match="any more"):
        look(helper(0))


def test_only_who_asked_reviews_and_only_once(database: Database) -> None:
    """Not staff, not the helper, not before it is confirmed, not twice."""
    with_people(database)
    done = order(OrderState.DONE)
    put(database, done)
    review = Review(done.id, "", NOW, False, True, False, True)  # noqa: FBT003 - points of fact
    with pytest.raises(NotAllowedError):
        order_reviews.review(database.writing(), CENTRE, review)
    with pytest.raises(IllegalMoveError):
        order_reviews.review(database.writing(), RESIDENT, review)
    moved(database, RESIDENT, done.id, OrderState.CONFIRMED)
    assert order_reviews.review(database.writing(), RESIDENT, review).state is OrderState.REVIEWED
    with pytest.raises(ConflictError):
        order_reviews.review(database.writing(), RESIDENT, review)
    told = order_reviews.figures(database.reading(), CENTRE, since=NOW, before=NOW + timedelta(days=1))
    assert (told.confirmed, told.reviewed, told.came_on_time, told.asked_for_money) == (1, 1, 0, 1)
    assert told.by_phone == 0


def test_who_ordered_by_phone_is_asked_by_staff(database: Database) -> None:
    """They have no account to review by; the figures say how many were written down for them."""
    phoned = order(OrderState.DONE, requester=None)
    put(database, phoned)
    moved(database, CENTRE, phoned.id, OrderState.CONFIRMED)
    review = Review(phoned.id, "", NOW, True, True, True, False, "她来得很准时")  # noqa: FBT003 - points of fact
    with pytest.raises((NotFoundError, NotAllowedError)):
        order_reviews.review(database.writing(), RESIDENT, review)
    assert order_reviews.review(database.writing(), CENTRE, review).state is OrderState.REVIEWED
    with database.reading() as work:
        kept, move = work.reviews.get(phoned.id), work.orders.moves_of(phoned.id)[-1]
    assert kept == replace(review, by=CENTRE.account)
    assert (move.who, move.actor) == (CENTRE.account, Actor.DISPATCHER)
    told = order_reviews.figures(database.reading(), CENTRE, since=NOW, before=NOW + timedelta(days=1))
    assert (told.confirmed, told.reviewed, told.by_phone) == (1, 1, 1)


def test_open_orders_are_listed_that_are_near_and_fit(database: Database, little: Region) -> None:
    """The nearest on foot first; not one's own, not what clashes, not what one may not do, not over the river."""
    near, nearer = order(), order(sheet=sheet(lon=lonlat(9.0, 3.0)[0], lat=lonlat(9.0, 3.0)[1]))
    far = order(sheet=sheet(lon=lonlat(28.0, 3.0)[0], lat=lonlat(28.0, 3.0)[1]))
    own, asked = order(requester="account0"), order(sheet=sheet(way=Way.PERSON))
    late = order(sheet=sheet(starts_at=START + timedelta(hours=5), ends_at=START + timedelta(hours=6)))
    strict = order(sheet=replace(sheet(), need=replace(sheet().need, languages=("yue",))))
    put(database, near, nearer, far, own, asked, late, strict)
    home = UsualPlace(PlaceKind.HOME, *lonlat(8.0, 3.0))
    with_people(database, 1, places=(home, UsualPlace(PlaceKind.WORK, *lonlat(4.0, 3.0))))

    def found(within_m: float) -> list[str]:
        told = order_taking.to_grab(
            database.reading(), little, helper(0), at=NOW, within_m=within_m, limit=9
        )  # fmt: skip
        assert [one.walk_m for one in told] == sorted(one.walk_m for one in told)
        return [one.order.id for one in told]

    assert found(150) == [nearer.id]
    assert found(250) == [nearer.id, *sorted((near.id, late.id))]
    assert set(found(2500)) == {nearer.id, near.id, late.id}
    assert found(3610)[3:] == [far.id]
    with database.writing() as work:
        work.duties.add(Duty("v0", "little", DutyKind.POST, ids.fresh(), START, START + timedelta(hours=1), *HERE), NOW)
        work.commit()
    assert found(2500) == [late.id]


def test_who_comes_too_late_hears_so_without_waiting_for_whoever_writes(
    database: Database,
) -> None:
    """Another has the only pen of SQLite, or the order's row; whoever won before is told so again, as soon."""
    with_people(database, 2)
    grabbed = order(OrderState.CHECKED, sheet=sheet(way=Way.GRAB))
    put(database, grabbed)
    assert accepted(database, 0, grabbed.id).state is OrderState.ACCEPTED
    with database.writing() as other:
        other.orders.lock(grabbed.id, Scope("little"))
        with pytest.raises(ConflictError, match="all places of this order are taken"):
            accepted(database, 1, grabbed.id)
        assert accepted(database, 0, grabbed.id).taken == 1


def test_who_comes_to_an_order_that_was_called_off_hears_that_and_not_that_it_is_full(database: Database) -> None:
    """Though somebody had taken its only place by then."""
    with_people(database, 2)
    over = order(OrderState.CANCELLED, sheet=sheet(way=Way.GRAB), taken=1)
    put(database, over)
    with pytest.raises(ConflictError, match="this order is cancelled"):
        accepted(database, 1, over.id)
