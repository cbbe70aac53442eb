"""Use case, a part of callup_wave: what the database says of a call, as the arrays that a wave is chosen from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from geomatch.volunteering import acceptance, mobilisation
from geomatch.volunteering.callups import AskState
from geomatch.volunteering.mobilisation import MOST_NEEDS, Crowd, Posts
from geomatch.volunteering.people import touches_night, week_hours, week_mask

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from geomatch.store.callup_ask_rows import Asked
    from geomatch.volunteering.acceptance import Prior
    from geomatch.volunteering.callups import Callup, Post
    from geomatch.volunteering.duties import Duty
    from geomatch.volunteering.roster import Roster

_YES = (AskState.HELD, AskState.STANDBY, AskState.WITHDRAWN, AskState.NO_SHOW)
_NO = (AskState.DECLINED, AskState.SILENT, AskState.WITHDRAWN)


@dataclass(frozen=True)
class Asks:
    """Every ask of a call so far, of people and posts that are still there.

    Attributes:
        volunteer, post: int64 (a,), rows of the roster and of the posts.
        state: str (a,).
    """

    volunteer: NDArray[np.int64]
    post: NDArray[np.int64]
    state: NDArray[np.str_]

    def are(self, *states: AskState) -> NDArray[np.bool_]:
        """Tell which asks stand in one of some states."""
        return np.isin(self.state, [state.value for state in states])


def asks_of(asked: Sequence[Asked], posts: Sequence[Post], roster: Roster) -> Asks:
    """Number the people and posts of asks."""
    row_of_post = {post.id: row for row, post in enumerate(posts)}
    kept = [each for each in asked if each.volunteer in roster.row and each.post in row_of_post]
    return Asks(
        np.array([roster.row[each.volunteer] for each in kept], np.int64),
        np.array([row_of_post[each.post] for each in kept], np.int64),
        np.array([each.state for each in kept], np.str_),
    )


def needs_of(posts: Sequence[Post]) -> dict[tuple[str, bool], int]:
    """Number what posts need of people, by skill and whether a certificate must prove it; at most MOST_NEEDS."""
    kinds = dict.fromkeys((post.need.skill, post.need.certified) for post in posts if post.need.skill is not None)
    return {(skill or "", certified): bit for bit, (skill, certified) in enumerate([*kinds][:MOST_NEEDS])}


def posts_of(
    callup: Callup, posts: Sequence[Post], asks: Asks, chance: NDArray[np.float64], *, timezone: str
) -> Posts:  # fmt: skip
    """Set posts, those of a site one after the other, in rows."""
    zone, needs = ZoneInfo(timezone), needs_of(posts)
    weeks, nights = {}, {}
    for shift in {(post.starts_at, post.ends_at) for post in posts}:
        local = shift[0].astimezone(zone), shift[1].astimezone(zone)
        weeks[shift], nights[shift] = week_mask(week_hours(*local)), touches_night(*local)
    shifts = [(post.starts_at, post.ends_at) for post in posts]
    sites = [post.site for post in posts]
    first = [row for row, site in enumerate(sites) if row == 0 or sites[row - 1] != site]
    awaited = asks.are(AskState.ASKED)
    limits = callup.policy.limits_m
    return Posts(
        site_start=np.array([*first, len(posts)], np.int64),
        starts_s=np.array([starts.timestamp() for starts, _ in shifts], np.int64),
        ends_s=np.array([ends.timestamp() for _, ends in shifts], np.int64),
        need=np.array([needs.get((post.need.skill or "", post.need.certified), -1) for post in posts], np.int64),
        is_night=np.array([nights[shift] for shift in shifts], bool),
        is_alone=np.array([post.need.people == 1 for post in posts], bool),
        week=np.array([weeks[shift] for shift in shifts], np.uint64).reshape(-1, 3),
        limit_m=np.array([limits[min(post.phase, len(limits) - 1)] for post in posts], np.float64),
        missing=np.array([post.missing for post in posts], np.int64),
        expected=np.bincount(asks.post[awaited], chance[asks.volunteer[awaited]], len(posts)).astype(np.float64),
    )


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


def habits_of(asks: Asks, history: Mapping[str, tuple[int, int]], roster: Roster) -> Habits:
    """Learn from the region's history, and from what this call's people say."""
    everyone = len(roster)
    offers, accepted = np.zeros(everyone, np.int64), np.zeros(everyone, np.int64)
    for who, (asked, said_yes) in history.items():
        if who in roster.row:
            offers[roster.row[who]], accepted[roster.row[who]] = asked, said_yes
    before = acceptance.learn(offers, accepted)
    known, yes = ~asks.are(AskState.ASKED), asks.are(*_YES)
    prior = mobilisation.rate_so_far(before, int(known.sum()), int(yes.sum()))
    return Habits(
        offers + np.bincount(asks.volunteer[known], minlength=everyone),
        accepted + np.bincount(asks.volunteer[yes], minlength=everyone),
        prior,
    )


def crowd_of(
    callup: Callup,
    posts: Sequence[Post],
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
        posts: its posts.
        asks: who was asked so far.
        habits: how people answered.
        roster: everybody.
        left_alone: ids of those who had enough notices today, or want none.
        elsewhere: what people promised outside this call.
    """
    everyone = len(roster)
    shifts = np.bincount(asks.volunteer[asks.are(AskState.HELD)], minlength=everyone)
    kept_start, kept_from_s, kept_until_s = _kept(callup, posts, asks, roster, elsewhere)
    in_turn = np.argsort(asks.volunteer, kind="stable")
    first_day = min(post.starts_at for post in posts).toordinal()
    return Crowd(
        is_free=_free(callup, posts, asks, roster, shifts=shifts, left_alone=left_alone),
        can=_can(posts, roster),
        hours=roster.hours,
        is_minor=roster.minor_until > first_day,
        chance=habits.chance,
        called=habits.offers + np.bincount(asks.volunteer[asks.are(AskState.ASKED)], minlength=everyone),
        shifts=shifts,
        kept_start=kept_start,
        kept_from_s=kept_from_s,
        kept_until_s=kept_until_s,
        seen_start=_starts(asks.volunteer, everyone),
        seen_post=asks.post[in_turn],
    )


