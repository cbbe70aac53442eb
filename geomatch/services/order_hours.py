"""Use case: an order that both sides say is done gives its helpers their hours: what no entry of theirs has yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.services import hours as hour_service
from geomatch.services.hours import Service
from geomatch.volunteering.duties import DutyKind
from geomatch.volunteering.hours import Evidence
from geomatch.volunteering.orders import Actor, OrderState
from geomatch.volunteering.service_time import MOST_SERVICE

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.hours import Entry
    from geomatch.volunteering.order_sheet import Order


def enter(work: UnitOfWork, order: Order, *, who: str, actor: Actor, at: datetime) -> tuple[Entry, ...]:
    """Enter the hours of an order that was just confirmed, inside a unit of work that is open.

    Confirmed by whoever asked for it both sides have said so; confirmed by staff in their place it is a back-office
    entry, which is public before it counts. Each helper has the time of their own part. Nobody gets hours for an
    order of their own, nor twice for the same time.

    Args:
        work: open; the order is locked and its move is written.
        order: as it stands now.
        who: account that confirmed it.
        actor: as whom.
        at: now.
    """
    evidence = Evidence.BOTH if actor is Actor.REQUESTER else Evidence.OFFICE
    counts_from = at if evidence is Evidence.BOTH else hour_service.after_public(work, order.region, at)
    worked = tuple(work.duties.worked(DutyKind.ORDER, order.id))
    if not worked:
        return ()
    own = {work.accounts.volunteer_of(account, order.region) for account in (who, order.requester) if account}
    helped_by = next(move.who for move in reversed(work.orders.moves_of(order.id)) if move.after is OrderState.DONE)
    made: list[Entry] = []
    for volunteer, begun, done in worked:
        if volunteer in own or done <= begun:
            continue
        service = Service(
            order.region, volunteer, f"order:{order.id}", begun, _end(order, begun, done), evidence, witness=who,
            entered_by=helped_by,
        )  # fmt: skip
        # some of it may be counted already, such as by the code of a site
        made += hour_service.enter_rest(work, service, at=at, counts_from=counts_from)
    return tuple(made)


def _end(order: Order, begun: datetime, done: datetime) -> datetime:
    """Give the end of the service; who forgot to say so served as long as was asked for, and as may be at most."""
    if done - begun <= MOST_SERVICE:
        return done
    return begun + min(order.sheet.ends_at - order.sheet.starts_at, MOST_SERVICE)
