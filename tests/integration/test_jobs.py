"""Jobs on both databases: put once, taken by one, done once, whoever is killed or slow."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.services.job_kinds import KINDS, JobKind
from geomatch.services.jobs import MOST_ATTEMPTS, Worker
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from geomatch.store.database import Database
    from geomatch.store.job_rows import Job
    from geomatch.store.unit_of_work import UnitOfWork

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)


def put(database: Database, key: str, *, kind: str = "mark", due_at: datetime = NOW) -> bool:
    """Put a job and commit it."""
    with database.writing() as work:
        is_new = work.jobs.put(kind=kind, region="little", key=key, due_at=due_at, payload={"of": key})
        work.commit()
    return is_new


def mark(work: UnitOfWork, job: Job, at: datetime) -> None:
    """Do something that others can count: put a job that nobody does."""
    work.jobs.put(kind="marked", region=job.region, key=f"{job.key}/{job.attempts}", due_at=at)


def marks(database: Database) -> int:
    """Count what was done."""
    with database.reading() as work:
        return work.jobs.counts().get(("marked", "waiting"), 0)


def states(database: Database, kind: str = "mark") -> dict[str, int]:
    """Count the jobs of a kind by their state."""
    with database.reading() as work:
        return {state: count for (name, state), count in work.jobs.counts().items() if name == kind}


def worker(database: Database, **kind: object) -> Worker:
    """A worker that knows one kind."""
    return Worker(database, {"mark": JobKind(mark, **kind)}, ["little"])  # type: ignore[arg-type]


def test_a_job_put_twice_is_one_even_when_it_is_done(database: Database) -> None:
    """By kind and key; another kind may have the same key. What was put before and after in one go is there."""
    assert put(database, "a")
    assert not put(database, "a")
    assert put(database, "a", kind="other")
    mine = worker(database)
    assert mine.step(NOW)
    assert not put(database, "a")
    assert not mine.step(NOW)
    assert (marks(database), states(database)) == (1, {"done": 1})
    with database.writing() as work:
        new = [work.jobs.put(kind="mark", region="little", key=key, due_at=NOW) for key in ("b", "a", "c")]
        work.commit()
    assert new == [True, False, True]
    assert states(database) == {"done": 1, "waiting": 2}


def test_a_job_of_a_cause_that_did_not_happen_is_not_there(database: Database) -> None:
    """It is put with its cause or not at all; and one that nobody has done can be taken back."""
    with database.writing() as work:
        work.jobs.put(kind="mark", region="little", key="a", due_at=NOW)
    assert not worker(database).step(NOW)
    put(database, "b")
    with database.writing() as work:
        assert work.jobs.drop(kind="mark", key="b")
        work.commit()
    assert not worker(database).step(NOW)


def test_only_what_is_due_known_and_of_the_regions_served_is_taken(database: Database) -> None:
    """The one due for the longest comes first."""
    put(database, "later", due_at=NOW + timedelta(seconds=1))
    put(database, "second")
    put(database, "first", due_at=NOW - timedelta(hours=1))
    put(database, "unknown", kind="unknown")
    elsewhere = Worker(database, {"mark": JobKind(mark)}, ["elsewhere"])
    assert not elsewhere.step(NOW)
    order: list[str] = []
    mine = Worker(database, {"mark": JobKind(lambda _, job, __: order.append(job.key))}, ["little"])
    while mine.step(NOW):
        pass
    assert order == ["first", "second"]


def test_many_workers_do_each_job_once(database: Database) -> None:
    """Six at a time, forty jobs, forty marks."""
    for number in range(40):
        put(database, str(number))

    def do_all(_: int) -> None:
        mine = worker(database)
        while mine.step(NOW):
            pass

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(do_all, range(6)))
    with database.reading() as work:
        assert work.jobs.counts() == {("mark", "done"): 40, ("marked", "waiting"): 40}


def test_a_job_whose_worker_is_gone_is_taken_over_after_its_lease_and_not_before(database: Database) -> None:
    """The first worker took it and was never heard of again; when it wakes, what it does no longer counts."""
    put(database, "a")
    gone, mine = worker(database), worker(database)
    job = gone._take(NOW)
    assert job is not None
    assert not mine.step(NOW + gone.lease - timedelta(seconds=1))
    assert mine.step(NOW + gone.lease)
    with pytest.raises(RuntimeError):
        gone._run(job, gone.kinds["mark"])
    assert (marks(database), states(database)) == (1, {"done": 1})


def test_a_slow_job_is_kept_by_the_word_of_its_worker(database: Database) -> None:
    """It takes longer than its lease before it writes, and nobody takes it over."""
    slow = worker(database, before=lambda *_: time.sleep(1.2))
    slow.lease = timedelta(seconds=0.6)
    put(database, "a")
    with ThreadPoolExecutor(1) as pool:
        doing = pool.submit(slow.step, datetime.now(UTC))
        time.sleep(0.9)
        assert not worker(database).step(datetime.now(UTC))
        assert doing.result()
    assert (marks(database), states(database)) == (1, {"done": 1})


def test_an_error_is_noted_and_tried_again_until_it_is_too_often(database: Database) -> None:
    """What a failed attempt wrote is gone; the pause grows; at last the job has failed and is left alone."""

    def fail(work: UnitOfWork, job: Job, at: datetime) -> None:
        mark(work, job, at)
        raise ValueError("so it is")

    put(database, "a")
    mine = Worker(database, {"mark": JobKind(fail)}, ["little"])
    at = datetime.now(UTC)
    for attempt in range(MOST_ATTEMPTS):
        assert mine.step(at), attempt
        assert not mine.step(at)
        at += timedelta(hours=2)
    assert not mine.step(at)
    assert (marks(database), states(database)) == (0, {"failed": 1})


def test_a_job_that_kills_its_workers_is_given_up(database: Database) -> None:
    """Nobody ever came to its end; one who finds that does not try again."""
    put(database, "a")
    at = NOW
    for _ in range(MOST_ATTEMPTS):
        assert worker(database)._take(at) is not None
        at += timedelta(minutes=1)
    assert worker(database).step(at)
    assert (marks(database), states(database)) == (0, {"failed": 1})


def test_what_comes_again_and_again_is_put_once_for_each_time(database: Database) -> None:
    """Workers that begin together put one; its end puts the next, together with its effect."""
    workers = [worker(database, every=timedelta(minutes=10)) for _ in range(3)]
    at = datetime.now(UTC)
    for each in workers:
        each.begin(at)
    assert states(database) == {"waiting": 1}
    assert workers[0].step(at)
    assert not workers[1].step(at)
    assert states(database) == {"waiting": 1, "done": 1}
    assert workers[2].step(at + timedelta(minutes=10))


def test_the_table_of_kinds_can_be_done(database: Database) -> None:
    """Every kind that puts itself runs on an empty database."""
    mine = Worker(database, KINDS, ["little"])
    at = datetime.now(UTC)
    mine.begin(at)
    while mine.step(at):
        pass
    with database.reading() as work:
        assert {state for _, state in work.jobs.counts()} <= {"done", "waiting"}


def run_worker(folder: Path, url: str, *more: str) -> subprocess.Popen[str]:
    """Start `geomatch worker`."""
    command = [sys.executable, "-m", "geomatch", "worker", str(folder), *more]
    environment = os.environ | {"GEOMATCH_DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def test_the_command_does_what_is_due_and_stops_when_told(little_region: Path, database_url: str) -> None:
    """With --once it ends by itself; without, SIGTERM ends it with status 0 and says how much it did."""
    once = run_worker(little_region, database_url, "--once")
    told = once.communicate(timeout=60)[1]
    assert (once.returncode, "jobs done" in told) == (0, True)
    staying = run_worker(little_region, database_url)
    assert staying.stderr is not None
    assert "at work for little" in staying.stderr.readline()
    staying.send_signal(signal.SIGTERM)
    told = staying.communicate(timeout=60)[1]
    assert (staying.returncode, "jobs done" in told) == (0, True)
