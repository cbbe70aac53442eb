"""Use case: what stands in the outbox is let out and delivered, at least once, each time under the same key."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import orjson

from geomatch.sending import addresses, hosts, robots, webhook
from geomatch.services.job_kinds import JobKind
from geomatch.volunteering.channels import (
    MOST_TRIES,
    ROBOTS,
    ChannelKind,
    Delivery,
    DeliveryState,
    Reader,
    leads_to,
    pause_after,
)
from geomatch.volunteering.notices import ASKS, PURPOSE_NAMES, Notice, NoticeState, judged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from geomatch.sending.hosts import Allowed
    from geomatch.sending.outcome import Outcome
    from geomatch.store.database import Database
    from geomatch.store.job_rows import Job
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.channels import Channel
    from geomatch.volunteering.notices import NoticeRules, Verdict, Waiting

KIND = "deliver"
EVERY = timedelta(seconds=10)
_LET_OUT_AT_A_TIME, _TRIED_AT_A_TIME, _THREADS = 2000, 64, 8
_ENOUGH_S = 10.0
"""After so long a run begins nothing more, so that a worker's other jobs do not wait for slow receivers."""
_JOBS_LAST = timedelta(hours=1)
_STRANGER = Reader()


def job_kind(notice_hosts: Sequence[str]) -> JobKind:
    """Make the kind of job that delivers; hosts as the setting names them, InputError where one is none."""
    given = hosts.allowed(notice_hosts)

    def before(database: Database, job: Job, at: datetime) -> None:
        Run(database, job.region, given, at).deliver()

    def run(work: UnitOfWork, job: Job, at: datetime) -> None:
        work.jobs.forget(at - _JOBS_LAST, kind=job.kind)

    return JobKind(run, before, EVERY)


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A try that was claimed, with what it needs."""

    delivery: Delivery
    channel: Channel
    mail: str | None


@dataclass
class Run:
    """One go at the outbox of a region.

    Attributes:
        database: where the outbox is.
        region: its id.
        given: hosts that were named.
        at: now.
        silent: channels where nobody answered; they are left alone until the next run.
    """

    database: Database
    region: str
    given: Allowed
    at: datetime
    silent: set[str] = field(default_factory=set)

    def deliver(self) -> int:
        """Let out what may go and try what is due, until nothing is left or it took long; gives how many tries."""
        until, tries = time.monotonic() + _ENOUGH_S, 0
        while time.monotonic() < until:
            let_out = self.database.retrying(self._let_out)
            claimed = self.database.retrying(self._claim)
            if claimed:
                with ThreadPoolExecutor(_THREADS) as pool:
                    outcomes = list(pool.map(self._try, claimed))
                self.database.retrying(partial(self._record, claimed, outcomes))
                tries += len(claimed)
            elif let_out < _LET_OUT_AT_A_TIME:
                break
        return tries

    def _let_out(self) -> int:
        """Judge what waits, let out what may go, and put it on its ways; gives how many were judged."""
        with self.database.writing() as work:
            work.outbox.hold(self.region)
            waiting = work.outbox.due(self.region, self.at, limit=_LET_OUT_AT_A_TIME, locked=True)
            if not waiting:
                return 0
            judge = _Judge(work, self.region, self.at, waiting)
            open_ones = [channel for channel in work.channels.all(self.region) if channel.is_open]
            known = _known(work, self.region, waiting) if open_ones else {}
            ways: list[tuple[str, str]] = []
            alike: dict[tuple[Verdict, NoticeState], list[str]] = {}
            for each in waiting:
                verdict, reader = judge.judge(each, each.released_at), known.get(_reader_of(each), _STRANGER)
                mine = [(each.id, channel.id) for channel in open_ones if leads_to(channel, each.purpose, reader)]
                alike.setdefault((verdict, NoticeState.SENDING if mine else NoticeState.SHOWN), []).append(each.id)
                if verdict.is_let_out:
                    judge.count(each, each.released_at)
                    ways += mine
            for (verdict, state), named in alike.items():
                work.outbox.settle(named, verdict, state, self.at)
            work.deliveries.put(self.region, ways, self.at)
            work.commit()
        return len(waiting)

    def _claim(self) -> list[_Claimed]:
        """Judge once more what is due, and claim the tries that may be made."""
        with self.database.writing() as work:
            work.outbox.hold(self.region)
            due = work.deliveries.due(self.region, self.at, limit=_TRIED_AT_A_TIME, silent=self.silent)
            if not due:
                return []
            notices = [each.posted.notice for each in due]
            judge, known = _Judge(work, self.region, self.at, notices), _known(work, self.region, notices)
            channels = {channel.id: channel for channel in work.channels.all(self.region)}
            claimed = []
            for each in due:
                channel, reader = channels[each.channel], known.get(_reader_of(each.posted.notice), _STRANGER)
                if not channel.is_open or (channel.kind is ChannelKind.MAIL and not reader.mail):
                    _end(work, each, DeliveryState.DEAD, "this way is closed", self.at)
                elif self._may_go(work, each, judge):
                    work.deliveries.claim(each, self.at + pause_after(each.tries + 1))
                    claimed.append(_Claimed(each, channel, reader.mail))
            work.commit()
        return claimed

    def _may_go(self, work: UnitOfWork, each: Delivery, judge: _Judge) -> bool:
        """Do to a delivery what is judged of its notice now, and tell whether it goes out."""
        notice, released_at = each.posted.notice, each.posted.released_at
        verdict = judge.judge(notice, released_at)
        if verdict.state is not None:
            work.deliveries.end(each, DeliveryState.WITHDRAWN, verdict.told, self.at)
            work.outbox.finish(each.posted.id, verdict.state, verdict.told)
        elif verdict.until is not None:
            work.deliveries.postpone(each, verdict.until, verdict.told)
        elif judge.count(notice, released_at):
            work.outbox.count_on(each.posted.id, self.at)
        return verdict.is_let_out

    def _try(self, claimed: _Claimed) -> Outcome | None:
        """Make one try; None where it was taken back just now, or its channel did not answer others."""
        channel, delivery = claimed.channel, claimed.delivery
        with self.database.reading() as work:
            wanted = work.deliveries.is_wanted(delivery)
        if not wanted or channel.id in self.silent:
            return None
        outcome = send(channel, delivery, claimed.mail, self.given, self.at)
        if not outcome.answered:
            self.silent.add(channel.id)
        return outcome

    def _record(self, claimed: Sequence[_Claimed], outcomes: Sequence[Outcome | None]) -> None:
        """Write down what became of each try."""
        with self.database.writing() as work:
            for each, outcome in zip(claimed, outcomes, strict=True):
                before, tried = each.delivery, replace(each.delivery, tries=each.delivery.tries + 1)
                if outcome is None:  # no try was made, so none counts
                    work.deliveries.postpone(before, self.at + pause_after(1), "this way did not answer others")
                elif outcome.taken:
                    _end(work, tried, DeliveryState.SENT, outcome.told, self.at)
                elif tried.tries >= MOST_TRIES:
                    _end(work, tried, DeliveryState.DEAD, outcome.told, self.at)
                else:
                    work.deliveries.postpone(tried, self.at + pause_after(tried.tries), outcome.told)
            work.commit()


class _Judge:
    """What is known of the readers of some notices, to judge each by the rules of its region."""

    def __init__(self, work: UnitOfWork, region: str, at: datetime, given: Sequence[Notice | Waiting]) -> None:
        self._at = at
        self._rules: NoticeRules = work.outbox.rules(region)
        self._day = self._rules.day_of(at)
        self._opted_out = work.readers.opted_out(region, set(map(_reader_of, given)))
        volunteers = {each.volunteer for each in given if each.volunteer is not None}
        self._reached = Counter(work.outbox.reached(region, *self._day, volunteers))

    def judge(self, notice: Notice | Waiting, released_at: datetime | None) -> Verdict:
        """Judge one; where it was counted today itself, that does not count against it."""
        reached = self._reached[notice.volunteer or ""] - self._is_counted(released_at)
        is_out = (_reader_of(notice), notice.purpose) in self._opted_out
        return judged(notice, self._rules, self._at, has_opted_out=is_out, reached=reached)

    def count(self, notice: Notice | Waiting, released_at: datetime | None) -> bool:
        """Count one that goes out now; False where it is counted today already."""
        if self._is_counted(released_at):
            return False
        if notice.volunteer is not None and notice.purpose in ASKS:
            self._reached[notice.volunteer] += 1
        return True

    def _is_counted(self, released_at: datetime | None) -> bool:
        return released_at is not None and self._day[0] <= released_at < self._day[1]


def send(channel: Channel, delivery: Delivery, mail: str | None, given: Allowed, at: datetime) -> Outcome:
    """Send a notice by its channel, whatever that takes."""
    target = addresses.taken_apart(channel.kind, channel.address)
    notice = delivery.posted.notice
    if channel.kind is ChannelKind.WEBHOOK:
        body = orjson.dumps(_told(delivery))
        return webhook.post(
            target, body, key=delivery.id, secret=channel.secret, timestamp=int(at.timestamp()), given=given
        )
    title = PURPOSE_NAMES[notice.purpose][0]
    text = f"{notice.body}\n\n为何收到：{notice.why_zh}\nWhy you get this: {notice.why_en}"
    if channel.kind in ROBOTS:
        return robots.say(channel.kind, target, title, text, secret=channel.secret, given=given)
    return robots.write(target, mail or "", title, text, key=delivery.id, given=given)


def _told(delivery: Delivery) -> dict[str, object]:
    """Give what a webhook is told: the notice, and the reader by id alone."""
    notice = delivery.posted.notice
    return {
        "id": delivery.id, "notice": delivery.posted.id, "region": notice.region, "purpose": notice.purpose.value,
        "reader": {"volunteer": notice.volunteer, "account": notice.account}, "body": notice.body,
        "why": {"zh": notice.why_zh, "en": notice.why_en}, "cause": {"kind": notice.cause_kind, "id": notice.cause_id},
        "made_at": notice.made_at, "expires_at": notice.expires_at, "urgent": notice.urgent,
    }  # fmt: skip


def _end(work: UnitOfWork, delivery: Delivery, state: DeliveryState, told: str, at: datetime) -> None:
    """End a delivery, and its notice where that decides it."""
    work.deliveries.end(delivery, state, told, at)
    if state is DeliveryState.SENT:
        work.outbox.finish(delivery.posted.id, NoticeState.SENT)
    elif not work.deliveries.has_hope(delivery.posted.id):
        work.outbox.finish(delivery.posted.id, NoticeState.DEAD, told)


def _known(work: UnitOfWork, region: str, given: Sequence[Notice | Waiting]) -> dict[str, Reader]:
    """Give what is known of the readers of notices."""
    return work.readers.known(region, set(map(_reader_of, given)))


def _reader_of(notice: Notice | Waiting) -> str:
    return notice.volunteer or notice.account or ""
