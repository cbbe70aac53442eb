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
from geomatch.volunteering.duties import DutyKind
from geomatch.volunteering.notices import Purpose

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from geomatch.services.region import Region
    from geomatch.store.callup_ask_rows import Asked
    from geomatch.store.database import Database
    from geomatch.store.job_rows import Job
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.callups import Callup, Post
    from geomatch.volunteering.duties import Duty
    from geomatch.volunteering.mobilisation import Wave

JOB = "callup_wave"
LATER = timedelta(hours=1)
"""Where a wave found nobody and no answer is awaited, the next comes after so long."""


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
class _Seen:
    """A call as it stood in the database when its wave was chosen; the posts of a site stand one after the other."""

    callup: Callup
    posts: Sequence[Post]
    asked: Sequence[Asked]
    history: Mapping[str, tuple[int, int]]
    left_alone: Collection[str]
    elsewhere: Sequence[Duty]


@dataclass(frozen=True)
class _Chosen:
    """A wave, and what it was chosen by."""

    wave: Wave
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
            seen, muster = self._look(work, callup, at)
        chosen = _choose(seen, muster, self.region.spec.timezone, at)
        return database.retrying(partial(self._send, database, seen, chosen, muster, at))

    def _look(self, work: UnitOfWork, callup: Callup, at: datetime) -> tuple[_Seen, Muster]:
        here = {site.id for site in self.region.sites}
        posts = tuple(post for post in work.callups.posts(callup.id) if post.site in here)
        sites = tuple(dict.fromkeys(post.site for post in posts))
        placed = self.rosters.placed(work, self.region, at)
        if self._muster is None or self._muster.sites != sites or self._muster.placed is not placed:
            self._muster = Muster(sites, placed)
        seen = _Seen(
            callup, posts, work.callup_asks.of_callup(callup.id), work.callup_asks.history(callup.region, callup.id),
            _left_alone(work, callup, at), _elsewhere(work, callup, posts),
        )  # fmt: skip
        return seen, self._muster

    def _send(
        self, database: Database, seen: _Seen, chosen: _Chosen, muster: Muster, at: datetime
    ) -> WaveSent | None:  # fmt: skip
        callup, posts, wave = seen.callup, seen.posts, chosen.wave
        after = replace(callup, wave=callup.wave + 1)
        with database.writing() as work:
            now = work.callups.get(callup.id, callup.region, locked=True)
            if now.closed_at is not None or now.wave != callup.wave:
                return None
            locked = work.callups.lock_posts([posts[row].id for row in np.unique(wave.post).tolist()])
            columns = zip(wave.volunteer.tolist(), wave.post.tolist(), wave.walk_m.tolist(), strict=True)
            sent = [
                Sent(ids.fresh(), posts[post].id, muster.roster.ids[row], walk_m)
                for row, post, walk_m in columns
                if locked[posts[post].id].missing  # it may have filled meanwhile
            ]
            work.callup_asks.add(callup.id, callup.region, after.wave, sent, at)
            work.outbox.put(*callup_words.asks(self.region, callup, locked, sent, at))
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


def _left_alone(work: UnitOfWork, callup: Callup, at: datetime) -> frozenset[str]:
    """Name who had enough notices today, or wants no calls."""
    rules = work.outbox.rules(callup.region)
    most = min(callup.policy.asks_a_day, rules.most_a_day)
    told = work.outbox.pressing(callup.region, *rules.day_of(at))
    full = frozenset(who for who, count in told.items() if count >= most)
    return full | work.callup_asks.opted_out(callup.region, Purpose.CALL_UP)


def _elsewhere(work: UnitOfWork, callup: Callup, posts: Sequence[Post]) -> tuple[Duty, ...]:
    """Give what people promised outside this call while it lasts."""
    if not posts:
        return ()
    own = {post.id for post in posts}
    first, last = min(post.starts_at for post in posts), max(post.ends_at for post in posts)
    found = work.duties.between(callup.region, first, last)
    return tuple(duty for duty in found if duty.kind is not DutyKind.POST or duty.subject not in own)


def _choose(seen: _Seen, muster: Muster, timezone: str, at: datetime) -> _Chosen:
    callup, posts = seen.callup, seen.posts
    if not posts:
        return _Chosen(mobilisation.nobody(0), 0.0, 0, 0)
    asks = callup_crowd.asks_of(seen.asked, posts, muster.roster)
    habits = callup_crowd.habits_of(asks, seen.history, muster.roster)
    crowd = callup_crowd.crowd_of(
        callup, posts, asks, habits, muster.roster, left_alone=seen.left_alone, elsewhere=seen.elsewhere
    )
    wanting = callup_crowd.posts_of(callup, posts, asks, habits.chance, timezone=timezone)
    over = wanting.ends_s <= int(at.timestamp())
    wanting = replace(wanting, missing=np.where(over, 0, wanting.missing))
    share = callup.policy.first_share if callup.wave == 0 else 1.0
    reach_m = mobilisation.reach_of_sites(wanting, share=share)
    wave = mobilisation.choose(
        wanting, crowd, muster.walks(reach_m), called_m=callup.policy.called_m, shift_m=callup.policy.shift_m,
        share=share,
    )  # fmt: skip
    awaited = int(asks.are(AskState.ASKED).sum())
    return _Chosen(wave, habits.prior.rate, int(wanting.missing.sum()), awaited)


def _further(callup: Callup, posts: Sequence[Post], wave: Wave) -> list[tuple[str, int]]:
    """Give the posts that reach further from now on, because their surroundings had too few."""
    last = len(callup.policy.limits_m) - 1
    short = [posts[row] for row in np.flatnonzero(wave.is_short).tolist()]
    return [(post.id, post.phase + 1) for post in short if post.phase < last]
