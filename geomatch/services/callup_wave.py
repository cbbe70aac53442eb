"""Use case: the next wave of a call-up asks for what is missing by then; who is asked, and their notices, are one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from geomatch.services import callup_crowd, callup_words
from geomatch.services.callup_muster import Muster
from geomatch.services.job_kinds import JobKind
from geomatch.services.rosters import Rosters
from geomatch.store import ids
from geomatch.store.callup_ask_rows import Sent
from geomatch.volunteering import mobilisation
from geomatch.volunteering.callups import AskState
from geomatch.volunteering.notices import Purpose

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from geomatch.services.callup_crowd import Able, Habits, Shifts
    from geomatch.services.region import Region
    from geomatch.services.volunteers_near import PlacedRoster
    from geomatch.store.database import Database
    from geomatch.store.job_rows import Job
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.callups import Callup, Post
    from geomatch.volunteering.duties import Duty
    from geomatch.volunteering.mobilisation import Posts, Walks, Wave
    from geomatch.volunteering.roster import Roster

JOB = "callup_wave"
LEARNED_FOR = timedelta(days=1)
"""How people answered other calls is read anew after so long."""
LATER = timedelta(hours=1)
"""Where a wave found nobody and no answer is awaited, the next comes after so long."""
_MANY = 20_000
"""For more people than so many, those of the whole call are read at once."""


@dataclass(frozen=True, slots=True)
class WaveSent:
    """What a wave did.

    Attributes:
        wave: which it was, 1 for the first.
        asked: how many were asked.
        missing: how many places were free when it was chosen.
        rate: share of yes that it reckoned with.
    """

    wave: int
    asked: int
    missing: int
    rate: float


@dataclass(frozen=True)
class _Past:
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
class _AtHand:
    """What a wave is chosen from: the call, now, the posts that are short, who may come, and what was before."""

    callup: Callup
    at: datetime
    short: Sequence[Post]
    posts: Posts
    able: Able
    past: _Past


@dataclass(frozen=True)
class _Chosen:
    """A wave, the posts that were short, those of a site one after the other, and what it was chosen by."""

    wave: Wave
    posts: Sequence[Post]
    roster: Roster
    rate: float
    missing: int
    awaited: int


@dataclass
class Caller:
    """Sends the waves of a region's calls; keeps the walks of the volunteers of the call it is at.

    Attributes:
        region: its streets.
        rosters: keeps the volunteers.
    """

    region: Region
    rosters: Rosters = field(default_factory=Rosters)

    def __post_init__(self) -> None:
        self._muster: Muster | None = None
        self._past: _Past | None = None

    def wave(self, database: Database, callup_id: str, at: datetime, *, number: int | None = None) -> WaveSent | None:
        """Send the next wave of a call; None where it is closed, is not where it was, or somebody else sent it.

        Args:
            database: where the call is.
            callup_id: its id.
            at: now.
            number: only if so many were sent before; None for whichever comes next.

        Raises:
            NotFoundError: there is no such call.
        """
        region = self.region.spec.id
        database.retrying(partial(_silence, database, callup_id, region, at))
        with database.reading() as work:
            callup = work.callups.get(callup_id, region)
            if callup.closed_at is not None or number not in {None, callup.wave}:
                return None
            chosen = self._choose(work, callup, at)
        return database.retrying(partial(self._send, database, callup, chosen, at))

    def _choose(self, work: UnitOfWork, callup: Callup, at: datetime) -> _Chosen:
        """Choose whom to ask; of all posts and people only those are read that it can be about."""
        here = {site.id for site in self.region.sites}
        short = tuple(post for post in work.callups.short_posts(callup.id, at) if post.site in here)
        placed = self.rosters.placed(work, self.region, at)
        if not short:
            return _Chosen(mobilisation.nobody(0), short, placed.roster, 0.0, 0, 0)
        posts = callup_crowd.posts_of(callup, short, timezone=self.region.spec.timezone)
        able = callup_crowd.able_of(short, placed.roster, timezone=self.region.spec.timezone)
        walks = callup_crowd.worth(self._walks(placed, short, posts), posts, able)
        at_hand = _AtHand(callup, at, short, posts, able, self._past_of(work, callup, placed, at))
        near = callup_crowd.nearest(walks, posts)
        chosen = _chosen(work, at_hand, near)
        if near is not walks and chosen.wave.is_short.any():  # the nearest were not enough
            chosen = _chosen(work, at_hand, walks)
        return chosen

    def _walks(self, placed: PlacedRoster, short: Sequence[Post], posts: Posts) -> Walks:
        if self._muster is None or self._muster.placed is not placed:
            self._muster = Muster(placed)
        sites = [short[row].site for row in callup_crowd.firsts(short)]
        return self._muster.walks(sites, mobilisation.reach_of_sites(posts))

    def _past_of(self, work: UnitOfWork, callup: Callup, placed: PlacedRoster, at: datetime) -> _Past:
        past = self._past
        is_fit = past is not None and past.callup == callup.id and past.placed is placed
        if past is None or not is_fit or at - past.read_at > LEARNED_FOR:
            habits = callup_crowd.past_habits(work.callup_asks.history(callup.region, callup.id), placed.roster)
            past = _Past(callup.id, placed, at, callup_crowd.shifts_of(work.callups.shifts(callup.id)), habits)
            self._past = past
        return past

    def _send(self, database: Database, callup: Callup, chosen: _Chosen, at: datetime) -> WaveSent | None:
        posts, wave = chosen.posts, chosen.wave
        after = replace(callup, wave=callup.wave + 1)
        with database.writing() as work:
            now = work.callups.get(callup.id, callup.region, locked=True)
            if now.closed_at is not None or now.wave != callup.wave:
                return None
            short = work.callups.lock_short([posts[row].id for row in np.unique(wave.post).tolist()])
            columns = zip(wave.volunteer.tolist(), wave.post.tolist(), wave.walk_m.tolist(), strict=True)
            sent = [
                Sent(ids.fresh(), posts[post].id, chosen.roster.ids[row], walk_m)
                for row, post, walk_m in columns
                if posts[post].id in short  # it may have filled meanwhile
            ]
            work.callup_asks.add(callup.id, callup.region, after.wave, sent, at)
            work.outbox.put(*callup_words.asks(self.region, callup, posts, sent, at))
            work.callups.set_phases(_further(callup, posts, wave))
            work.callups.set_wave(callup.id, after.wave)
            put_next(work, after, at, soon=bool(sent) or chosen.awaited > 0)
            work.commit()
        return WaveSent(after.wave, len(sent), chosen.missing, chosen.rate)


def job_kind(streets: Callable[[str], Region], rosters: Rosters) -> JobKind:
    """Make the kind of job that sends waves; `streets` gives the open region of an id, `rosters` keeps volunteers."""
    callers: dict[str, Caller] = {}

    def before(database: Database, job: Job, at: datetime) -> None:
        caller = callers.setdefault(job.region, Caller(streets(job.region), rosters))
        caller.wave(database, job.payload["callup"], at, number=job.payload["wave"])

    return JobKind(lambda _work, _job, _at: None, before)


def put_next(work: UnitOfWork, callup: Callup, at: datetime, *, soon: bool) -> None:
    """Put the job of the next wave, where places are free in shifts that are not over."""
    if work.callups.is_short(callup.id, at):
        put_wave(work, callup, at + (callup.policy.wave_every if soon else LATER))


def put_wave(work: UnitOfWork, callup: Callup, due_at: datetime) -> None:
    """Put the job of a call's next wave, after the quiet hours unless the call is urgent; put twice it is one."""
    quiet_end = None if callup.urgent else work.outbox.rules(callup.region).quiet_end(due_at)
    work.jobs.put(
        kind=JOB, region=callup.region, key=f"{callup.id}:{callup.wave}", due_at=quiet_end or due_at,
        payload={"callup": callup.id, "wave": callup.wave},
    )  # fmt: skip


