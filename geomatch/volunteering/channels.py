"""Channels: the ways by which notices leave the machine, whom each leads to, and how often one is tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError
from geomatch.volunteering.notices import Purpose

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.volunteering.notices import Posted

MOST_TRIES = 10
MOST_CHANNELS = 100
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)


class ChannelKind(StrEnum):
    """What stands at the other end; the value is what files and URLs say."""

    WEBHOOK = "webhook"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    MAIL = "mail"


KIND_NAMES: dict[ChannelKind, tuple[str, str]] = {
    ChannelKind.WEBHOOK: ("签名回调", "Signed webhook"),
    ChannelKind.WECOM: ("企业微信群机器人", "WeCom group robot"),
    ChannelKind.DINGTALK: ("钉钉群机器人", "DingTalk group robot"),
    ChannelKind.FEISHU: ("飞书群机器人", "Feishu group robot"),
    ChannelKind.MAIL: ("电子邮件", "E-mail"),
}
"""Chinese and English name of each kind."""

ROBOTS = frozenset({ChannelKind.WECOM, ChannelKind.DINGTALK, ChannelKind.FEISHU})
"""They speak to a whole group, so they carry what is for the office's work and nothing that is for one person."""


class DeliveryState(StrEnum):
    """Where a notice stands on its way by one channel."""

    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Channel:
    """A way out.

    Attributes:
        id: ours.
        region: id.
        name: as the office calls it.
        kind: what stands at the other end.
        address: where; it may hold a key or a password, so it is never listed whole.
        secret: what signs, or empty.
        purposes: of the notices that go this way.
        unit, team: readers of this township or team only, where given.
        is_open: False where it was closed.
        made_at: when.
    """

    id: str
    region: str
    name: str
    kind: ChannelKind
    address: str
    secret: str
    purposes: frozenset[Purpose]
    unit: str | None
    team: str | None
    is_open: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """What must be known of a reader to find the ways to them.

    Attributes:
        unit, team: their township and team, or None.
        mail: where they want to be written to, or None.
    """

    unit: str | None = None
    team: str | None = None
    mail: str | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody asked for.

    Attributes:
        opted_out: purposes of which they want no notices.
        interests: categories that they want to hear about.
        mail: where they want to be written to, or None.
    """

    opted_out: frozenset[Purpose] = frozenset()
    interests: tuple[str, ...] = ()
    mail: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice on its way by one channel.

    Attributes:
        id: ours; the key by which the other side knows it again.
        posted: the notice.
        channel: id of the channel.
        state: where it stands.
        tries: how often it was tried.
        next_at: when it is tried next.
        told: what the last try was told.
        ended_at: when it ended, or None.
    """

    id: str
    posted: Posted
    channel: str
    state: DeliveryState
    tries: int
    next_at: datetime
    told: str = ""
    ended_at: datetime | None = None


def check_purposes(kind: ChannelKind, purposes: frozenset[Purpose]) -> None:
    """Refuse a robot that would tell a whole group what is for one person.

    Raises:
        InputError: names the purposes that it may not carry.
    """
    wrong = purposes - {Purpose.STAFF} if kind in ROBOTS else frozenset()
    if not purposes or wrong:
        told = f"a group robot carries only {Purpose.STAFF.value}" if wrong else "must name at least one"
        raise InputError([Fault("purposes", told, value=", ".join(sorted(wrong)) or None)])


def leads_to(channel: Channel, purpose: Purpose, reader: Reader) -> bool:
    """Tell whether a notice of a purpose goes out to a reader by a channel."""
    if purpose not in channel.purposes or (channel.kind is ChannelKind.MAIL and not reader.mail):
        return False
    return channel.unit in {None, reader.unit} and channel.team in {None, reader.team}


def pause_after(tries: int) -> timedelta:
    """Say how long to wait after so many tries, of which the first is 1: half a minute, doubled up to an hour."""
    return min(_FIRST_PAUSE * (1 << min(tries - 1, MOST_TRIES)), _LONGEST_PAUSE)
