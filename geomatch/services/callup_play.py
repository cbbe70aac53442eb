"""Use case: a great call-up played through the real services, with seeded people who answer, drop out and stay away."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from time import process_time
from typing import TYPE_CHECKING
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np

from geomatch.sending.hosts import allowed
from geomatch.services import callup_answers
from geomatch.services.callup_wave import JOB, Caller
from geomatch.services.delivering import Run
from geomatch.volunteering.callups import Answer, AskState
from geomatch.volunteering.notices import Purpose
from geomatch.volunteering.people import touches_night

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from geomatch.services.region import Region
    from geomatch.store.callup_ask_rows import Asked
    from geomatch.store.database import Database
    from geomatch.volunteering.callups import Callup

_MINUTE = timedelta(minutes=1)
_MISSED_MIN = 10
_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Temper:
    """How invented people take a call.

    Attributes:
        yes, sure: people differ in how likely they say yes, by a beta distribution of this mean and weight.
        by_night: a shift at night is taken so much less often.
        answers: share of those asked who answer at all.
        delay_min: how long they take, on average; exponential.
        drops: share of those with a place who withdraw before their shift.
        stays_away: share of those with a place who do not come and say nothing.
    """

    yes: float = 0.5
    sure: float = 4.0
    by_night: float = 0.7
    answers: float = 0.8
    delay_min: float = 12.0
    drops: float = 0.03
    stays_away: float = 0.03


@dataclass(frozen=True)
class Played:
    """What came of a call.

    Attributes:
        places, filled: how many there are, and how many were held when their shift had begun, after refilling.
        posts, posts_filled: the same for posts whose every place was held.
        asked: how many asks were sent.
        waves: how many waves asked somebody.
        asks_after_full: asks sent for a post that was full; there must be none.
        most_asks_a_day: the most that any volunteer got on one day.
        most_shifts, median_shifts: of those who hold any.
        clashes: people with two shifts without rest between; there must be none.
        promoted: how many moved up from standing by.
        no_shows: how many did not come.
        computing_s: seconds of this processor in the services, by what was done.
    """

    places: int
    filled: int
    posts: int
    posts_filled: int
    asked: int
    waves: int
    asks_after_full: int
    most_asks_a_day: int
    most_shifts: int
    median_shifts: float
    clashes: int
    promoted: int
    no_shows: int
    computing_s: Mapping[str, float]


@dataclass
class Player:
    """Plays one call that is open, minute by minute.

    Attributes:
        database: where the call and the volunteers are.
        region: its region.
        callup: the call.
        temper: how people take it.
        seed: of all chance.
    """

    database: Database
    region: Region
    callup: Callup
    temper: Temper
    seed: int
    computing_s: dict[str, float] = field(default_factory=lambda: dict.fromkeys(("waves", "answers", "notices"), 0.0))
    _asked: dict[str, Asked] = field(default_factory=dict, init=False)
    _sent_at: dict[int, datetime] = field(default_factory=dict, init=False)

    def play(self) -> Played:
        """Play until every shift is over; gives what came of it."""
        self._caller = Caller(self.region)
        with self.database.reading() as work:
            self._posts = {post.id: post for post in work.callups.posts(self.callup.id)}
        self._due: dict[int, list[tuple[str, Answer]]] = {}
        self._chance: dict[str, float] = {}
        self._after_full = self._promoted = self._waves = 0
        last = max(post.ends_at for post in self._posts.values())
        minute = 0
        while (at := self.callup.opened_at + minute * _MINUTE) < last:
            was_answered = self._answers(minute, at)
            if self._wave(minute, at) or was_answered:
                self._let_out(at)
            minute += 1
        return self._judged()

    def _answers(self, minute: int, at: datetime) -> bool:
        given = self._due.pop(minute, [])
        if given:
            began = process_time()
            outcomes = callup_answers.answer(self.database.writing(), self.region, self.callup.id, given, at=at)
            self.computing_s["answers"] += process_time() - began
            for (ask, said), outcome in zip(given, outcomes, strict=True):
                if said is Answer.ACCEPT and outcome.state is AskState.HELD:
                    self._plan_fate(ask, minute)
        return bool(given)

    def _wave(self, minute: int, at: datetime) -> bool:
        with self.database.reading() as work:
            if not work.jobs.is_due(at, kinds=[JOB], regions=[self.callup.region]):
                return False
        with self.database.writing() as work:
            job = work.jobs.take(
                at, kinds=[JOB], regions=[self.callup.region], holder="play", lease_until=at + _MINUTE
            )  # fmt: skip
            full = {post.id for post in work.callups.posts(self.callup.id) if not post.missing} if job else set()
            work.commit()
        if job is None:
            return False
        began = process_time()
        sent = self._caller.wave(self.database, self.callup.id, at, number=job.payload["wave"])
        with self.database.writing() as work:
            work.jobs.end(job, at)
            work.commit()
        self.computing_s["waves"] += process_time() - began
        if sent is not None and sent.asked:
            self._waves += 1
            self._sent_at[sent.wave] = at
            with self.database.reading() as work:
                fresh = [ask for ask in work.callup_asks.of_callup(self.callup.id) if ask.wave == sent.wave]
            self._after_full += sum(ask.post in full for ask in fresh)
            for ask in fresh:
                self._plan_answer(ask, minute)
        return True

    def _let_out(self, at: datetime) -> None:
        """Deliver what is due, and count notices that go out for a post that is full."""
        with self.database.reading() as work:
            due = [posted.notice for posted in work.outbox.due(self.callup.region, at, limit=_ALL)]
            asked = {notice.cause_id for notice in due if notice.purpose is Purpose.CALL_UP}
            full = {post.id for post in work.callups.named_posts(asked).values() if not post.missing}
        self._after_full += sum(notice.cause_id in full for notice in due)
        self._promoted += sum(notice.purpose is Purpose.RESULT for notice in due)
        if due:
            began = process_time()
            Run(self.database, self.callup.region, allowed([]), at).deliver()
            self.computing_s["notices"] += process_time() - began

    def _plan_answer(self, ask: Asked, minute: int) -> None:
        rng = self._chance_of(ask.volunteer, ask.post)
        post, temper = self._posts[ask.post], self.temper
        if ask.volunteer not in self._chance:
            own = np.random.default_rng([self.seed, crc32(ask.volunteer.encode())])
            self._chance[ask.volunteer] = float(own.beta(temper.yes * temper.sure, (1 - temper.yes) * temper.sure))
        if rng.random() >= temper.answers:
            return
        zone = ZoneInfo(self.region.spec.timezone)
        is_night = touches_night(post.starts_at.astimezone(zone), post.ends_at.astimezone(zone))
        says_yes = rng.random() < self._chance[ask.volunteer] * (temper.by_night if is_night else 1.0)
        then = minute + 1 + int(rng.exponential(temper.delay_min))
        self._due.setdefault(then, []).append((ask.id, Answer.ACCEPT if says_yes else Answer.DECLINE))
        self._asked[ask.id] = ask

    def _plan_fate(self, ask_id: str, minute: int) -> None:
        """Let some of those who have a place drop out before their shift, and some stay away."""
        ask = self._asked[ask_id]
        rng = self._chance_of(ask.volunteer, ask.post + "later")
        begins = int((self._posts[ask.post].starts_at - self.callup.opened_at) / _MINUTE)
        fate = rng.random()
        if fate < self.temper.drops and begins > minute + 1:
            self._due.setdefault(int(rng.integers(minute + 1, begins)), []).append((ask_id, Answer.WITHDRAW))
        elif self.temper.drops <= fate < self.temper.drops + self.temper.stays_away:
            self._due.setdefault(max(begins, minute) + _MISSED_MIN, []).append((ask_id, Answer.NO_SHOW))

    def _chance_of(self, volunteer: str, thing: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, crc32(volunteer.encode()), crc32(thing.encode())])

    def _judged(self) -> Played:
        with self.database.reading() as work:
            posts = work.callups.posts(self.callup.id)
            asks = work.callup_asks.of_callup(self.callup.id)
        zone = ZoneInfo(self.region.spec.timezone)
        per_day = Counter((ask.volunteer, self._sent_at[ask.wave].astimezone(zone).date()) for ask in asks)
        held: dict[str, list[tuple[datetime, datetime]]] = {}
        for ask in asks:
            if ask.state == AskState.HELD:
                held.setdefault(ask.volunteer, []).append(
                    (self._posts[ask.post].starts_at, self._posts[ask.post].ends_at)
                )  # fmt: skip
        loads = [len(shifts) for shifts in held.values()]
        rest = self.callup.policy.rest
        return Played(
            places=sum(post.need.people for post in posts),
            filled=sum(post.held for post in posts),
            posts=len(posts),
            posts_filled=sum(not post.missing for post in posts),
            asked=len(asks),
            waves=self._waves,
            asks_after_full=self._after_full,
            most_asks_a_day=max(per_day.values(), default=0),
            most_shifts=max(loads, default=0),
            median_shifts=float(np.median(loads)) if loads else 0.0,
            clashes=sum(
                late[0] < early[1] + rest for shifts in held.values() for early, late in pairwise(sorted(shifts))
            ),
            promoted=self._promoted,
            no_shows=sum(ask.state == AskState.NO_SHOW for ask in asks),
            computing_s=dict(self.computing_s),
        )
