"""The order service as it is lived: ordered, helped, confirmed, and the goods that the hours bought fetched."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from geomatch.sending import hosts, webhook
from geomatch.services import anchors, delivering, point_check, shop
from geomatch.store import ids
from geomatch.store.database import Database
from geomatch.store.tables.orders import duties
from geomatch.volunteering.accounts import Account
from geomatch.volunteering.channels import Channel, ChannelKind
from geomatch.volunteering.notices import NoticeRules, Purpose
from geomatch.volunteering.people import Volunteer
from geomatch.volunteering.roles import Principal, Role
from geomatch.web import guard
from tests.receiving import receiver
from tests.regions import lonlat
from tests.running import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.receiving import Receiver

    Rows = Mapping[str, list[dict[str, Any]]]

REGION, SITE, PRICE = "little", "S1", 10
"""Goods cost what an hour earns."""

AT = f"/api/v1/regions/{REGION}"
HERE = "127.0.0.1"


@dataclass(frozen=True)
class Stage:
    """What every helping needs: a database, goods on the shelf, and a receiver of the notices."""

    url: str
    database: Database
    goods: str
    there: Receiver


@contextmanager
def set_up(url: str) -> Iterator[Stage]:
    """Open the database, fill the shelf and listen for notices, of which none waits for the morning."""
    database, now = Database(url), datetime.now(UTC)
    centre = Principal("", Role.CENTRE, REGION)
    goods = shop.add_goods(database.writing(), centre, SITE, "米", price=PRICE, stock=1_000_000, at=now)
    with receiver() as there:
        out = Channel(
            ids.fresh(), REGION, "平台", ChannelKind.WEBHOOK, f"http://{HERE}:{there.port}/hook",
            webhook.fresh_secret(), frozenset(Purpose), None, None, is_open=True, made_at=now,
        )  # fmt: skip
        with database.writing() as work:
            work.channels.add(out)
            work.outbox.put_rules(REGION, NoticeRules(time_of_day(0), time_of_day(0)))
            work.commit()
        yield Stage(url, database, goods.id, there)
    database.close()


class Helping(threading.Thread):
    """Takes one order after the other through to its end; what gets no answer is sent again, as a phone would.

    Attributes:
        placed: by name the id of each order whose placing was acknowledged.
        confirmed: of those, the ones that were acknowledged as done by both sides.
        bought: by name the id of what was ordered in the shop and acknowledged.
        fetched: of those, the ones that were acknowledged as handed out.
        trying: the name that was under way at the end.
        surprises: answers that nobody should get.
    """

    def __init__(self, port: int, label: str, stage: Stage, over: threading.Event) -> None:
        super().__init__()
        self.label, self.goods, self.database, self.over = label, stage.goods, stage.database, over
        self.volunteer, self.began = ids.fresh(), datetime.now(UTC)
        self.lines = {role: Line(port, headers) for role, headers in self._signed_in().items()}
        self.placed: dict[str, str] = {}
        self.bought: dict[str, str] = {}
        self.confirmed: set[str] = set()
        self.fetched: set[str] = set()
        self.trying = ""
        self.surprises: list[Any] = []

    def _signed_in(self) -> dict[Role, dict[str, str]]:
        """Make a volunteer and four accounts, each with a session; passwords would only take time."""
        born, insured = date(1980, 1, 1), date(2099, 1, 1)
        helper = Volunteer(self.volunteer, None, "李雷", f"1{self.began:%S%f}99", born=born, insured_until=insured)
        headers = {}
        with self.database.writing() as work:
            work.people.add(REGION, [helper], self.began)
            for role in (Role.RESIDENT, Role.CENTRE, Role.VOLUNTEER, Role.STATION):
                account, key = ids.fresh(), ids.fresh()
                who = Principal(account, role, REGION)
                who = replace(who, volunteer=self.volunteer) if role is Role.VOLUNTEER else who
                who = replace(who, site=SITE) if role is Role.STATION else who
                work.accounts.add(Account(account, account, who, is_open=True, created_at=self.began), account, None)
                hashed = hashlib.sha256(key.encode()).hexdigest()
                work.accounts.start_session(hashed, account, self.began, self.began + timedelta(days=1))
                headers[role] = {"Cookie": f"{guard.COOKIE}={key}", guard.CSRF_HEADER: guard.csrf(key)}
            work.commit()
        return headers

    def run(self) -> None:
        """Help until it is over."""
        number = 0
        while not self.over.is_set() and not self.surprises:
            self.trying = f"{self.label}.{number}"
            number += 1
            self._help(self.trying, self.began - timedelta(days=1, hours=2 * number))
        for line in self.lines.values():
            line.close()

    def _help(self, name: str, worked_at: datetime) -> None:
        placed = self._told(Role.RESIDENT, "orders", self._draft(name), Idempotency_Key=name)
        if placed is None:
            return
        order_id = self.placed[name] = placed["id"]
        if not self._work(f"orders/{order_id}"):
            return
        self._lay_back(order_id, worked_at)
        if self._told(Role.RESIDENT, f"orders/{order_id}/moves", {"to": "confirmed"}) is None:
            return
        self.confirmed.add(order_id)
        wanted = {"goods": self.goods, "count": 1}
        bought = self._told(Role.VOLUNTEER, "redemptions", wanted, Idempotency_Key=name)
        if bought is None:
            return
        self.bought[name] = bought["id"]
        if self._told(Role.STATION, "redemptions/redeem", {"code": bought["code"]}) is not None:
            self.fetched.add(bought["id"])

    def _work(self, order: str) -> bool:
        """Let the order be checked, and the volunteer do all of it; False where it is over before."""
        steps: tuple[tuple[Role, str, dict[str, str]], ...] = (
            (Role.CENTRE, "moves", {"to": "checked", "way": "grab"}), (Role.VOLUNTEER, "accept", {}),
            (Role.VOLUNTEER, "moves", {"to": "under_way"}), (Role.VOLUNTEER, "moves", {"to": "done"}),
        )  # fmt: skip
        return all(self._told(role, f"{order}/{door}", body) is not None for role, door, body in steps)

    def _draft(self, name: str) -> dict[str, Any]:
        lon, lat = lonlat(10.0, 3.0)
        starts_at = self.began + timedelta(minutes=30)
        return {
            "category": "needy", "words": f"读报 {name}", "lon": lon, "lat": lat, "address": "幸福里5号",
            "name": "王明", "phone": "10012345678", "way": "person", "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=1)).isoformat(),
        }  # fmt: skip

    def _lay_back(self, order_id: str, worked_at: datetime) -> None:
        """Say that the work took an hour of the past, for which no test can wait."""
        hour = {"begun_at": worked_at, "done_at": worked_at + timedelta(hours=1)}

        def write() -> None:
            with self.database.whole(writes=True) as connection:
                connection.execute(update(duties).where(duties.c.subject == order_id).values(**hour))
                connection.commit()

        self.database.retrying(write)

    def _told(self, role: Role, path: str, body: Any, **headers: str) -> Any:
        """Ask until there is an answer: a refusal means that an attempt without one had done it."""
        is_again = False
        while not self.over.is_set():
            told = self.lines[role].ask("POST", f"{AT}/{path}", body, **headers)
            if told is None or told[0] == 503:
                is_again = True
                time.sleep(0.02)
                continue
            if told[0] in {200, 201} or (is_again and told[0] in {409, 422}):
                return told[1]
            self.surprises.append((path, body, told))
            return None
        return None


def assert_all_told(stage: Stage) -> None:
    """Deliver what is left; then each notice reached the receiver at least once, always under one key."""
    at = datetime.now(UTC) + timedelta(hours=1)  # by when nobody holds a try any more
    while delivering.Run(stage.database, REGION, hosts.allowed([HERE]), at).deliver():
        pass
    with stage.database.whole(writes=False) as connection:
        kept = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT id, state FROM outbox")}
    keys: dict[str, set[str]] = {}
    for _, headers, body in stage.there.came:
        keys.setdefault(json.loads(body)["notice"], set()).add(headers["idempotency-key"])
    assert Counter(kept.values()).keys() <= {"sent", "withdrawn", "expired"}
    assert {notice for notice, state in kept.items() if state == "sent"} <= keys.keys() <= kept.keys()
    assert {len(each) for each in keys.values()} == {1}
    assert len(keys) == len(set[str]().union(*keys.values()))


def assert_helped(stage: Stage, rows: Rows, given: Sequence[Helping]) -> None:
    """Every order, hour, point and thing bought that was acknowledged is there, once; what was under way, at most."""
    assert [each.surprises for each in given] == [[]] * len(given)
    trying = {each.trying for each in given}
    placed = {name: order for each in given for name, order in each.placed.items()}
    confirmed = set[str]().union(*(each.confirmed for each in given))
    orders = {row["id"]: row for row in rows["orders"]}
    named = {row["words"].removeprefix("读报 "): row["id"] for row in rows["orders"]}
    assert len(named) == len(orders)
    assert placed.items() <= named.items()
    assert named.keys() <= placed.keys() | trying
    assert all(row["taken"] <= row["people_needed"] for row in rows["orders"])
    accepted = Counter((row["order"], row["volunteer"]) for row in rows["offers"] if row["state"] == "accepted")
    assert accepted == Counter((row["subject"], row["volunteer"]) for row in rows["duties"])
    done = {order for order, row in orders.items() if row["state"] == "confirmed"}
    assert confirmed <= done
    assert Counter(row["cause"] for row in rows["hour_entries"]) == Counter(f"order:{order}" for order in done)
    assert_bought(rows, given, hours=len(done))
    at = datetime.now(UTC)
    assert anchors.verify(stage.database.reading(), REGION, (), at=at).faults == ()
    books = point_check.check(stage.database.reading(), REGION)
    assert (books.faults, books.issued) == ((), PRICE * len(done))


def assert_bought(rows: Rows, given: Sequence[Helping], *, hours: int) -> None:
    """As many as were acknowledged, and what was under way at most."""
    bought = {bought for each in given for bought in each.bought.values()}
    fetched = set[str]().union(*(each.fetched for each in given))
    kept = {row["id"]: row["state"] for row in rows["redemptions"]}
    assert bought <= kept.keys()
    assert len(kept) <= min(hours, len(bought) + len(given))
    assert fetched <= {each for each, state in kept.items() if state == "redeemed"}
    assert set(kept.values()) <= {"redeemed", "reserved"}
