"""The outbox is delivered: at least once, always under the same key, and never against the rules of the moment."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from geomatch.sending import hosts, webhook
from geomatch.services import delivering
from geomatch.services.jobs import Worker
from geomatch.store import ids
from geomatch.volunteering.channels import MOST_TRIES, Channel, ChannelKind, DeliveryState
from geomatch.volunteering.notices import Notice, NoticeRules, NoticeState, Purpose
from geomatch.volunteering.people import Volunteer
from tests.conftest import ROOT
from tests.receiving import Receiver, receiver

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geomatch.store.database import Database

HERE = hosts.allowed(["127.0.0.1"])
NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)  # noon in Beijing


@pytest.fixture
def there() -> Iterator[Receiver]:
    """A receiver."""
    with receiver() as told:
        yield told


def channel(there: Receiver, **more: object) -> Channel:
    """A webhook to it, changed at will."""
    plain = Channel(
        ids.fresh(), "little", "平台", ChannelKind.WEBHOOK, f"http://127.0.0.1:{there.port}/hook",
        webhook.fresh_secret(), frozenset(Purpose), None, None, is_open=True, made_at=NOW,
    )  # fmt: skip
    return replace(plain, **more)


def notice(key: str = "k1", **more: object) -> Notice:
    """An offer to a volunteer, changed at will."""
    plain = Notice(
        "little", key, Purpose.OFFER, "order", "o1", "您离得近", "you are near", "请接单", NOW, volunteer="v1"
    )
    return replace(plain, **more)


def put(database: Database, *given: Notice | Channel) -> None:
    """Put notices and channels."""
    with database.writing() as work:
        for each in given:
            if isinstance(each, Channel):
                work.channels.add(each)
            else:
                work.outbox.put(each)
        work.commit()


def deliver(database: Database, at: datetime = NOW) -> int:
    """Deliver what is due."""
    return delivering.Run(database, "little", HERE, at).deliver()


def states(database: Database) -> dict[str, str]:
    """The state of each notice by its key."""
    with database.reading() as work:
        _, found = work.outbox.page("little", None, NoticeState, limit=1000, offset=0)
    return {each.notice.key: each.state.value for each in found}


def test_a_notice_is_delivered_once_and_says_why(database: Database, there: Receiver) -> None:
    """With the reader's id and no more of the reader; a second go finds nothing to do."""
    put(database, channel(there), notice())
    assert (deliver(database), deliver(database)) == (1, 0)
    ((_, _, body),) = there.came
    told = json.loads(body)
    assert (told["body"], told["why"]["zh"]) == ("请接单", "您离得近")
    assert told["reader"] == {"volunteer": "v1", "account": None}
    assert states(database) == {"k1": "sent"}


def test_without_a_way_it_is_shown_in_the_list_of_its_reader(database: Database, there: Receiver) -> None:
    """No channel, a closed one, or one for something else."""
    put(database, channel(there, purposes=frozenset({Purpose.PUSH})), channel(there, is_open=False), notice())
    assert deliver(database) == 0
    assert states(database) == {"k1": "shown"}


def test_a_failed_try_is_made_again_under_the_same_key_until_it_is_too_often(
    database: Database, there: Receiver
) -> None:
    """With pauses that grow; at last the notice is dead, and the reason stands with it."""
    there.status = 500
    put(database, channel(there), notice())
    at = NOW
    for tries in range(1, MOST_TRIES + 1):
        assert deliver(database, at) == 1, tries
        assert deliver(database, at + timedelta(seconds=29)) == 0
        at += timedelta(hours=1, seconds=1)
        if at.astimezone(UTC).hour == 13:  # quiet hours would hold it
            put_rules(database, NoticeRules(time(0), time(0)))
    assert len(set(there.keys)) == 1
    assert len(there.came) == MOST_TRIES
    assert (deliver(database, at), states(database)) == (0, {"k1": "dead"})


def put_rules(database: Database, rules: NoticeRules) -> None:
    """Set the rules of the region."""
    with database.writing() as work:
        work.outbox.put_rules("little", rules)
        work.commit()


