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
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from geomatch.services import accounts, job_kinds, jobs
from geomatch.store import copies
from geomatch.store.database import Database
from geomatch.volunteering.roles import Principal, Role
from tests.regions import lonlat
from tests.running import Line, environment, served, signed_in, wait_until_ready, workers_of

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "walk-there-and-back"  # noqa: S105 - of an account that lives as long as a test
EDITORS, BETWEEN_KILLS_S, AT = 3, (0.2, 1.2), "/api/v1/regions/little/sites"
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


def open_centre(database_url: str) -> None:
    """Open an account of the centre."""
    database = Database(database_url)
    who = Principal("", Role.CENTRE, "little")
    accounts.add(database.writing(), "centre", who, SECRET, at=datetime.now(UTC))
    database.close()


def put_jobs(database_url: str, life: int) -> None:
    """Put jobs for `geomatch worker`."""
    database = Database(database_url)
    with database.writing() as work:
        for number in range(20):
            work.jobs.put(kind="tidy", region="little", key=f"{life}.{number}", due_at=datetime.now(UTC))
        work.commit()
    database.close()


@contextlib.contextmanager
def at_work(folder: Path, database_url: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `geomatch worker`; it is gone afterwards."""
    command = [sys.executable, "-m", "geomatch", "worker", str(folder)]
    with subprocess.Popen(command, env=environment(database_url)) as process:
        try:
            yield process
        finally:
            process.kill()


def live(folder: Path, database_url: str, life: int, chance: random.Random) -> list[Editor]:
    """Serve under load and kill every process at a moment of chance; gives the editors, all of whom have ended."""
    over = threading.Event()
    put_jobs(database_url, life)
    with served(folder, database_url) as (process, port), at_work(folder, database_url) as worker:
        wait_until_ready(process, port)
        headers = signed_in(port, "centre", SECRET)
        editors = [Editor(port, f"{life}.{number}", headers, over) for number in range(EDITORS)]
        for editor in editors:
            editor.start()
        marked = [*workers_of(process), worker.pid]
        chance.shuffle(marked)
        for pid in marked:
            time.sleep(chance.uniform(*BETWEEN_KILLS_S))
            os.kill(pid, signal.SIGKILL)
        with at_work(folder, database_url):
            time.sleep(chance.uniform(*BETWEEN_KILLS_S))
            os.killpg(process.pid, signal.SIGKILL)
            over.set()
    for editor in editors:
        editor.join(60)
    return editors


def assert_nothing_lost_or_doubled(database_url: str, editors: list[Editor]) -> None:
    """Every acknowledged edit is there once, what was under way at most once; every job was done."""
    database = Database(database_url)
    worker = jobs.Worker(database, job_kinds.KINDS, ["little"])
    while worker.step(datetime.now(UTC) + timedelta(minutes=1)):  # by when the lease of whoever was killed is over
        pass
    with copies.taken(database) as copy:
        rows = {
            sheet.name: [dict(zip(sheet.columns, row, strict=True)) for row in copy.rows(sheet)]
            for sheet in copy.sheets
            if sheet.name in {"sites", "jobs"}
        }
    database.close()
    made = Counter(row["name"] for row in rows["sites"] if row["filed"] is None)
    changed = {row["name"] for row in rows["sites"] if row["filed"] is None and row["version"] == 2}
    added = set[str]().union(*(editor.added for editor in editors))
    trying = {editor.trying for editor in editors}
    assert [editor.surprises for editor in editors] == [[]] * len(editors)
    assert max(made.values()) == 1
    assert added <= made.keys() <= added | trying
    assert set[str]().union(*(editor.renamed for editor in editors)) <= changed <= made.keys()
    assert len(made) > len(editors)
    states = Counter(row["state"] for row in rows["jobs"] if "." in row["key"])
    assert states.keys() == {"done"}
