"""Notices: what somebody is told, why, and when it may reach them: quiet hours, a cap a day, opting out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from geomatch.errors import Fault, InputError

MOST_BODY = 2000
MOST_A_DAY = 50


class Purpose(StrEnum):
    """What a notice is for; the value is what files and URLs say, and what somebody opts out of."""

    OFFER = "offer"
    CALL_UP = "call_up"
    PUSH = "push"
    REMINDER = "reminder"
    RESULT = "result"
    STAFF = "staff"


PURPOSE_NAMES: dict[Purpose, tuple[str, str]] = {
    Purpose.OFFER: ("派单", "An order is offered"),
    Purpose.CALL_UP: ("征召", "Call-up"),
    Purpose.PUSH: ("区域通知", "Notice to an area"),
    Purpose.REMINDER: ("提醒", "Reminder of something accepted"),
    Purpose.RESULT: ("结果", "Outcome of something asked for"),
    Purpose.STAFF: ("工作", "Work of the office"),
}
"""Chinese and English name of each purpose."""

ASKS = frozenset({Purpose.OFFER, Purpose.CALL_UP, Purpose.PUSH})
"""These ask for attention that nobody asked to give; only they count against a volunteer's cap a day."""


class NoticeState(StrEnum):
    """Where a notice stands.

    waiting: in the outbox. sending: let out, on its way by some channel. sent: at least one channel took it. shown: let
    out, where no channel leads to its reader; it stands in the list of their notices. dead: every channel gave up.
    opted_out, withdrawn, expired: ended before it was sent, by its reader, by its sender, by time.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    SHOWN = "shown"
    DEAD = "dead"
    OPTED_OUT = "opted_out"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Notice:
    """What one person is to be told, written in the transaction of its cause.

    Attributes:
        region: id.
        key: unique in its region; the same notice put twice is one, such as "offer:<order>:<volunteer>".
        purpose: what it is for.
        cause_kind, cause_id: what made it, such as "order" and its id.
        why_zh, why_en: why this reader gets it, a sentence each.
        body: the text, in Chinese.
        made_at: now.
        volunteer, account: the reader; exactly one of them.
        not_before: earliest moment at which it may go out, or None for at once.
        expires_at: moment from which it is of no use, or None.
        urgent: goes out in quiet hours too; caps and opting out still hold.
    """

    region: str
    key: str
    purpose: Purpose
    cause_kind: str
    cause_id: str
    why_zh: str
    why_en: str
    body: str
    made_at: datetime
    volunteer: str | None = None
    account: str | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None
    urgent: bool = False

    def __post_init__(self) -> None:
        """Refuse a notice to nobody or to two, and one that does not say why."""
        if (self.volunteer is None) == (self.account is None):
            raise ValueError("a notice goes to a volunteer or to an account")
        if not (self.key and self.body and self.why_zh and self.why_en):
            raise ValueError("a notice has a key, a body, and says why it is sent")


@dataclass(frozen=True, slots=True)
class Posted:
    """A notice as it stands in the outbox.

    Attributes:
        id: ours.
        notice: what it says.
        state: where it stands.
        not_before: as it stands now, after postponing.
        released_at: when it was let out, or None.
        told: why it stands there, where that needs words.
    """

    id: str
    notice: Notice
    state: NoticeState
    not_before: datetime
    released_at: datetime | None = None
    told: str = ""


class Waiting(NamedTuple):
    """A notice that waits in the outbox, as far as it says when it may go out, and to whom; the rest is as of Notice.

    Attributes:
        id: ours.
        released_at: when it was let out before, or None.
    """

    id: str
    purpose: Purpose
    cause_id: str
    volunteer: str | None
    account: str | None
    expires_at: datetime | None
    urgent: bool
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """What a region sets.

    Attributes:
        quiet_from, quiet_until: time of day between which nothing goes out but what is urgent; alike for never.
        most_a_day: how many notices that ask something (ASKS) may reach a volunteer on one day.
        timezone: whose day and hours those are.
    """

    quiet_from: time = time(21)
    quiet_until: time = time(7, 30)
    most_a_day: int = 3
    timezone: str = "Asia/Shanghai"

    def day_of(self, at: datetime) -> tuple[datetime, datetime]:
        """Give the start and the end of the region's day that a moment lies in."""
        start = at.astimezone(ZoneInfo(self.timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
        return start, _midnight_after(start)

    def quiet_end(self, at: datetime) -> datetime | None:
        """Give when the quiet hours end that a moment lies in; None where it lies in none."""
        local = at.astimezone(ZoneInfo(self.timezone))
        is_late, is_early = local.time() >= self.quiet_from, local.time() < self.quiet_until
        over_midnight = self.quiet_from > self.quiet_until
        if not ((is_late or is_early) if over_midnight else (is_late and is_early)):
            return None
        end = local.replace(
            hour=self.quiet_until.hour, minute=self.quiet_until.minute, second=self.quiet_until.second, microsecond=0
        )
        return end + timedelta(days=1) if over_midnight and is_late else end


def checked_rules(rules: NoticeRules) -> NoticeRules:
    """Give rules back as they are.

    Raises:
        InputError: the cap is below 0 or beyond MOST_A_DAY, or there is no such time zone.
    """
    faults = []
    if not 0 <= rules.most_a_day <= MOST_A_DAY:
        faults.append(Fault("most_a_day", f"must be from 0 to {MOST_A_DAY}", value=str(rules.most_a_day)))
    try:
        ZoneInfo(rules.timezone)
    except (ValueError, KeyError, OSError):
        faults.append(Fault("timezone", "is no time zone, such as Asia/Shanghai", value=rules.timezone))
    if faults:
        raise InputError(faults)
    return rules


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a notice now: let out (state is None), ended in a state, or postponed until a moment."""

    state: NoticeState | None = None
    until: datetime | None = None
    told: str = ""

    @property
    def is_let_out(self) -> bool:
        """Tell whether it goes out now."""
        return self.state is None and self.until is None


_LET_OUT = Verdict()
"""Nothing stands in its way."""


def judged(
    notice: Notice | Waiting, rules: NoticeRules, at: datetime, *, has_opted_out: bool, reached: int
) -> Verdict:  # fmt: skip
    """Say what becomes of a waiting notice.

    Args:
        notice: it.
        rules: of its region.
        at: now.
        has_opted_out: whether its reader opted out of its purpose.
        reached: how many notices that ask something reached its reader today.
    """
    if has_opted_out:
        return Verdict(NoticeState.OPTED_OUT, told="the reader opted out")
    if notice.expires_at is not None and at >= notice.expires_at:
        return Verdict(NoticeState.EXPIRED, told="it was of no use any more when it could have gone out")
    quiet_end = None if notice.urgent else rules.quiet_end(at)
    if quiet_end is not None:
        return Verdict(until=quiet_end, told="quiet hours")
    if notice.volunteer is not None and notice.purpose in ASKS and reached >= rules.most_a_day:
        return Verdict(until=rules.day_of(at)[1], told=f"the reader had {reached} today; the cap is {rules.most_a_day}")
    return _LET_OUT


def _midnight_after(start: datetime) -> datetime:
    """Give the next midnight of a local midnight, also where a clock is put forward or back."""
    return (start.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=start.tzinfo)
