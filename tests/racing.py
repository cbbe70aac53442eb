"""Many volunteers accept one order at the same moment, over HTTP: each on a connection of its own, all held open."""

from __future__ import annotations

import asyncio
import hashlib
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
    from collections.abc import Sequence

    from geomatch.store.database import Database

REGION = "little"
_TRIES = 3


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


def open_order(database: Database, number: int, now: datetime) -> str:
    """Put an open order of one place; each number has an hour of its own, so that who won once may win again."""
    starts_at = now + timedelta(hours=1 + number)
    contact = Contact("幸福里5号", "王小明", "13812345678")
    sheet = Sheet(
        "needy", None, "读报", *lonlat(10.0, 3.0), contact, starts_at, starts_at + timedelta(hours=1), way=Way.GRAB
    )  # fmt: skip
    order = Order(ids.fresh(), REGION, sheet, None, "staff", None, None, None, OrderState.CHECKED, now)
    with database.writing() as work:
        work.orders.add(order, Move(order.id, None, OrderState.SUBMITTED, "staff", Actor.DISPATCHER, now))
        work.commit()
    return order.id


class Track:
    """The open connections of all racers to one service, used again in every round."""

    def __init__(self, port: int, racers: Sequence[Racer]) -> None:
        self.port, self.racers = port, racers
        self.lines: list[tuple[asyncio.StreamReader, asyncio.StreamWriter] | None] = [None] * len(racers)

    async def race(self, order_id: str) -> Counter[int]:
        """Let all accept at once; gives how often each status was answered."""
        for row in range(len(self.racers)):
            await self._connected(row)
        start = asyncio.Event()
        running = [asyncio.create_task(self._accept(row, order_id, start)) for row in range(len(self.racers))]
        start.set()
        return Counter(await asyncio.gather(*running))

    async def _connected(self, row: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        line = self.lines[row]
        if line is None or line[1].is_closing() or line[0].at_eof():
            line = self.lines[row] = await asyncio.open_connection("127.0.0.1", self.port)
        return line

    async def _accept(self, row: int, order_id: str, start: asyncio.Event) -> int:
        """Accept; what gets no answer, since the service let an idle connection go, is sent again, as a phone would."""
        request = (
            f"POST /api/v1/regions/{REGION}/orders/{order_id}/accept HTTP/1.1\r\nHost: localhost\r\n"
            f"{self.racers[row].headers}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
        ).encode()
        await start.wait()
        for _ in range(_TRIES):
            reader, writer = await self._connected(row)
            try:
                return await _ask(reader, writer, request)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.lines[row] = None
        raise ConnectionError(f"the service gave no answer {_TRIES} times")

    async def leave(self) -> None:
        """Close every connection."""
        for line in self.lines:
            if line is not None:
                line[1].close()
                await line[1].wait_closed()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> int:
    writer.write(request)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = next(int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("content-length:"))
    await reader.readexactly(length)
    return int(head.split(" ", 2)[1])


def winners(database: Database, order_id: str) -> tuple[int, int, int, OrderState]:
    """Count what the store says: accepted offers, duties that bind, places taken; and where the order stands."""
    with database.reading() as work:
        accepted = sum(kept.offer.state is OfferState.ACCEPTED for kept in work.offers.of_order(order_id))
        duties = sum(duty.state is DutyState.PLANNED for duty in work.duties.of_subject(DutyKind.ORDER, order_id))
        order = work.orders.get(order_id, Scope(REGION))
        moves = work.orders.moves_of(order_id)
    assert [move.after for move in moves[1:]] == [OrderState.ACCEPTED] * (order.state is OrderState.ACCEPTED)
    return accepted, duties, order.taken, order.state
