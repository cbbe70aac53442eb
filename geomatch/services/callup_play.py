"""Use case: a great call-up played through the real services, with seeded people who answer, drop out and stay away."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from time import process_time
from typing import TYPE_CHECKING
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np

from geomatch.errors import ConflictError
from geomatch.sending.hosts import allowed
from geomatch.services import callup_answers
from geomatch.services.callup_played import Told, judged
from geomatch.services.callup_wave import JOB, Caller
from geomatch.services.delivering import Run
from geomatch.volunteering.callups import Answer, AskState
from geomatch.volunteering.notices import Purpose
from geomatch.volunteering.people import touches_night

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from geomatch.services.callup_played import Played
    from geomatch.services.region import Region
    from geomatch.store.callup_ask_rows import Asked
    from geomatch.store.database import Database
    from geomatch.volunteering.callups import Callup

_MINUTE = timedelta(minutes=1)
_MISSED_MIN = 10
_ALL = 1_000_000
_PARTS = ("waves", "answers", "notices")


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
        swaps: share of those with a place who would rather have another's.
    """

    yes: float = 0.5
    sure: float = 4.0
    by_night: float = 0.7
    answers: float = 0.8
    delay_min: float = 12.0
    drops: float = 0.03
    stays_away: float = 0.03
    swaps: float = 0.01


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
    computing_s: dict[str, float] = field(default_factory=lambda: dict.fromkeys(_PARTS, 0.0))
    _asked: dict[str, Asked] = field(default_factory=dict, init=False)

    def play(self) -> Played:
        """Play until every shift is over; gives what came of it."""
        self._caller = Caller(self.region)
        with self.database.reading() as work:
            self._posts = {post.id: post for post in work.callups.posts(self.callup.id)}
        self._due: dict[int, list[tuple[str, Answer]]] = {}
        self._chance: dict[str, float] = {}
        self._after_full = self._sent = self._promoted = self._waves = self._swapped = 0
        self._wishes: list[str] = []
        last = max(post.ends_at for post in self._posts.values())
        minute = 0
        while (at := self.callup.opened_at + minute * _MINUTE) < last:
            self._answers(minute, at)
            self._swap(at)
            self._wave(minute, at)
            self._let_out(at)
            minute += 1
        told = Told(
            sent=self._sent, sent_after_full=self._after_full, waves=self._waves, promoted=self._promoted,
            swapped=self._swapped, computing_s=dict(self.computing_s),
        )  # fmt: skip
        return judged(self.database, self.region, self.callup, told)

    @contextmanager
    def _timed(self, part: str) -> Iterator[None]:
        began = process_time()
        yield
        self.computing_s[part] += process_time() - began

    def _answers(self, minute: int, at: datetime) -> None:
        """Give what was said within this minute, all at once, as a busy service takes it from its queue."""
        given = self._due.pop(minute, [])
        if given:
            with self._timed("answers"):
                outcomes = callup_answers.answer(self.database.writing(), self.region, self.callup.id, given, at=at)
            for (ask, said), outcome in zip(given, outcomes, strict=True):
                if said is Answer.ACCEPT and outcome.state is AskState.HELD:
                    self._plan_fate(ask, minute)

    def _swap(self, at: datetime) -> None:
        """Let two who would rather have another's place say so of each other's."""
        while len(self._wishes) > 1:
            one, other = self._wishes.pop(), self._wishes.pop()
            with self._timed("answers"), suppress(ConflictError):  # that may not be theirs
                for mine, theirs in ((one, other), (other, one)):
                    done = callup_answers.want_swap(
                        self.database.writing(), self.region, self.callup.id, mine, theirs, at=at
                    )
                self._swapped += 2 * done

    def _wave(self, minute: int, at: datetime) -> None:
        with self.database.reading() as work:
            if not work.jobs.is_due(at, kinds=[JOB], regions=[self.callup.region]):
                return
        with self.database.writing() as work:
            job = work.jobs.take(
                at, kinds=[JOB], regions=[self.callup.region], holder="play", lease_until=at + _MINUTE
            )  # fmt: skip
            work.commit()
        if job is None:
            return
        with self._timed("waves"):
            sent = self._caller.wave(self.database, self.callup.id, at, number=job.payload["wave"])
            with self.database.writing() as work:
                work.jobs.end(job, at)
                work.commit()
        if sent is not None and sent.asked:
            self._waves += 1
            with self.database.reading() as work:
                fresh = work.callup_asks.of_callup(self.callup.id, wave=sent.wave)
            for ask in sorted(fresh, key=lambda each: (each.volunteer, self._name_of(each.post))):  # ids are of chance
                self._plan_answer(ask, minute)

    def _let_out(self, at: datetime) -> None:
        """Deliver what is due, and count what went out, and what of it for a post that is full."""
        with self.database.reading() as work:
            due = work.outbox.due(self.callup.region, at, limit=_ALL)
        if not due:
            return
        with self._timed("notices"):
            Run(self.database, self.callup.region, allowed([]), at).deliver()
        with self.database.reading() as work:
            out = work.outbox.let_out_of([each.id for each in due])
            asks = [each.cause_id for each in due if each.id in out and each.purpose is Purpose.CALL_UP]
            full = {post.id for post in work.callups.named_posts(set(asks)).values() if not post.missing}
        self._sent += len(asks)
        self._after_full += sum(post in full for post in asks)
        self._promoted += sum(each.purpose is Purpose.RESULT for each in due)

    def _plan_answer(self, ask: Asked, minute: int) -> None:
        rng = self._chance_of(ask.volunteer, self._name_of(ask.post))
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
        rng = self._chance_of(ask.volunteer, self._name_of(ask.post) + "later")
        begins = int((self._posts[ask.post].starts_at - self.callup.opened_at) / _MINUTE)
        fate = rng.random()
        if fate < self.temper.drops and begins > minute + 1:
            self._due.setdefault(int(rng.integers(minute + 1, begins)), []).append((ask_id, Answer.WITHDRAW))
        elif self.temper.drops <= fate < self.temper.drops + self.temper.stays_away:
            self._due.setdefault(max(begins, minute) + _MISSED_MIN, []).append((ask_id, Answer.NO_SHOW))
        elif fate > 1 - self.temper.swaps:
            self._wishes.append(ask_id)

    def _name_of(self, post_id: str) -> str:
        """Name a post by what it is, which is the same in every play."""
        post = self._posts[post_id]
        return f"{post.site} {post.starts_at.isoformat()} {post.need.skill}"

    def _chance_of(self, volunteer: str, thing: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, crc32(volunteer.encode()), crc32(thing.encode())])
