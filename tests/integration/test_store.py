"""The store on both databases: units of work, migrations, and what the database complains of."""

from __future__ import annotations

import contextlib
import gc
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import inspect, text

from geomatch.errors import ChangedError, ConflictError, NotFoundError
from geomatch.planning.coverage import CoverageRow
from geomatch.planning.saved import Build, Draft, Reckoning, Scenario
from geomatch.services import scenarios
from geomatch.store import database as database_room
from geomatch.store import migrating, schema, sqlite_file
from geomatch.store.database import Database

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

NOW = datetime(2026, 11, 23, 8, 30, 0, 123456, tzinfo=UTC)
FIGURES = CoverageRow(None, None, 20001, 16572, 0.1 + 0.2, 132, 0.9, None, 532.7908724445737, 1067.7, 1308.1, None)
QUESTION = {"add": [{"lon": 116.30040402083344, "lat": 39.9, "name": "新站 <b>'\"\\"}], "close": [], "minutes": 15.0}


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    """Here the steps to the tables are tested too."""
    return empty_database_url


def draft(name: str = "甲", region: str = "little") -> Draft:
    """Make something to save."""
    return Draft(
        region,
        name,
        "两行\n说明",
        QUESTION,
        Reckoning(Build("b1", "2026-11-23T08:00:00+08:00"), "f" * 64, FIGURES, FIGURES),
    )


def tables_of(connection: Connection) -> list[str]:
    """List the tables but for PostGIS's own."""
    return [name for name in inspect(connection).get_table_names() if name != "spatial_ref_sys"]


def is_on_both(_object: object, name: str | None, _kind: str, *_: object) -> bool:
    """Tell alembic that PostGIS's own table is none of ours, and that only PostgreSQL has an index of places."""
    return name not in {"spatial_ref_sys", "ix_sites_place"}


def save(database: Database, name: str = "甲", region: str = "little") -> Scenario:
    """Save one."""
    return scenarios.save(database.writing(), draft(name, region), at=NOW)


def test_what_is_saved_is_found_to_the_last_bit(database: Database) -> None:
    """Text, JSON, floats, times with their zone; and a time given elsewhere is the same moment."""
    saved = save(database)
    assert scenarios.found(database.reading(), saved.id) == saved
    there = NOW.astimezone(timezone(timedelta(hours=8)))
    changed = scenarios.change(database.writing(), saved.id, draft("乙"), version=1, at=there)
    found = scenarios.found(database.reading(), saved.id)
    assert found == changed
    assert (found.created_at, found.updated_at, found.updated_at.tzinfo) == (NOW, NOW, UTC)


def test_what_is_not_committed_did_not_happen(database: Database) -> None:
    """Left by an error or just left."""
    scenario = Scenario("a" * 24, draft(), NOW, NOW, 1)
    with contextlib.suppress(ZeroDivisionError), database.writing() as work:
        work.scenarios.add(scenario, "甲")
        raise ZeroDivisionError
    with database.writing() as work:
        work.scenarios.add(scenario, "甲")
    assert scenarios.listed(database.reading(), "little", limit=10, offset=0) == (0, ())


def test_a_name_that_is_taken_leaves_the_unit_of_work_whole(database: Database) -> None:
    """The error names the holder, and what was done before it can still be committed."""
    held = save(database)
    other = Scenario("b" * 24, draft("乙"), NOW, NOW, 1)
    with database.writing() as work:
        work.scenarios.add(other, "乙")
        with pytest.raises(ConflictError, match="甲") as caught:
            work.scenarios.add(replace(other, id="c" * 24, draft=draft()), "甲")
        work.commit()
    assert caught.value.holder == held.id
    assert scenarios.listed(database.reading(), "little", limit=10, offset=0)[0] == 2
    assert save(database, region="other").draft.name == "甲"


