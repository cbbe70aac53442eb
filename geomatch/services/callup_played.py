"""Use case, a part of callup_play: what came of a call that was played, as the database says at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geomatch.volunteering.callups import AskState
from geomatch.volunteering.duties import DutyKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from geomatch.services.region import Region
    from geomatch.store.callup_ask_rows import Asked
    from geomatch.store.database import Database
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.callups import Callup, Post


@dataclass(frozen=True)
class Told:
    """What can only be seen while a call is played.

    Attributes:
        sent: how many notices that ask somebody went out; others were withdrawn before, or were of no use any more.
        sent_after_full: how many went out for a post that was full at that moment; there must be none.
        waves: how many waves asked somebody.
        promoted: how many moved up from standing by, and were told.
        swapped: how many changed places with another.
        computing_s: seconds of this processor in the services, by what was done; inventing the answers is not in it.
    """

    sent: int
    sent_after_full: int
    waves: int
    promoted: int
    swapped: int
    computing_s: Mapping[str, float]


@dataclass(frozen=True)
class Played(Told):
    """What came of a call.

    Attributes:
        places, filled: how many there are, and how many were held when their shift had begun, after refilling.
        posts, posts_filled: the same for posts whose every place was held.
        asked: how many were asked.
        most_sent_a_day: the most that went out to any volunteer on one day, of all that ask something.
        most_shifts, median_shifts: of those who hold any.
        clashes: shifts held by one person without rest between; there must be none.
        passed_over: how many stand by at the end although a place of their post is free; there must be none.
        withdrawn, no_shows: how many had a place and gave it back, or did not come.
        unbound: places held without a duty, and duties without a place; there must be none.
    """

    places: int
    filled: int
    posts: int
    posts_filled: int
    asked: int
    most_sent_a_day: int
    most_shifts: int
    median_shifts: float
    clashes: int
    passed_over: int
    withdrawn: int
    no_shows: int
    unbound: int


def judged(database: Database, region: Region, callup: Callup, told: Told) -> Played:
    """Look at what stands in the database when all shifts are over."""
    with database.reading() as work:
        posts = work.callups.posts(callup.id)
        asks = work.callup_asks.of_callup(callup.id)
        bound = work.duties.bound_by(DutyKind.POST, [post.id for post in posts])
        days = _days(work, callup, max(post.ends_at for post in posts))
        sent = [count for day in days for count in work.outbox.reached(region.spec.id, *day).values()]
    short = {post.id for post in posts if post.missing}
    held = {(ask.post, ask.volunteer) for ask in asks if ask.state == AskState.HELD}
    states = Counter(ask.state for ask in asks)
    loads = [*Counter(volunteer for _, volunteer in held).values()]
    return Played(
        **vars(told),
        places=sum(post.need.people for post in posts),
        filled=sum(post.held for post in posts),
        posts=len(posts),
        posts_filled=len(posts) - len(short),
        asked=len(asks),
        most_sent_a_day=max(sent, default=0),
        most_shifts=max(loads, default=0),
        median_shifts=float(np.median(loads)) if loads else 0.0,
        clashes=_clashes(callup, posts, asks),
        passed_over=sum(ask.state == AskState.STANDBY and ask.post in short for ask in asks),
        withdrawn=states[AskState.WITHDRAWN],
        no_shows=states[AskState.NO_SHOW],
        unbound=len(held ^ bound),
    )


def _clashes(callup: Callup, posts: Sequence[Post], asks: Sequence[Asked]) -> int:
    when = {post.id: (post.starts_at, post.ends_at) for post in posts}
    shifts: dict[str, list[tuple[datetime, datetime]]] = {}
    for ask in asks:
        if ask.state == AskState.HELD:
            shifts.setdefault(ask.volunteer, []).append(when[ask.post])
    pairs = [pair for each in shifts.values() for pair in pairwise(sorted(each))]
    return sum(late[0] < early[1] + callup.policy.rest for early, late in pairs)


def _days(work: UnitOfWork, callup: Callup, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give the region's days that a call lasts."""
    rules = work.outbox.rules(callup.region)
    day = rules.day_of(callup.opened_at)
    while day[0] < last:
        yield day
        day = rules.day_of(day[1])
