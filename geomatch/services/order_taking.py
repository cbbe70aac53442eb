"""Use case: a volunteer takes an order, refuses it, gives it back, and looks for open ones (接单 抢单)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from geomatch.network import reach
from geomatch.services import order_moves, order_notices
from geomatch.volunteering import fitting, masking
from geomatch.volunteering.dispatch import Offer, OfferState
from geomatch.volunteering.duties import Duty, DutyKind, DutyState
from geomatch.volunteering.matching import Bar
from geomatch.volunteering.order_sheet import Way
from geomatch.volunteering.orders import Actor, OrderState
from geomatch.volunteering.roles import STAFF, Role, Scope, scope_of

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.services.region import Region
    from geomatch.store.database import Database
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.order_sheet import Order
    from geomatch.volunteering.people import Volunteer
    from geomatch.volunteering.roles import Principal

FULL = "all places of this order are taken"
_OVER = frozenset({OrderState.DONE, OrderState.CONFIRMED, *order_moves.FALLEN, OrderState.REVIEWED})


@dataclass(frozen=True, slots=True)
class Open:
    """An order that a volunteer could grab.

    Attributes:
        order: it.
        walk_m: on foot from where the volunteer usually is, the nearest of these places.
    """

    order: Order
    walk_m: float


def accept(database: Database, who: Principal, order_id: str, *, at: datetime, zone: str) -> Order:
    """Take a place of an order that is offered to this volunteer, or open to be grabbed; taken again it is the same.

    Of many who accept at once as many win as there are places: the place is taken by one conditional statement, in
    the transaction that writes the acceptance and the duty. The losers mostly hear so without waiting for it.

    Raises:
        NotFoundError: there is no such order, or it is neither offered to nor open for this volunteer.
        ConflictError: all places are taken, or the volunteer has another duty at that time.
        InputError: the volunteer may not help with it; says what keeps them.
    """
    with database.reading() as work:
        order, mine = work.orders.beside_offer(order_id, who.region, who.volunteer or "")
        if mine is OfferState.ACCEPTED:
            return order
        if mine is None:
            _check_is_for(work, who, order)
        _check_open(order, at)
        each = _self(work, who)
    _check(order, each, who, zone)
    with database.writing() as work:
        taken = _take(work, who, order, each, at)
        _check_minors(work, taken, each, zone)
        work.commit()
    return taken


def _check_is_for(work: UnitOfWork, who: Principal, order: Order) -> None:
    """Refuse an order that is not offered to this volunteer now, unless everybody may grab it."""
    if order.sheet.way is Way.GRAB:
        return
    if any(kept.offer.volunteer == who.volunteer for kept in work.offers.of_order(order.id)):
        raise ConflictError("this order is not offered to you any more")
    raise NotFoundError(f"there is no order {order.id!r} that this account may take")


def _self(work: UnitOfWork, who: Principal) -> Volunteer:
    return work.people.get(who.volunteer or "", Scope(who.region, account=who.account, volunteer=who.volunteer))


def _check_open(order: Order, at: datetime) -> None:
    """Refuse what is over before anything else is read: most who come too late hear so at the cost of one look."""
    if order.taken >= order.sheet.people_needed and order.state not in order_moves.FALLEN:
        raise ConflictError(FULL)
    if order.state in _OVER:
        raise ConflictError(f"this order is {order.state.value}")
    if order.sheet.ends_at <= at:
        raise ConflictError("the window of this order is over")


def _check(order: Order, each: Volunteer, who: Principal, zone: str) -> None:
    if order.requester == who.account:
        raise NotAllowedError("nobody helps with an order of their own")
    bars = fitting.bars(each, order.sheet, zone)
    if bars:
        raise InputError.of("order", f"you may not help with this order: {fitting.words(bars)}", value=order.id)


def _check_minors(work: UnitOfWork, order: Order, each: Volunteer, zone: str) -> None:
    """Keep a place for an adult: minors serve beside one. The order is locked, so the others are known."""
    if order.sheet.people_needed == 1:  # then none may, which was checked
        return
    others = [name for name in order_moves.helpers(work, order) if name != each.id]
    if fitting.is_one_minor_too_many(each, work.people.some(others, order.region), order.sheet, zone):
        raise InputError.of("order", f"you may not help with this order: {fitting.words([Bar.AGE])}", value=order.id)


def _take(work: UnitOfWork, who: Principal, seen: Order, each: Volunteer, at: datetime) -> Order:
    """Order, offers, volunteer, duty: everybody locks in this order, so nobody waits in a ring."""
    order = work.orders.take_place(seen.id, at)
    if order is None:
        held = work.offers.standing(seen.id, each.id)
        if held is not None and held.offer.state is OfferState.ACCEPTED:  # by the same request, sent twice at once
            return work.orders.get(seen.id, Scope(who.region))
        raise ConflictError(FULL)
    if not work.offers.answer(order.id, each.id, OfferState.ACCEPTED, at):
        if work.offers.standing(order.id, each.id) is not None:  # as above, and there was one more place
            return work.orders.give_place(order.id, at)
        if order.sheet.way is not Way.GRAB or order.state is not OrderState.CHECKED:
            raise ConflictError("this order is not offered to you any more")
        grabbed = Offer(each.id, OfferState.ACCEPTED, at, 0)
        work.offers.add(order.region, order.id, grabbed, by=who.account, team=each.team)
    work.duties.add(_duty(order, each), at)
    if order.taken < order.sheet.people_needed:
        return order
    return order_moves.make(work, order, OrderState.ACCEPTED, who=who.account, actor=Actor.HELPER, at=at)


def refuse(work: UnitOfWork, who: Principal, order_id: str, *, at: datetime, why: str = "") -> None:
    """Say no to an offer; said again it is the same.

    Raises:
        NotFoundError: this order was never offered to this volunteer.
        ConflictError: it was accepted; then it must be given back.
    """
    with work:
        each = _self(work, who)
        order = work.orders.lock(order_id, Scope(who.region))
        told = masking.words(why.strip())
        if not work.offers.answer(order.id, each.id, OfferState.DECLINED, at, why=told):
            states = [kept.offer.state for kept in work.offers.of_order(order.id) if kept.offer.volunteer == each.id]
            if not states:
                raise NotFoundError(f"there is no order {order_id!r} that is offered to this account")
            if OfferState.ACCEPTED in states:
                raise ConflictError("you accepted this order; give it back instead (release)")
        order_moves.put_dispatch(work, order, at, each.id)
        work.commit()


def release(work: UnitOfWork, who: Principal, order_id: str, volunteer: str, *, at: datetime, why: str) -> Order:
    """Give a place back, or take a helper off: the order is dispatched once more, as it was the first time (再派单).

    Raises:
        NotFoundError: there is no such order for this account, or this volunteer did not accept it.
        NotAllowedError: it is neither the helper nor staff of the order's area who asks.
        InputError: no reason is given, or the work is done.
    """
    with work:
        order = work.orders.lock(order_id, scope_of(who))
        own = volunteer == who.volunteer
        if not own and who.role not in STAFF and who.role is not Role.PROGRAM:
            raise NotAllowedError("only the helper, or staff of its area, takes a helper off")
        if order.state in _OVER:
            raise InputError.of("order", f"is {order.state.value}; nobody is taken off any more", value=order.id)
        told = masking.words(why.strip())
        if not told:
            raise InputError.of("why", "say why the place is given back")
        if not work.offers.release(order.id, volunteer, at, why=told):
            raise NotFoundError(f"volunteer {volunteer!r} did not accept this order")
        work.duties.set_state(DutyKind.ORDER, order.id, volunteer, DutyState.RELEASED, at)
        freed = work.orders.give_place(order.id, at)
        if not own:
            order_notices.called_off(work, freed, [volunteer], at, why=told)
        again = _again(work, freed, who, at, told)
        work.commit()
    return again


def _again(work: UnitOfWork, order: Order, who: Principal, at: datetime, why: str) -> Order:
    """Let an order that was full be dispatched again; one that still has open places goes on as it was."""
    if order.state not in {OrderState.ACCEPTED, OrderState.UNDER_WAY}:
        order_moves.put_dispatch(work, order, at, "place")
        return order
    actor = Actor.DISPATCHER if who.role in STAFF or who.role is Role.PROGRAM else Actor.HELPER
    out = order_moves.make(work, order, OrderState.OFFERED, who=who.account, actor=actor, at=at, why=why)
    told = "再派单：有人退单，需要重新派单"
    return order_moves.make(
        work, out, OrderState.CHECKED, who=order_moves.CLOCK, actor=Actor.CLOCK, at=at, why=told
    )  # fmt: skip


def to_grab(
    work: UnitOfWork, region: Region, who: Principal, *, at: datetime, within_m: float, limit: int
) -> tuple[Open, ...]:
    """List open orders within a walk of where this volunteer usually is, and that fit them, the nearest first."""
    with work:
        each = _self(work, who)
        near = _near(work, region, each, at, within_m)
        busy = work.duties.around([each.id], at, max((one.order.sheet.ends_at for one in near), default=at))
    fit = [
        one
        for one in near
        if one.order.requester != who.account
        and not any(duty.overlaps(_duty(one.order, each)) for duty in busy)
        and not fitting.bars(each, one.order.sheet, region.spec.timezone)
    ]
    return tuple(sorted(fit, key=lambda one: (one.walk_m, one.order.id))[:limit])


def _near(work: UnitOfWork, region: Region, each: Volunteer, at: datetime, within_m: float) -> list[Open]:
    """Find what is open within a walk; boxes around the usual places hold all of it, since no walk is shorter."""
    plane = region.graph.plane
    spots = np.array([plane.to_xy(spot.lon, spot.lat) for spot in each.places], np.float64).reshape(-1, 2)
    held: dict[str, Order] = {}
    for east_m, north_m in spots.tolist():
        west, south = plane.to_lonlat(east_m - within_m, north_m - within_m)
        east, north = plane.to_lonlat(east_m + within_m, north_m + within_m)
        box = (float(west), float(south), float(east), float(north))
        held |= {order.id: order for order in work.orders.to_grab(region.spec.id, at, box)}
    if not held:
        return []
    ways, orders = region.ways("standard"), list(held.values())
    x, y = plane.to_xy([order.sheet.lon for order in orders], [order.sheet.lat for order in orders])
    found = reach.within(ways, reach.place(ways, *spots.T), reach.place(ways, x, y), within_m)
    walk_m = np.full(len(orders), np.inf)
    np.minimum.at(walk_m, found.point, found.walk_m)
    return [Open(orders[row], float(walk_m[row])) for row in np.flatnonzero(np.isfinite(walk_m)).tolist()]


def _duty(order: Order, each: Volunteer) -> Duty:
    sheet = order.sheet
    return Duty(
        each.id, order.region, DutyKind.ORDER, order.id, sheet.starts_at, sheet.ends_at, sheet.lon, sheet.lat
    )  # fmt: skip
