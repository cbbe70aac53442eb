"""Whoever enters hours and buys goods is killed without warning: nothing acknowledged is lost, nothing is doubled."""

from __future__ import annotations

import multiprocessing
import random
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

from geomatch.errors import BusyError
from geomatch.services import anchors, point_check
from geomatch.services import hours as hour_service
from geomatch.services import shop as shop_service
from geomatch.services.hours import Service
from geomatch.store.database import Database
from geomatch.volunteering.hours import Evidence
from geomatch.volunteering.roles import Principal, Role
from tests.serving_people import add_volunteers, volunteer

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

KILLS, SERVERS, AWAKE_S = 20, 2, 0.08
PRELOADED = ("tests.integration.test_ledger_kills", "sqlalchemy.dialects.sqlite", "psycopg")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
DESK = Principal("desk", Role.STATION, "little", unit="甲", site="S1")


def keep_serving(url: str, number: int, goods: str, told: Connection) -> None:
    """Serve an hour a day, spend what it earned, fetch the goods, until killed; tell each step when it is done."""
    database, one = Database(url), volunteer(number)
    who = Principal(f"a{number}", Role.VOLUNTEER, "little", volunteer=one.id)
    for day in count(1):
        start = NOW - timedelta(days=day)
        given = Service("little", one.id, f"order:{day}", start, start + timedelta(hours=1), Evidence.BOTH, "a", "b")

        def enter(given: Service = given) -> None:
            with database.writing() as work:
                hour_service.enter(work, given, at=NOW)
                work.commit()

        with suppress(BusyError):
            database.retrying(enter)
            told.send(("hours", one.id, given.cause))
            bought = database.retrying(lambda: shop_service.order(database.writing(), who, goods, 1, at=NOW))
            told.send(("bought", one.id, bought.id))
            database.retrying(lambda code=bought.code: shop_service.redeem(database.writing(), DESK, code, at=NOW))
            told.send(("fetched", one.id, bought.id))


def hear(told: Connection, done: set[tuple[str, str, str]]) -> None:
    """Take down what a server told until its last word, which may be cut."""
    with suppress(EOFError, OSError):
        while True:
            done.add(told.recv())


def test_no_kill_loses_or_doubles_an_hour_a_point_or_goods(database_url: str) -> None:
    """Two servers at a time, killed at random moments; then the chain, the books and the shelf are held against all."""
    database, done = Database(database_url), set[tuple[str, str, str]]()
    add_volunteers(database, "little", *map(volunteer, range(KILLS)))
    goods = shop_service.add_goods(database.writing(), DESK, "S1", "大米", price=10, stock=100_000, at=NOW)
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([*PRELOADED])
    for kill in range(0, KILLS, SERVERS):
        servers = []
        for number in range(kill, kill + SERVERS):
            mine, its = processes.Pipe(duplex=False)
            server = processes.Process(target=keep_serving, args=(database_url, number, goods.id, its), daemon=True)
            server.start()
            its.close()
            servers.append((server, mine))
        for _, mine in servers:
            done.add(mine.recv())
        time.sleep(random.uniform(0, AWAKE_S))  # noqa: S311 - no secret
        for server, mine in servers:
            server.kill()
            server.join()
            hear(mine, done)
            mine.close()
            server.close()
    assert_whole(database, done)
    database.close()


def assert_whole(database: Database, done: set[tuple[str, str, str]]) -> None:
    """What was told as done is there, and everything that is there holds together."""
    assert anchors.verify(database.reading(), "little", [], at=NOW).faults == ()
    assert point_check.check(database.reading(), "little").faults == ()
    with database.reading() as work:
        entered = [("hours", entry.volunteer, entry.cause) for entry in work.hours.chain("little")]
        earned = [each.cause for each in work.points.everything("little") if each.kind.value == "earn"]
        _, ordered = work.shop.redemptions("little", site=None, volunteer=None, limit=100_000, offset=0)
    assert len(set(entered)) == len(entered) == len(earned)
    states = {each.id: each.state.value for each in ordered}
    assert {each for each in done if each[0] == "hours"} <= set(entered)
    assert {each[2] for each in done if each[0] == "bought"} <= states.keys()
    assert {states[each[2]] for each in done if each[0] == "fetched"} <= {"redeemed"}
    assert len(done) >= KILLS
