"""Use case, a part of callup_wave: what the database says of a call, as the arrays that a wave is chosen from."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from geomatch.volunteering import acceptance, mobilisation
from geomatch.volunteering.callups import AskState
from geomatch.volunteering.mobilisation import MOST_NEEDS, Crowd, Posts, Walks
from geomatch.volunteering.people import touches_night, week_hours, week_mask

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from geomatch.store.callup_ask_rows import Seen
    from geomatch.volunteering.acceptance import Prior
    from geomatch.volunteering.callups import Callup, Post
    from geomatch.volunteering.duties import Duty
    from geomatch.volunteering.roster import Roster

_YES = (AskState.HELD, AskState.STANDBY, AskState.WITHDRAWN, AskState.NO_SHOW)
_NO = (AskState.DECLINED, AskState.SILENT, AskState.WITHDRAWN)
_CODES = {state.value: code for code, state in enumerate(AskState)}
_FEW, _LEAST_NEAR, _NEAR_EACH = 1000, 150, 50
"""For so few places in all, so many who live nearest a station are looked at first, and so many more for each place."""
_ANYBODY = 63
"""The bit that everybody has: for posts that need no skill."""


@dataclass(frozen=True)
class Asks:
    """Asks of a call so far, of people who are still there.

    Attributes:
        volunteer: int64 (a,), rows of the roster.
        post: int64 (a,), rows of the posts; -1 where it is none of those that are short.
        state: int8 (a,), by _CODES.
        from_s, until_s: int64 (a,), the shift.
    """

    volunteer: NDArray[np.int64]
    post: NDArray[np.int64]
    state: NDArray[np.int8]
    from_s: NDArray[np.int64]
    until_s: NDArray[np.int64]

    def are(self, *states: AskState) -> NDArray[np.bool_]:
        """Tell which asks stand in one of some states."""
        which = np.zeros(len(_CODES), bool)
        which[[_CODES[state.value] for state in states]] = True
        return which[self.state]


@dataclass(frozen=True)
class Shifts:
    """When the shifts of all posts of a call are, p posts.

    Attributes:
        row: of each post, by its id.
        span_s: int64 (p, 2), start and end in seconds since 1970.
    """

    row: Mapping[str, int]
    span_s: NDArray[np.int64]


def shifts_of(given: Mapping[str, tuple[int, int]]) -> Shifts:
    """Set in rows when the shift of each post starts and ends."""
    return Shifts({post: row for row, post in enumerate(given)}, np.array([*given.values()], np.int64).reshape(-1, 2))


def asks_of(seen: Seen, posts: Sequence[Post], shifts: Shifts, roster: Roster) -> Asks:
    """Number the people and posts of asks; `posts` are those that are short."""
    count = len(seen.volunteers)
    volunteer = np.fromiter(map(roster.row.get, seen.volunteers, repeat(-1)), np.int64, count)
    is_there = volunteer >= 0
    row = np.fromiter(map(shifts.row.__getitem__, seen.posts), np.int64, count)[is_there]
    state = np.fromiter(map(_CODES.__getitem__, seen.states), np.int8, count)[is_there]
    short = np.full(len(shifts.row), -1, np.int64)
    short[[shifts.row[post.id] for post in posts]] = np.arange(len(posts))
    from_s, until_s = shifts.span_s[row].T
    return Asks(volunteer[is_there], short[row], state, from_s, until_s)


def needs_of(posts: Sequence[Post]) -> dict[tuple[str, bool], int]:
    """Number what posts need of people, by skill and whether a certificate must prove it; at most MOST_NEEDS."""
    kinds = dict.fromkeys((post.need.skill, post.need.certified) for post in posts if post.need.skill is not None)
    return {(skill or "", certified): bit for bit, (skill, certified) in enumerate([*kinds][:MOST_NEEDS])}


def posts_of(callup: Callup, posts: Sequence[Post], *, timezone: str) -> Posts:
    """Set posts, those of a site one after the other, in rows; nobody is expected or there yet."""
    zone, needs = ZoneInfo(timezone), needs_of(posts)
    shifts = [(post.starts_at, post.ends_at) for post in posts]
    local = {shift: (shift[0].astimezone(zone), shift[1].astimezone(zone)) for shift in set(shifts)}
    weeks = {shift: week_mask(week_hours(*here)) for shift, here in local.items()}
    nights = {shift: touches_night(*here) for shift, here in local.items()}
    limits = callup.policy.limits_m
    return Posts(
        site_start=np.array([*firsts(posts), len(posts)], np.int64),
        starts_s=np.array([starts.timestamp() for starts, _ in shifts], np.int64),
        ends_s=np.array([ends.timestamp() for _, ends in shifts], np.int64),
        need=np.array([needs.get((post.need.skill or "", post.need.certified), -1) for post in posts], np.int64),
        is_night=np.array([nights[shift] for shift in shifts], bool),
        is_alone=np.zeros(len(posts), bool),
        week=np.array([weeks[shift] for shift in shifts], np.uint64).reshape(-1, 3),
        limit_m=np.array([limits[min(post.phase, len(limits) - 1)] for post in posts], np.float64),
        missing=np.array([post.missing for post in posts], np.int64),
        expected=np.zeros(len(posts)),
    )


def firsts(posts: Sequence[Post]) -> list[int]:
    """Give the first row of each site."""
    return [row for row, post in enumerate(posts) if row == 0 or posts[row - 1].site != post.site]


def expected_of(asks: Asks, chance: NDArray[np.float64], posts: int) -> NDArray[np.float64]:
    """Say for each post how many yes are expected of those whose answers are awaited."""
    rows = np.flatnonzero(asks.are(AskState.ASKED) & (asks.post >= 0))
    return np.bincount(asks.post[rows], chance[asks.volunteer[rows]], posts).astype(np.float64)


@dataclass(frozen=True)
class Able:
    """Who may come at all, n volunteers, whatever they were asked.

    Attributes:
        stands: bool (n,), who is on duty, insured, and of age or allowed to.
        can: uint64 (n,), the needs that each meets, as bits; everybody has the bit _ANYBODY.
        is_minor: bool (n,).
    """

    stands: NDArray[np.bool_]
    can: NDArray[np.uint64]
    is_minor: NDArray[np.bool_]


def able_of(posts: Sequence[Post], roster: Roster, *, timezone: str) -> Able:
    """Say who may come to posts, on the days that these have in the region."""
    zone = ZoneInfo(timezone)
    first_day = min(post.starts_at for post in posts).astimezone(zone).toordinal()
    last_day = max(post.ends_at for post in posts).astimezone(zone).toordinal()
    is_child = roster.child_until > first_day
    can = np.full(len(roster), 1 << _ANYBODY, np.uint64)
    for (skill, certified), bit in needs_of(posts).items():
        rows = roster.skills.get(skill, np.empty(0, np.int32))
        if certified:
            proven = roster.proven.get(skill, np.empty(0, np.int32))
            valid = proven[roster.proven_until[skill] >= last_day] if len(proven) else proven
            rows = np.intersect1d(rows, valid)
        can[rows] |= np.uint64(1 << bit)
    stands = roster.on_duty & (roster.insured_until >= last_day) & (~is_child | roster.guardian_agreed)
    return Able(stands, can, roster.minor_until > first_day)


def alone_of(asks: Asks, posts: Sequence[Post], able: Able) -> NDArray[np.bool_]:
    """Say of each post whether its last place is for an adult alone: minors have as many of the others as there are."""
    rows = np.flatnonzero(asks.are(AskState.HELD) & (asks.post >= 0))
    minors = np.bincount(asks.post[rows[able.is_minor[asks.volunteer[rows]]]], minlength=len(posts))
    return minors >= np.array([post.need.people for post in posts]) - 1


def worth(walks: Walks, posts: Posts, able: Able) -> Walks:
    """Leave of pairs those where somebody may come at all, and can do what some post of the station needs."""
    bit = np.where(posts.need < 0, _ANYBODY, posts.need).astype(np.uint64)
    wanted = np.bitwise_or.reduceat(np.left_shift(np.uint64(1), bit), posts.site_start[:-1])
    kept = able.stands[walks.volunteer] & ((able.can[walks.volunteer] & wanted[walks.site]) != 0)
    return Walks(walks.site[kept], walks.volunteer[kept], walks.walk_m[kept])


def nearest(walks: Walks, posts: Posts) -> Walks:
    """Leave of pairs the nearest of each station, where few places are missing and many live near; else all."""
    sites = len(posts.site_start) - 1
    missing = np.add.reduceat(posts.missing, posts.site_start[:-1])
    if missing.sum() > _FEW or len(walks.site) <= _LEAST_NEAR * sites:
        return walks
    in_turn = np.lexsort((walks.walk_m, walks.site))
    site = walks.site[in_turn]
    rank = np.arange(len(site)) - np.searchsorted(site, np.arange(sites))[site]
    kept = in_turn[rank < _LEAST_NEAR + _NEAR_EACH * missing[site]]
    return Walks(walks.site[kept], walks.volunteer[kept], walks.walk_m[kept])


@dataclass(frozen=True)
class Habits:
    """How people answered, n volunteers.

    Attributes:
        offers, accepted: int64 (n,), how often each was asked and it is known what they said, and how often yes.
        prior: what is known of everybody by now.
    """

    offers: NDArray[np.int64]
    accepted: NDArray[np.int64]
    prior: Prior

    @property
    def chance(self) -> NDArray[np.float64]:
        """How likely each says yes."""
        return self.prior.chance(self.offers, self.accepted)


def past_habits(history: Mapping[str, tuple[int, int]], roster: Roster) -> Habits:
    """Learn from the region's other calls, which are counted by volunteer."""
    offers, accepted = np.zeros(len(roster), np.int64), np.zeros(len(roster), np.int64)
    for who, (asked, said_yes) in history.items():
        if who in roster.row:
            offers[roster.row[who]], accepted[roster.row[who]] = asked, said_yes
    return Habits(offers, accepted, acceptance.learn(offers, accepted))


