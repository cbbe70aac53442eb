"""A transaction, or a part of one: what is committed in a part comes true, or not, with the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.store import change_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from geomatch.store.change_rows import Change


class Transaction:
    """One transaction on a connection of its own.

    Attributes:
        connection: its transaction has begun.
        changes: to be listed at the commit; see store/change_rows.py.
    """

    def __init__(self, connection: Connection, announce: Callable[[], None]) -> None:
        """Take a connection whose transaction has begun, and what is to be called when listed changes are true."""
        self.connection = connection
        self.changes: list[Change] = []
        self._announce = announce

    def commit(self) -> None:
        """Make everything so far last, and tell those who follow changes."""
        announced = bool(self.changes)
        if announced:
            change_rows.write(self.connection, self.changes)
            self.changes.clear()
        self.connection.commit()
        if announced:
            self._announce()

    def close(self) -> None:
        """Take back what was not committed."""
        self.connection.close()  # rolls back first


class Part:
    """A part of a transaction that somebody else commits.

    Attributes:
        connection: that of the whole.
        changes: as above.
    """

    def __init__(self, whole: Transaction) -> None:
        """Begin a part."""
        self.connection = whole.connection
        self.changes: list[Change] = []
        self._whole = whole
        self._place = self.connection.begin_nested()

    def commit(self) -> None:
        """Make everything so far a piece of the whole; what follows is a part again."""
        self._place.commit()
        self._whole.changes += self.changes
        self.changes.clear()
        self._place = self.connection.begin_nested()

    def close(self) -> None:
        """Take back what was not committed."""
        if self._place.is_active:
            self._place.rollback()
