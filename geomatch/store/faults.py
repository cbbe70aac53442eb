"""What a database complains of, in words."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFreeError

from geomatch.errors import BusyError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

_BY_SQLITE_NAME = (
    # first match holds; names as sqlite3 gives them, of which there are many that begin alike
    ("SQLITE_BUSY", "is locked by another program; try again soon"),
    ("SQLITE_LOCKED", "is locked by another program; try again soon"),
    ("SQLITE_READONLY", "may not be written; look at the rights of its file and folder"),
    ("SQLITE_FULL", "cannot be written: the disk is full"),
    ("SQLITE_CANTOPEN", "cannot be opened; is its file still there, and may it be read and written?"),
    ("SQLITE_IOERR", "cannot be read or written: the disk reports a fault, or is full"),
    ("SQLITE_CORRUPT", "is damaged; put back a copy"),
    ("SQLITE_NOTADB", "is damaged, or no database at all; put back a copy"),
)
_BY_SQLSTATE = (
    # first match holds; PostgreSQL's codes, of which the first two letters are the class
    ("53100", "cannot be written: the disk is full"),
    ("53", "has no room for one more connection or query; try again soon"),
    ("55P03", "is locked by another program; try again soon"),
    ("57014", "took too long to answer; try again soon"),
    ("57P", "is being stopped or started; try again soon"),
    ("25006", "may not be written: it is set to read only"),
    ("28", "does not let us in; look at user and password in GEOMATCH_DATABASE_URL"),
    ("3D", "is not there; create it, or look at its name in GEOMATCH_DATABASE_URL"),
    ("42501", "does not let us do that; look at the rights of its user"),
    ("42P01", "has lost a table; put back a copy"),
    ("40", "was asked for the same thing twice at once; try again"),
    ("08", "cannot be reached; is it running?"),
)
_PASSING_NAMES = ("SQLITE_BUSY", "SQLITE_LOCKED")
_PASSING_STATES = ("40", "55P03")  # serialization failure and deadlock; a lock that was not to be had
_log = logging.getLogger(__name__)


@contextmanager
def told() -> Iterator[None]:
    """Turn every fault of the database into a StoreError; the log has what the database itself said."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        _log.warning("database: %s", getattr(error, "orig", None) or error)
        kind = BusyError if _is_passing(error) else StoreError
        raise kind(f"the database {_words(error)}") from error


def _is_passing(error: SQLAlchemyError | sqlite3.Error) -> bool:
    """Tell whether the same work, begun anew, may well succeed at once: nothing of it was done."""
    if isinstance(error, NoneFreeError):
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    name, state = getattr(cause, "sqlite_errorname", None), getattr(cause, "sqlstate", None)
    return (name or "").startswith(_PASSING_NAMES) or (state or "").startswith(_PASSING_STATES)


def _words(error: SQLAlchemyError | sqlite3.Error) -> str:
    if isinstance(error, NoneFreeError):
        return "is asked by too many at once; try again soon"
    cause = error.orig if isinstance(error, DBAPIError) else error
    name = getattr(cause, "sqlite_errorname", None)
    if name is not None:
        return _first(_BY_SQLITE_NAME, name) or "cannot be used; the log of the service says why"
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return _first(_BY_SQLSTATE, state) or "cannot be used; the log of the service says why"
    return "cannot be reached; is it running, and is GEOMATCH_DATABASE_URL right?"


def _first(table: tuple[tuple[str, str], ...], name: str) -> str | None:
    return next((words for start, words in table if name.startswith(start)), None)
