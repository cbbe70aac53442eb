"""Commands that keep what the database holds: a backup while it is used, and putting one back."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from geomatch.cli.accounting import database

if TYPE_CHECKING:
    import argparse

    from geomatch.files.backup_file import Backup


def backup(options: argparse.Namespace) -> None:
    """Copy the whole database into a file, while it is used."""
    from geomatch.services import backups  # noqa: PLC0415 - each command opens only its own rooms

    with closing(database()) as store:
        made = backups.back_up(store, options.file, at=datetime.now(UTC))
    print(f"{options.file}: {_told(made)} of {store.shown}")
    print("it holds names and phones in full: keep it safe 含个人信息，请妥善保管")


def restore(options: argparse.Namespace) -> None:
    """Put a backup in the place of everything the database holds, all of it or nothing."""
    from geomatch.services import backups  # noqa: PLC0415 - as above

    with closing(database()) as store:
        made = backups.restore(store, options.file, replaces=options.yes)
    print(f"{store.shown}: {_told(made)}, as it was at {made.made_at}")


def _told(made: Backup) -> str:
    return f"{sum(table.rows for table in made.tables):,} rows of {len(made.tables)} tables"
