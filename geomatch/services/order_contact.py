"""Use case: the door and the phone number of an order, shown in full to whom they concern; every look is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.errors import InputError, NotAllowedError
from geomatch.volunteering import masking
from geomatch.volunteering.dispatch import OfferState
from geomatch.volunteering.looks import Look
from geomatch.volunteering.orders import ENDS, OrderState
from geomatch.volunteering.roles import STAFF, scope_of

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.order_sheet import Order
    from geomatch.volunteering.roles import Principal

_CLOSED = ENDS | {OrderState.CONFIRMED}
"""States in which a helper needs the door no more."""


def look(work: UnitOfWork, who: Principal, order_id: str, *, why: str, at: datetime) -> Order:
    """Show an order with its contact in full, and keep who saw it, as what, when and why, in one transaction.

    A helper who accepted sees it until both sides agreed that it is done; the resident sees what they wrote
    themselves; staff of its area say why.

    Raises:
        NotFoundError: there is no such order for this account.
        NotAllowedError: it does not concern this account, or no longer.
        InputError: staff did not say why.
    """
    with work:
        order = work.orders.get(order_id, scope_of(who))
        told = _reason(work, order, who, masking.words(why.strip()))
        work.looks.add(order.region, Look(order.id, who.account, who.role, at, told))
        work.commit()
    return order


def _reason(work: UnitOfWork, order: Order, who: Principal, why: str) -> str:
    held = None if who.volunteer is None else work.offers.standing(order.id, who.volunteer)
    if held is not None and held.offer.state is OfferState.ACCEPTED:
        if order.state in _CLOSED:
            raise NotAllowedError(f"this order is {order.state.value}: its address is not shown any more")
        return why or "accepted"
    if order.requester == who.account:
        return why or "own order"
    if who.role not in STAFF:
        raise NotAllowedError("the address is shown to helpers after they accepted, and to staff of its area")
    if not why:
        raise InputError.of("why", "say why you look at it; it is kept")
    return why


def looks(work: UnitOfWork, region: str, *, order: str | None, limit: int, offset: int) -> tuple[int, tuple[Look, ...]]:
    """Count and list who saw contacts in full, the newest first; of one order where it is given."""
    with work:
        return work.looks.page(region, order=order, limit=limit, offset=offset)
