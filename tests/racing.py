"""Many volunteers accept one order at the same moment, over HTTP: each on a connection of its own, all held open."""

from __future__ import annotations

import contextlib
import hashlib
import re
import selectors
import socket
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from geomatch.store import ids
from geomatch.volunteering.accounts import Account
from geomatch.volunteering.dispatch import OfferState
from geomatch.volunteering.duties import DutyKind, DutyState
from geomatch.volunteering.order_sheet import Contact, Order, Sheet, Way
from geomatch.volunteering.orders import Actor, Move, OrderState
from geomatch.volunteering.people import Volunteer
from geomatch.volunteering.roles import Principal, Role, Scope
from geomatch.web import guard
from tests.regions import lonlat

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geomatch.store.database import Database

REGION = "little"
_TRIES, _ANSWER_S = 3, 60.0
_LENGTH = re.compile(rb"\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Racer:
    """A volunteer who is signed in: what tells the service so."""

    volunteer: str
    headers: str


def enter(database: Database, count: int, now: datetime) -> list[Racer]:
    """Make volunteers, each with an account and a session; passwords would only take time."""
    racers = []
    with database.writing() as work:
        for n in range(count):
            volunteer, account, key = ids.fresh(), ids.fresh(), ids.fresh()
            person = Volunteer(
                volunteer, None, "李雷", f"100{n:08d}", born=date(1980, 1, 1), insured_until=date(2099, 1, 1)
            )  # fmt: skip
            who = Principal(account, Role.VOLUNTEER, REGION, volunteer=volunteer)
            work.people.add(REGION, [person], now)
            work.accounts.add(Account(account, account, who, is_open=True, created_at=now), account, None)
            hashed = hashlib.sha256(key.encode()).hexdigest()
            work.accounts.start_session(hashed, account, now, now + timedelta(days=1))
            headers = f"Cookie: {guard.COOKIE}={key}\r\n{guard.CSRF_HEADER}: {guard.csrf(key)}\r\n"
            racers.append(Racer(volunteer, headers))
        work.commit()
    return racers


def open_orders(database: Database, numbers: Iterable[int], now: datetime) -> list[str]:
    """Put open orders of one place; each number has an hour of its own, so that who won once may win again."""
    orders = [_order(now + timedelta(hours=1 + number), now) for number in numbers]
    with database.writing() as work:
        for order in orders:
            work.orders.add(order, Move(order.id, None, OrderState.SUBMITTED, "staff", Actor.DISPATCHER, now))
        work.commit()
    return [order.id for order in orders]


def _order(starts_at: datetime, now: datetime) -> Order:
    contact = Contact("幸福里5号", "王小明", "13812345678")
    sheet = Sheet(
        "needy", None, "读报", *lonlat(10.0, 3.0), contact, starts_at, starts_at + timedelta(hours=1), way=Way.GRAB
    )  # fmt: skip
    return Order(ids.fresh(), REGION, sheet, None, "staff", None, None, None, OrderState.CHECKED, now)


class Track:
    """The open connections of all racers to one service, used again in every round.

    One thread writes to all and reads from whichever was answered: it must not be what the service waits for.
    """

    def __init__(self, port: int, racers: Sequence[Racer]) -> None:
        self.port, self.racers = port, racers
        self.lines = [self._connected() for _ in racers]

    def _connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=_ANSWER_S)

    def race(self, order_id: str) -> tuple[Counter[int], list[float]]:
        """Let all accept at once; gives how often each status was answered, and after how many seconds each was.

        What gets no answer, since the service let an idle connection go, is sent again, as a phone would.
        """
        head = f"POST /api/v1/regions/{REGION}/orders/{order_id}/accept HTTP/1.1\r\nHost: localhost\r\n"
        tail = "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        requests = [f"{head}{racer.headers}{tail}".encode() for racer in self.racers]
        told, seconds, tries = Counter[int](), [], [_TRIES] * len(requests)
        with selectors.DefaultSelector() as waiting:
            for row, line in enumerate(self.lines):
                waiting.register(line, selectors.EVENT_READ, row)
            begun = time.perf_counter()
            for row, request in enumerate(requests):
                self._send(row, request)
            while waiting.get_map():
                ready = waiting.select(_ANSWER_S)
                assert ready, f"no answer for {_ANSWER_S} s"
                for key, _ in ready:
                    waiting.unregister(key.fileobj)
                    status = _status(self.lines[key.data])
                    if status is not None:
                        told[status] += 1
                        seconds.append(time.perf_counter() - begun)
                        continue
                    tries[key.data] -= 1
                    assert tries[key.data], f"the service gave no answer {_TRIES} times"
                    self.lines[key.data].close()
                    self.lines[key.data] = self._connected()
                    waiting.register(self.lines[key.data], selectors.EVENT_READ, key.data)
                    self._send(key.data, requests[key.data])
        return told, seconds

    def _send(self, row: int, request: bytes) -> None:
        with contextlib.suppress(ConnectionError):  # reading says the same
            self.lines[row].sendall(request)

    def leave(self) -> None:
        """Close every connection."""
        for line in self.lines:
            line.close()


def _status(line: socket.socket) -> int | None:
    """Read an answer whole; None where the other end is gone before it is there."""
    got, whole = b"", None
    try:
        while whole is None or len(got) < whole:
            piece = line.recv(65536)
            if not piece:
                return None
            got += piece
            head = got.find(b"\r\n\r\n")
            if head >= 0 and (length := _LENGTH.search(got, 0, head + 1)):
                whole = head + 4 + int(length[1])
    except ConnectionError:
        return None
    return int(got.split(b" ", 2)[1])


def winners(database: Database, order_id: str) -> tuple[int, int, int, OrderState]:
    """Count what the store says: accepted offers, duties that bind, places taken; and where the order stands."""
    with database.reading() as work:
        accepted = sum(kept.offer.state is OfferState.ACCEPTED for kept in work.offers.of_order(order_id))
        duties = sum(duty.state is DutyState.PLANNED for duty in work.duties.of_subject(DutyKind.ORDER, order_id))
        order = work.orders.get(order_id, Scope(REGION))
        moves = work.orders.moves_of(order_id)
    assert [move.after for move in moves[1:]] == [OrderState.ACCEPTED] * (order.state is OrderState.ACCEPTED)
    return accepted, duties, order.taken, order.state
