"""When a site is open, by its OpenStreetMap opening hours; the time is given, never read from a clock."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import opening_hours

if TYPE_CHECKING:
    from datetime import datetime

_COUNTRIES = {"Asia/Shanghai": "CN", "Asia/Urumqi": "CN"}
"""Whose public holidays hold where; elsewhere no day is a public holiday."""

_DASHES = str.maketrans(dict.fromkeys("–—−~", "-"))
_ONLY_WORDS = re.compile(r'\s*"[^"]*"\s*')

EXAMPLE = 'write OpenStreetMap opening hours such as "Mo-Fr 09:00-17:30; Sa 09:00-12:00"'


def check(hours: str) -> str:
    """Give hours in plain characters, or refuse them; every dash and tilde is a hyphen.

    Raises:
        ValueError: not opening hours; the message is the reason.
    """
    plain = unicodedata.normalize("NFKC", hours).translate(_DASHES).strip()
    if not opening_hours.validate(plain):
        raise ValueError(f"is not a set of opening hours; {EXAMPLE}")
    return plain


def is_open(hours: str | None, when: datetime, *, timezone: str) -> bool | None:
    """Tell whether a site is open at a time; None where its hours are unknown or say so themselves.

    Args:
        hours: what `check` accepted, or None.
        when: aware, or naive in the region's own time.
        timezone: IANA name of the region's time zone.
    """
    if hours is None or _ONLY_WORDS.fullmatch(hours):  # "by appointment" names no time at all
        return None
    rules, local = _rules(hours, timezone), _local(when, timezone)
    return None if rules.is_unknown(local) else bool(rules.is_open(local))


def changes_at(hours: str | None, when: datetime, *, timezone: str) -> datetime | None:
    """Give the time in the region at which a site next opens or closes; None where it never does or is unknown."""
    if hours is None:
        return None
    change = _rules(hours, timezone).next_change(_local(when, timezone))
    return None if change is None else change.replace(tzinfo=ZoneInfo(timezone))


def _local(when: datetime, timezone: str) -> datetime:
    """Turn a time into the region's, naive: the rules are read in local time."""
    if when.tzinfo is None:
        return when
    try:
        return when.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    except OverflowError:  # the first and last hours of the calendar have no local time
        return when.replace(tzinfo=None)


@lru_cache(maxsize=4096)
def _rules(hours: str, timezone: str) -> opening_hours.OpeningHours:
    return opening_hours.OpeningHours(hours, country=_COUNTRIES.get(timezone))
