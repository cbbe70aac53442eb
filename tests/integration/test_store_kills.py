"""Whoever saves is killed without warning, again and again: what was acknowledged stays, once and whole."""

from __future__ import annotations

import multiprocessing
import random
import time
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from geomatch.planning.coverage import CoverageRow
from geomatch.planning.saved import Build, Draft, Reckoning
from geomatch.services import scenarios
from geomatch.store.database import Database

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

KILLS, SAVERS, AWAKE_S = 40, 2, 0.06
PRELOADED = ("tests.integration.test_store_kills", "sqlalchemy.dialects.sqlite", "psycopg")
Heard = dict[str, dict[str, int]]
"""The newest version of every name that a saver tried, and that it had done."""
FIGURES = CoverageRow(None, None, 1, 1, 1.0, 0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0)
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def draft(name: str, version: int) -> Draft:
    """Make a scenario of several pages, all of which say which name and version they are of."""
    reckoning = Reckoning(Build(name, str(version)), f"{version:064d}", FIGURES, FIGURES)
    return Draft("little", name, f"{name}@{version} " * 150, {"close": [f"{name}@{version}"] * 150}, reckoning)


def keep_saving(url: str, label: str, told: Connection) -> None:
    """Save, change and delete until killed; tell before each step what is tried, and after it that it is done."""
    database = Database(url)
    for number in count():
        name = f"{label}.{number}"
        told.send((name, 1, "tried"))
        saved = scenarios.save(database.writing(), draft(name, 1), at=NOW)
        told.send((name, 1, "done"))
        told.send((name, 2, "tried"))
        scenarios.change(database.writing(), saved.id, draft(name, 2), version=1, at=NOW)
        told.send((name, 2, "done"))
        if number % 3 == 2:
            told.send((name, 3, "tried"))
            scenarios.remove(database.writing(), saved.id, version=2)
            told.send((name, 3, "done"))


def hear(told: Connection, heard: Heard, *, until_done: bool) -> None:
    """Take down what a saver tells: until its first step is done, or until its last word, which may be cut."""
    try:
        while True:
            name, version, state = told.recv()
            heard[state][name] = version
            if until_done and state == "done":
                return
    except (EOFError, OSError):
        assert not until_done, "the saver ended by itself"


def test_no_kill_loses_doubles_or_halves_what_was_acknowledged(database_url: str) -> None:
    """Two savers at a time, killed at random moments; version 3 stands for deleted, 0 for not yet saved."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([*PRELOADED])
    heard: Heard = {"tried": {}, "done": {}}
    for kill in range(KILLS // SAVERS):
        savers = []
        for number in range(SAVERS):
            mine, its = processes.Pipe(duplex=False)
            saver = processes.Process(target=keep_saving, args=(database_url, f"{kill}.{number}", its), daemon=True)
            saver.start()
            its.close()
            savers.append((saver, mine))
        for _, mine in savers:
            hear(mine, heard, until_done=True)
        time.sleep(random.uniform(0, AWAKE_S))  # noqa: S311 - no secret
        for saver, mine in savers:
            saver.kill()
            saver.join()
            hear(mine, heard, until_done=False)
            mine.close()
            saver.close()
    assert_whole(database_url, heard)


def assert_whole(database_url: str, heard: Heard) -> None:
    """Everything that was done is there, once and whole; what was only tried is there whole or not at all."""
    database = Database(database_url)
    matched, kept = scenarios.listed(database.reading(), "little", limit=100_000, offset=0)
    database.close()
    versions = {scenario.draft.name: scenario.version for scenario in kept}
    assert len(kept) == matched == len(versions)
    assert all(scenario.draft == draft(scenario.draft.name, scenario.version) for scenario in kept)
    assert versions.keys() <= heard["tried"].keys()
    for name, version in heard["tried"].items():
        there = versions.get(name, 3 if version == 3 else 0)
        assert there in {version, heard["done"].get(name, 0)}
    assert len(heard["done"]) >= KILLS
