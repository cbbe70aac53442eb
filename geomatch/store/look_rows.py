"""Who saw an address and a phone number in full, in the database; never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from geomatch.store import faults, ids
from geomatch.store.tables.orders import contact_looks as looks
from geomatch.volunteering.looks import Look
from geomatch.volunteering.roles import Role

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


class LookRows:
    """The looks of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, region: str, look: Look) -> None:
        """Write a look down, in the unit of work that shows what is looked at."""
        row = {
            "id": ids.fresh(), "region": region, "order": look.order, "account": look.account,
            "role": look.role.value, "why": look.why, "at": look.at,
        }  # fmt: skip
        with faults.told():
            self._connection.execute(insert(looks).values(**row))

    def page(self, region: str, *, order: str | None, limit: int, offset: int) -> tuple[int, tuple[Look, ...]]:
        """Count and list the looks of a region, or at one order of it, the newest first."""
        mine = looks.c.region == region
        if order is not None:
            mine &= looks.c.order == order
        query = select(looks).where(mine).order_by(looks.c.at.desc(), looks.c.id).limit(limit).offset(offset)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(looks).where(mine)).scalar_one()
            return int(count), tuple(_look(row) for row in self._connection.execute(query))


def _look(row: Row[Any]) -> Look:
    return Look(row.order, row.account, Role(row.role), row.at, row.why)
