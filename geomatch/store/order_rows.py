"""Orders and their moves in the database; a place of an order is taken by one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, exists, func, insert, or_, select, true, update

from geomatch.errors import ChangedError, NotFoundError
from geomatch.store import faults
from geomatch.store.tables.orders import offers, order_moves, orders
from geomatch.volunteering.dispatch import OfferState
from geomatch.volunteering.order_sheet import Contact, Need, Order, Sheet, Way
from geomatch.volunteering.orders import Actor, Move, OrderState

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from geomatch.volunteering.roles import Scope

TAKING = (OrderState.CHECKED, OrderState.OFFERED)
"""States in which a place can be taken."""
_MOST_OPEN = 1000
_SHOWN_TO = (OfferState.OFFERED.value, OfferState.ACCEPTED.value)
_MINE = and_(
    offers.c.order == orders.c.id, offers.c.volunteer == bindparam("volunteer"), offers.c.state.in_(_SHOWN_TO)
)  # fmt: skip
_BESIDE_OFFER = (
    select(orders, offers.c.state.label("mine"))
    .select_from(orders.outerjoin(offers, _MINE))
    .where(orders.c.id == bindparam("order"), orders.c.region == bindparam("region"))
)
"""Made once: everybody who wants an order asks it, and to make it takes longer than to ask it."""


class OrderRows:
    """The orders of all regions, inside one unit of work. Who locks more than one thing locks the order first."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, order: Order, placed: Move) -> None:
        """Write a new order and the move that made it."""
        with faults.told():
            self._connection.execute(insert(orders).values(**_values(order), changed_at=order.placed_at))
            self._connection.execute(insert(order_moves).values(**_move_values(placed, 1)))

    def get(self, order_id: str, scope: Scope) -> Order:
        """Find an order that may be seen; NotFoundError where there is none."""
        return self._one(order_id, scope, locks=False)

    def beside_offer(self, order_id: str, region: str, volunteer: str) -> tuple[Order, OfferState | None]:
        """Find an order of a region, and how the offer of it to a volunteer stands that is open or accepted.

        Raises:
            NotFoundError: the region has no such order.
        """
        with faults.told():
            given = {"order": order_id, "region": region, "volunteer": volunteer}
            row = self._connection.execute(_BESIDE_OFFER, given).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no order {order_id!r} that this account may see")
        return _order(row), row.mine and OfferState(row.mine)

    def lock(self, order_id: str, scope: Scope) -> Order:
        """Find an order that may be seen, and keep others from changing it until the end of this unit of work."""
        return self._one(order_id, scope, locks=True)

    def _one(self, order_id: str, scope: Scope, *, locks: bool) -> Order:
        query = select(orders).where(orders.c.id == order_id, seen_by(scope))
        with faults.told():
            row = self._connection.execute(query.with_for_update() if locks else query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no order {order_id!r} that this account may see")
        return _order(row)

    def has_alike(self, region: str, sheet: Sheet) -> bool:
        """Tell whether somebody of the same phone number asked for the same at the same time already."""
        mine = and_(
            orders.c.region == region, orders.c.contact_phone == sheet.contact.phone,
            orders.c.starts_at == sheet.starts_at, orders.c.words == sheet.words,
        )  # fmt: skip
        with faults.told():
            return self._connection.execute(select(orders.c.id).where(mine).limit(1)).one_or_none() is not None

    def page(
        self, scope: Scope, states: Collection[OrderState], *, limit: int, offset: int
    ) -> tuple[int, tuple[Order, ...]]:
        """Count the orders in these states that may be seen, and list some, the newest first."""
        mine = and_(seen_by(scope), orders.c.state.in_([state.value for state in states]))
        query = select(orders).where(mine).order_by(orders.c.placed_at.desc(), orders.c.id)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(orders).where(mine)).scalar_one()
            rows = self._connection.execute(query.limit(limit).offset(offset))
            return int(count), tuple(_order(row) for row in rows)

    def make(self, order: Order, move: Move, **also: Any) -> Order:
        """Make a move of an order as it was read, and write it down; `also` are columns that change with it.

        Raises:
            ChangedError: somebody else changed the order meanwhile.
        """
        moved = self.change(order, move.at, state=move.after.value, moves=order.moves + 1, **also)
        with faults.told():
            self._connection.execute(insert(order_moves).values(**_move_values(move, moved.moves)))
        return moved

    def change(self, order: Order, at: datetime, **values: Any) -> Order:
        """Change columns of an order as it was read.

        Raises:
            ChangedError: somebody else changed it meanwhile.
        """
        mine = and_(orders.c.id == order.id, orders.c.version == order.version)
        changed = self._update(mine, at, **values)
        if changed is None:
            raise ChangedError("the order was changed meanwhile; read it again")
        return changed

    def take_place(self, order_id: str, at: datetime) -> Order | None:
        """Take one of the places of an order, whatever its version; None where none is left, or it is not to be had.

        One statement: of many who try at once, as many win as there are places.
        """
        is_left = and_(
            orders.c.id == order_id,
            orders.c.taken < orders.c.people_needed,
            orders.c.state.in_([state.value for state in TAKING]),
        )
        return self._update(is_left, at, taken=orders.c.taken + 1)

    def give_place(self, order_id: str, at: datetime) -> Order:
        """Give back a place that was taken; the order is locked, or was changed, in this unit of work before."""
        given = self._update(and_(orders.c.id == order_id, orders.c.taken > 0), at, taken=orders.c.taken - 1)
        if given is None:
            raise ChangedError("no place of the order was taken")
        return given

    def to_grab(self, region: str, at: datetime, box: tuple[float, float, float, float]) -> tuple[Order, ...]:
        """List the orders within west, south, east, north that are open to be grabbed and begin later than now."""
        west, south, east, north = box
        mine = and_(
            orders.c.region == region, orders.c.state == OrderState.CHECKED.value, orders.c.starts_at > at,
            orders.c.way == Way.GRAB.value, orders.c.lon.between(west, east), orders.c.lat.between(south, north),
        )  # fmt: skip
        query = select(orders).where(mine).order_by(orders.c.starts_at, orders.c.id).limit(_MOST_OPEN)
        with faults.told():
            return tuple(_order(row) for row in self._connection.execute(query))

    def to_match(self, scope: Scope, at: datetime, *, limit: int) -> tuple[int, tuple[Order, ...]]:
        """Count and list the orders that may be seen, wait for the matcher and begin later than now, the next first."""
        mine = and_(
            seen_by(scope), orders.c.state == OrderState.CHECKED.value, orders.c.way == Way.MATCHER.value,
            orders.c.starts_at > at,
        )  # fmt: skip
        query = select(orders).where(mine).order_by(orders.c.starts_at, orders.c.id).limit(limit)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(orders).where(mine)).scalar_one()
            return int(count), tuple(_order(row) for row in self._connection.execute(query))

    def late(self, scope: Scope, at: datetime, *, limit: int, offset: int) -> tuple[int, tuple[Order, ...]]:
        """Count and list the orders that may be seen and whose deadline is over, the longest first."""
        mine = and_(seen_by(scope), orders.c.deadline <= at)
        query = select(orders).where(mine).order_by(orders.c.deadline, orders.c.id).limit(limit).offset(offset)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(orders).where(mine)).scalar_one()
            return int(count), tuple(_order(row) for row in self._connection.execute(query))

    def _update(self, which: ColumnElement[bool], at: datetime, **values: Any) -> Order | None:
        statement = update(orders).where(which).values(version=orders.c.version + 1, changed_at=at, **values)
        with faults.told():
            row = self._connection.execute(statement.returning(*orders.c)).one_or_none()
        return None if row is None else _order(row)

    def moves_of(self, order_id: str) -> tuple[Move, ...]:
        """List the moves of an order in their order."""
        query = select(order_moves).where(order_moves.c.order == order_id).order_by(order_moves.c.seq)
        with faults.told():
            return tuple(_move(row) for row in self._connection.execute(query))