def _free(
    callup: Callup, posts: Sequence[Post], asks: Asks, roster: Roster, *, shifts: NDArray[np.int64],
    left_alone: Collection[str],
) -> NDArray[np.bool_]:  # fmt: skip
    days = [post.ends_at.toordinal() for post in posts]
    is_child = roster.child_until > min(days)
    free = roster.on_duty & (roster.insured_until >= max(days)) & (~is_child | roster.guardian_agreed)
    free &= shifts < callup.policy.most_shifts
    free[asks.volunteer[asks.are(AskState.ASKED, AskState.NO_SHOW)]] = False
    free[[roster.row[who] for who in left_alone if who in roster.row]] = False
    return free


def _can(posts: Sequence[Post], roster: Roster) -> NDArray[np.uint64]:
    can = np.zeros(len(roster), np.uint64)
    last_day = max(post.ends_at.toordinal() for post in posts)
    for (skill, certified), bit in needs_of(posts).items():
        rows = roster.skills.get(skill, np.empty(0, np.int32))
        if certified:
            proven = roster.proven.get(skill, np.empty(0, np.int32))
            valid = proven[roster.proven_until[skill] >= last_day] if len(proven) else proven
            rows = np.intersect1d(rows, valid)
        can[rows] |= np.uint64(1 << bit)
    return can


def _kept(
    callup: Callup, posts: Sequence[Post], asks: Asks, roster: Roster, elsewhere: Sequence[Duty]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Give the times that no shift may touch.

    What somebody holds, with the rest around it; what they said no to; what they promised elsewhere.
    """
    rest_s = np.where(asks.are(AskState.HELD), int(callup.policy.rest.total_seconds()), 0)
    starts_s = np.array([post.starts_at.timestamp() for post in posts], np.int64)
    ends_s = np.array([post.ends_at.timestamp() for post in posts], np.int64)
    rows = np.flatnonzero(asks.are(AskState.HELD, *_NO))
    others = [duty for duty in elsewhere if duty.volunteer in roster.row]
    who = np.concatenate([asks.volunteer[rows], np.array([roster.row[duty.volunteer] for duty in others], np.int64)])
    from_s = [starts_s[asks.post[rows]] - rest_s[rows], np.array([d.starts_at.timestamp() for d in others], np.int64)]
    until_s = [ends_s[asks.post[rows]] + rest_s[rows], np.array([d.ends_at.timestamp() for d in others], np.int64)]
    in_turn = np.argsort(who, kind="stable")
    return _starts(who, len(roster)), np.concatenate(from_s)[in_turn], np.concatenate(until_s)[in_turn]


def _starts(volunteer: NDArray[np.int64], everyone: int) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.bincount(volunteer, minlength=everyone))]).astype(np.int64)
