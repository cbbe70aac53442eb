"""The file of an embedded database: made once, opened for every unit of work."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from geomatch.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

_PAUSE_S = 0.02


def make(path: Path, *, wait_s: float) -> None:
    """Make the file, and its folder, where there is none; readers then never wait for the writer (WAL).

    Raises:
        StoreError: it cannot be made there.
        sqlite3.Error: there is a file that is no database, or another program keeps it locked.
    """
    if path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o600)
    except OSError as error:
        raise StoreError(f"the database cannot be made at {path}: {error.strerror}") from error
    until = time.monotonic() + wait_s
    while True:
        try:
            _keep_a_log(path, wait_s)
        except sqlite3.OperationalError as error:  # others that start now do the same; SQLite does not wait for that
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_PAUSE_S)
        else:
            return


def connect(path: Path, *, wait_s: float) -> sqlite3.Connection:
    """Open the file for reading and writing; it must be there.

    Args:
        path: the file.
        wait_s: how long to wait for a lock that another holds.
    """
    where = f"file:{quote(str(path))}?mode=rw"
    connection = sqlite3.connect(where, uri=True, timeout=wait_s, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut too
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _keep_a_log(path: Path, wait_s: float) -> None:
    connection = connect(path, wait_s=wait_s)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
