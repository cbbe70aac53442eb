"""A real service under a load of saves, killed: what it answered for is there, once and whole."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

from tests.running import READY_S, WORKERS, served, workers_of
from tests.serving import Asking

if TYPE_CHECKING:
    from pathlib import Path

SAVERS, BETWEEN_KILLS_S = 3, (0.3, 1.8)


def ask(port: int, method: str, path: str, body: Any = None, version: int | None = None) -> tuple[int, Any] | None:
    """Ask once; None where whoever was asked is gone before the whole answer is there."""
    headers = {"Content-Type": "application/json"} | ({} if version is None else {"If-Match": f'"{version}"'})
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        line.request(method, path, None if body is None else json.dumps(body).encode(), headers)
        answer = line.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        line.close()


def draft(name: str, version: int) -> dict[str, Any]:
    """Make a scenario all of whose parts say which name and version they are of."""
    question = {"add": [{"lon": 116.3, "lat": 39.93, "id": f"{name}@{version}"}], "metres": 500 + version}
    return {"name": name, "note": f"{name}@{version} " * 100, "question": question}


class Saver(threading.Thread):
    """Saves a scenario and changes it once, again and again; what gets no answer is tried again, as a person would.

    Attributes:
        versions: of each name the version that was acknowledged last.
        trying: the name and version that was under way at the end; None before the first.
        surprises: answers that no saver should get.
    """

    def __init__(self, port: int, label: str, over: threading.Event) -> None:
        super().__init__()
        self.port, self.label, self.over = port, label, over
        self.versions: dict[str, int] = {}
        self.trying: tuple[str, int] | None = None
        self.surprises: list[Any] = []

    def run(self) -> None:
        """Save until it is over."""
        number = 0
        while not self.over.is_set():
            name = f"{self.label}.{number}"
            number += 1
            scenario_id = self.save(name)
            if scenario_id is not None:
                self.change(name, scenario_id)

    def save(self, name: str) -> str | None:
        """Save until it is acknowledged: by 201, or by 409 where an attempt without an answer has the name."""
        self.trying = name, 1
        while not self.over.is_set():
            told = ask(self.port, "POST", "/api/v1/regions/little/scenarios", draft(name, 1))
            if told is None or told[0] == 503:
                continue
            if told[0] not in {201, 409}:
                self.surprises.append(told)
                return None
            self.versions[name] = 1
            return str(told[1]["id" if told[0] == 201 else "scenario"])
        return None

    def change(self, name: str, scenario_id: str) -> None:
        """Change it until that is acknowledged; changed meanwhile means by an attempt without an answer."""
        self.trying = name, 2
        while not self.over.is_set():
            told = ask(self.port, "PUT", f"/api/v1/scenarios/{scenario_id}", draft(name, 2), version=1)
            if told is None or told[0] == 503:
                continue
            if told[0] not in {200, 412}:
                self.surprises.append(told)
                return
            self.versions[name] = 2
            return


def test_no_kill_loses_doubles_or_halves_an_acknowledged_scenario(little_region: Path, database_url: str) -> None:
    """Every worker is killed once, at a random moment and in random order, then the whole service in the middle of it.

    No worker is killed as soon as it was put in the place of another: Granian takes that for a fault of ours, and ends.
    """
    over = threading.Event()
    with served(little_region, database_url) as (process, port):
        until = time.monotonic() + READY_S
        while (ask(port, "GET", "/readyz") or (0,))[0] != 200:
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        savers = [Saver(port, str(number), over) for number in range(SAVERS)]
        for saver in savers:
            saver.start()
        workers = workers_of(process)
        random.shuffle(workers)
        for worker in workers:
            time.sleep(random.uniform(*BETWEEN_KILLS_S))  # noqa: S311 - no secret
            os.kill(worker, signal.SIGKILL)
        wait_for_work(savers)
        assert process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)
        over.set()
        for saver in savers:
            saver.join(60)
    assert len(workers) == WORKERS
    assert [saver.surprises for saver in savers] == [[]] * SAVERS
    assert_whole(Asking(little_region, database_url), savers)


def wait_for_work(savers: list[Saver]) -> None:
    """Wait until the workers that were put in the place of the killed ones have saved something too."""
    before, until = [len(saver.versions) for saver in savers], time.monotonic() + READY_S
    while any(len(saver.versions) < count + 3 for saver, count in zip(savers, before, strict=True)):
        assert time.monotonic() < until
        time.sleep(0.05)


def assert_whole(api: Asking, savers: list[Saver]) -> None:
    """Everything acknowledged is there, once and whole; what was under way at the end is there whole or not at all."""
    acknowledged = {name: version for saver in savers for name, version in saver.versions.items()}
    under_way = dict(saver.trying for saver in savers if saver.trying is not None)
    rows: list[Any] = []
    while not rows or len(rows) < rows[0]["numberMatched"]:
        page = api.answer("scenarios", limit=1000, offset=len(rows))
        rows += [row | {"numberMatched": page["numberMatched"]} for row in page["scenarios"]]
    kept = {row["name"]: row["version"] for row in rows}
    assert len(kept) == len(rows)
    assert len(kept) > SAVERS
    assert acknowledged.keys() <= kept.keys() <= acknowledged.keys() | under_way.keys()
    for row in rows:
        name, version = row["name"], row["version"]
        assert version in {acknowledged.get(name), under_way.get(name)}
        told = api.answer(f"/api/v1/scenarios/{row['id']}")
        asked = draft(name, version)
        assert (told["note"], told["limit_m"]) == (asked["note"], asked["question"]["metres"])
        assert told["question"]["add"][0]["id"] == asked["question"]["add"][0]["id"]
    api.close()
