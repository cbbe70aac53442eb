"""Use case: the next wave of a call-up asks for what is missing by then; who is asked, and their notices, are one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from geomatch.services import callup_choice, callup_crowd, callup_words
from geomatch.services.callup_choice import AtHand, Chosen, Past
from geomatch.services.callup_muster import Muster
from geomatch.services.job_kinds import JobKind
from geomatch.services.rosters import Rosters
from geomatch.store import ids
from geomatch.store.callup_ask_rows import Sent
from geomatch.volunteering import mobilisation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from geomatch.services.region import Region
    from geomatch.services.volunteers_near import PlacedRoster
    from geomatch.store.database import Database
    from geomatch.store.job_rows import Job
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.callups import Callup, Post
    from geomatch.volunteering.mobilisation import Posts, Walks, Wave

JOB = "callup_wave"
LEARNED_FOR = timedelta(days=1)
"""How people answered other calls is read anew after so long."""
LATER = timedelta(hours=1)
"""Where a wave found nobody, no answer is awaited and no post looks further, the next comes after so long."""


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


@dataclass
class Caller:
    """Sends the waves of a region's calls; keeps the walks of the volunteers of the call it is at.

    Attributes:
        region: its streets, and its stations as they are now; who sees others makes another Caller.
        rosters: keeps the volunteers.
    """

    region: Region
    rosters: Rosters = field(default_factory=Rosters)

    def __post_init__(self) -> None:
        self._muster: Muster | None = None
        self._past: Past | None = None

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

    def _choose(self, work: UnitOfWork, callup: Callup, at: datetime) -> Chosen:
        """Choose whom to ask; of all posts and people only those are read that it can be about."""
        short = tuple(post for post in work.callups.short_posts(callup.id, at) if self.region.has_site(post.site))
        placed = self.rosters.placed(work, self.region, at)
        if not short:
            return Chosen(mobilisation.nobody(0), short, placed.roster, 0.0, 0, 0)
        posts = callup_crowd.posts_of(callup, short, timezone=self.region.spec.timezone)
        able = callup_crowd.able_of(short, placed.roster, timezone=self.region.spec.timezone)
        walks = callup_crowd.worth(self._walks(placed, short, posts), posts, able)
        at_hand = AtHand(callup, at, short, posts, able, self._past_of(work, callup, placed, at))
        near = callup_crowd.nearest(walks, posts)
        chosen = callup_choice.chosen(work, at_hand, near)
        if near is not walks and chosen.wave.is_short.any():  # the nearest were not enough
            chosen = callup_choice.chosen(work, at_hand, walks)
        return chosen

    def _walks(self, placed: PlacedRoster, short: Sequence[Post], posts: Posts) -> Walks:
        if self._muster is None or self._muster.placed is not placed:
            self._muster = Muster(placed, self.region)
        sites = [short[row].site for row in callup_crowd.firsts(short)]
        return self._muster.walks(sites, mobilisation.reach_of_sites(posts))

    def _past_of(self, work: UnitOfWork, callup: Callup, placed: PlacedRoster, at: datetime) -> Past:
        past = self._past
        is_fit = past is not None and past.callup == callup.id and past.placed is placed
        if past is None or not is_fit or at - past.read_at > LEARNED_FOR:
            habits = callup_crowd.past_habits(work.callup_asks.history(callup.region, callup.id), placed.roster)
            past = Past(callup.id, placed, at, callup_crowd.shifts_of(work.callups.shifts(callup.id)), habits)
            self._past = past
        return past

    def _send(self, database: Database, callup: Callup, chosen: Chosen, at: datetime) -> WaveSent | None:
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
            further = _further(callup, posts, wave)
            work.callups.set_phases(further)
            work.callups.set_wave(callup.id, after.wave)
            put_next(work, after, at, soon=bool(sent or further) or chosen.awaited > 0)
            work.commit()
        return WaveSent(after.wave, len(sent), chosen.missing, chosen.rate)


def job_kind(streets: Callable[[str], Region], rosters: Rosters) -> JobKind:
    """Make the kind of job that sends waves; `streets` gives a region as it is now, `rosters` keeps volunteers."""
    callers: dict[str, Caller] = {}

    def before(database: Database, job: Job, at: datetime) -> None:
        region, caller = streets(job.region), callers.get(job.region)
        if caller is None or caller.region is not region:  # a site was edited
            caller = callers[job.region] = Caller(region, rosters)
        caller.wave(database, job.payload["callup"], at, number=job.payload["wave"])

    return JobKind(lambda _work, _job, _at: None, before)


def put_next(work: UnitOfWork, callup: Callup, at: datetime, *, soon: bool) -> None:
    """Put the job of the next wave, where places are free in shifts that are not over."""
    if work.callups.is_short(callup.id, at):
        put_wave(work, callup, at + (callup.policy.wave_every if soon else LATER))


def put_wave(work: UnitOfWork, callup: Callup, due_at: datetime) -> None:
    """Put the job of a call's next wave, not in quiet hours unless it is urgent; put twice it is one, the sooner."""
    quiet_end = None if callup.urgent else work.outbox.rules(callup.region).quiet_end(due_at)
    key, due_at = f"{callup.id}:{callup.wave}", quiet_end or due_at
    payload = {"callup": callup.id, "wave": callup.wave}
    if not work.jobs.put(kind=JOB, region=callup.region, key=key, due_at=due_at, payload=payload):
        work.jobs.hasten(kind=JOB, key=key, due_at=due_at)


def _silence(database: Database, callup_id: str, region: str, at: datetime) -> None:
    with database.writing() as work:
        callup = work.callups.get(callup_id, region)
        work.callup_asks.silence(callup_id, at - callup.policy.reply_within)
        work.commit()


def _further(callup: Callup, posts: Sequence[Post], wave: Wave) -> list[tuple[str, int]]:
    """Give the posts that reach further from now on, because their surroundings had too few."""
    last = len(callup.policy.limits_m) - 1
    short = [posts[row] for row in np.flatnonzero(wave.is_short).tolist()]
    return [(post.id, post.phase + 1) for post in short if post.phase < last]