def habits_of(before: Habits, asks: Asks, counts: Mapping[AskState, int]) -> Habits:
    """Learn also from what this call's people say: `asks` of those that matter now, `counts` of everybody."""
    everyone = len(before.offers)
    known, yes = ~asks.are(AskState.ASKED), asks.are(*_YES)
    answered = sum(counts.values()) - counts.get(AskState.ASKED, 0)
    return Habits(
        before.offers + np.bincount(asks.volunteer[known], minlength=everyone),
        before.accepted + np.bincount(asks.volunteer[yes], minlength=everyone),
        mobilisation.rate_so_far(before.prior, answered, sum(counts.get(state, 0) for state in _YES)),
    )


def crowd_of(
    callup: Callup,
    able: Able,
    asks: Asks,
    habits: Habits,
    roster: Roster,
    *,
    left_alone: Collection[str],
    elsewhere: Sequence[Duty],
) -> Crowd:
    """Say of everybody whether they may be asked now, for what, and when not.

    Args:
        callup: the call.
        able: who may come at all.
        asks: what they were asked so far.
        habits: how people answered.
        roster: everybody.
        left_alone: ids of those who had enough notices today, or want none.
        elsewhere: what people promised outside this call.
    """
    everyone = len(roster)
    shifts = np.bincount(asks.volunteer[asks.are(AskState.HELD)], minlength=everyone)
    free = able.stands & (shifts < callup.policy.most_shifts)
    free[asks.volunteer[asks.are(AskState.ASKED, AskState.NO_SHOW)]] = False
    free[[roster.row[who] for who in left_alone if who in roster.row]] = False
    kept_start, kept_from_s, kept_until_s = _kept(callup, asks, roster, elsewhere)
    in_turn = np.argsort(asks.volunteer, kind="stable")
    return Crowd(
        is_free=free,
        can=able.can,
        hours=roster.hours,
        is_minor=able.is_minor,
        chance=habits.chance,
        called=habits.offers + np.bincount(asks.volunteer[asks.are(AskState.ASKED)], minlength=everyone),
        shifts=shifts,
        kept_start=kept_start,
        kept_from_s=kept_from_s,
        kept_until_s=kept_until_s,
        seen_start=_starts(asks.volunteer, everyone),
        seen_post=asks.post[in_turn],
    )


def _kept(
    callup: Callup, asks: Asks, roster: Roster, elsewhere: Sequence[Duty]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Give the times that no shift may touch.

    What somebody holds, with the rest around it; what they said no to; what they promised elsewhere.
    """
    rest_s = np.where(asks.are(AskState.HELD), int(callup.policy.rest.total_seconds()), 0)
    rows = np.flatnonzero(asks.are(AskState.HELD, *_NO))
    others = [duty for duty in elsewhere if duty.volunteer in roster.row]
    who = np.concatenate([asks.volunteer[rows], np.array([roster.row[duty.volunteer] for duty in others], np.int64)])
    from_s = [(asks.from_s - rest_s)[rows], np.array([d.starts_at.timestamp() for d in others], np.int64)]
    until_s = [(asks.until_s + rest_s)[rows], np.array([d.ends_at.timestamp() for d in others], np.int64)]
    in_turn = np.argsort(who, kind="stable")
    return _starts(who, len(roster)), np.concatenate(from_s)[in_turn], np.concatenate(until_s)[in_turn]


def _starts(volunteer: NDArray[np.int64], everyone: int) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.bincount(volunteer, minlength=everyone))]).astype(np.int64)