def _silence(database: Database, callup_id: str, region: str, at: datetime) -> None:
    with database.writing() as work:
        callup = work.callups.get(callup_id, region)
        work.callup_asks.silence(callup_id, at - callup.policy.reply_within)
        work.commit()


def _chosen(work: UnitOfWork, given: _AtHand, walks: Walks) -> _Chosen:
    callup, short, past, roster = given.callup, given.short, given.past, given.past.placed.roster
    people = _people(work, short, walks, roster)
    asks = callup_crowd.asks_of(work.callup_asks.seen(callup.id, people), short, past.shifts, roster)
    habits = callup_crowd.habits_of(past.habits, asks, work.callup_asks.counts(callup.id))
    crowd = callup_crowd.crowd_of(
        callup, given.able, asks, habits, roster, left_alone=_left_alone(work, callup, given.at, people),
        elsewhere=_elsewhere(work, callup, short, people),
    )  # fmt: skip
    posts = replace(given.posts, expected=callup_crowd.expected_of(asks, habits.chance, len(short)))
    wave = mobilisation.choose(
        posts, crowd, walks, called_m=callup.policy.called_m, shift_m=callup.policy.shift_m,
        share=callup.policy.first_share if callup.wave == 0 else 1.0,
    )  # fmt: skip
    awaited = int((asks.are(AskState.ASKED) & (asks.post >= 0)).sum())
    return _Chosen(wave, short, roster, habits.prior.rate, int(posts.missing.sum()), awaited)


def _people(work: UnitOfWork, short: Sequence[Post], walks: Walks, roster: Roster) -> frozenset[str] | None:
    """Name whom a wave can be about: who lives near, and whose answers are awaited; None where they are very many."""
    is_near = np.zeros(len(roster), bool)
    is_near[walks.volunteer] = True
    near = np.flatnonzero(is_near).tolist()
    if len(near) > _MANY:
        return None
    return work.callup_asks.awaited_of([post.id for post in short]).union(roster.ids[row] for row in near)


def _left_alone(
    work: UnitOfWork, callup: Callup, at: datetime, people: Collection[str] | None
) -> frozenset[str]:  # fmt: skip
    """Name who had enough notices today, or wants no calls."""
    rules = work.outbox.rules(callup.region)
    most = min(callup.policy.asks_a_day, rules.most_a_day)
    full = work.outbox.pressed(callup.region, *rules.day_of(at), least=most, volunteers=people)
    return full | work.callup_asks.opted_out(callup.region, Purpose.CALL_UP)


def _elsewhere(
    work: UnitOfWork, callup: Callup, short: Sequence[Post], people: Collection[str] | None
) -> tuple[Duty, ...]:  # fmt: skip
    """Give what people promised outside this call while it is short of people."""
    first, last = min(post.starts_at for post in short), max(post.ends_at for post in short)
    return work.duties.outside(callup.id, callup.region, first, last, people)


def _further(callup: Callup, posts: Sequence[Post], wave: Wave) -> list[tuple[str, int]]:
    """Give the posts that reach further from now on, because their surroundings had too few."""
    last = len(callup.policy.limits_m) - 1
    short = [posts[row] for row in np.flatnonzero(wave.is_short).tolist()]
    return [(post.id, post.phase + 1) for post in short if post.phase < last]
