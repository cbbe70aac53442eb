"""A real service and its worker under a load of edits, killed at moments of chance, life after life."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from geomatch.services import accounts, job_kinds, jobs
from geomatch.store import copies
from geomatch.volunteering.roles import Principal, Role
from tests import helping
from tests.regions import lonlat
from tests.running import READY_S, Line, environment, served, signed_in, wait_until_ready, workers_of

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from geomatch.store.database import Database

SECRET = "walk-there-and-back"  # noqa: S105 - of an account that lives as long as a test
EDITORS, HELPINGS, BETWEEN_KILLS_S, AT = 2, 3, (0.2, 1.2), "/api/v1/regions/little/sites"
KILLS_A_LIFE = 7
"""Four workers of the service, `geomatch worker` twice, and in the end everything at once."""

LON, LAT = lonlat(3.2, 3.0)


class Editor(threading.Thread):
    """Adds a site and changes it, again and again; what gets no answer is sent again under the same key.

    Attributes:
        added: names of the sites whose adding was acknowledged.
        renamed: of those, the ones whose change was acknowledged.
        trying: the name that was under way at the end.
        surprises: answers that no editor should get.
    """

    def __init__(self, port: int, label: str, headers: dict[str, str], over: threading.Event) -> None:
        super().__init__()
        self.line, self.label, self.over = Line(port, headers), label, over
        self.added: set[str] = set()
        self.renamed: set[str] = set()
        self.trying = ""
        self.surprises: list[Any] = []

    def run(self) -> None:
        """Edit until it is over."""
        number = 0
        while not self.over.is_set():
            self.trying = f"{self.label}.{number}"
            number += 1
            self._edit(self.trying)
        self.line.close()

    def _edit(self, name: str) -> None:
        body = {"name": name, "kind": "station", "lon": LON, "lat": LAT}
        made = self._until_told(201, "POST", AT, body, Idempotency_Key=name)
        if made is None:
            return
        self.added.add(name)
        path = f"{AT}/{made[1]['id']}"
        if self._until_told(200, "PUT", path, {**body, "capacity": 7}, If_Match='"1"') is not None:
            self.renamed.add(name)

    def _until_told(self, status: int, method: str, path: str, body: Any, **headers: str) -> Any:
        """Ask until there is an answer: 412 means that an attempt without one had done it."""
        while not self.over.is_set():
            told = self.line.ask(method, path, body, **headers)
            if told is None or told[0] == 503:
                time.sleep(0.02)
                continue
            if told[0] in {status, 412}:
                return told
            self.surprises.append(told)
            return None
        return None


def open_centre(database: Database) -> None:
    """Open an account of the centre."""
    who = Principal("", Role.CENTRE, "little")
    accounts.add(database.writing(), "centre", who, SECRET, at=datetime.now(UTC))


def put_jobs(database: Database, life: int) -> None:
    """Put jobs for `geomatch worker`."""
    with database.writing() as work:
        for number in range(20):
            work.jobs.put(kind="tidy", region="little", key=f"{life}.{number}", due_at=datetime.now(UTC))
        work.commit()


@contextlib.contextmanager
def at_work(folder: Path, database_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `geomatch worker`; it is gone afterwards."""
    command = [sys.executable, "-m", "geomatch", "worker", str(folder)]
    given = environment(database_url) | {"GEOMATCH_NOTICE_HOSTS": helping.HERE}
    with subprocess.Popen(command, env=given) as process:
        try:
            yield process
        finally:
            process.kill()


@dataclass
class Heard:
    """What those who put load on the service heard, all of whom have ended."""

    editors: list[Editor] = field(default_factory=list)
    helpings: list[helping.Helping] = field(default_factory=list)


def live(folder: Path, stage: helping.Stage, heard: Heard, chance: random.Random) -> None:
    """Serve under load and kill every process at a moment of chance; what was heard is added to the rest."""
    over, life = threading.Event(), len(heard.editors)
    put_jobs(stage.database, life)
    with served(folder, stage.url) as (process, port), at_work(folder, stage.url) as worker:
        wait_until_ready(process, port)
        headers = signed_in(port, "centre", SECRET)
        editors = [Editor(port, f"{life}.{number}", headers, over) for number in range(EDITORS)]
        helpings = [
            helping.Helping(port, f"{life}.{number}", stage, over) for number in range(HELPINGS)
        ]  # fmt: skip
        heard.editors += editors
        heard.helpings += helpings
        for each in (*editors, *helpings):
            each.start()
        marked = [*workers_of(process), worker.pid]
        chance.shuffle(marked)
        for pid in marked:
            time.sleep(chance.uniform(*BETWEEN_KILLS_S))
            os.kill(pid, signal.SIGKILL)
        with at_work(folder, stage.url):
            until = time.monotonic() + READY_S
            while not any(each.fetched or each.surprises for each in helpings):  # a slow machine proves something too
                assert time.monotonic() < until
                time.sleep(0.05)
            time.sleep(chance.uniform(*BETWEEN_KILLS_S))
            os.killpg(process.pid, signal.SIGKILL)
            over.set()
    for each in (*editors, *helpings):
        each.join(60)
        assert not each.is_alive()


def assert_nothing_lost_or_doubled(stage: helping.Stage, heard: Heard) -> None:
    """What was acknowledged is there once, what was under way at most once; every job was done, every notice told."""
    worker = jobs.Worker(stage.database, job_kinds.KINDS, ["little"])
    while worker.step(datetime.now(UTC) + timedelta(minutes=1)):  # by when the lease of whoever was killed is over
        pass
    helping.assert_all_told(stage)
    with copies.taken(stage.database) as copy:
        rows = {
            sheet.name: [dict(zip(sheet.columns, row, strict=True)) for row in copy.rows(sheet)]
            for sheet in copy.sheets
        }
    helping.assert_helped(stage, rows, heard.helpings)
    assert_edited(rows, heard.editors)
    ours = {row["state"] for row in rows["jobs"] if row["kind"] == "tidy" and "." in row["key"]}
    assert ours == {"done"}


def assert_edited(rows: helping.Rows, editors: list[Editor]) -> None:
    """Every acknowledged edit is there once, what was under way at most once."""
    made = Counter(row["name"] for row in rows["sites"] if row["filed"] is None)
    changed = {row["name"] for row in rows["sites"] if row["filed"] is None and row["version"] == 2}
    added = set[str]().union(*(editor.added for editor in editors))
    trying = {editor.trying for editor in editors}
    assert [editor.surprises for editor in editors] == [[]] * len(editors)
    assert max(made.values()) == 1
    assert added <= made.keys() <= added | trying
    assert set[str]().union(*(editor.renamed for editor in editors)) <= changed <= made.keys()
    assert len(made) > len(editors)
