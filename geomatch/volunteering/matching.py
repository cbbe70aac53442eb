"""Who may help with an order, who is asked first, and why: plain arrays of candidates in, a choice with reasons out.

Everything that counts is put into seconds of walking: one task more in the last month is like so many seconds further
away. So weights can be argued about in words, and the choice can be replayed from what it was made of.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from geomatch.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from geomatch.volunteering.acceptance import Prior

DAY_S = 86_400.0


class Bar(StrEnum):
    """What keeps somebody from an order, in the order in which it is asked; the value is what files and URLs say."""

    OFF_DUTY = "off_duty"
    SKILL = "skill"
    CERTIFICATE = "certificate"
    LANGUAGE = "language"
    AGE = "age"
    INSURANCE = "insurance"
    WINDOW = "window"
    CLASH = "clash"
    BLOCKED = "blocked"
    BUDGET = "budget"
    ASKED = "asked"
    TOO_FAR = "too_far"


BAR_NAMES: dict[Bar, tuple[str, str]] = {
    Bar.OFF_DUTY: ("不在岗", "off duty"),
    Bar.SKILL: ("没有所需技能", "lacks the skill"),
    Bar.CERTIFICATE: ("证书当天无效", "no certificate valid on the day"),
    Bar.LANGUAGE: ("语言不通", "does not speak the language"),
    Bar.AGE: ("年龄不合规定", "too young for it"),
    Bar.INSURANCE: ("保险当天无效", "not insured on the day"),
    Bar.WINDOW: ("这段时间没空", "not available then"),
    Bar.CLASH: ("与其他任务冲突（含路上时间）", "clashes with another duty, the way there included"),
    Bar.BLOCKED: ("双方之一不愿再见", "one of the two does not want the other"),
    Bar.BUDGET: ("今天的通知次数已满", "was notified often enough today"),
    Bar.ASKED: ("这一单已经问过", "was asked for this order already"),
    Bar.TOO_FAR: ("步行太远", "too far to walk"),
}
"""Chinese and English words for each bar."""


@dataclass(frozen=True)
class Candidates:
    """Volunteers near an order, one row each.

    Attributes:
        volunteer: ids, n of them, in an order that does not depend on chance.
        walk_s: float64 (n,), seconds on foot at the profile's pace, inf where there is no way.
        barred: bool (n, len(Bar)), what keeps each from the order apart from the walk, in the order of Bar; from CLASH
            on it is asked only of those whom nothing before keeps away.
        load: int64 (n,), tasks taken on in the last 30 days.
        rested_s: float64 (n,), seconds since each was last called, inf where never.
        trained: int64 (n,), trainings passed.
        offers, accepted: int64 (n,), how often each was asked and said yes.
        minor: bool (n,), who may only come beside an adult.
        most_minors: how many of those may be chosen.
    """

    volunteer: tuple[str, ...]
    walk_s: NDArray[np.float64]
    barred: NDArray[np.bool_]
    load: NDArray[np.int64]
    rested_s: NDArray[np.float64]
    trained: NDArray[np.int64]
    offers: NDArray[np.int64]
    accepted: NDArray[np.int64]
    minor: NDArray[np.bool_]
    most_minors: int

    def __len__(self) -> int:
        return len(self.volunteer)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing is worth, in seconds of walking.

    Attributes:
        load_s: one task in the last 30 days is like walking so much longer.
        rest_s: every day since the last call is like walking so much less, up to rest_days.
        rest_days: after so many days one has rested enough; never called counts as that.
        training_s: every training passed is like walking so much less, up to three.
        refusal_s: somebody sure to refuse is like walking so much longer; in between by the chance.
    """

    load_s: float = 150.0
    rest_s: float = 10.0
    rest_days: float = 14.0
    training_s: float = 20.0
    refusal_s: float = 240.0

    def __post_init__(self) -> None:
        for field in fields(self):
            figure = getattr(self, field.name)
            if not 0 <= figure < np.inf:
                raise InputError.of(field.name, "must be a number of at least 0", value=figure)


CLOSEST = Weights(load_s=0.0, rest_s=0.0, training_s=0.0, refusal_s=0.0)
"""Always the closest: what this service is compared with."""

MOST_TRAINED = 3


@dataclass(frozen=True, slots=True)
class Factors:
    """Why one volunteer stands where it stands, each part in seconds of walking.

    Attributes:
        volunteer: id.
        rank: 1 for the first.
        score_s: the sum of the parts: the least is asked first.
        walk_s, load_s, rest_s, training_s, refusal_s: the parts; those that help are negative.
        load, trained, chance: what three of them stand for.
    """

    volunteer: str
    rank: int
    score_s: float
    walk_s: float
    load_s: float
    rest_s: float
    training_s: float
    refusal_s: float
    load: int
    trained: int
    chance: float


@dataclass(frozen=True, slots=True)
class Miss:
    """Somebody who could not be asked, and everything that stood in the way."""

    volunteer: str
    walk_s: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Choice:
    """Who is asked, in order, and why the others are not.

    Attributes:
        chosen: the first k, best first; fewer where fewer may.
        next: the first of those who may and were not chosen, or None.
        eligible: how many may.
        barred: how many each bar keeps away; one kept away by two counts for the first in the order of Bar.
        passed_over: who is nearer than the last chosen and was not chosen, nearest first, at most `SHOWN`.
        nearest_miss: where nobody may: who lacks the least, and among those the nearest.
    """

    chosen: tuple[Factors, ...]
    next: Factors | None
    eligible: int
    barred: Mapping[Bar, int]
    passed_over: tuple[Factors | Miss, ...]
    nearest_miss: Miss | None


