"""Offers in the database: an order, put to volunteers; nobody has two of one order that are open or accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, insert, select, update

from geomatch.store import faults, ids, new_rows
from geomatch.store.tables.orders import offers
from geomatch.volunteering.dispatch import KeptOffer, Offer, OfferState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

OPEN = (OfferState.OFFERED.value, OfferState.ACCEPTED.value)


class OfferRows:
    """The offers of all regions, inside one unit of work; the order is locked before."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, region: str, order: str, offer: Offer, *, by: str, team: str | None = None) -> bool:
        """Write an offer; False, and nothing happened, where the volunteer has one of this order already."""
        answered_at = offer.offered_at if offer.state is OfferState.ACCEPTED else None
        row = {
            "id": ids.fresh(), "region": region, "order": order, "volunteer": offer.volunteer, "team": team,
            "state": offer.state.value, "phase": offer.phase, "by": by, "offered_at": offer.offered_at,
            "answered_at": answered_at, "why": "",
        }  # fmt: skip
        return new_rows.written(self._connection, insert(offers).values(**row))

    def of_order(self, order: str) -> tuple[KeptOffer, ...]:
        """List the offers of an order, the earliest first."""
        query = select(offers).where(offers.c.order == order).order_by(offers.c.offered_at, offers.c.id)
        with faults.told():
            return tuple(_kept(row) for row in self._connection.execute(query))

    def standing(self, order: str, volunteer: str) -> KeptOffer | None:
        """Find the offer of an order to a volunteer that is open or accepted."""
        query = select(offers).where(_standing(order, volunteer))
        with faults.told():
            row = self._connection.execute(query).one_or_none()
        return None if row is None else _kept(row)

    def answer(self, order: str, volunteer: str, state: OfferState, at: datetime, *, why: str = "") -> bool:
        """Answer the open offer of an order to a volunteer; False where there is none."""
        mine = and_(_standing(order, volunteer), offers.c.state == OfferState.OFFERED.value)
        return self._end(mine, state, at, why) == 1

    def release(self, order: str, volunteer: str, at: datetime, *, why: str) -> bool:
        """Take back an offer that was accepted; False where there is none."""
        mine = and_(_standing(order, volunteer), offers.c.state == OfferState.ACCEPTED.value)
        return self._end(mine, OfferState.WITHDRAWN, at, why) == 1

    def withdraw_open(self, order: str, at: datetime, *, why: str) -> int:
        """End all offers of an order that nobody has answered; gives how many."""
        mine = and_(offers.c.order == order, offers.c.state == OfferState.OFFERED.value)
        return self._end(mine, OfferState.WITHDRAWN, at, why)

    def silence_open(self, order: str, at: datetime) -> int:
        """Say of all offers of an order that nobody has answered that nobody did; gives how many."""
        mine = and_(offers.c.order == order, offers.c.state == OfferState.OFFERED.value)
        return self._end(mine, OfferState.SILENT, at, "")

    def withdraw_all(self, order: str, at: datetime, *, why: str) -> int:
        """End all offers of an order that are open or accepted; gives how many."""
        return self._end(and_(offers.c.order == order, offers.c.state.in_(OPEN)), OfferState.WITHDRAWN, at, why)

    def _end(self, which: ColumnElement[bool], state: OfferState, at: datetime, why: str) -> int:
        statement = update(offers).where(which).values(state=state.value, answered_at=at, why=why)
        with faults.told():
            return self._connection.execute(statement).rowcount


def _standing(order: str, volunteer: str) -> ColumnElement[bool]:
    return and_(offers.c.order == order, offers.c.volunteer == volunteer, offers.c.state.in_(OPEN))


def _kept(row: Row[Any]) -> KeptOffer:
    offer = Offer(row.volunteer, OfferState(row.state), row.offered_at, row.phase)
    return KeptOffer(row.id, row.order, offer, row.by, row.team, row.answered_at, row.why)
