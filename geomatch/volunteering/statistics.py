"""Honest statistics: four measures that are kept apart, each figure with its scope, its period and its definition."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from geomatch.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

MOST = 10**10
"""More than this is no figure of a district."""


class Measure(StrEnum):
    """What is counted; the value is what files and URLs say."""

    EVENTS = "events"
    PARTICIPATIONS = "participations"
    AUDIENCE = "audience"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a measure means.

    Attributes:
        zh, en: its name.
        means_zh, means_en: a sentence each.
        adds_up: whether the figures of parts that share nothing sum to that of the whole.
    """

    zh: str
    en: str
    means_zh: str
    means_en: str
    adds_up: bool


DEFINITIONS: dict[Measure, Definition] = {
    Measure.EVENTS: Definition(
        "场次", "Events", "期间内开始且未取消、已经结束的活动，一场计一次。",
        "Activities that began in the period, were not cancelled and have ended; each counts once.", adds_up=True,
    ),
    Measure.PARTICIPATIONS: Definition(
        "参与人次", "Participations", "在上述活动签到的次数；同一人参加两场计两次。",
        "Check-ins at these activities; who comes to two counts twice.", adds_up=True,
    ),
    Measure.AUDIENCE: Definition(
        "受众人次", "Audience", "主办方事后登记的受众人次之和；未登记的活动不计，并单列其数。",
        "The audiences that organisers noted afterwards; activities with none noted are left out and counted beside.",
        adds_up=True,
    ),
    Measure.PEOPLE: Definition(
        "去重人数", "Distinct people", "在上述活动签到的不同的人；参加多场只计一次，因此各部分之和可能大于总数。",
        "Different people who checked in at these activities; each counts once, so that parts can sum to more.",
        adds_up=False,
    ),
}  # fmt: skip
"""What each measure means, in words that are shown beside its figures."""


class By(StrEnum):
    """What a table of figures is split by."""

    TEAM = "team"
    UNIT = "unit"
    CATEGORY = "category"
    TREE = "tree"  # each team with all that stand below it, so that parts share what they count


class Bound(StrEnum):
    """How a published figure is meant."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    ABOUT = "about"
    ALMOST = "almost"


BOUND_NAMES: dict[Bound, tuple[str, str]] = {
    Bound.EXACT: ("", "exactly"),
    Bound.AT_LEAST: ("至少", "at least"),
    Bound.ABOUT: ("约", "about"),
    Bound.ALMOST: ("近", "almost"),
}
"""Chinese and English word of each."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a text such as 2万多人次 says.

    Attributes:
        value: the number.
        bound: how it is meant.
        measure: which measure it names; None where it names none, or a word that fits several.
        word: the word after the number.
    """

    value: int
    bound: Bound
    measure: Measure | None
    word: str


@dataclass(frozen=True, slots=True)
class Published:
    """A figure that somebody published.

    Attributes:
        id: ours.
        region: id.
        measure: which of the four.
        value: the number.
        bound: how it is meant; anything but exact is approximate.
        as_written: as it stood there.
        unit, team, category: its scope, where it is not the whole region.
        first, last: days of its period, both in it; None where it was not said.
        published_on: the day on which it was published.
        source: where.
        account: who entered it.
    """

    id: str
    region: str
    measure: Measure
    value: int
    bound: Bound
    as_written: str
    unit: str | None
    team: str | None
    category: str | None
    first: date | None
    last: date | None
    published_on: date
    source: str
    account: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A published figure as it was written down.

    Attributes:
        figure: such as 2万多人次.
        measure: which of the four, or empty where the figure says it.
        published_on, source: when and where it was published.
        unit, team, category: its scope, where it is not the whole region.
        first, last: days of its period, where they were said.
        row: of the file, or None.
    """

    figure: str
    measure: str
    published_on: date
    source: str
    unit: str | None = None
    team: str | None = None
    category: str | None = None
    first: date | None = None
    last: date | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """The four measures of one scope and period.

    Attributes:
        events, participations, audience, people: the measures.
        uncounted: events with no audience noted.
    """

    events: int = 0
    participations: int = 0
    audience: int = 0
    people: int = 0
    uncounted: int = 0

    def of(self, measure: Measure) -> int:
        """Give one of the four."""
        return int(getattr(self, measure.value))


@dataclass(frozen=True, slots=True)
class Event:
    """An activity as it is counted.

    Attributes:
        activity: id.
        title: its name.
        unit, team, category: where it counts; "" where it has none.
        audience: as noted, or None.
        people: who checked in: the volunteer where one is known, else the account.
    """

    activity: str
    title: str
    unit: str
    team: str
    category: str
    audience: int | None
    people: tuple[str, ...]

    def part(self, by: By) -> str:
        """Say to which part of a table it belongs."""
        return {By.UNIT: self.unit, By.CATEGORY: self.category}.get(by, self.team)


def counted(events: Iterable[Event]) -> Figures:
    """Count the four measures of some events; people over all of them at once."""
    given = list(events)
    return Figures(
        len(given), sum(len(each.people) for each in given), sum(each.audience or 0 for each in given),
        len({person for each in given for person in each.people}), sum(each.audience is None for each in given),
    )  # fmt: skip


