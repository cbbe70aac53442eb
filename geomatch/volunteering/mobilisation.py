"""A wave of a call-up: who is asked for which post now, so that the places fill and nobody is asked for nothing.

Arrays in, a frozen result out. A wave asks for as many as are missing, less those of whom a yes is still expected, by
everybody's chance of saying yes; the nearest and the least called come first, posts that need a skill before those that
need none, and those whose usual hours it is before the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geomatch.volunteering._kernels import mobilise as kernel
from geomatch.volunteering.acceptance import LEAST_ASKED, Prior

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_NEEDS = 63
"""How many different needs of skill one call may have: each is a bit."""
_PASSES = ((True, True), (True, False), (False, True), (False, False))


@dataclass(frozen=True)
class Posts:
    """The posts of a call, those of a site one after the other: site i has the slice site_start[i]:site_start[i + 1].

    Attributes:
        site_start: int64 (S + 1,).
        starts_s, ends_s: int64 (P,), seconds since 1970.
        need: int64 (P,), bit that a volunteer must have, -1 where none.
        is_night: bool (P,), whether the shift touches the hours in which no minor is asked.
        is_alone: bool (P,), whether a minor would have no adult beside: minors hold all places but one, or it is one.
        week: uint64 (P, 3), the hours of the week that the shift touches.
        limit_m: float64 (P,), how far it reaches on foot, inclusive.
        missing: int64 (P,), places that are free.
        expected: float64 (P,), how many of those who were asked and have not answered will say yes.
    """

    site_start: NDArray[np.int64]
    starts_s: NDArray[np.int64]
    ends_s: NDArray[np.int64]
    need: NDArray[np.int64]
    is_night: NDArray[np.bool_]
    is_alone: NDArray[np.bool_]
    week: NDArray[np.uint64]
    limit_m: NDArray[np.float64]
    missing: NDArray[np.int64]
    expected: NDArray[np.float64]


@dataclass(frozen=True)
class Crowd:
    """Everybody who could be called, n volunteers.

    Attributes:
        is_free: bool (n,), who may be asked now: on duty, insured, with notices left for today, none unanswered.
        can: uint64 (n,), the needs that each meets, as bits.
        hours: uint64 (n, 3), the usual hours of the week.
        is_minor: bool (n,).
        chance: float64 (n,), of saying yes.
        called: int64 (n,), how often each was called lately.
        shifts: int64 (n,), how many shifts each holds in this call.
        kept_start: int64 (n + 1,), the slice of each one's times that no shift may touch: what they hold with the rest
            around it, what they promised elsewhere, what they said no to.
        kept_from_s, kept_until_s: int64 (k,), seconds since 1970.
        seen_start: int64 (n + 1,), the slice of each one's posts that they were asked for.
        seen_post: int64 (j,).
    """

    is_free: NDArray[np.bool_]
    can: NDArray[np.uint64]
    hours: NDArray[np.uint64]
    is_minor: NDArray[np.bool_]
    chance: NDArray[np.float64]
    called: NDArray[np.int64]
    shifts: NDArray[np.int64]
    kept_start: NDArray[np.int64]
    kept_from_s: NDArray[np.int64]
    kept_until_s: NDArray[np.int64]
    seen_start: NDArray[np.int64]
    seen_post: NDArray[np.int64]


@dataclass(frozen=True)
class Walks:
    """Pairs of a site and a volunteer who may walk there; somebody with two places may stand in two.

    Attributes:
        site, volunteer: int32 (m,).
        walk_m: float64 (m,).
    """

    site: NDArray[np.int32]
    volunteer: NDArray[np.int32]
    walk_m: NDArray[np.float64]


@dataclass(frozen=True)
class Wave:
    """Who is asked for which post.

    Attributes:
        volunteer, post: int64 (w,), nobody twice.
        walk_m: float64 (w,).
        is_short: bool (P,), posts whose surroundings hold too few.
    """

    volunteer: NDArray[np.int64]
    post: NDArray[np.int64]
    walk_m: NDArray[np.float64]
    is_short: NDArray[np.bool_]


def choose(posts: Posts, crowd: Crowd, walks: Walks, *, called_m: float, shift_m: float, share: float = 1.0) -> Wave:
    """Choose whom a wave asks.

    Args:
        posts: what is missing where.
        crowd: who could come.
        walks: who is near what.
        called_m: what one call more counts, in metres of walking.
        shift_m: what one shift more counts.
        share: of the missing places only so much, while it is not known yet how many say yes.
    """
    wanted = posts.missing * share - posts.expected
    reach_m = reach_of_sites(posts, share=share)
    near = np.flatnonzero(crowd.is_free[walks.volunteer] & (walks.walk_m <= reach_m[walks.site]))
    volunteer = walks.volunteer[near]
    far_m = walks.walk_m[near] + called_m * crowd.called[volunteer] + shift_m * crowd.shifts[volunteer]
    near = near[np.argsort(far_m, kind="stable")]  # passes go through pairs as they lie, not here and there
    site, volunteer, walk_m = walks.site[near], walks.volunteer[near], walks.walk_m[near]
    is_free, most = crowd.is_free.copy(), int(crowd.is_free.sum())
    pair, post, count = np.empty(most, np.int64), np.empty(most, np.int64), 0
    for only_skilled, only_usual in _PASSES:
        count = kernel.ask(
            site, volunteer, walk_m, posts.site_start,
            posts.starts_s, posts.ends_s, posts.need, posts.is_night, posts.is_alone, posts.week, posts.limit_m, wanted,
            crowd.can, crowd.hours, crowd.is_minor, crowd.chance, crowd.kept_start, crowd.kept_from_s,
            crowd.kept_until_s, crowd.seen_start, crowd.seen_post,
            only_skilled, only_usual, is_free, pair, post, count,
        )  # fmt: skip
    chosen = pair[:count]
    return Wave(volunteer[chosen].astype(np.int64), post[:count], walk_m[chosen], wanted > 0)


def reach_of_sites(posts: Posts, *, share: float = 1.0) -> NDArray[np.float64]:
    """Give how far each site looks for people: float64 (S,), as far as its furthest post that wants some, else 0."""
    sites = len(posts.site_start) - 1
    wants = posts.missing * share > posts.expected
    reach_m = np.zeros(sites)
    np.maximum.at(reach_m, np.repeat(np.arange(sites), np.diff(posts.site_start))[wants], posts.limit_m[wants])
    return reach_m


def nobody(posts: int) -> Wave:
    """Give the wave that asks nobody."""
    none = np.empty(0, np.int64)
    return Wave(none, none, np.empty(0), np.zeros(posts, bool))


def rate_so_far(before: Prior, asked: int, accepted: int) -> Prior:
    """Give what is known of everybody by now: the region's own history, drawn to what this call's people answer.

    Args:
        before: from the region's history; worth as much as LEAST_ASKED answers of this call.
        asked: how many of this call answered, or were silent for too long.
        accepted: how many of those said yes.
    """
    return Prior((before.rate * LEAST_ASKED + accepted) / (LEAST_ASKED + asked), before.weight)
