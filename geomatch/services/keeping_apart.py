"""Use case: a resident and a volunteer who do not want each other are not brought together again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.errors import ConflictError, NotFoundError
from geomatch.volunteering.roles import STAFF, scope_of

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.order_sheet import Order
    from geomatch.volunteering.roles import Principal


def block(work: UnitOfWork, order_id: str, volunteer: str | None, who: Principal, *, at: datetime) -> None:
    """Never bring the two of an order together again: who asked for it, and a volunteer who was asked.

    Args:
        work: the database.
        order_id: the order that they have in common.
        volunteer: which volunteer; None for who asks, being one.
        who: the resident, the volunteer, or staff of the area.
        at: now.

    Raises:
        NotFoundError: there is no order that may be seen, or that volunteer was not asked.
        ConflictError: the order was taken by phone, so that there is no account to keep away.
    """
    with work:
        order = work.orders.get(order_id, scope_of(who))
        named = _named(order, volunteer, who)
        if named is None or named not in {each.offer.volunteer for each in work.offers.of_order(order.id)}:
            raise NotFoundError("this order was not put to that volunteer")
        if order.requester is None:
            raise ConflictError("the order was taken by phone; no account asked for it")
        work.matching.block(order.region, order.requester, named, by=who.account, at=at)
        work.commit()


def unblock(work: UnitOfWork, order_id: str, volunteer: str | None, who: Principal) -> None:
    """Take back what `block` said, by whoever said it, or by staff.

    Raises:
        NotFoundError: there is no order that may be seen, or it was not said by this account.
    """
    with work:
        order = work.orders.get(order_id, scope_of(who))
        by = None if who.role in STAFF else who.account
        if not work.matching.unblock(order.region, order.requester or "", _named(order, volunteer, who) or "", by=by):
            raise NotFoundError("this account did not say so")
        work.commit()


def _named(order: Order, volunteer: str | None, who: Principal) -> str | None:
    """Say which volunteer is meant: a volunteer speaks for itself."""
    return volunteer if order.requester == who.account or who.role in STAFF else who.volunteer
