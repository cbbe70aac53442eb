"""The list of what changed, written as the last thing before a commit, so that its order is that of the commits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, text

from geomatch.store import faults
from geomatch.store.tables.core import changes

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    Change = tuple[str, str, str, datetime]

EVERYTHING = ""
"""Stands for all rows of what changed."""

_LOCK = 0x6765_6F63  # "geoc": any figure that nothing else in the database locks by


class ChangeRows:
    """What changed in all regions, inside one unit of work."""

    def __init__(self, connection: Connection, waiting: list[Change]) -> None:
        """Work on a connection whose transaction has begun; `waiting` are changes to be listed at its commit."""
        self._connection = connection
        self._waiting = waiting

    def put(self, region: str, what: str, row: str, at: datetime) -> None:
        """Say that a row of what others follow changed, EVERYTHING for all; they see it after the commit."""
        self._waiting.append((region, what, row, at))

    def newest(self, region: str, what: str) -> int:
        """Give the figure of the newest change; 0 where there is none."""
        query = select(func.max(changes.c.seq)).where(changes.c.region == region, changes.c.what == what)
        with faults.told():
            return int(self._connection.execute(query).scalar_one() or 0)

    def after(self, region: str, what: str, seq: int) -> tuple[int, tuple[str, ...]]:
        """Give the newest figure, and the rows that changed after a figure, each once; EVERYTHING stands for all."""
        mine = (changes.c.region == region) & (changes.c.what == what) & (changes.c.seq > seq)
        query = select(changes.c.seq, changes.c.row).where(mine).order_by(changes.c.seq)
        with faults.told():
            found = self._connection.execute(query).all()
        return (found[-1].seq if found else seq), tuple(dict.fromkeys(row.row for row in found))

    def forget(self, before: datetime) -> int:
        """Forget changes that are older than a time; gives how many."""
        with faults.told():
            return int(self._connection.execute(delete(changes).where(changes.c.at < before)).rowcount)


def write(connection: Connection, waiting: list[Change]) -> None:
    """List changes; the next to do so waits until this transaction has ended, so that no reader passes one over."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    rows = [{"region": region, "what": what, "row": row, "at": at} for region, what, row, at in dict.fromkeys(waiting)]
    connection.execute(insert(changes), rows)
