"""Use case, a part of callup_wave: whom a wave asks, of those who live near the stations that are short of people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from geomatch.services import callup_crowd
from geomatch.volunteering import mobilisation
from geomatch.volunteering.callups import AskState
from geomatch.volunteering.notices import Purpose

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from geomatch.services.callup_crowd import Able, Asks, Habits, Shifts
    from geomatch.services.volunteers_near import PlacedRoster
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.callups import Callup, Post
    from geomatch.volunteering.duties import Duty
    from geomatch.volunteering.mobilisation import Posts, Walks, Wave
    from geomatch.volunteering.roster import Roster

_MANY = 20_000
"""For more people than so many, those of the whole call are read at once."""


@dataclass(frozen=True)
class Past:
    """What a call's waves reckon with and does not change much meanwhile.

    Attributes:
        callup: id.
        placed: the volunteers that it is for.
        read_at: when it was read.
        shifts: of all posts, those that are full included.
        habits: how people answered other calls.
    """

    callup: str
    placed: PlacedRoster
    read_at: datetime
    shifts: Shifts
    habits: Habits


@dataclass(frozen=True)
class AtHand:
    """What a wave is chosen from: the call, now, the posts that are short, who may come, and what was before."""

    callup: Callup
    at: datetime
    short: Sequence[Post]
    posts: Posts
    able: Able
    past: Past


@dataclass(frozen=True)
class Chosen:
    """A wave, the posts that were short, those of a site one after the other, and what it was chosen by."""

    wave: Wave
    posts: Sequence[Post]
    roster: Roster
    rate: float
    missing: int
    awaited: int


@dataclass(frozen=True)
class _Away:
    """What keeps people away and is not of this call: who had enough notices today or wants none, and other duties."""

    left_alone: frozenset[str] = frozenset()
    elsewhere: tuple[Duty, ...] = ()


def chosen(work: UnitOfWork, given: AtHand, walks: Walks) -> Chosen:
    """Choose whom to ask of those who may walk there.

    What keeps people away beside this call is first looked up of those alone who would be asked; where it is nothing,
    the choice stands, since nobody else took anybody's place. Else, and where very many live near, it is of everybody.
    """
    callup, short, past, roster = given.callup, given.short, given.past, given.past.placed.roster
    people = _people(work, short, walks, roster)
    asks = callup_crowd.asks_of(work.callup_asks.seen(callup.id, people), short, past.shifts, roster)
    habits = callup_crowd.habits_of(past.habits, asks, work.callup_asks.counts(callup.id))
    posts = replace(
        given.posts,
        expected=callup_crowd.expected_of(asks, habits.chance, len(short)),
        is_alone=callup_crowd.alone_of(asks, short, given.able),
    )
    at_hand = replace(given, posts=posts)
    wave = None if people is None else _wave(at_hand, walks, asks, habits, _Away())
    if wave is None or _away(work, given, {roster.ids[row] for row in wave.volunteer.tolist()}) != _Away():
        wave = _wave(at_hand, walks, asks, habits, _away(work, given, people))
    awaited = int((asks.are(AskState.ASKED) & (asks.post >= 0)).sum())
    return Chosen(wave, short, roster, habits.prior.rate, int(posts.missing.sum()), awaited)


def _wave(given: AtHand, walks: Walks, asks: Asks, habits: Habits, away: _Away) -> Wave:
    callup, roster = given.callup, given.past.placed.roster
    crowd = callup_crowd.crowd_of(
        callup, given.able, asks, habits, roster, left_alone=away.left_alone, elsewhere=away.elsewhere
    )
    return mobilisation.choose(
        given.posts, crowd, walks, called_m=callup.policy.called_m, shift_m=callup.policy.shift_m,
        share=callup.policy.first_share if callup.wave == 0 else 1.0,
    )  # fmt: skip


def _people(work: UnitOfWork, short: Sequence[Post], walks: Walks, roster: Roster) -> frozenset[str] | None:
    """Name whom a wave can be about; None where they are very many.

    That is who lives near, who holds a place of these posts, and whose answers are awaited for them.
    """
    is_near = np.zeros(len(roster), bool)
    is_near[walks.volunteer] = True
    near = np.flatnonzero(is_near).tolist()
    if len(near) > _MANY:
        return None
    return work.callup_asks.engaged_in([post.id for post in short]).union(roster.ids[row] for row in near)


def _away(work: UnitOfWork, given: AtHand, people: Collection[str] | None) -> _Away:
    """Look up what keeps people away: some of them, or all, while the call is short of people."""
    callup, short = given.callup, given.short
    rules = work.outbox.rules(callup.region)
    most = min(callup.policy.asks_a_day, rules.most_a_day)
    if most < 1:  # nobody may have any: who has none yet is not in the outbox
        return _Away(frozenset(given.past.placed.roster.ids if people is None else people))
    full = work.outbox.pressed(callup.region, *rules.day_of(given.at), least=most, volunteers=people)
    left_alone = full | work.callup_asks.opted_out(callup.region, Purpose.CALL_UP)
    first, last = min(post.starts_at for post in short), max(post.ends_at for post in short)
    elsewhere = work.duties.outside(callup.id, callup.region, first, last, people)
    return _Away(left_alone if people is None else left_alone.intersection(people), elsewhere)
