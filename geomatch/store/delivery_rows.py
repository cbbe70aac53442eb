"""Notices on their way by a channel, in the database: each try is claimed before it is made, and ends once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, func, insert, select, update

from geomatch.store import faults, ids
from geomatch.store.among import one_of
from geomatch.store.notice_rows import posted
from geomatch.store.tables.notices import deliveries, outbox
from geomatch.volunteering.channels import Delivery, DeliveryState
from geomatch.volunteering.notices import NoticeState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

_UNDER_WAY = (NoticeState.SENDING.value, NoticeState.SENT.value)
_WAITING = DeliveryState.WAITING.value
_WAYS = select(outbox, *(column.label(f"d_{column.name}") for column in deliveries.c)).join(
    outbox, outbox.c.id == deliveries.c.notice
)
_DUE = (
    _WAYS.where(
        deliveries.c.region == bindparam("of"), deliveries.c.state == _WAITING,
        deliveries.c.next_at <= bindparam("now"), one_of(outbox.c.state, _UNDER_WAY),
        deliveries.c.channel.not_in(bindparam("silent", expanding=True)),
    )
    .order_by(deliveries.c.next_at, deliveries.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=deliveries)
)  # fmt: skip


class DeliveryRows:
    """The deliveries of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def put(self, region: str, ways: Sequence[tuple[str, str]], at: datetime) -> None:
        """Put notices on their way: pairs of the ids of a notice and a channel."""
        rows = [
            {
                "id": ids.fresh(), "region": region, "notice": notice, "channel": channel, "state": _WAITING,
                "tries": 0, "next_at": at, "told": "",
            }
            for notice, channel in ways
        ]  # fmt: skip
        if rows:
            with faults.told():
                self._connection.execute(insert(deliveries), rows)

    def due(self, region: str, at: datetime, *, limit: int, silent: Collection[str] = ()) -> tuple[Delivery, ...]:
        """List deliveries that may be tried by now, the longest waiting first, and keep others from them.

        Args:
            region: id.
            at: now.
            limit: how many at most.
            silent: channels to leave alone.
        """
        given = {"of": region, "now": at, "most": limit, "silent": list(silent)}
        with faults.told():
            return tuple(_delivery(row) for row in self._connection.execute(_DUE, given))

    def claim(self, delivery: Delivery, next_at: datetime) -> None:
        """Say that a try begins: should whoever makes it be killed, the next one is due then."""
        self._change(delivery, tries=delivery.tries + 1, next_at=next_at)

    def postpone(self, delivery: Delivery, next_at: datetime, told: str) -> None:
        """Try later, as often as the delivery says that it was tried."""
        self._change(delivery, tries=delivery.tries, next_at=next_at, told=told)

    def is_wanted(self, delivery: Delivery) -> bool:
        """Tell whether a claimed delivery is still to be made."""
        query = _WAYS.where(deliveries.c.id == delivery.id, deliveries.c.state == _WAITING)
        with faults.told():
            return self._connection.execute(query.where(outbox.c.state.in_(_UNDER_WAY))).one_or_none() is not None

    def end(self, delivery: Delivery, state: DeliveryState, told: str, at: datetime) -> None:
        """Say how a delivery ended; one that was sent while it was taken back was sent."""
        states = [_WAITING] + ([DeliveryState.WITHDRAWN.value] if state is DeliveryState.SENT else [])
        row = update(deliveries).where(deliveries.c.id == delivery.id, deliveries.c.state.in_(states))
        with faults.told():
            self._connection.execute(row.values(state=state.value, told=told, ended_at=at))

    def has_hope(self, notice_id: str) -> bool:
        """Tell whether a notice was sent by some channel, or may still be."""
        states = (_WAITING, DeliveryState.SENT.value)
        query = select(exists().where(deliveries.c.notice == notice_id, deliveries.c.state.in_(states)))
        with faults.told():
            return bool(self._connection.execute(query).scalar_one())

    def of(self, notice_id: str) -> tuple[Delivery, ...]:
        """List the ways of a notice."""
        query = _WAYS.where(deliveries.c.notice == notice_id).order_by(deliveries.c.id)
        with faults.told():
            return tuple(_delivery(row) for row in self._connection.execute(query))

    def counts(self, region: str) -> dict[tuple[str, DeliveryState], int]:
        """Count the deliveries of a region by channel and state."""
        query = select(deliveries.c.channel, deliveries.c.state, func.count()).where(deliveries.c.region == region)
        with faults.told():
            rows = self._connection.execute(query.group_by(deliveries.c.channel, deliveries.c.state)).all()
        return {(channel, DeliveryState(state)): int(count) for channel, state, count in rows}

    def _change(self, delivery: Delivery, **values: Any) -> None:
        row = update(deliveries).where(deliveries.c.id == delivery.id, deliveries.c.state == _WAITING)
        with faults.told():
            self._connection.execute(row.values(**values))


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        row.d_id, posted(row), row.d_channel, DeliveryState(row.d_state), row.d_tries, row.d_next_at, row.d_told,
        row.d_ended_at,
    )  # fmt: skip
