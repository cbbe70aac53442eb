"""Backup and restore: the whole database at one moment, on either kind, all of it or nothing."""

from __future__ import annotations

import json
import threading
import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from sqlalchemy import insert

from geomatch.cli import main
from geomatch.errors import InputError, StoreError
from geomatch.files import backup_file
from geomatch.services import backups, live_sites, scenarios
from geomatch.services.followed import Followed
from geomatch.store import copies, migrating
from geomatch.store.database import Database
from geomatch.store.schema import REVISION, metadata
from tests.integration.test_live_sites import CENTRE, NEW
from tests.integration.test_store import draft
from tests.serving import region_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Column

    from tests.postgres import Cluster

NOW = datetime(2026, 11, 29, 8, 0, 0, 123456, tzinfo=UTC)
BEFORE = Path(__file__).parents[1] / "releases" / "revision-0005.zip"
"""What the release before this one kept: accounts, people, scenarios, notices, jobs, written by its own services."""

VALUES: dict[str, Any] = {
    "UtcTime": NOW, "JSON": ["甲", 1, None, 0.1 + 0.2], "Boolean": True, "Integer": 7, "BigInteger": 2**40,
    "Float": 0.1 + 0.2, "Date": date(1990, 2, 28), "Time": time(22, 30), "LargeBinary": b"\0\xff",
    "Place": shapely.Point(116.30040402083344, 39.9),
}  # fmt: skip


def cell(column: Column[Any], number: int) -> Any:
    """Make up something that a column takes."""
    kind = type(column.type).__name__
    if kind in VALUES:
        return number if column.primary_key and kind in {"Integer", "BigInteger"} else VALUES[kind]
    longest = getattr(column.type, "length", None) or 60
    return f"{number} {column.name} <b>'\"\\\n"[:longest]


def fill(database: Database) -> None:
    """Write two rows into every table that there is."""
    with database.whole(writes=True) as connection:
        for table in metadata.sorted_tables:
            for number in (1, 2):
                connection.execute(insert(table).values({each.name: cell(each, number) for each in table.columns}))
        connection.commit()


def content(database: Database) -> dict[str, list[list[Any]]]:
    """Give every row of every table, but for the list of changes, which a restore adds to."""
    with copies.taken(database) as copy:
        return {sheet.name: list(copy.rows(sheet)) for sheet in copy.sheets if sheet.name != "changes"}


@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_every_row_of_every_table_comes_back_on_either_database(
    database: Database, target: str, tmp_path: Path, postgresql: Cluster
) -> None:
    """To the last bit: moments, places, figures, texts, what is nothing."""
    fill(database)
    made = backups.back_up(database, tmp_path / "a.zip", at=NOW)
    assert {table.name: table.rows for table in made.tables} == dict.fromkeys(metadata.tables, 2)
    other = Database(f"sqlite:///{tmp_path / 'other.db'}" if target == "sqlite" else postgresql.fresh())
    backups.restore(other, tmp_path / "a.zip", replaces=False)
    assert content(other) == content(database)
    assert (tmp_path / "a.zip").stat().st_mode & 0o077 == 0
    other.close()


def test_a_backup_is_of_one_moment_while_others_write(database: Database, tmp_path: Path) -> None:
    """What one unit of work wrote to two tables is in it whole or not at all, and nobody waited for the backup."""
    over = threading.Event()
    written: list[str] = []

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            scenario = scenarios.Scenario(f"{number:024d}", draft(f"第{number}"), NOW, NOW, 1)
            with database.writing() as work:
                work.scenarios.add(scenario, f"第{number}")
                work.keys.claim("a", f"{number:024d}", "x", NOW)
                work.commit()
            written.append(scenario.id)

    with_writer = threading.Thread(target=write)
    with_writer.start()
    made = []
    try:
        for turn in range(5):
            before = len(written)
            made.append((before, backups.back_up(database, tmp_path / f"{turn}.zip", at=NOW)))
    finally:
        over.set()
        with_writer.join(60)
    for before, backup in made:
        saved = {row[0] for row in backup.rows("scenarios")}
        assert saved == {row[1] for row in backup.rows("idempotency_keys")}
        assert set(written[:before]) <= saved
    assert len(written) > made[0][0]


