"""The database by its URL: how to reach it, and units of work on it."""

from __future__ import annotations

import os
import random
import select
import tempfile
import threading
import time
import weakref
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import QueuePool

from geomatch.errors import BusyError, InputError
from geomatch.store import faults, json_text, migrating, sqlite_file
from geomatch.store.announcing import Counter
from geomatch.store.transaction import Part, Transaction
from geomatch.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    import psycopg
    from sqlalchemy import Connection, Engine
    from sqlalchemy.pool import ConnectionPoolEntry

WAIT_S = 3
"""How long to wait for a lock that another holds, and for PostgreSQL to take a connection."""

STEPS_S = 120
"""How long to wait for another process that brings the tables up to date."""

ANSWER_S = 15
"""How long PostgreSQL may work at one statement."""

MOST_TRIES, _PAUSES_S = 5, (0.005, 0.05)
"""How often, and after what pauses of chance, work is begun anew that others were in the way of; never after WAIT_S."""

T = TypeVar("T")

_ALLOWED = "sqlite:////folder/file.db or postgresql://user:password@host/database"


class Database:
    """A database, reached when it is first asked; thread-safe.

    Attributes:
        kind: "sqlite" or "postgresql".
        counter: moves whenever something that is listed among the changes has changed on this machine.
        limits_file: where its users' counts of requests are kept, for all processes of this machine.
        shown: its address without the password, for people.
    """

    def __init__(self, url: str) -> None:
        """Take an address; nothing is opened yet.

        Raises:
            InputError: it is no address of a database that geomatch knows.
        """
        parsed = _parsed(url)
        self.kind = parsed.get_backend_name()
        self._file = Path(str(parsed.database)).absolute() if self.kind == "sqlite" else None
        self.shown = str(self._file or parsed.set(query={}).render_as_string(hide_password=True))
        self._engine = _postgresql(parsed) if self._file is None else _sqlite(self._file)
        weakref.finalize(self, self._engine.dispose)  # nobody's database keeps no connections
        self.counter = Counter(_beside(parsed, self._file, "changes"))
        self.limits_file = _beside(parsed, self._file, "limits")
        self._whole: ContextVar[Transaction | None] = ContextVar("whole", default=None)
        self._preparing = threading.Lock()
        self._is_prepared = False

    def prepare(self) -> None:
        """Bring the tables up to date; many processes may do so at once. Makes the file of SQLite where there is none.

        Raises:
            StoreError: the database cannot be used, or a newer geomatch made it.
        """
        with self._preparing, faults.told():
            if self._is_prepared:
                return
            if self._file is not None:
                sqlite_file.make(self._file, wait_s=WAIT_S)
            with self._begun(writes=False) as connection:
                is_current = migrating.is_current(connection)
            if not is_current:
                with self._begun(writes=True, wait_s=STEPS_S) as connection:
                    migrating.upgrade(connection)
                    connection.commit()
            self._is_prepared = True

    def exists(self) -> bool:
        """Tell whether it may hold something: a file that is not there holds nothing."""
        return self._file is None or self._file.exists()

    def writing(self) -> UnitOfWork:
        """Give a unit of work that may write; on SQLite it has the only pen until it ends."""
        return UnitOfWork(partial(self._transaction, writes=True))

    def reading(self) -> UnitOfWork:
        """Give a unit of work that only reads and waits for nobody.

        On SQLite it sees one picture; PostgreSQL would show what was committed meanwhile in a transaction as well, so
        there is none, which spares two of three messages where one thing is read.
        """
        return UnitOfWork(partial(self._transaction, writes=False))

    @contextmanager
    def together(self) -> Iterator[UnitOfWork]:
        """Make every unit of work that this thread opens meanwhile a part of one that is committed at the end.

        Gives a unit of work that is one of the parts; where the block is left by an error, nothing happened at all.
        """
        with faults.told():
            whole = self._transaction(writes=True)
        if isinstance(whole, Part):
            raise RuntimeError("these units of work are parts already")  # noqa: TRY004 - it is when, not what
        token = self._whole.set(whole)
        try:
            with self.writing() as work:
                yield work
                work.commit()
            with faults.told():
                whole.commit()
        finally:
            self._whole.reset(token)
            with faults.told():
                whole.close()

    @contextmanager
    def whole(self, *, writes: bool) -> Iterator[Connection]:
        """Give a connection for work on all tables at once: one picture of them, or the only pen; for this room only.

        However long it takes; where the block ends without a commit, nothing happened.
        """
        with faults.told(), self._prepared(writes=writes) as connection:
            if self.kind == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                if not writes:
                    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            yield connection

    def retrying(self, do: Callable[[], T]) -> T:
        """Do something that opens one unit of work; where others were in its way, do it again, a few times.

        Raises:
            BusyError: it was tried MOST_TRIES times, or for WAIT_S.
        """
        until = time.monotonic() + WAIT_S
        for _ in range(MOST_TRIES - 1):
            try:
                return do()
            except BusyError:
                if self._whole.get() is not None or time.monotonic() > until:
                    raise
                time.sleep(random.uniform(*_PAUSES_S))  # noqa: S311 - no secret
        return do()

    def check(self) -> None:
        """Ask the database for an answer; StoreError says why there is none."""
        with faults.told(), self._prepared(writes=False) as connection:
            connection.execute(text("SELECT version_num FROM alembic_version"))

    def close(self) -> None:
        """Let go of every connection; the next unit of work opens anew."""
        self._engine.dispose()

    def _transaction(self, *, writes: bool) -> Transaction | Part:
        whole = self._whole.get()
        if whole is not None:
            return Part(whole)
        is_one = writes or self.kind == "sqlite"
        return Transaction(self._prepared(writes=writes, is_one=is_one), self.counter.move)

    def _prepared(self, *, writes: bool, is_one: bool = True) -> Connection:
        if not self._is_prepared:
            self.prepare()
        return self._begun(writes=writes, is_one=is_one)

    def _begun(self, *, writes: bool, is_one: bool = True, wait_s: float | None = None) -> Connection:
        """Open a connection and begin, unless each statement is to stand alone (not `is_one`).

        On SQLite one that read first would be refused the pen without waiting.
        """
        connection = self._engine.connect()
        try:
            if is_one:
                connection.execution_options(writes=writes, wait_s=wait_s or WAIT_S)
            else:
                connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.begin()
        except BaseException:
            connection.close()
            raise
        return connection


