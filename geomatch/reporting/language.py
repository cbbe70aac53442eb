"""Two languages, Chinese first, and how figures are written in them."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    Cell: TypeAlias = str | int | float | bool | None

NOTHING = "—"


class Language(StrEnum):
    """The language of a report; the value is what flags and addresses say."""

    ZH = "zh"
    EN = "en"


class Text(NamedTuple):
    """The same in both languages."""

    zh: str
    en: str

    def of(self, language: Language) -> str:
        """Give it in one language."""
        return self.zh if language is Language.ZH else self.en


class Kind(StrEnum):
    """What a value is, which says how it is written and how a spreadsheet shows it."""

    TEXT = "text"
    PEOPLE = "people"
    COUNT = "count"
    SHARE = "share"
    METRES = "metres"
    MINUTES = "minutes"
    NUMBER = "number"
    FACTOR = "factor"
    FLAG = "flag"


_YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}


def shown(value: Cell, kind: Kind, language: Language) -> str:
    """Write a value: thousands separated, shares in per cent with one decimal, a dash for what is not known."""
    if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
        return NOTHING
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return _YES_NO[value].of(language)
    return _FORMS.get(kind, _whole)(value)


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _number(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 1 else f"{value:,.2f}"


def _share(share: float) -> str:
    """Give per cent to one decimal, but 100 only for all and 0 only for nobody: 99.96 % is not everybody."""
    per_cent = round(100 * share, 1)
    if per_cent == 100.0 and share < 1.0:  # noqa: PLR2004 - per cent
        per_cent = 99.9
    if per_cent == 0.0 and share > 0.0:
        per_cent = 0.1
    return f"{per_cent:.1f} %"


def _plain(value: float) -> str:
    return f"{value:g}"


def _factor(value: float) -> str:
    return f"{value:,.2f}"


_FORMS = {Kind.SHARE: _share, Kind.NUMBER: _number, Kind.MINUTES: _plain, Kind.FACTOR: _factor}


def day(moment: datetime, language: Language) -> str:
    """Write a day: 2026年11月23日, or 23 November 2026."""
    if language is Language.ZH:
        return f"{moment.year}年{moment.month}月{moment.day}日"
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