def damaged(path: Path) -> list[Callable[[], None]]:
    """Give ways to spoil a backup."""
    whole = path.read_bytes()

    def with_page(change: dict[str, Any]) -> None:
        with zipfile.ZipFile(path) as packed:
            parts = {name: packed.read(name) for name in packed.namelist()}
        page = json.loads(parts["geomatch-backup.json"])
        with zipfile.ZipFile(path, "w") as packed:
            for name, part in parts.items():
                told = json.dumps(page | change) if name == "geomatch-backup.json" else part
                packed.writestr(name, told)

    def spoil(at: float) -> None:
        spot = int(len(whole) * at)
        path.write_bytes(whole[:spot] + bytes([whole[spot] ^ 0xFF]) + whole[spot + 1 :])

    return [
        lambda: spoil(0.3),
        lambda: spoil(0.6),
        lambda: path.write_bytes(whole[: len(whole) // 2]),
        lambda: path.write_bytes(b""),
        lambda: path.write_text("no backup"),
        lambda: with_page({"revision": "9999"}),
        lambda: with_page({"format": 2}),
        lambda: with_page({"tables": 1}),
        lambda: with_page({"tables": [{"name": "scenarios", "columns": {"id": "plain"}, "rows": 5, "sha256": "x"}]}),
        path.unlink,
    ]


def test_what_cannot_be_trusted_is_refused_and_nothing_is_lost(database: Database, tmp_path: Path) -> None:
    """A byte changed anywhere, cut off, no backup, of a newer release, gone: told, and the database is as it was."""
    fill(database)
    path = tmp_path / "a.zip"
    backups.back_up(database, path, at=NOW)
    before, whole = content(database), path.read_bytes()
    for spoil in damaged(path):
        path.write_bytes(whole)
        spoil()
        with pytest.raises(InputError):
            backups.restore(database, path, replaces=True)
    path.write_bytes(whole)
    with pytest.raises(InputError, match="--yes"):
        backups.restore(database, path, replaces=False)
    assert content(database) == before


def test_a_row_that_the_database_refuses_leaves_everything_as_it_was(database: Database, tmp_path: Path) -> None:
    """In the middle of it: the tables were made anew already, and are the old ones again."""
    fill(database)
    before = content(database)
    with copies.taken(database) as copy:
        sheets = copy.sheets
        rows = {sheet.name: list(copy.rows(sheet)) for sheet in sheets}
    rows[sheets[-1].name] *= 2
    with pytest.raises(StoreError):
        copies.put_back(database, REVISION, sheets, lambda sheet: rows[sheet.name])
    assert content(database) == before
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    with pytest.raises(InputError, match="newer"):
        copies.put_back(other, "9999", sheets, lambda sheet: rows[sheet.name])


def test_who_follows_sites_sees_those_that_were_restored(
    database: Database, database_url: str, little_region: Path, tmp_path: Path
) -> None:
    """Though the list of changes is an older one: no figure is given out twice."""
    region, theirs = region_of(little_region), Database(database_url)
    follower = Followed([region], theirs)
    backups.back_up(database, tmp_path / "before.zip", at=NOW)
    live_sites.add(database.writing(), region, NEW, who=CENTRE, at=NOW)
    assert len(follower.regions()[0].sites) == len(region.sites) + 1
    backups.restore(database, tmp_path / "before.zip", replaces=True)
    assert follower.regions()[0].sites == region.sites
    live_sites.add(database.writing(), region, NEW, who=CENTRE, at=NOW)
    assert len(follower.regions()[0].sites) == len(region.sites) + 1
    theirs.close()


def test_the_data_of_the_release_before_is_kept_up_the_steps_and_down(database: Database) -> None:
    """Every row that it wrote reads the same in this release, and again after the steps back down."""
    backup = backup_file.read(BEFORE)
    wanted = {table.name: [dict(zip(table.columns, row, strict=True)) for row in backup.rows(table.name)]
              for table in backup.tables if table.name != "changes"}  # fmt: skip
    assert min(map(len, wanted.values())) > 0
    backups.restore(database, BEFORE, replaces=False)
    with copies.taken(database) as copy:
        assert copy.revision == REVISION
        found = {sheet.name: [dict(zip(sheet.columns, row, strict=True)) for row in copy.rows(sheet)]
                 for sheet in copy.sheets}  # fmt: skip
    for name, rows in wanted.items():
        assert [{column: row[column] for column in rows[0]} for row in found[name]] == rows, name
    with database.whole(writes=True) as connection:
        from alembic import command

        command.downgrade(migrating.config_for(connection), backup.revision)
        assert migrating.revision(connection) == backup.revision
        migrating.move(connection, "head")
        connection.commit()
    after = content(database)
    for name, rows in wanted.items():
        if name != "changes":
            assert len(after[name]) == len(rows), name


def test_one_command_each(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They say what they did; a restore over something wants --yes."""
    monkeypatch.setenv("GEOMATCH_DATABASE_URL", database_url)
    path = str(tmp_path / "a.zip")
    assert main(["restore", str(BEFORE)]) == 0
    assert main(["backup", path]) == 0
    assert "rows of" in capsys.readouterr().out
    assert main(["restore", path]) == 1
    assert "--yes" in capsys.readouterr().err
    assert main(["restore", path, "--yes"]) == 0
    assert main(["backup", str(tmp_path / "no" / "a.zip")]) == 1
    assert main(["restore", str(tmp_path)]) == 1