SHOWN = 5


def choose(
    among: Candidates, k: int, *, limit_s: float, weights: Weights, prior: Prior, given: Collection[str] | None = None
) -> Choice:
    """Choose whom to ask.

    Who may: nobody whom a bar keeps away, none whose walk is longer than limit_s (inclusive), and of the minors only
    the first so many. Who first: the least score; equal scores by the shorter walk, then by id.

    Args:
        among: the candidates.
        k: how many to ask at once, at least 1.
        limit_s: the longest walk.
        weights: what counts how much.
        prior: the region's rate of acceptance.
        given: ids of those whom a batch of orders gave this one, instead of the first k.
    """
    judged = _judge(among, limit_s, weights, prior)
    order = judged.order()
    has = np.array([given is not None and among.volunteer[row] in given for row in order.tolist()], bool)
    minor = among.minor[order]
    surplus = order[minor & ~has][max(among.most_minors - int((minor & has).sum()), 0) :]
    judged.barred[surplus, _BARS.index(Bar.AGE)] = True
    stays = ~judged.barred[order].any(axis=1)
    order, has = order[stays], has[stays] if given is not None else np.arange(int(stays.sum())) < k
    after = np.flatnonzero(~has)[:1].tolist()
    return Choice(
        chosen=tuple(judged.factors(order[at], at + 1) for at in np.flatnonzero(has).tolist()),
        next=judged.factors(order[after[0]], after[0] + 1) if after else None,
        eligible=len(order),
        barred=judged.first_bars(),
        passed_over=judged.passed_over(order, has),
        nearest_miss=None if len(order) else judged.nearest_miss(),
    )


def ranked(
    among: Candidates, *, limit_s: float, weights: Weights, prior: Prior
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Give who may, as `choose` ranks them, all the minors among them.

    Returns:
        Rows of the candidates intp (m,), best first, and the score of each in seconds, float64 (m,).
    """
    judged = _judge(among, limit_s, weights, prior)
    order = judged.order()
    return order, judged.parts[order].sum(axis=1)


_BARS = tuple(Bar)


@dataclass(frozen=True)
class _Judged:
    """Candidates with all that is to be said of each.

    Attributes:
        among: the candidates.
        barred: bool (n, len(Bar)), the walk included.
        parts: float64 (n, 5), walk, load, rest, training and refusal in seconds.
        chance: float64 (n,), of saying yes.
    """

    among: Candidates
    barred: NDArray[np.bool_]
    parts: NDArray[np.float64]
    chance: NDArray[np.float64]

    def order(self) -> NDArray[np.intp]:
        """Give the rows that nothing keeps away, best first."""
        rows = np.flatnonzero(~self.barred.any(axis=1))
        ids = np.array(self.among.volunteer, object)[rows].astype(str)
        return rows[np.lexsort((ids, self.among.walk_s[rows], self.parts[rows].sum(axis=1)))]

    def factors(self, row: int | np.intp, rank: int) -> Factors:
        among, score_s = self.among, float(self.parts[row].sum())
        walk_s, load_s, rest_s, training_s, refusal_s = self.parts[row].tolist()
        return Factors(
            among.volunteer[row], rank, score_s, walk_s, load_s, rest_s, training_s, refusal_s,
            load=int(among.load[row]), trained=int(among.trained[row]), chance=float(self.chance[row]),
        )  # fmt: skip

    def miss(self, row: int) -> Miss:
        bars = tuple(bar for bar, keeps in zip(_BARS, self.barred[row], strict=True) if keeps)
        return Miss(self.among.volunteer[row], float(self.among.walk_s[row]), bars)

    def first_bars(self) -> dict[Bar, int]:
        kept = self.barred[self.barred.any(axis=1)]
        counts = np.bincount(kept.argmax(axis=1), minlength=len(_BARS)) if len(kept) else np.zeros(len(_BARS), int)
        return {bar: int(count) for bar, count in zip(_BARS, counts, strict=True) if count}

    def passed_over(self, order: NDArray[np.intp], has: NDArray[np.bool_]) -> tuple[Factors | Miss, ...]:
        """List who is nearer than the furthest of those who have it."""
        if not has.any():
            return ()
        walk_s = self.among.walk_s
        rank = np.zeros(len(self.among), np.int64)
        rank[order] = np.arange(1, len(order) + 1)
        is_nearer = walk_s < walk_s[order[has]].max()
        is_nearer[order[has]] = False
        nearer = np.flatnonzero(is_nearer)
        nearest = nearer[np.argsort(walk_s[nearer], kind="stable")][:SHOWN].tolist()
        return tuple(self.factors(row, int(rank[row])) if rank[row] else self.miss(row) for row in nearest)

    def nearest_miss(self) -> Miss | None:
        if not len(self.among):
            return None
        return self.miss(int(np.lexsort((self.among.walk_s, self.barred.sum(axis=1)))[0]))


def _judge(among: Candidates, limit_s: float, weights: Weights, prior: Prior) -> _Judged:
    barred = among.barred.copy()
    barred[:, _BARS.index(Bar.TOO_FAR)] |= ~(among.walk_s <= limit_s)
    chance = prior.chance(among.offers, among.accepted)
    days = np.minimum(among.rested_s / DAY_S, weights.rest_days)
    parts = (
        among.walk_s,
        weights.load_s * among.load,
        -weights.rest_s * days,
        -weights.training_s * np.minimum(among.trained, MOST_TRAINED),
        weights.refusal_s * (1.0 - chance),
    )
    return _Judged(among, barred, np.column_stack(parts), chance)
