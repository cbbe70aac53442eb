"""Reviews in the database, one an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, func, insert, select

from geomatch.store import faults, new_rows
from geomatch.store.order_rows import seen_by
from geomatch.store.tables.orders import order_moves, orders, reviews
from geomatch.volunteering.orders import Actor, OrderState
from geomatch.volunteering.reviews import Review, ReviewFigures

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from geomatch.volunteering.roles import Scope

_POINTS = ("came_on_time", "did_what_was_asked", "would_ask_again", "asked_for_money")


class ReviewRows:
    """The reviews of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, region: str, review: Review) -> bool:
        """Write a review; False where the order has one."""
        values = {name: getattr(review, name) for name in ("order", "by", "at", *_POINTS, "words")}
        return new_rows.written(self._connection, insert(reviews).values(region=region, **values))

    def get(self, order: str) -> Review | None:
        """Find the review of an order."""
        with faults.told():
            row = self._connection.execute(select(reviews).where(reviews.c.order == order)).one_or_none()
        return None if row is None else _review(row)

    def figures(self, scope: Scope, since: datetime, before: datetime) -> ReviewFigures:
        """Count the orders of a scope that were confirmed from `since` until before `before`, and what reviews say."""
        columns = [reviews.c[name] for name in _POINTS]
        both = order_moves.join(orders, orders.c.id == order_moves.c.order)
        told = order_moves.alias()
        by_phone = and_(
            told.c.order == reviews.c.order, told.c.after == OrderState.REVIEWED.value,
            told.c.actor == Actor.DISPATCHER.value,
        )  # fmt: skip
        query = (
            select(
                func.count(), func.count(reviews.c.order), func.count(told.c.order),
                *(func.sum(column.cast(Integer)) for column in columns),
            )
            .select_from(both.outerjoin(reviews, reviews.c.order == orders.c.id).outerjoin(told, by_phone))
            .where(
                seen_by(scope), order_moves.c.after == OrderState.CONFIRMED.value,
                order_moves.c.at >= since, order_moves.c.at < before,
            )
        )  # fmt: skip
        with faults.told():
            row = self._connection.execute(query).one()
        return ReviewFigures(*(int(count or 0) for count in row))


def _review(row: Row[Any]) -> Review:
    return Review(
        row.order, row.by, row.at, row.came_on_time, row.did_what_was_asked, row.would_ask_again, row.asked_for_money,
        row.words,
    )  # fmt: skip
