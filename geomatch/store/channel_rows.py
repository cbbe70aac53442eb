"""The ways out of the house in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, insert, select, update

from geomatch.errors import NotFoundError
from geomatch.store import faults
from geomatch.store.tables.notices import channels
from geomatch.volunteering.channels import Channel, ChannelKind
from geomatch.volunteering.notices import Purpose

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

_OF_REGION = select(channels).where(channels.c.region == bindparam("of")).order_by(channels.c.made_at, channels.c.id)


class ChannelRows:
    """The channels of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, channel: Channel) -> None:
        """Write one down."""
        row = {
            "id": channel.id, "region": channel.region, "name": channel.name, "kind": channel.kind.value,
            "address": channel.address, "secret": channel.secret,
            "purposes": sorted(purpose.value for purpose in channel.purposes), "unit": channel.unit,
            "team": channel.team, "is_open": channel.is_open, "made_at": channel.made_at,
        }  # fmt: skip
        with faults.told():
            self._connection.execute(insert(channels).values(row))

    def all(self, region: str) -> tuple[Channel, ...]:
        """List the channels of a region, closed ones too, the oldest first."""
        with faults.told():
            return tuple(_channel(row) for row in self._connection.execute(_OF_REGION, {"of": region}))

    def close(self, channel_id: str, region: str) -> None:
        """Let nothing go out by a channel any more, and forget its address and secret; NotFoundError."""
        mine = and_(channels.c.id == channel_id, channels.c.region == region)
        with faults.told():
            changed = self._connection.execute(
                update(channels).where(mine).values(is_open=False, address="", secret="")
            )
        if not changed.rowcount:
            raise NotFoundError(f"there is no channel {channel_id!r} in this region")


def _channel(row: Row[Any]) -> Channel:
    return Channel(
        row.id, row.region, row.name, ChannelKind(row.kind), row.address, row.secret,
        frozenset(map(Purpose, row.purposes)), row.unit, row.team, row.is_open, row.made_at,
    )  # fmt: skip
