"""Whoever writes is killed without warning, a hundred times: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from geomatch.services import jobs, live_sites, people
from geomatch.services.job_kinds import JobKind
from geomatch.store import copies
from geomatch.store import database as database_room
from geomatch.store.database import Database
from geomatch.volunteering.dispatch import Offer, OfferState
from geomatch.volunteering.duties import Duty, DutyKind
from geomatch.volunteering.notices import Notice, Purpose
from geomatch.volunteering.orders import OrderState
from geomatch.volunteering.roles import Principal, Role
from tests import order_rows
from tests.integration.test_live_sites import CENTRE, NEW
from tests.serving import region_of

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from geomatch.store.job_rows import Job
    from geomatch.store.unit_of_work import UnitOfWork

KILLS, SEED, AWAKE_S = 100, 20261129, 0.15
PRELOADED = ("tests.integration.test_everything_survives_kills", "sqlalchemy.dialects.sqlite", "psycopg")
PLACES, ASKED = 2, 3
FIRST = datetime(2030, 1, 1, tzinfo=UTC)
Heard = dict[str, dict[str, Any]]
"""The newest state of everything that was tried, and of everything that was acknowledged."""


class Telling:
    """Tells what is tried before it, and that it is done after it."""

    def __init__(self, told: Connection) -> None:
        self._told = told

    def tried(self, what: str, state: Any) -> None:
        """Say what is begun now."""
        self._told.send(("tried", what, state))

    def done(self, what: str, state: Any) -> None:
        """Say that it was acknowledged."""
        self._told.send(("done", what, state))


def edit_sites(database: Database, telling: Telling, label: str, folder: Path) -> None:
    """Add a site, change it, and close every third."""
    region = region_of(folder)
    for number in count():
        site = replace(NEW, id=f"site.{label}.{number}")
        for version in (1, 2, 3)[: 2 + (number % 3 == 2)]:
            telling.tried(site.id, version)
            wanted, now = replace(site, name=f"第{version}版"), datetime.now(UTC)
            if version == 1:
                live_sites.add(database.writing(), region, wanted, who=CENTRE, at=now)
            elif version == 2:
                live_sites.change(database.writing(), region, wanted, version=1, who=CENTRE, at=now)
            else:
                live_sites.close(database.writing(), region, site.id, version=2, who=CENTRE, at=now)
            telling.done(site.id, version)


def post(database: Database, telling: Telling, label: str, _folder: Path) -> None:
    """Put a notice and a job in one unit of work."""
    for number in count():
        key = f"post.{label}.{number}"
        telling.tried(key, 1)
        with database.writing() as work:
            work.outbox.put(notice(key))
            work.jobs.put(kind="mark", region="little", key=key, due_at=datetime.now(UTC))
            work.commit()
        telling.done(key, 1)


def notice(key: str) -> Notice:
    """Something to be told."""
    return Notice("little", key, Purpose.OFFER, "test", key, "因为", "because", "请", order_rows.NOW, volunteer="v0")


def mark(work: UnitOfWork, job: Job, at: datetime) -> None:
    """Do a job: leave a mark, which nothing makes one of two, and a notice."""
    work.changes.put("little", "marks", job.key, at)
    work.outbox.put(notice(f"told.{job.key}"))


def worker_of(database: Database) -> jobs.Worker:
    """Make a worker as `geomatch worker` does; its jobs are taken over soon."""
    return jobs.Worker(database, {"mark": JobKind(mark)}, ["little"], lease=timedelta(seconds=1))


def work_off(database: Database, telling: Telling, label: str, _folder: Path) -> None:
    """Do jobs."""
    worker = worker_of(database)
    for number in count():
        worker.step(datetime.now(UTC))
        telling.done(f"worker.{label}", number)


def turn_duty(database: Database, telling: Telling, label: str, _folder: Path) -> None:
    """Turn the switch of a volunteer, on and off."""
    me = replace(order_rows.volunteer(0), id=f"duty.{label}", number=f"duty.{label}", on_duty=False)
    with database.writing() as work:
        work.people.add("little", [me], datetime.now(UTC))
        work.commit()
    who = Principal("a", Role.VOLUNTEER, "little", volunteer=me.id)
    for number in count(1):
        telling.tried(me.id, number)
        people.set_duty(database.writing(), who, on_duty=number % 2 == 1, at=datetime.now(UTC))
        telling.done(me.id, number)


def accept(database: Database, telling: Telling, label: str, _folder: Path) -> None:
    """Put orders of two places to three volunteers, all of whom accept."""
    asked = [
        replace(order_rows.volunteer(0), id=f"v.{label}.{each}", number=f"v.{label}.{each}") for each in range(ASKED)
    ]
    with database.writing() as work:
        work.people.add("little", asked, datetime.now(UTC))
        work.commit()
    for number in count():
        starts_at = FIRST + timedelta(days=number)
        sheet = order_rows.sheet(starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), people_needed=PLACES)
        order = order_rows.order(OrderState.OFFERED, sheet=sheet)
        order_rows.put(database, order)
        with database.writing() as work:
            for each in asked:
                work.offers.add("little", order.id, Offer(each.id, OfferState.OFFERED, order_rows.NOW, 0), by="test")
            work.commit()
        for each in asked:
            key = f"accept.{order.id}.{each.id}"
            telling.tried(key, 1)
            with database.writing() as work:
                if work.orders.take_place(order.id, order_rows.NOW) is None:
                    break
                work.offers.answer(order.id, each.id, OfferState.ACCEPTED, order_rows.NOW)
                place = starts_at, starts_at + timedelta(hours=2), *order_rows.HERE
                work.duties.add(Duty(each.id, "little", DutyKind.ORDER, order.id, *place), order_rows.NOW)
                work.outbox.put(notice(key))
                work.commit()
            telling.done(key, 1)


LOADS = (edit_sites, post, work_off, turn_duty, accept)


def keep_on(load: int, url: str, label: str, folder: Path, told: Connection) -> None:
    """Do one kind of work until killed; a busy machine is no fault, so whoever has the pen is waited for."""
    database_room.WAIT_S = 60
    LOADS[load](Database(url), Telling(told), label, folder)


def hear(told: Connection, heard: Heard, *, until_done: bool) -> None:
    """Take down what is told: until something is done, or until the last word, which may be cut."""
    try:
        while True:
            state, what, value = told.recv()
            heard[state][what] = value
            if until_done and state == "done":
                return
    except (EOFError, OSError):
        assert not until_done, "it ended by itself"


@pytest.mark.long
def test_a_hundred_kills_lose_and_double_nothing(little_region: Path, database_url: str) -> None:
    """Sites, switches, notices, jobs and accepted places: five at work at a time, each killed at a moment of chance."""
    chance = random.Random(SEED)  # noqa: S311 - no secret
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([*PRELOADED])
    heard: Heard = {"tried": {}, "done": {}}
    killed = 0
    while killed < KILLS:
        at_work = []
        for load in range(len(LOADS)):
            mine, its = processes.Pipe(duplex=False)
            given = (load, database_url, f"{killed}.{load}", little_region, its)
            process = processes.Process(target=keep_on, args=given, daemon=True)
            process.start()
            its.close()
            at_work.append((process, mine))
        for _, mine in at_work:
            hear(mine, heard, until_done=True)
        chance.shuffle(at_work)
        for process, mine in at_work:
            time.sleep(chance.uniform(0, AWAKE_S))
            process.kill()
            process.join()
            killed += 1
            hear(mine, heard, until_done=False)
            mine.close()
            process.close()
    database = Database(database_url)
    worker = worker_of(database)
    while worker.step(datetime.now(UTC) + timedelta(hours=1)):  # by when every lease is over
        pass
    with copies.taken(database) as copy:
        rows = {
            sheet.name: [dict(zip(sheet.columns, row, strict=True)) for row in copy.rows(sheet)]
            for sheet in copy.sheets
        }
    database.close()
    assert_sites(rows["sites"], heard)
    assert_jobs(rows, heard)
    assert_switches(rows["volunteers"], heard)
    assert_places(rows, heard)


def begun(heard: Heard, start: str) -> dict[str, Any]:
    """Give what was tried of one kind."""
    return {what: state for what, state in heard["tried"].items() if what.startswith(start)}


def assert_sites(rows: list[dict[str, Any]], heard: Heard) -> None:
    """Each is at the version acknowledged last, or the one tried last, and its name says the same."""
    kept = {row["id"]: row for row in rows}
    tried = begun(heard, "site.")
    assert len(tried) > KILLS // len(LOADS)
    for site_id, last in tried.items():
        row = kept.get(site_id)
        version = 0 if row is None else row["version"]
        assert version in {last, heard["done"].get(site_id, 0)}, site_id
        if row is not None:
            assert (row["name"], row["closed_at"] is None) == (f"第{min(version, 2)}版", version < 3)


def assert_jobs(rows: dict[str, list[dict[str, Any]]], heard: Heard) -> None:
    """A notice and its job are there both or not at all; every job was done once."""
    notices = Counter(row["key"] for row in rows["outbox"])
    kept = Counter(row["key"] for row in rows["jobs"])
    marks = Counter(row["row"] for row in rows["changes"] if row["what"] == "marks")
    assert max(notices.values()) == 1
    assert {row["state"] for row in rows["jobs"]} == {"done"}
    assert kept == marks
    assert kept == Counter(key for key in notices if key.startswith("post."))
    assert kept == Counter(key.removeprefix("told.") for key in notices if key.startswith("told."))
    tried = begun(heard, "post.")
    assert kept.keys() <= tried.keys()
    assert {key for key in tried if key in heard["done"]} <= kept.keys()


def assert_switches(rows: list[dict[str, Any]], heard: Heard) -> None:
    """Each is as it was turned last."""
    kept = {row["id"]: row["on_duty"] for row in rows}
    tried = begun(heard, "duty.")
    assert len(tried) > 1
    for name, last in tried.items():
        assert kept[name] in {number % 2 == 1 for number in (last, heard["done"].get(name, 0))}


def assert_places(rows: dict[str, list[dict[str, Any]]], heard: Heard) -> None:
    """Places taken, offers accepted, duties and notices are the same ones, and never more than there are places."""
    taken = Counter({row["id"]: row["taken"] for row in rows["orders"]})
    accepted = {(row["order"], row["volunteer"]) for row in rows["offers"] if row["state"] == "accepted"}
    duties = Counter((row["subject"], row["volunteer"]) for row in rows["duties"])
    told = {row["key"] for row in rows["outbox"] if row["key"].startswith("accept.")}
    assert +taken == Counter(order for order, _ in accepted)
    assert max(taken.values()) <= PLACES
    assert duties == Counter(accepted)
    assert told == {f"accept.{order}.{volunteer}" for order, volunteer in accepted}
    assert {key for key in heard["done"] if key.startswith("accept.")} <= told <= begun(heard, "accept.").keys()
    assert len(told) > KILLS // len(LOADS)