def test_one_way_that_works_is_enough(database: Database, there: Receiver) -> None:
    """A second channel that fails does not make the notice dead, and is tried to its own end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = Receiver(free.getsockname()[1])
    put_rules(database, NoticeRules(time(0), time(0)))
    put(database, channel(there), channel(nobody), notice())
    for hours in range(MOST_TRIES):
        deliver(database, NOW + timedelta(hours=2 * hours))
    assert (len(there.came), states(database)) == (1, {"k1": "sent"})
    with database.reading() as work:
        ended = sorted(state.value for _, state in work.deliveries.counts("little"))
    assert ended == ["dead", "sent"]


def test_a_channel_that_does_not_answer_is_not_waited_for_again_and_again(database: Database) -> None:
    """Of forty notices a few are tried in one go; the others keep all their tries."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = Receiver(free.getsockname()[1])
    put(database, channel(nobody), *[notice(f"k{number}", volunteer=f"v{number}") for number in range(40)])
    run = delivering.Run(database, "little", HERE, NOW)
    assert run.deliver() == 40
    with database.reading() as work:
        assert work.deliveries.due("little", NOW + timedelta(seconds=29), limit=100) == ()
        due = work.deliveries.due("little", NOW + timedelta(seconds=30), limit=100)
    tried = [each for each in due if each.tries]
    assert len(due) == 40
    assert 1 <= len(tried) <= 8
    with receiver() as there:  # it comes back at another port
        with database.writing() as work:
            work.channels.close(due[0].channel, "little")
            work.commit()
        assert deliver(database, NOW + timedelta(minutes=1)) == 0
        assert there.came == []
    assert set(states(database).values()) == {"dead"}


@pytest.mark.parametrize("purpose", [Purpose.OFFER, Purpose.REMINDER])
def test_who_opts_out_between_two_tries_gets_no_more(database: Database, there: Receiver, purpose: Purpose) -> None:
    """Of whatever purpose; the try that failed was the last."""
    there.status = 500
    put(database, channel(there), notice(purpose=purpose), notice("k2", purpose=purpose, volunteer="v2"))
    assert deliver(database) == 2
    with database.writing() as work:
        work.readers.opt_out("little", "v1", purpose, NOW)
        work.commit()
    there.status = 204
    assert deliver(database, NOW + timedelta(minutes=1)) == 1
    assert states(database) == {"k1": "opted_out", "k2": "sent"}


def test_quiet_hours_hold_a_second_try_as_they_hold_a_first(database: Database, there: Receiver) -> None:
    """It failed in the evening and is tried in the morning, without a try lost; what is urgent goes on."""
    evening = datetime(2026, 11, 25, 12, 59, 45, tzinfo=UTC)  # a quarter of a minute before nine
    there.status = 500
    put(database, channel(there), notice(), notice("k2", urgent=True, volunteer="v2"))
    assert deliver(database, evening) == 2
    there.status = 204
    assert deliver(database, evening + timedelta(minutes=1)) == 1
    assert states(database) == {"k1": "sending", "k2": "sent"}
    morning = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
    assert deliver(database, morning - timedelta(seconds=1)) == 0
    assert deliver(database, morning) == 1


def test_the_cap_counts_a_try_on_the_day_on_which_it_is_made(database: Database, there: Receiver) -> None:
    """Two a day: the third waits for tomorrow; one that failed today counts tomorrow, when it is tried."""
    put_rules(database, NoticeRules(time(0), time(0), most_a_day=2))
    there.status = 500
    put(database, channel(there), *[notice(f"k{number}") for number in range(3)])
    assert deliver(database, NOW + timedelta(seconds=10)) == 2
    tomorrow = datetime(2026, 11, 25, 16, tzinfo=UTC)
    there.status, there.came[:] = 204, []
    put(database, notice("new", not_before=tomorrow))
    deliver(database, tomorrow)
    assert len(there.came) == 2
    assert sorted(states(database).values()).count("sent") == 2
    deliver(database, tomorrow + timedelta(hours=1))
    assert len(there.came) == 2
    deliver(database, tomorrow + timedelta(days=1))
    assert sorted(states(database).values()) == ["sent"] * 4


