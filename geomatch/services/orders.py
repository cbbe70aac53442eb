"""Use case: orders are placed, seen by area, checked, moved and offered by a person (点单 派单)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError, NotAllowedError
from geomatch.network.profiles import limit_for
from geomatch.planning.sites import SiteKind
from geomatch.services import nearest as nearest_service
from geomatch.services import order_moves, order_notices
from geomatch.store import ids
from geomatch.volunteering import deadlines, fitting, order_sheet, orders
from geomatch.volunteering.dispatch import KeptOffer, Offer, OfferState
from geomatch.volunteering.duties import DutyKind, DutyState
from geomatch.volunteering.order_sheet import Order, Sheet, Way
from geomatch.volunteering.orders import Actor, Move, OrderState
from geomatch.volunteering.roles import STAFF, Role, Scope, scope_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from geomatch.services.region import Region
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.people import Volunteer
    from geomatch.volunteering.reviews import Review
    from geomatch.volunteering.roles import Principal

MOST_OFFERS = 50
"""Volunteers that a person may name at once."""


@dataclass(frozen=True, slots=True)
class Found:
    """An order with its story.

    Attributes:
        order: as it stands.
        moves: every move, the first first.
        offers: every offer that was made of it.
        people: the volunteers whom it was offered to, by id; in full.
        review: what the resident said, or None.
    """

    order: Order
    moves: tuple[Move, ...]
    offers: tuple[KeptOffer, ...]
    people: Mapping[str, Volunteer]
    review: Review | None


def place(work: UnitOfWork, region: Region, who: Principal, sheet: Sheet, *, at: datetime) -> Order:
    """Place an order: for oneself where a person asks, for whoever phoned where staff or a program does.

    Raises:
        InputError: the sheet is at fault; every fault is listed.
        NotAllowedError: staff wrote down an order of somebody else's area.
    """
    order = prepared(region, who, sheet, at)
    with work:
        write(work, order, at)
        work.commit()
    return order


def prepared(region: Region, who: Principal, sheet: Sheet, at: datetime) -> Order:
    """Give an order as it is written; raises what `place` raises."""
    kept = order_sheet.checked(sheet, at)
    if not region.covers(kept.lon, kept.lat):
        raise InputError.of("lon, lat", f"lies outside {region.spec.name}", value=f"{kept.lon}, {kept.lat}")
    unit, site = _area_of(region, kept)
    by_phone = who.role in STAFF or who.role is Role.PROGRAM
    order = Order(
        ids.fresh(), region.spec.id, kept, None if by_phone else who.account, who.account, unit, site, None,
        OrderState.SUBMITTED, at,
    )  # fmt: skip
    if by_phone and not scope_of(who).holds(region=order.region, unit=unit, site=site):
        raise NotAllowedError(f"this place lies in {unit or 'no township'}, outside this account's area")
    return replace(order, deadline=deadlines.deadline_of(order, at))


def write(work: UnitOfWork, order: Order, at: datetime) -> None:
    """Write a new order with its first move, and what follows from it."""
    actor = Actor.DISPATCHER if order.requester is None else Actor.REQUESTER
    work.orders.add(order, Move(order.id, None, order.state, order.taken_by, actor, at))
    order_moves.put_jobs(work, order, at)
    order_notices.moved(work, order, at)


def _area_of(region: Region, sheet: Sheet) -> tuple[str | None, str | None]:
    """Give the township that a sheet's place lies in, and its nearest station on foot."""
    row = int(region.townships.locate(sheet.lon, sheet.lat)[0])
    answer = nearest_service.nearest(region, sheet.lon, sheet.lat, limit=limit_for(), kinds=[SiteKind.STATION])
    return (region.unit_names[row] if row >= 0 else None), (answer.hits[0].site.id if answer.hits else None)


def page(
    work: UnitOfWork, who: Principal, states: Collection[OrderState], *, limit: int, offset: int
) -> tuple[int, tuple[Order, ...]]:
    """Count and list the orders in these states that an account may see, the newest first."""
    with work:
        return work.orders.page(scope_of(who), states, limit=limit, offset=offset)


def at_risk(work: UnitOfWork, scope: Scope, *, at: datetime, limit: int, offset: int) -> tuple[int, tuple[Order, ...]]:
    """Count and list the orders that nobody moved in time, the longest first."""
    with work:
        return work.orders.late(scope, at, limit=limit, offset=offset)


def found(work: UnitOfWork, who: Principal, order_id: str) -> Found:
    """Find an order that an account may see, with its moves and offers; NotFoundError where there is none."""
    with work:
        return _found(work, work.orders.get(order_id, scope_of(who)))


def _found(work: UnitOfWork, order: Order) -> Found:
    offers = work.offers.of_order(order.id)
    people = work.people.some(sorted({kept.offer.volunteer for kept in offers}), order.region)
    by_id = {each.id: each for each in people}
    return Found(order, work.orders.moves_of(order.id), offers, by_id, work.reviews.get(order.id))