def split(events: Iterable[Event], by: By) -> dict[str, Figures]:
    """Count the events of each part by itself; "" is what belongs to none."""
    parts: dict[str, list[Event]] = {}
    for each in events:
        parts.setdefault(each.part(by), []).append(each)
    return {part: counted(own) for part, own in sorted(parts.items())}


def rolled_up(events: Iterable[Event], parents: Mapping[str, str | None]) -> dict[str, Figures]:
    """Count for each team the events of all teams below it and its own, for those that have any.

    Args:
        events: to be counted.
        parents: id of a team -> id of the team above it, None at the top; a tree.
    """
    below: dict[str, list[Event]] = {}
    for each in events:
        team: str | None = each.team
        while team:
            below.setdefault(team, []).append(each)
            team = parents.get(team)
    return {team: counted(own) for team, own in sorted(below.items())}


_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_UNITS = {"": 1, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_BEFORE = {"约": Bound.ABOUT, "大约": Bound.ABOUT, "近": Bound.ALMOST, "将近": Bound.ALMOST, "超": Bound.AT_LEAST,
    "超过": Bound.AT_LEAST, "逾": Bound.AT_LEAST, "至少": Bound.AT_LEAST}  # fmt: skip
_AFTER = {"多": Bound.AT_LEAST, "余": Bound.AT_LEAST, "+": Bound.AT_LEAST, "以上": Bound.AT_LEAST, "左右": Bound.ABOUT}
_WORDS: dict[str, Measure] = {
    "场": Measure.EVENTS, "场次": Measure.EVENTS, "参与人次": Measure.PARTICIPATIONS, "受众人次": Measure.AUDIENCE,
    "去重人数": Measure.PEOPLE,
} | {measure.value: measure for measure in Measure}  # fmt: skip
_UNSURE = {
    "次": tuple(Measure), "人次": (Measure.PARTICIPATIONS, Measure.AUDIENCE), "人": tuple(Measure)[1:],
    "人数": tuple(Measure)[1:], "名": tuple(Measure)[1:], "": tuple(Measure),
}  # fmt: skip
_FIGURE = re.compile(
    rf"(?P<before>{'|'.join(sorted(_BEFORE, key=len, reverse=True))})?"
    r"(?P<number>[0-9][0-9,.]*|[零〇一二两三四五六七八九十百千]+)?"
    r"(?P<odd>多|余)?(?P<unit>[万亿千百]?)"
    r"(?P<after>多|余|\+|以上|左右)?"
    r"(?P<word>参与人次|受众人次|去重人数|场次|人次|人数|场|次|人|名)?"
    r"(?P<late>以上|左右)?"
)


def said(text: str) -> Said:
    """Read a figure as people write it: 120场, 2.3万人次, 2万多人次, 约3000人, 十余万.

    Raises:
        InputError: it is no figure.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("，", ",")
    found = _FIGURE.fullmatch(plain)
    if found is None or not found["number"]:
        raise InputError.of("figure", "is no figure, such as 120场, 2.3万人次 or 2万多人次", value=text)
    value = _number(found["number"], text) * _UNITS[found["unit"]]
    if value != int(value) or not 0 <= value <= MOST:
        raise InputError.of("figure", f"must be a whole number of at most {MOST:,}", value=text)
    marks = [_AFTER[mark] for mark in (found["odd"], found["after"], found["late"]) if mark]
    marks += [_BEFORE[found["before"]]] if found["before"] else []
    bound = Bound.EXACT if not marks else (Bound.AT_LEAST if Bound.AT_LEAST in marks else marks[0])
    word = found["word"] or ""
    return Said(int(value), bound, _WORDS.get(word), word)


def measured(figure: Said, named: str, where: str = "measure") -> Measure:
    """Say which measure a figure is of, by what was named beside it or by its own word.

    Raises:
        InputError: neither says which of the four, with those it could be; or the two disagree.
    """
    text = named.strip()
    given = _WORDS.get(text)
    if given is None and text not in {"", *_UNSURE}:
        raise InputError.of(where, f"must be one of {_choices(tuple(Measure))}", value=named)
    if given is not None and figure.measure is not None and given is not figure.measure:
        raise InputError.of(where, f"{text} was named, but the figure says {figure.word}", value=named)
    measure = given or figure.measure
    if measure is not None:
        for word in (text, figure.word):
            if measure not in _UNSURE.get(word, (measure,)):
                raise InputError.of(where, f"{word} is never said of {DEFINITIONS[measure].zh}", value=named)
        return measure
    word = figure.word or text
    told = f"{word or 'a bare number'} does not say which measure it is; say which: {_choices(_UNSURE[word])}"
    raise InputError.of(where, told, value=named or None)


def _choices(measures: tuple[Measure, ...]) -> str:
    return ", ".join(f"{measure.value} {DEFINITIONS[measure].zh}" for measure in measures)


def _number(text: str, whole: str) -> Decimal:
    """Read digits with commas and one point, or a Chinese number below ten thousand."""
    if text[0].isdigit():
        if not re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,12}(\.[0-9]{1,4})?", text):
            raise InputError.of("figure", "has commas or points that make no number", value=whole)
        return Decimal(text.replace(",", ""))
    total, digit = 0, 0
    for sign in text:
        if sign in _TENS:
            total, digit = total + (digit or 1) * _TENS[sign], 0
        else:
            digit = _DIGITS[sign]
    return Decimal(total + digit)