def test_a_full_region_takes_no_more(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was one too many is not there."""
    monkeypatch.setattr(scenarios, "MAX_SAVED", 2)
    save(database, "一"), save(database, "二")
    with pytest.raises(ConflictError, match="delete some"):
        save(database, "三")
    assert scenarios.listed(database.reading(), "little", limit=10, offset=0)[0] == 2


def test_of_many_who_change_the_same_version_one_wins(database: Database) -> None:
    """All at once: one change, all others are told that it was changed meanwhile."""
    saved = save(database)
    many = 8
    together = threading.Barrier(many)

    def change(number: int) -> bool:
        together.wait()
        try:
            scenarios.change(database.writing(), saved.id, draft(f"第{number}"), version=1, at=NOW)
        except ChangedError:
            return False
        return True

    with ThreadPoolExecutor(many) as pool:
        won = list(pool.map(change, range(many)))
    assert won.count(True) == 1
    found = scenarios.found(database.reading(), saved.id)
    assert (found.version, found.draft.name) == (2, f"第{won.index(True)}")


def test_of_many_who_save_the_same_name_one_wins(database: Database) -> None:
    """All at once: one is saved, all others are told who has the name."""
    many = 8
    together = threading.Barrier(many)

    def try_to_save(_: int) -> str | None:
        together.wait()
        try:
            save(database)
        except ConflictError as error:
            return error.holder
        return "won"

    with ThreadPoolExecutor(many) as pool:
        told = list(pool.map(try_to_save, range(many)))
    (held,) = scenarios.listed(database.reading(), "little", limit=10, offset=0)[1]
    assert sorted(told, key=str) == sorted(["won", *[held.id] * (many - 1)])


def test_what_was_deleted_is_gone(database: Database) -> None:
    """It cannot be deleted twice, and its name is free."""
    saved = save(database)
    with pytest.raises(ChangedError):
        scenarios.remove(database.writing(), saved.id, version=2)
    scenarios.remove(database.writing(), saved.id, version=1)
    with pytest.raises(NotFoundError):
        scenarios.remove(database.writing(), saved.id, version=None)
    save(database)


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")  # SQLAlchemy knows no PostGIS, and need not
def test_steps_lead_up_and_down_and_the_tables_are_what_the_code_says(database: Database) -> None:
    """Alembic finds nothing to do at the top; at the bottom no table is left; up again everything works."""
    from alembic import command
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    save(database)
    with database._begun(writes=True) as connection:
        config = migrating.config_for(connection)
        assert ScriptDirectory.from_config(config).get_current_head() == schema.REVISION
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_on_both})
        assert compare_metadata(context, schema.metadata) == []
        command.downgrade(config, "base")
        assert tables_of(connection) == ["alembic_version"]
        command.upgrade(config, "head")
        connection.commit()
    assert save(database).version == 1


def test_a_failed_step_leaves_nothing_behind(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that ends in the middle of the steps: the next one finds an empty database and takes them all."""
    upgrade = migrating.upgrade

    def interrupted(connection: object) -> None:
        upgrade(connection)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(migrating, "upgrade", interrupted)
        with pytest.raises(KeyboardInterrupt):
            database.prepare()
    with database._begun(writes=False) as connection:
        assert tables_of(connection) == []
    save(database)


def test_many_who_start_together_take_the_steps_once(database_url: str) -> None:
    """Workers that all find an empty database wait for the first."""
    many = 6
    databases = [Database(database_url) for _ in range(many)]
    together = threading.Barrier(many)

    def start(database: Database) -> None:
        together.wait()
        database.prepare()
        database.close()

    with ThreadPoolExecutor(many) as pool:
        list(pool.map(start, databases))
    assert save(databases[0]).version == 1
    databases[0].close()


def test_who_starts_while_another_takes_the_steps_waits_longer_than_a_request_would(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps of a large database take their time."""
    monkeypatch.setattr(database_room, "WAIT_S", 1)
    upgrade, under_way = migrating.upgrade, threading.Event()

    def slow(connection: object) -> None:
        upgrade(connection)  # type: ignore[arg-type]
        under_way.set()
        time.sleep(1.5)

    first, second = Database(database_url), Database(database_url)
    with monkeypatch.context() as patched, ThreadPoolExecutor(1) as pool:
        patched.setattr(migrating, "upgrade", slow)
        begun = pool.submit(first.prepare)
        assert under_way.wait(30)
        patched.setattr(migrating, "upgrade", upgrade)
        second.prepare()
        begun.result()
    assert save(second).version == 1
    first.close()
    second.close()


def test_a_database_of_a_newer_release_is_refused(database: Database, database_url: str) -> None:
    """In words, and untouched."""
    save(database)
    with database._begun(writes=True) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    later = Database(database_url)
    with pytest.raises(OSError, match="newer geomatch"):
        later.prepare()
    later.close()


def test_a_database_that_nobody_holds_lets_go_of_its_connections(database_url: str) -> None:
    """They are closed with it, and not left to be complained of."""
    left = Database(database_url)
    with left.reading() as work:
        lent = work._transaction.connection.connection.dbapi_connection
    assert lent is not None
    lent.cursor().close()
    del left, work
    gc.collect()
    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
        lent.cursor()


def test_sqlite_writes_a_great_change_to_its_log_once(tmp_path: Path) -> None:
    """Nothing is there before the commit: pages that go out and come back cost a call-up a tenth of its computing."""
    file = tmp_path / "geomatch.db"
    sqlite_file.make(file, wait_s=1)
    connection = sqlite_file.connect(file, wait_s=1)
    with contextlib.closing(connection):
        connection.execute("CREATE TABLE rows (id TEXT PRIMARY KEY, body TEXT)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("BEGIN IMMEDIATE")
        rows = ((sha256(b"%d" % number).hexdigest(), "x" * 400) for number in range(10_000))
        connection.executemany("INSERT INTO rows VALUES (?, ?)", rows)
        log = file.with_name("geomatch.db-wal")
        assert log.stat().st_size == 0
        connection.execute("COMMIT")
        assert log.stat().st_size > 4_000_000
