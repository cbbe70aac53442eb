"""Writing a row whose key may be taken already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from geomatch.store import faults

if TYPE_CHECKING:
    from sqlalchemy import Connection, Executable


def written(connection: Connection, statement: Executable) -> bool:
    """Write; False, and nothing happened, where it would break a constraint, such as a key that is taken.

    One who writes the same key at the same time is waited for.
    """
    with faults.told():
        if connection.dialect.name != "postgresql":  # SQLite takes a statement back that fails, and goes on
            try:
                connection.execute(statement)
            except IntegrityError:
                return False
            return True
        place = connection.begin_nested()
        try:
            connection.execute(statement)
        except IntegrityError:
            place.rollback()
            return False
        place.commit()
    return True
