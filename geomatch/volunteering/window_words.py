"""A window of time as people say it, in the time of their region."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


def window(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """Say from when to when: 11月30日 10:00–12:00; a later day is named with its end, the next one as 次日."""
    starts, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    days = ends.date() - starts.date()
    until = "" if not days else "次日 " if days == _DAY else f"{ends.month}月{ends.day}日 "
    return f"{starts.month}月{starts.day}日 {starts:%H:%M}–{until}{ends:%H:%M}"
