"""The file of an embedded database: made once, opened, written by one at a time."""

from __future__ import annotations

import random
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from geomatch.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

_PAUSES_S = (0.001, 0.008)
_CACHE_KIB = 16_000
"""So much of the file a connection keeps at most; of SQLite's own 2 MB a great write goes out and comes back."""


def make(path: Path, *, wait_s: float) -> None:
    """Make the file, and its folder, where there is none; readers then never wait for the writer (WAL).

    Raises:
        StoreError: it cannot be made there.
        sqlite3.Error: there is a file that is no database, or another program keeps it locked.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(0o600)
    except OSError as error:
        raise StoreError(f"the database cannot be made at {path}: {error.strerror}") from error
    connection = connect(path, wait_s=wait_s)
    try:
        _patiently(lambda: connection.execute("PRAGMA journal_mode = WAL"), wait_s)  # kept in the file from then on
    finally:
        connection.close()


def connect(path: Path, *, wait_s: float) -> sqlite3.Connection:
    """Open the file for reading and writing; it must be there.

    Args:
        path: the file.
        wait_s: how long a reader waits where another program keeps everybody out.
    """
    where = f"file:{quote(str(path))}?mode=rw"
    connection = sqlite3.connect(where, uri=True, timeout=wait_s, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut too
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return connection


def surely_lacks(url: str, query: str, *values: str) -> bool:
    """Tell of a database's URL, at little cost, that its file has no row for a query; False where it is not sure."""
    head = "sqlite:///"
    if not url.startswith(head) or "?" in url:
        return False
    path = Path(url.removeprefix(head))
    if not path.exists():
        return True
    try:
        connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=1)
        try:
            return connection.execute(query, values).fetchone() is None
        finally:
            connection.close()
    except sqlite3.Error:
        return False


def take_pen(connection: sqlite3.Connection, *, wait_s: float) -> None:
    """Begin a transaction that may write, once nobody else does.

    SQLite's own waiting sleeps longer and longer, up to 0.1 s, and so misses the short moments that a busy writer
    leaves: it would keep another out for seconds. Short pauses of chance find them.
    """
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        _patiently(lambda: connection.execute("BEGIN IMMEDIATE"), wait_s)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(wait_s * 1000)}")


def mark(path: Path) -> tuple[int, int] | None:
    """Give what tells a file from another that is put in its place; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def _patiently(step: Callable[[], object], wait_s: float) -> None:
    """Do what others may be doing just now: try again until it is done, no longer than wait_s."""
    until = time.monotonic() + wait_s
    while True:
        try:
            step()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(random.uniform(*_PAUSES_S))  # noqa: S311 - no secret
        else:
            return
