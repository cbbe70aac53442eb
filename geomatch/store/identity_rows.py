"""Keys of identities in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from geomatch.store import faults
from geomatch.store.tables.identities import identities

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

VOLUNTEER, ACCOUNT = "volunteer", "account"
_AT_A_TIME = 2000


class IdentityRows:
    """Which volunteers and accounts are one person, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def known(self, region: str, kind: str) -> dict[str, str]:
        """Give the subjects of a kind by their keys."""
        mine = (identities.c.region == region) & (identities.c.kind == kind)
        with faults.told():
            rows = self._connection.execute(select(identities.c.key, identities.c.subject).where(mine)).all()
        return {row.key: row.subject for row in rows}

    def of(self, region: str, keys: Collection[str]) -> tuple[tuple[str, str], ...]:
        """List whom the keys stand for: kind and id."""
        mine = (identities.c.region == region) & identities.c.key.in_(keys)
        query = select(identities.c.kind, identities.c.subject).where(mine).distinct()
        with faults.told():
            rows = self._connection.execute(query.order_by(identities.c.kind, identities.c.subject))
            return tuple((row.kind, row.subject) for row in rows)

    def keys_of(self, subject: str) -> tuple[str, ...]:
        """List the keys of a volunteer or an account."""
        query = select(identities.c.key).where(identities.c.subject == subject).order_by(identities.c.key)
        with faults.told():
            return tuple(self._connection.execute(query).scalars())

    def put(self, region: str, kind: str, keys: Mapping[str, str]) -> None:
        """Write keys by subject, one each, over those that the subjects had."""
        given = list(keys.items())
        for start in range(0, len(given), _AT_A_TIME):
            part = given[start : start + _AT_A_TIME]
            self._run(delete(identities).where(identities.c.subject.in_([subject for subject, _ in part])))
            rows = [{"region": region, "key": key, "kind": kind, "subject": subject} for subject, key in part]
            self._run(insert(identities), rows)

    def add(self, region: str, kind: str, subject: str, keys: Collection[str]) -> None:
        """Write all keys of one subject, over those that it had."""
        self.forget(subject)
        rows = [{"region": region, "key": key, "kind": kind, "subject": subject} for key in set(keys)]
        if rows:
            self._run(insert(identities), rows)

    def forget(self, subject: str) -> None:
        """Forget who a volunteer or an account is."""
        self._run(delete(identities).where(identities.c.subject == subject))

    def _run(self, statement: Any, rows: list[dict[str, Any]] | None = None) -> None:
        with faults.told():
            self._connection.execute(statement, rows)
