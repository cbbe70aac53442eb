"""What one process changed, others see at once: the list of changes, the counter, and requests that name a key."""

from __future__ import annotations

import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from flask import Flask, Response, request

from geomatch.errors import BusyError, ConflictError
from geomatch.services import scenarios
from geomatch.store.announcing import Counter
from geomatch.store.database import MOST_TRIES, Database
from geomatch.volunteering.roles import Principal, Role
from geomatch.web import keyed
from geomatch.web.problems import Problem
from tests.integration.test_store import draft

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
WHO = Principal("a1", Role.CENTRE, "little")


def test_a_change_is_listed_with_its_commit_and_moves_the_counter_of_all(database: Database, database_url: str) -> None:
    """Another process looks at its own map of the counter; what was not committed moves nothing."""
    other = Database(database_url)
    before = other.counter.value()
    with database.writing() as work:
        work.changes.put("little", "sites", "s1", NOW)
    assert other.counter.value() == before
    with database.writing() as work:
        work.changes.put("little", "sites", "s1", NOW)
        work.changes.put("little", "sites", "s2", NOW)
        work.changes.put("other", "sites", "s3", NOW)
        work.commit()
    assert other.counter.value() != before
    with other.reading() as work:
        newest, rows = work.changes.after("little", "sites", 0)
        assert (rows, work.changes.newest("little", "sites")) == (("s1", "s2"), newest)
        assert work.changes.after("little", "sites", newest) == (newest, ())
        assert work.changes.after("little", "volunteers", 0) == (0, ())
    other.close()


def test_no_reader_passes_over_a_change_of_a_writer_who_was_slower(database: Database) -> None:
    """Many write at once; one who only ever asks for what came after the last figure sees all of them."""
    many, each = 6, 15
    over = threading.Event()

    def write(number: int) -> None:
        for turn in range(each):
            with database.writing() as work:
                work.changes.put("little", "sites", f"{number}.{turn}", NOW)
                work.commit()

    def follow() -> list[str]:
        seen: list[str] = []
        seq, last = 0, False
        while True:
            last = over.is_set()
            with database.reading() as work:
                seq, rows = work.changes.after("little", "sites", seq)
            seen += rows
            if last:
                return seen

    with ThreadPoolExecutor(many + 1) as pool:
        following = pool.submit(follow)
        list(pool.map(write, range(many)))
        over.set()
        seen = following.result()
    assert sorted(seen) == sorted(f"{number}.{turn}" for number in range(many) for turn in range(each))


def test_looking_at_the_counter_takes_next_to_no_time(tmp_path: Path) -> None:
    """A thousand looks within a millisecond or so; no look opens anything."""
    counter = Counter(tmp_path / "counter")
    counter.value()
    begun = time.process_time()
    for _ in range(10_000):
        counter.value()
    assert time.process_time() - begun < 0.1


def test_of_many_who_move_the_counter_none_is_lost(tmp_path: Path) -> None:
    """Threads that share it, and others that have mapped it themselves."""
    counters = [Counter(tmp_path / "counter") for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda turn: counters[turn % 3].move(), range(600)))
    assert {counter.value() for counter in counters} == {600}


def test_where_there_is_no_counter_every_look_says_that_something_may_have_changed(tmp_path: Path) -> None:
    """A folder stands where the file should be."""
    counter = Counter(tmp_path)
    counter.move()
    assert len({counter.value() for _ in range(5)}) == 5


def test_units_of_work_that_are_parts_of_one_come_true_together_or_not(database: Database) -> None:
    """Each sees what those before it committed; others see nothing until the end, and nothing at all after an error."""
    with database.together():
        saved = scenarios.save(database.writing(), draft("甲"), at=NOW)
        assert scenarios.found(database.reading(), saved.id) == saved
        with pytest.raises(ConflictError):
            scenarios.save(database.writing(), draft("甲"), at=NOW)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(scenarios.listed, database.reading(), "little", limit=9, offset=0).result()[0] == 0
    assert scenarios.listed(database.reading(), "little", limit=9, offset=0)[0] == 1
    with contextlib.suppress(ZeroDivisionError), database.together():
        scenarios.save(database.writing(), draft("乙"), at=NOW)
        raise ZeroDivisionError
    assert scenarios.listed(database.reading(), "little", limit=9, offset=0)[0] == 1


def test_work_that_others_are_in_the_way_of_is_begun_anew_a_few_times(database: Database) -> None:
    """And then told; other errors are told at once."""
    tries: list[int] = []

    def busy(until: int) -> int:
        tries.append(len(tries))
        if len(tries) < until:
            raise BusyError("the database is busy")
        return len(tries)

    assert database.retrying(lambda: busy(3)) == 3
    tries.clear()
    with pytest.raises(BusyError):
        database.retrying(lambda: busy(99))
    assert len(tries) == MOST_TRIES


def test_writers_who_would_wait_for_each_other_for_ever_both_get_done(database: Database) -> None:
    """Two change the same two rows in opposite order: PostgreSQL breaks the knot, SQLite never ties it."""
    first, second = (scenarios.save(database.writing(), draft(name), at=NOW).id for name in "甲乙")
    both = threading.Barrier(2, timeout=5)

    def change(order: tuple[str, str]) -> None:
        def do() -> None:
            with database.writing() as work:
                work.scenarios.get(order[0], to_change=True)
                if database.kind == "postgresql" and not both.broken:
                    with contextlib.suppress(threading.BrokenBarrierError):
                        both.wait()
                    both.abort()
                found = work.scenarios.get(order[1], to_change=True)
                work.scenarios.put(found, found.draft.name)
                work.commit()

        database.retrying(do)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(change, ((first, second), (second, first))))


def send(database: Database, name: str, key: str | None) -> Response:
    """Send a request that saves a scenario, and answers with its id."""

    def do() -> Response:
        saved = scenarios.save(database.writing(), draft(name), at=NOW)
        return Response(saved.id, 201, [("Location", f"/x/{saved.id}"), ("X-Other", "not kept")])

    headers = {} if key is None else {keyed.HEADER: key}
    with Flask("test").test_request_context("/x", method="POST", headers=headers):
        return keyed.answer(database, request, name.encode(), WHO, do)


def test_a_request_with_a_key_is_done_once_and_answered_alike(database: Database) -> None:
    """Sent again it gets the first answer; another request under the same key is refused; an error keeps nothing."""
    first, again = send(database, "甲", "k1"), send(database, "甲", "k1")
    assert first.get_data() == again.get_data()
    assert (again.status_code, again.headers["Location"]) == (201, first.headers["Location"])
    with pytest.raises(Problem, match="another request"):
        send(database, "乙", "k1")
    with pytest.raises(ConflictError):
        send(database, "甲", "k2")
    assert send(database, "丙", "k2").status_code == 201
    with pytest.raises(Problem, match="plain ASCII"):
        send(database, "丁", "a b")
    assert scenarios.listed(database.reading(), "little", limit=9, offset=0)[0] == 2


def test_of_many_who_send_the_same_request_at_once_all_get_the_same_answer(database: Database) -> None:
    """One of them did it."""
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(database, "甲", "k"), range(8)))
    assert len({answer.get_data() for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {201}
    assert scenarios.listed(database.reading(), "little", limit=9, offset=0)[0] == 1