def test_what_is_of_no_use_any_more_is_not_sent(database: Database, there: Receiver) -> None:
    """It expired while its receiver was away."""
    there.status = 500
    put(database, channel(there), notice(expires_at=NOW + timedelta(seconds=20)))
    deliver(database)
    assert deliver(database, NOW + timedelta(minutes=1)) == 0
    assert states(database) == {"k1": "expired"}


def test_a_cause_that_is_over_takes_back_a_notice_between_two_tries(database: Database, there: Receiver) -> None:
    """Somebody accepted; the others are not told any more."""
    there.status = 500
    put(database, channel(there), notice())
    deliver(database)
    with database.writing() as work:
        assert work.outbox.withdraw("little", "order", "o1", told="somebody accepted") == 1
        work.commit()
    assert deliver(database, NOW + timedelta(minutes=1)) == 0
    assert states(database) == {"k1": "withdrawn"}


def test_a_channel_of_a_township_carries_what_its_people_get(database: Database, there: Receiver) -> None:
    """By where the volunteer belongs."""
    with database.writing() as work:
        work.people.add("little", [Volunteer("v1", None, "甲", "1", unit="A"), Volunteer("v2", None, "乙", "2")], NOW)
        work.commit()
    put(database, channel(there, unit="A"), notice(), notice("k2", volunteer="v2"))
    assert deliver(database) == 1
    assert states(database) == {"k1": "sent", "k2": "shown"}


def test_two_workers_at_once_deliver_each_notice_once(database: Database, there: Receiver) -> None:
    """Sixty notices, three workers, sixty requests, and nobody beyond the cap."""
    from concurrent.futures import ThreadPoolExecutor

    put(database, channel(there), *[notice(f"k{number}", volunteer=f"v{number % 15}") for number in range(60)])
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: deliver(database), range(3)))
    deliver(database)
    assert len(there.keys) == len(set(there.keys)) == 45  # three a day for each of fifteen


def test_the_job_comes_again_and_forgets_those_before(database: Database, there: Receiver) -> None:
    """By the worker, with what it was told of hosts; hosts that are none are named at once."""
    put(database, channel(there), notice())
    worker = Worker(database, {delivering.KIND: delivering.job_kind(["127.0.0.1"])}, ["little"])
    put_rules(database, NoticeRules(time(0), time(0)))
    now = datetime.now(UTC)
    worker.begin(now)
    assert worker.step(now)
    assert len(there.came) == 1
    with database.reading() as work:
        assert work.jobs.counts() == {("deliver", "waiting"): 1, ("deliver", "done"): 1}


def test_a_worker_killed_in_the_middle_leaves_a_notice_that_is_delivered_under_the_same_key(
    little_region: Path, database: Database, database_url: str, there: Receiver
) -> None:
    """It was on its way when the process was killed: at least once, and the receiver can tell that it is the same."""
    there.wait_s = 30
    put_rules(database, NoticeRules(time(0), time(0)))
    put(database, channel(there), notice())
    environment = os.environ | {
        "GEOMATCH_DATABASE_URL": database_url, "GEOMATCH_NOTICE_HOSTS": "127.0.0.1", "PYTHONPATH": str(ROOT)
    }  # fmt: skip
    command = [sys.executable, "-m", "geomatch", "worker", str(little_region)]
    worker = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    assert there.arrived.wait(60)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    there.wait_s = 0
    assert states(database) == {"k1": "sending"}
    assert deliver(database, datetime.now(UTC) + timedelta(minutes=1)) == 1
    assert len(there.came) == 2
    assert len(set(there.keys)) == 1
    assert states(database) == {"k1": "sent"}
    with database.reading() as work:
        assert {state for _, state in work.deliveries.counts("little")} == {DeliveryState.SENT}
