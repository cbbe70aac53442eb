"""Use cases: a copy of the whole database into one file while others write, and back, all of it or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.errors import InputError
from geomatch.files import backup_file
from geomatch.store import copies
from geomatch.store.copies import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from geomatch.files.backup_file import Backup
    from geomatch.store.database import Database


def back_up(database: Database, path: Path, *, at: datetime) -> Backup:
    """Write the database as it is at one moment into a file; nobody waits for it.

    Raises:
        InputError: the file cannot be written.
        StoreError: the database cannot be read.
    """
    with copies.taken(database) as copy:
        tables = ((sheet.name, sheet.columns, copy.rows(sheet)) for sheet in copy.sheets)
        return backup_file.write(path, copy.revision, at.isoformat(timespec="seconds"), tables)


def restore(database: Database, path: Path, *, replaces: bool) -> Backup:
    """Put a backup back, of either kind of database into either; what is there now is lost.

    Args:
        database: which.
        path: the backup.
        replaces: whether it may be put in the place of a database that holds something.

    Raises:
        InputError: the file is damaged, no backup, or made by a newer geomatch; or it would replace something.
        StoreError: the database does not take it; it is then as it was.
    """
    backup = backup_file.read(path)
    held = copies.counts(database)
    if held and not replaces:
        told = f"would replace {sum(held.values()):,} rows of {len(held)} tables; say --yes to lose them"
        raise InputError.of(str(path), told)
    sheets = [Sheet(table.name, table.columns) for table in backup.tables]

    def rows(sheet: Sheet) -> Iterable[list[Any]]:
        return backup.rows(sheet.name)

    copies.put_back(database, backup.revision, sheets, rows)
    return backup