def seen_by(scope: Scope) -> ColumnElement[bool]:
    """Say of an order's row whether it may be seen.

    Residents see what they asked for, volunteers besides what is offered to them or was accepted by them, a leader
    what the team is asked first or one of it holds, staff what lies in their area.
    """
    if scope.nothing:
        return ~true()
    bounds = [orders.c.region == scope.region]
    for column, bound in ((orders.c.unit, scope.unit), (orders.c.site, scope.site)):
        if bound is not None:
            bounds.append(column == bound)
    if scope.team is not None:
        bounds.append(or_(orders.c.team == scope.team, _held(offers.c.team == scope.team)))
    if scope.account is not None or scope.volunteer is not None:
        own = [] if scope.account is None else [orders.c.requester == scope.account]
        held = [] if scope.volunteer is None else [_held(offers.c.volunteer == scope.volunteer)]
        bounds.append(or_(*own, *held))
    return and_(*bounds)


def _held(by: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(offers.c.order == orders.c.id, offers.c.state.in_(_SHOWN_TO), by)


def _values(order: Order) -> dict[str, Any]:
    sheet = order.sheet
    return {
        "id": order.id, "region": order.region, "unit": order.unit, "site": order.site, "team": order.team,
        "category": sheet.category, "service": sheet.service, "words": sheet.words,
        "need": {
            "skills": list(sheet.need.skills), "certified": list(sheet.need.certified),
            "languages": list(sheet.need.languages), "adults_only": sheet.need.adults_only,
        },
        "lon": sheet.lon, "lat": sheet.lat, "address": sheet.contact.address, "contact_name": sheet.contact.name,
        "contact_phone": sheet.contact.phone, "starts_at": sheet.starts_at, "ends_at": sheet.ends_at,
        "people_needed": sheet.people_needed, "taken": order.taken, "for_other": sheet.for_other,
        "consent": sheet.consent, "way": sheet.way.value, "requester": order.requester, "taken_by": order.taken_by,
        "state": order.state.value, "moves": order.moves, "version": order.version, "deadline": order.deadline,
        "step": order.step, "placed_at": order.placed_at,
    }  # fmt: skip


def _order(row: Row[Any]) -> Order:
    need = Need(
        tuple(row.need["skills"]), tuple(row.need["certified"]), tuple(row.need["languages"]),
        row.need["adults_only"],
    )  # fmt: skip
    sheet = Sheet(
        row.category, row.service, row.words, row.lon, row.lat,
        Contact(row.address, row.contact_name, row.contact_phone), row.starts_at, row.ends_at, need,
        row.people_needed, row.for_other, row.consent, Way(row.way),
    )  # fmt: skip
    return Order(
        row.id, row.region, sheet, row.requester, row.taken_by, row.unit, row.site, row.team, OrderState(row.state),
        row.placed_at, row.taken, row.moves, row.version, row.deadline, row.step,
    )  # fmt: skip


def _move_values(move: Move, seq: int) -> dict[str, Any]:
    return {
        "order": move.order, "seq": seq, "before": move.before and move.before.value, "after": move.after.value,
        "who": move.who, "actor": move.actor.value, "at": move.at, "why": move.why,
    }  # fmt: skip


def _move(row: Row[Any]) -> Move:
    before = row.before and OrderState(row.before)
    return Move(row.order, before, OrderState(row.after), row.who, Actor(row.actor), row.at, row.why)