def _parsed(url: str) -> URL:
    refused = InputError.of("GEOMATCH_DATABASE_URL", f"must be {_ALLOWED}")  # it may hold a password: not shown
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # a port that is no figure is a ValueError
        raise refused from error
    backend = parsed.get_backend_name()
    if backend not in {"sqlite", "postgresql", "postgres"} or not parsed.database:
        raise refused
    if parsed.database == ":memory:":
        raise InputError.of("GEOMATCH_DATABASE_URL", "must name a file: each worker would have a memory of its own")
    return parsed.set(drivername="sqlite" if backend == "sqlite" else "postgresql+psycopg")


def _beside(url: URL, file: Path | None, what: str) -> Path:
    """Say where what processes share of a database is: beside its file, else in the folder of running programs."""
    if file is not None:
        return file.with_name(f"{file.name}-{what}")
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or Path(tempfile.gettempdir()) / f"geomatch-{os.getuid()}")
    named = f"{url.host or ''}:{url.port or ''}/{url.database}?{sorted(url.query.items())}"
    return folder / f"geomatch-{sha256(named.encode()).hexdigest()[:16]}-{what}"


def _sqlite(path: Path) -> Engine:
    """Keep connections open, each for as long as the file it was opened on is the one that stands there.

    Else a file that was removed, or had a copy put in its place, would be written to unseen.
    """

    def connect() -> sqlite3.Connection:
        return sqlite_file.connect(path, wait_s=WAIT_S)

    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_timeout=WAIT_S, json_deserializer=json_text.read
    )

    @event.listens_for(engine, "connect")
    def note(_: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        record.info["file"] = sqlite_file.mark(path)

    @event.listens_for(engine, "checkout")
    def check(_: sqlite3.Connection, record: ConnectionPoolEntry, __: object) -> None:
        mark = sqlite_file.mark(path)
        if mark is None or mark != record.info["file"]:
            raise DisconnectionError("the file is another one")  # the pool then opens it anew

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # the driver left to itself would begin late and without a lock
        options = connection.get_execution_options()
        if options["writes"]:
            raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
            sqlite_file.take_pen(raw, wait_s=options["wait_s"])
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    options = f"-c lock_timeout={WAIT_S}s -c statement_timeout={ANSWER_S}s -c timezone=UTC"
    engine = create_engine(
        url,
        pool_timeout=WAIT_S,
        json_deserializer=json_text.read,
        connect_args={"connect_timeout": WAIT_S, "options": options},
    )

    @event.listens_for(engine, "checkout")
    def check(connection: psycopg.Connection, _: ConnectionPoolEntry, __: object) -> None:
        """Notice a server that was started again before a request is spent on it, without asking it anything.

        It says nothing unasked but that it is gone.
        """
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        if poll.poll(0):
            raise DisconnectionError("the server hung up")  # the pool then opens it anew

    return engine
