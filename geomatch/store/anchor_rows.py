"""The anchors that were sent out, in the database; what readers kept of them is what counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select

from geomatch.store import faults
from geomatch.store.tables.hours import hour_anchors as anchors
from geomatch.volunteering.hours import Anchor

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


class AnchorRows:
    """The anchors of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, anchor: Anchor) -> None:
        """Keep one."""
        row = insert(anchors).values(region=anchor.region, at=anchor.at, number=anchor.number, hash=anchor.hash)
        with faults.told():
            self._connection.execute(row)

    def all(self, region: str) -> tuple[Anchor, ...]:
        """List every anchor of a region, the oldest first."""
        rows = select(anchors).where(anchors.c.region == region).order_by(anchors.c.at)
        with faults.told():
            return tuple(_anchor(row) for row in self._connection.execute(rows))

    def page(self, region: str, *, limit: int, offset: int) -> tuple[int, tuple[Anchor, ...]]:
        """Count the anchors of a region and list some, the newest first."""
        mine = anchors.c.region == region
        rows = select(anchors).where(mine).order_by(anchors.c.at.desc()).limit(limit).offset(offset)
        with faults.told():
            matched = int(self._connection.execute(select(func.count()).where(mine)).scalar_one())
            return matched, tuple(_anchor(row) for row in self._connection.execute(rows))


def _anchor(row: Row[Any]) -> Anchor:
    return Anchor(row.region, row.number, row.hash, row.at)
