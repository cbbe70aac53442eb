"""A database that is locked, read only, full, damaged, gone or back again: words and a 503, while streets answer on."""

from __future__ import annotations

import contextlib
import os
import resource
import sqlite3
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from geomatch.store import database as database_room
from tests.regions import lonlat
from tests.serving import Asking

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.postgres import Cluster

LON, LAT = lonlat(13.5, 1.2)
NUMBERS = count(1)


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for a lock is tested, not endured."""
    monkeypatch.setattr(database_room, "WAIT_S", 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the database of the test lies."""
    return tmp_path / "store" / "scenarios.db"


@pytest.fixture
def embedded(little_region: Path, file: Path) -> Asking:
    """The API over SQLite, with one scenario saved."""
    api = Asking(little_region, f"sqlite:///{file}")
    save(api)
    return api


@pytest.fixture
def on_postgresql(little_region: Path, postgresql: Cluster) -> Iterator[tuple[Asking, str]]:
    """The API over PostgreSQL, with one scenario saved, and the URL of its database."""
    url = postgresql.fresh()
    api = Asking(little_region, url)
    save(api)
    yield api, url
    api.close()


def save(api: Asking) -> str:
    """Save a scenario and read a 201; gives its id."""
    response = api.client.post(f"{api.at}/scenarios", json={"name": f"方案{next(NUMBERS)}", "question": {}})
    assert response.status_code == 201, response.text
    return str(response.get_json()["id"])


def assert_refused(api: Asking, words: str, *, reads: bool) -> None:
    """Every call that needs the database says why it is not there; what needs none is answered."""
    body, path = {"name": "x", "question": {}}, f"/api/v1/scenarios/{'0' * 24}"
    calls = [api.client.post(f"{api.at}/scenarios", json=body)]
    if reads:
        calls += [
            api.get("scenarios"),
            api.get(path),
            api.client.put(path, json=body, headers={"If-Match": "*"}),
            api.client.delete(path),
            api.get("/api/v1/scenarios/compare", a="0" * 24, b="now"),
        ]
    for response in calls:
        assert words in api.problem(response, 503)["detail"]
    assert api.answer("nearest", lon=LON, lat=LAT)["features"]


def assert_not_ready(api: Asking, words: str) -> None:
    """The watcher is told as well."""
    response = api.get("/readyz")
    told: Any = response.get_json()
    assert (response.status_code, told["status"], told["database"]["status"]) == (503, "no database", "unreachable")
    assert words in told["database"]["fault"]


def test_a_locked_file_can_be_read_but_not_written(embedded: Asking, file: Path) -> None:
    """Another program has the pen: saving waits a little and gives up; once it is free, saving works."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert_refused(embedded, "locked by another program", reads=False)
        assert embedded.answer("scenarios")["numberMatched"] == 1
        assert embedded.get("/readyz").status_code == 200
        other.execute("ROLLBACK")
    save(embedded)


def test_a_file_that_is_gone_is_missed_and_not_made_anew(embedded: Asking, file: Path) -> None:
    """Nobody begins an empty database while serving; put back, everything is there."""
    aside = file.with_suffix(".aside")
    file.rename(aside)
    assert_refused(embedded, "is its file still there", reads=True)
    assert_not_ready(embedded, "is its file still there")
    assert not file.exists()
    aside.rename(file)
    assert embedded.answer("scenarios")["numberMatched"] == 1
    assert embedded.answer("/readyz")["database"] == {"kind": "sqlite", "status": "reachable"}


@pytest.mark.parametrize(("content", "words"), [(b"no database at all" * 400, "is damaged"), (b"", "the log")])
def test_a_damaged_file_is_told(embedded: Asking, file: Path, content: bytes, words: str) -> None:
    """Overwritten by something else, or emptied."""
    embedded.close()  # what is still in the log would hide it, and mend the file
    file.write_bytes(content)
    assert_refused(embedded, words, reads=True)
    assert_not_ready(embedded, words)


@contextlib.contextmanager
def without_rights(file: Path) -> Iterator[None]:
    """Take the right to write a file and its folder; root has to become somebody else for it."""
    if os.geteuid() == 0:
        os.seteuid(65534)
    else:
        file.chmod(0o444)
        file.parent.chmod(0o555)
    try:
        yield
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        file.parent.chmod(0o755)


def test_a_file_without_the_right_to_write_is_told(little_region: Path) -> None:
    """In words about rights, with nothing half-written."""
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders let nobody else in
        Path(folder).chmod(0o755)
        file = Path(folder) / "scenarios.db"
        api = Asking(little_region, f"sqlite:///{file}")
        save(api)
        file.chmod(0o644)
        api.close()  # what is open already stays so
        with without_rights(file):
            assert_refused(api, "may", reads=False)
        assert api.answer("scenarios")["numberMatched"] == 1


def test_a_full_disk_is_told_and_nothing_is_half_written(embedded: Asking, file: Path) -> None:
    """The file may not grow: saving fails in words, what was saved can be read, and with room again saving works."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        assert_refused(embedded, "is full", reads=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert embedded.answer("scenarios")["numberMatched"] == 1
    save(embedded)
    with contextlib.closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_place_where_no_file_can_be_is_told(little_region: Path, tmp_path: Path) -> None:
    """A folder stands in a file's place, a file in a folder's."""
    (tmp_path / "folder.db").mkdir()
    (tmp_path / "file").touch()
    for path in (tmp_path / "folder.db", tmp_path / "file" / "scenarios.db"):
        api = Asking(little_region, f"sqlite:///{path}")
        assert_refused(api, "the database cannot be", reads=True)
        assert_not_ready(api, "the database cannot be")


