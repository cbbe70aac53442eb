"""One piece of work on the database: everything in it happens at its commit, or nothing does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.store import faults
from geomatch.store.account_rows import AccountRows
from geomatch.store.notice_rows import OutboxRows
from geomatch.store.people_rows import PeopleRows
from geomatch.store.scenario_rows import ScenarioRows

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from sqlalchemy import Connection


class UnitOfWork:
    """Used as `with work:`; whatever is not committed is taken back at the end. For one use.

    Attributes:
        scenarios: the saved scenarios, inside the `with`; so are all that follow.
        accounts: who may sign in, and who is signed in.
        people: teams and volunteers.
        outbox: what people are to be told.
    """

    scenarios: ScenarioRows
    accounts: AccountRows
    people: PeopleRows
    outbox: OutboxRows

    def __init__(self, begin: Callable[[], Connection]) -> None:
        """Take how to open a connection whose transaction has begun; made by Database."""
        self._begin = begin

    def __enter__(self) -> Self:
        """Begin.

        Raises:
            StoreError: the database cannot be used.
        """
        with faults.told():
            self._connection = self._begin()
        self.scenarios = ScenarioRows(self._connection)
        self.accounts = AccountRows(self._connection)
        self.people = PeopleRows(self._connection)
        self.outbox = OutboxRows(self._connection)
        return self

    def commit(self) -> None:
        """Make everything so far last; StoreError where the database does not take it."""
        with faults.told():
            self._connection.commit()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take back what was not committed."""
        with faults.told():
            self._connection.close()  # rolls back first
