"""Keys of requests in the database, each with the first answer that its request got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from geomatch.store import faults, new_rows
from geomatch.store.tables.core import idempotency_keys as keys

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What was asked under a key and answered.

    Attributes:
        asked: hash of method, path and body.
        status: of HTTP.
        headers: (name, value).
        body: as it was sent.
    """

    asked: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


class KeyRows:
    """The keys of all accounts, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def get(self, account: str, key: str) -> FirstAnswer | None:
        """Find the first answer under a key of an account; None where there is none yet."""
        mine = (keys.c.account == account) & (keys.c.key == key)
        with faults.told():
            row = self._connection.execute(select(keys).where(mine)).one_or_none()
        if row is None:
            return None
        return FirstAnswer(row.asked, row.status, tuple((name, value) for name, value in row.headers), row.body)

    def claim(self, account: str, key: str, asked: str, at: datetime) -> bool:
        """Take a key for this unit of work, before it does anything else; False where another request has it.

        One who comes at the same time waits here until this unit of work has ended.
        """
        row = insert(keys).values(account=account, key=key, asked=asked, status=0, headers=[], body="", at=at)
        return new_rows.written(self._connection, row)

    def put(self, account: str, key: str, answer: FirstAnswer) -> None:
        """Keep the answer under a key that this unit of work has claimed."""
        mine = update(keys).where((keys.c.account == account) & (keys.c.key == key))
        headers = [list(pair) for pair in answer.headers]
        with faults.told():
            self._connection.execute(mine.values(status=answer.status, headers=headers, body=answer.body))

    def forget(self, before: datetime) -> int:
        """Forget keys that are older than a time; gives how many."""
        with faults.told():
            return int(self._connection.execute(delete(keys).where(keys.c.at < before)).rowcount)
