"""Use case: the resident reviews an order (评单), themselves or by phone, and what reviews say together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from geomatch.errors import ConflictError, NotAllowedError
from geomatch.services import order_moves
from geomatch.volunteering import masking
from geomatch.volunteering.orders import Actor, OrderState
from geomatch.volunteering.roles import STAFF, scope_of

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.order_sheet import Order
    from geomatch.volunteering.reviews import Review, ReviewFigures
    from geomatch.volunteering.roles import Principal


def review(work: UnitOfWork, who: Principal, given: Review) -> Order:
    """Write what a resident says of an order that was confirmed; once, and by nobody else.

    Who ordered by phone has no account: staff ask them, and the move says that it was written down by staff.

    Raises:
        NotFoundError: there is no such order for this account.
        NotAllowedError: somebody else asked for it, or it was asked for by phone and this is no staff.
        ConflictError: it is reviewed already.
        IllegalMoveError: it is not confirmed yet.
    """
    with work:
        order = work.orders.lock(given.order, scope_of(who))
        by_phone = order.requester is None and who.role in STAFF
        if order.requester != who.account and not by_phone:
            raise NotAllowedError("an order is reviewed by whoever asked for it; of one by phone, staff write it down")
        if order.state is OrderState.REVIEWED:
            raise ConflictError("this order is reviewed already")
        kept = replace(given, by=who.account, words=masking.words(given.words.strip()))
        actor = Actor.DISPATCHER if by_phone else Actor.REQUESTER
        moved = order_moves.make(work, order, OrderState.REVIEWED, who=who.account, actor=actor, at=given.at)
        work.reviews.add(order.region, kept)
        work.commit()
    return moved


def figures(
    work: UnitOfWork, who: Principal, *, since: datetime, before: datetime
) -> ReviewFigures:  # fmt: skip
    """Count what reviews say of the orders of an account's area that were confirmed in a time."""
    with work:
        return work.reviews.figures(scope_of(who), since, before)