def move(
    work: UnitOfWork, who: Principal, order_id: str, after: OrderState, *, at: datetime, why: str = "",
    way: Way | None = None, team: str | None = None,
) -> Order:  # fmt: skip
    """Move an order as whom it concerns, or as staff of its area.

    A helper's "under way" and "done" are that helper's own; the order is under way with the first of them, and done
    with the last.

    Args:
        work: not open yet.
        who: who moves it.
        order_id: which.
        after: where it goes.
        at: now.
        why: the reason, where one is needed.
        way: how it finds helpers from now on; only when it becomes checked.
        team: the team that is asked first; as above.

    Raises:
        NotFoundError: there is no such order for this account.
        InputError: the move is illegal, is not this account's to make, or belongs to another door.
    """
    with work:
        order = work.orders.lock(order_id, scope_of(who))
        mine = _as_whom(work, order, who)
        _check_door(order, after, way=way, team=team)
        if mine is Actor.HELPER and after in {OrderState.UNDER_WAY, OrderState.DONE}:
            moved = _work(work, order, who, after, at)
        else:
            also = {name: value for name, value in (("way", way and way.value), ("team", team)) if value is not None}
            if team is not None and team not in {each.id for each in work.people.teams(order.region)}:
                raise InputError.of("team", "no team has this id", value=team)
            if after is OrderState.CHECKED and order.state is OrderState.OFFERED:
                work.offers.withdraw_open(order.id, at, why="a person decides")
                order_notices.not_asked_any_more(work, order, "a person decides")
            moved = order_moves.make(work, order, after, who=who.account, actor=mine, at=at, why=why, **also)
            if after is OrderState.UNDER_WAY:  # it was called done, and is not
                work.duties.reopen(DutyKind.ORDER, order.id, order_moves.helpers(work, order), at)
        work.commit()
    return moved


def _as_whom(work: UnitOfWork, order: Order, who: Principal) -> Actor:
    held = None if who.volunteer is None else work.offers.standing(order.id, who.volunteer)
    is_helper = held is not None and held.offer.state is OfferState.ACCEPTED
    actor = orders.actor_towards(who.role, is_requester=order.requester == who.account, is_helper=is_helper)
    if actor is None:
        raise NotAllowedError("this account may see this order, but not move it")
    return actor


def _check_door(order: Order, after: OrderState, *, way: Way | None, team: str | None) -> None:
    """Refuse what another call is for, and what says nothing here."""
    if after in {OrderState.OFFERED, OrderState.ACCEPTED, OrderState.REVIEWED}:
        doors = {
            OrderState.OFFERED: "POST offers, or release where somebody accepted", OrderState.ACCEPTED: "POST accept",
            OrderState.REVIEWED: "POST review",
        }  # fmt: skip
        raise InputError.of("to", f"is not come to by this call; use {doors[after]}", value=after.value)
    if after is not OrderState.CHECKED and (way is not None or team is not None):
        raise InputError.of("way" if way is not None else "team", f"is set when an order is checked ({order.id})")


def _work(work: UnitOfWork, order: Order, who: Principal, after: OrderState, at: datetime) -> Order:
    """Note that a helper begins, or is done."""
    begins = after is OrderState.UNDER_WAY
    if begins and at < order.sheet.starts_at - deadlines.EARLIEST_START:
        raise InputError.of("to", f"an order can begin {deadlines.EARLIEST_START} before its window at the earliest")
    own = next(
        (each for each in work.duties.of_subject(DutyKind.ORDER, order.id)
         if each.volunteer == who.volunteer and each.state is not DutyState.RELEASED), None,
    )  # fmt: skip
    before, now = (DutyState.PLANNED, DutyState.STARTED) if begins else (DutyState.STARTED, DutyState.DONE)
    if own is None or own.state is not before:
        if own is not None and own.state is now:
            return order  # sent twice
        stands = "nothing" if own is None else own.state.value
        raise InputError.of(
            "to", f"your own part stands at {stands}; it goes planned, started, done", value=after.value
        )
    work.duties.set_state(DutyKind.ORDER, order.id, own.volunteer, now, at)
    if begins and order.state is OrderState.UNDER_WAY:
        return order
    parts = [each.state for each in work.duties.of_subject(DutyKind.ORDER, order.id)]
    if not begins and any(part in {DutyState.PLANNED, DutyState.STARTED} for part in parts):
        return order
    return order_moves.make(work, order, after, who=who.account, actor=Actor.HELPER, at=at)


def offer(
    work: UnitOfWork, who: Principal, order_id: str, volunteers: Sequence[str], *, at: datetime, zone: str
) -> Found:
    """Offer an order to volunteers that a person names; who has it already is not asked twice.

    Raises:
        NotFoundError: there is no such order for this account.
        InputError: somebody named is not there or may not help, each with what keeps them; or the order is not open.
    """
    with work:
        order = work.orders.lock(order_id, scope_of(who))
        mine = _as_whom(work, order, who)
        faults, fit = [], []
        known = {each.id: each for each in work.people.some(volunteers, order.region)}
        for row, name in enumerate(dict.fromkeys(volunteers)):
            bars = fitting.bars(known[name], order.sheet, zone) if name in known else None
            if bars is None:
                faults.append(Fault(f"volunteers.{row}", "there is no such volunteer", value=name))
            elif bars:
                faults.append(Fault(f"volunteers.{row}", f"may not: {fitting.words(bars)}", value=name))
            else:
                fit.append(known[name])
        if faults:
            raise InputError(faults)
        if order.state is not OrderState.OFFERED:
            order = order_moves.make(work, order, OrderState.OFFERED, who=who.account, actor=mine, at=at)
        elif mine is not Actor.DISPATCHER:
            raise NotAllowedError("only staff of its area offers an order")
        asked = [
            each.id for each in fit
            if work.offers.add(
                order.region, order.id, Offer(each.id, OfferState.OFFERED, at, 0), by=who.account, team=each.team
            )
        ]  # fmt: skip
        order_notices.offered(work, order, asked, at)
        told = _found(work, order)
        work.commit()
    return told
