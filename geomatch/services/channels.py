"""Use case: the ways out of a region are opened, listed and closed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomatch.errors import ConflictError, InputError
from geomatch.sending import addresses, hosts, webhook
from geomatch.store import ids
from geomatch.volunteering.channels import MOST_CHANNELS, Channel, ChannelKind, DeliveryState, check_purposes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.notices import Purpose


@dataclass(frozen=True, slots=True)
class Shown:
    """A channel as it may be seen: its host, and neither its address nor its secret.

    Attributes:
        channel: without either.
        host: where it leads; empty where it was closed.
        counts: deliveries by state.
    """

    channel: Channel
    host: str
    counts: Mapping[DeliveryState, int]


def add(
    work: UnitOfWork,
    region: str,
    name: str,
    *,
    kind: ChannelKind,
    address: str,
    purposes: Sequence[Purpose],
    notice_hosts: Sequence[str],
    at: datetime,
    secret: str = "",
    unit: str | None = None,
    team: str | None = None,
) -> Channel:
    """Open a way out; the secret of a webhook is made here, and told this once.

    Args:
        work: of the database.
        region: id.
        name: as the office calls it.
        kind: what stands at the other end.
        address: where.
        purposes: of the notices that go this way.
        notice_hosts: hosts that were named, as the setting has them.
        at: now.
        secret: what signs for a DingTalk robot that asks for it; no other kind takes one.
        unit: readers of this township only.
        team: readers of this team only.

    Raises:
        InputError: the address is none of this kind, its host was not named, or a robot would carry what is personal.
        ConflictError: the region has as many as it may.
    """
    check_purposes(kind, frozenset(purposes))
    addresses.checked(kind, address, hosts.allowed(notice_hosts))
    if secret and kind is not ChannelKind.DINGTALK:
        raise InputError.of("secret", "is taken for a DingTalk robot only; that of a webhook is made here")
    signs = webhook.fresh_secret() if kind is ChannelKind.WEBHOOK else secret
    made = Channel(
        ids.fresh(), region, name, kind, address, signs, frozenset(purposes), unit, team, is_open=True, made_at=at
    )
    with work:
        if sum(channel.is_open for channel in work.channels.all(region)) >= MOST_CHANNELS:
            raise ConflictError(f"a region has at most {MOST_CHANNELS} channels; close some")
        work.channels.add(made)
        work.commit()
    return made


def listed(work: UnitOfWork, region: str) -> tuple[Shown, ...]:
    """List the channels of a region, the oldest first, with what became of the deliveries by each."""
    with work:
        channels, counts = work.channels.all(region), work.deliveries.counts(region)
    return tuple(
        shown(channel, {state: counts.get((channel.id, state), 0) for state in DeliveryState}) for channel in channels
    )


def shown(channel: Channel, counts: Mapping[DeliveryState, int]) -> Shown:
    """Leave out the address but for its host, and the secret."""
    host = addresses.taken_apart(channel.kind, channel.address).host if channel.is_open else ""
    return Shown(replace(channel, address="", secret=""), host, counts)


def close(work: UnitOfWork, channel_id: str, *, region: str) -> None:
    """Close a way out at once; what was on it ends. NotFoundError where there is none."""
    with work:
        work.channels.close(channel_id, region)
        work.commit()