def test_a_stopped_server_is_told_and_missed_no_longer_than_it_is_away(
    on_postgresql: tuple[Asking, str], postgresql: Cluster
) -> None:
    """Started again, or killed and started again, it answers without a new start of the service."""
    api, _ = on_postgresql
    for end in (postgresql.stop, postgresql.kill):
        end()
        try:
            assert_refused(api, "cannot be reached", reads=True)
            assert_not_ready(api, "cannot be reached")
        finally:
            postgresql.start()
        save(api)
    assert api.answer("scenarios")["numberMatched"] == 3
    assert api.answer("/readyz")["database"] == {"kind": "postgresql", "status": "reachable"}


def test_connections_that_were_cut_are_made_anew(on_postgresql: tuple[Asking, str]) -> None:
    """Nobody notices."""
    api, url = on_postgresql
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database()"
        )
    save(api)


def test_a_locked_table_is_told(on_postgresql: tuple[Asking, str]) -> None:
    """Waiting ends; once it is free, saving works."""
    api, url = on_postgresql
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE scenarios")
        assert_refused(api, "locked by another program", reads=False)
    save(api)


def test_a_server_set_to_read_only_is_told(on_postgresql: tuple[Asking, str], postgresql: Cluster) -> None:
    """Reading goes on."""
    api, _ = on_postgresql
    postgresql.do("ALTER SYSTEM SET default_transaction_read_only = on")
    postgresql.do("SELECT pg_reload_conf()")
    try:
        wait_for(lambda: api.client.post(f"{api.at}/scenarios", json={"name": "x", "question": {}}).status_code == 503)
        assert_refused(api, "read only", reads=False)
        assert api.answer("scenarios")["numberMatched"] >= 1
    finally:
        with psycopg.connect(postgresql.url("postgres"), autocommit=True) as owner:
            owner.execute("SET default_transaction_read_only = off")
            owner.execute("ALTER SYSTEM RESET default_transaction_read_only")
            owner.execute("SELECT pg_reload_conf()")


def test_a_lost_table_is_told(on_postgresql: tuple[Asking, str]) -> None:
    """Somebody dropped it."""
    api, url = on_postgresql
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("DROP TABLE scenarios")
    assert_refused(api, "lost a table", reads=True)


def test_a_row_that_somebody_made_unreadable_is_told(on_postgresql: tuple[Asking, str]) -> None:
    """A question that is none: the problem names the scenario."""
    api, url = on_postgresql
    scenario_id = save(api)
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("UPDATE scenarios SET question = '{\"add\": 7}' WHERE id = %s", [scenario_id])
    assert scenario_id in api.problem(api.get(f"/api/v1/scenarios/{scenario_id}"), 503)["detail"]


def test_a_database_that_is_not_there_is_told(little_region: Path, postgresql: Cluster) -> None:
    """Its name is wrong, or nobody listens there."""
    for url in (postgresql.url("atlantis"), "postgresql://nobody:secret@127.0.0.1:9/geomatch"):
        api = Asking(little_region, url)
        assert_refused(api, "cannot be reached", reads=False)
        assert_not_ready(api, "GEOMATCH_DATABASE_URL")
        assert "secret" not in api.get("/readyz").text


def wait_for(is_so: Any) -> None:
    """Wait until something is so, no longer than 10 s."""
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)
