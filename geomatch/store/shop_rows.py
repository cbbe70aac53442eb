"""Goods of the points shop and what is ordered there, in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, select, update

from geomatch.errors import NotFoundError
from geomatch.store import faults, new_rows
from geomatch.store.tables.points import goods, redemptions
from geomatch.volunteering.shop import Goods, Redemption, RedemptionState

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row


class ShopRows:
    """The shops of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, each: Goods, at: datetime) -> None:
        """Write goods whose id is new."""
        self._run(
            insert(goods).values(
                id=each.id, region=each.region, site=each.site, name=each.name, price=each.price, stock=each.stock,
                stocked=each.stocked, is_open=each.is_open, changed_at=at,
            )
        )  # fmt: skip

    def get(self, goods_id: str, region: str, site: str | None) -> Goods:
        """Find goods of a region, or of one of its sites; NotFoundError where there are none."""
        mine = and_(goods.c.id == goods_id, goods.c.region == region)
        with faults.told():
            query = select(goods).where(mine if site is None else and_(mine, goods.c.site == site))
            row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(f"there are no goods {goods_id!r} that this account may see")
        return _goods(row)

    def take(self, goods_id: str, count: int, at: datetime) -> bool:
        """Take some off the shelf; False, and nothing happened, where there are not as many, or they are closed."""
        enough = and_(goods.c.id == goods_id, goods.c.is_open, goods.c.stock >= count)
        with faults.told():
            row = update(goods).where(enough).values(stock=goods.c.stock - count, changed_at=at)
            return self._connection.execute(row).rowcount == 1

    def put_back(self, goods_id: str, count: int, at: datetime) -> None:
        """Put some back on the shelf that were taken."""
        self._run(update(goods).where(goods.c.id == goods_id).values(stock=goods.c.stock + count, changed_at=at))

    def restock(self, goods_id: str, change: int, at: datetime) -> bool:
        """Put more in, or take some out; False, and nothing happened, where there are not as many."""
        enough = and_(goods.c.id == goods_id, goods.c.stock + change >= 0)
        row = update(goods).where(enough)
        row = row.values(stock=goods.c.stock + change, stocked=goods.c.stocked + change, changed_at=at)
        with faults.told():
            return self._connection.execute(row).rowcount == 1

    def set_open(self, goods_id: str, at: datetime, *, is_open: bool) -> None:
        """Offer goods, or no longer."""
        self._run(update(goods).where(goods.c.id == goods_id).values(is_open=is_open, changed_at=at))

    def goods(
        self, region: str, *, only_open: bool, limit: int, offset: int
    ) -> tuple[int, tuple[Goods, ...]]:  # fmt: skip
        """Count the goods of a region and list some, by name."""
        mine = goods.c.region == region
        if only_open:
            mine = and_(mine, goods.c.is_open)
        query = select(goods).where(mine).order_by(goods.c.name, goods.c.id).limit(limit).offset(offset)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(goods).where(mine)).scalar_one()
            return int(count), tuple(_goods(row) for row in self._connection.execute(query))

    def all_goods(self, region: str) -> tuple[Goods, ...]:
        """List all goods of a region by id."""
        with faults.told():
            rows = self._connection.execute(select(goods).where(goods.c.region == region).order_by(goods.c.id))
            return tuple(_goods(row) for row in rows)

    def order(self, each: Redemption) -> bool:
        """Write an order of goods; False where its code is taken."""
        row = insert(redemptions).values(
            id=each.id, region=each.region, volunteer=each.volunteer, goods=each.goods, site=each.site,
            pieces=each.count, points=each.points, code=each.code, state=each.state.value, made_at=each.made_at,
            ends_at=each.ends_at, why=each.why,
        )  # fmt: skip
        return new_rows.written(self._connection, row)

    def by_code(self, region: str, site: str, code: str) -> Redemption | None:
        """Find what is ordered at a site by its code, and keep others from it; None where there is none."""
        mine = and_(redemptions.c.region == region, redemptions.c.site == site, redemptions.c.code == code)
        return self._one(mine)

    def by_id(self, redemption_id: str, region: str) -> Redemption | None:
        """Find one by its id, and keep others from it; None where there is none."""
        return self._one(and_(redemptions.c.id == redemption_id, redemptions.c.region == region))

    def _one(self, mine: ColumnElement[bool]) -> Redemption | None:
        with faults.told():
            row = self._connection.execute(select(redemptions).where(mine).with_for_update()).one_or_none()
        return None if row is None else _redemption(row)

    def end(self, each: Redemption) -> None:
        """Write how an order of goods ended."""
        row = update(redemptions).where(redemptions.c.id == each.id)
        self._run(row.values(state=each.state.value, ended_at=each.ended_at, ended_by=each.ended_by, why=each.why))

    def redemptions(
        self, region: str, *, site: str | None, volunteer: str | None, limit: int, offset: int
    ) -> tuple[int, tuple[Redemption, ...]]:
        """Count what is ordered in a region, or at a site, or by a volunteer, and list some, the newest first."""
        mine = redemptions.c.region == region
        for column, bound in ((redemptions.c.site, site), (redemptions.c.volunteer, volunteer)):
            if bound is not None:
                mine = and_(mine, column == bound)
        query = select(redemptions).where(mine).order_by(redemptions.c.made_at.desc(), redemptions.c.id)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(redemptions).where(mine)).scalar_one()
            rows = self._connection.execute(query.limit(limit).offset(offset))
            return int(count), tuple(_redemption(row) for row in rows)

    def overdue(self, region: str, at: datetime, *, limit: int) -> tuple[str, ...]:
        """List the ids of what was put by for too long, the longest first."""
        mine = and_(
            redemptions.c.region == region, redemptions.c.state == RedemptionState.RESERVED.value,
            redemptions.c.ends_at <= at,
        )  # fmt: skip
        query = select(redemptions.c.id).where(mine).order_by(redemptions.c.ends_at, redemptions.c.id).limit(limit)
        with faults.told():
            return tuple(self._connection.execute(query).scalars())

    def counts_out(self, region: str, undone: Collection[RedemptionState]) -> dict[str, int]:
        """Count by goods how many are ordered or handed out."""
        mine = and_(redemptions.c.region == region, redemptions.c.state.not_in([state.value for state in undone]))
        query = select(redemptions.c.goods, func.sum(redemptions.c.pieces)).where(mine).group_by(redemptions.c.goods)
        with faults.told():
            return {goods_id: int(count) for goods_id, count in self._connection.execute(query)}

    def _run(self, statement: Any) -> None:
        with faults.told():
            self._connection.execute(statement)


def _goods(row: Row[Any]) -> Goods:
    return Goods(row.id, row.region, row.site, row.name, row.price, row.stock, row.stocked, row.is_open)


def _redemption(row: Row[Any]) -> Redemption:
    return Redemption(
        row.id, row.region, row.volunteer, row.goods, row.site, row.pieces, row.points, row.code,
        RedemptionState(row.state), row.made_at, row.ends_at, row.ended_at, row.ended_by, row.why,
    )  # fmt: skip
