"""A site in the words that a resident needs: how far to walk, and whether it is open."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from geomatch.planning import opening
from geomatch.web.pages.language import words as _

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.planning.nearest import Hit
    from geomatch.planning.sites import Site

_CLOSING_SOON = timedelta(minutes=30)


@dataclass(frozen=True)
class Card:
    """One site, in words.

    Attributes:
        site: the site.
        walk: "步行 7 分钟 · 480 米".
        hours: "今天开到 17:30", or that it is closed, or that the hours are unknown.
        is_open: None where unknown.
    """

    site: Site
    kind: str
    walk: str
    hours: str
    is_open: bool | None


def card(hit: Hit, now: datetime, timezone: str) -> Card:
    """Put a hit into words."""
    minutes = max(1, math.ceil(hit.walk_s / 60 - 1e-6))
    walk = _("步行 %(minutes)s 分钟 · %(metres)s 米", minutes=minutes, metres=f"{round(hit.walk_m):,}")
    return Card(
        site=hit.site,
        kind=kind_name(hit.site.kind.value),
        walk=walk,
        hours=opening_words(hit.site.hours, now, timezone),
        is_open=opening.is_open(hit.site.hours, now, timezone=timezone),
    )


def kind_name(kind: str) -> str:
    """Give a kind of site in the reader's language."""
    names = {
        "centre": _("实践中心"),
        "office": _("实践所"),
        "station": _("实践站"),
        "outpost": _("驿站"),
        "base": _("实践基地"),
        "landscape": _("小景观"),
    }
    return names[kind]


def opening_words(hours: str | None, now: datetime, timezone: str) -> str:
    """Say until when a site is open, or when it opens again."""
    state = opening.is_open(hours, now, timezone=timezone)
    if state is None:
        return _("开放时间未知，去前请先问一问")
    change = opening.changes_at(hours, now, timezone=timezone)
    if change is None:
        return _("全天开放") if state else _("现在关门")
    clock = f"{change:%H:%M}"
    if state:
        if change.date() > now.date() and clock != "00:00":
            return _("一直开到 %(day)s %(time)s", day=_day(change, now), time=clock)
        until = "24:00" if clock == "00:00" else clock
        soon = change - now <= _CLOSING_SOON
        return _("快关门了：今天开到 %(time)s", time=until) if soon else _("今天开到 %(time)s", time=until)
    return _("现在关门，%(day)s %(time)s 开门", day=_day(change, now), time=clock)


def _day(when: datetime, now: datetime) -> str:
    away = (when.date() - now.date()).days
    if away <= 1:
        return _("今天") if away == 0 else _("明天")
    weekdays = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
    return weekdays[when.weekday()] if away < 7 else f"{when:%Y-%m-%d}"  # noqa: PLR2004 - a week
