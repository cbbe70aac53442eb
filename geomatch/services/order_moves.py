"""One move of an order with all that follows from it: deadline, jobs, notices, who is let go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geomatch.services import order_hours, order_notices
from geomatch.volunteering import deadlines, masking, orders
from geomatch.volunteering.deadlines import USUAL
from geomatch.volunteering.dispatch import OfferState
from geomatch.volunteering.duties import DutyKind
from geomatch.volunteering.order_sheet import Way
from geomatch.volunteering.orders import Actor, OrderState

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.order_sheet import Order

DISPATCH, DEADLINE = "dispatch", "order_deadline"
"""Kinds of jobs: the matcher offers an order; somebody is told of one that stands too long, or reminded."""
CLOCK = "clock"
FALLEN = frozenset({OrderState.DECLINED, OrderState.EXPIRED, OrderState.CANCELLED})
"""Ends at which nobody comes."""


def make(
    work: UnitOfWork,
    order: Order,
    after: OrderState,
    *,
    who: str,
    actor: Actor,
    at: datetime,
    why: str = "",
    **also: Any,
) -> Order:
    """Move an order that is locked, and do what follows; the caller commits.

    Args:
        work: open.
        order: as it was read in this unit of work.
        after: where it goes.
        who: account or job that moves it.
        actor: as whom.
        at: now.
        why: the reason; phone numbers in it are masked before it is kept.
        also: columns of the order that change with it, such as way.

    Raises:
        IllegalMoveError: it cannot go there, not by this actor, or not without a reason.
    """
    move = orders.move(order.id, order.state, after, who=who, actor=actor, at=at, why=masking.words(why))
    ahead = replace(order, state=after)
    moved = work.orders.make(order, move, deadline=deadlines.deadline_of(ahead, at), step=0, **also)
    if after in FALLEN:
        _let_go(work, moved, at, move.why or after.value)
    if after is OrderState.ACCEPTED:
        work.offers.withdraw_open(moved.id, at, why="full")
        order_notices.not_asked_any_more(work, moved, "somebody else accepted")
    if after is OrderState.CONFIRMED:
        order_hours.enter(work, moved, who=who, actor=actor, at=at)
    put_jobs(work, moved, at)
    order_notices.moved(work, moved, at, why=move.why)
    return moved


def helpers(work: UnitOfWork, order: Order) -> list[str]:
    """List the volunteers who accepted an order."""
    return [kept.offer.volunteer for kept in work.offers.of_order(order.id) if kept.offer.state is OfferState.ACCEPTED]


def put_jobs(work: UnitOfWork, order: Order, at: datetime) -> None:
    """Put what is to be done later about an order that came to where it stands."""
    key = f"{order.id}:{order.moves}"
    payload = {"order": order.id, "moves": order.moves}
    if order.state is OrderState.CHECKED and order.sheet.way is Way.MATCHER:
        work.jobs.put(kind=DISPATCH, region=order.region, key=key, due_at=at, payload=payload)
    if order.deadline is not None:
        work.jobs.put(kind=DEADLINE, region=order.region, key=key, due_at=order.deadline, payload=payload)
    if order.state is OrderState.ACCEPTED:
        due_at = max(at, order.sheet.starts_at - USUAL.remind)
        told = payload | {"remind": True}
        work.jobs.put(kind=DEADLINE, region=order.region, key=f"{key}:remind", due_at=due_at, payload=told)


def put_dispatch(work: UnitOfWork, order: Order, at: datetime, what: str) -> None:
    """Let the matcher look again at an order that it offers, since something happened to it; `what` tells it apart."""
    if order.sheet.way is Way.MATCHER and order.state is OrderState.OFFERED:
        key = f"{order.id}:{order.moves}:{what}:{at.timestamp():.6f}"
        payload = {"order": order.id, "moves": order.moves}
        work.jobs.put(kind=DISPATCH, region=order.region, key=key, due_at=at, payload=payload)


def _let_go(work: UnitOfWork, order: Order, at: datetime, why: str) -> None:
    """Nobody comes: offers end, helpers are free again and told so."""
    coming = helpers(work, order)
    work.offers.withdraw_all(order.id, at, why=why)
    work.duties.release(DutyKind.ORDER, order.id, at)
    order_notices.not_asked_any_more(work, order, why)
    order_notices.called_off(work, order, coming, at, why=why)
