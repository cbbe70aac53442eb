"""The one table of what jobs do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from geomatch.services import anchors, order_deadlines, order_moves, points, privacy, shop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from geomatch.store.database import Database
    from geomatch.store.job_rows import Job
    from geomatch.store.unit_of_work import UnitOfWork

KEYS_LAST, CHANGES_LAST, JOBS_LAST = timedelta(days=2), timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class JobKind:
    """What is done for jobs of one kind.

    Attributes:
        run: what it does to the database; the unit of work is open, and is committed together with the job's end by
            whoever called, so that both happen once or not at all.
        before: what takes long or leaves the machine, done before `run` while the lease is kept; where the worker is
            killed it is done again, so it may happen more than once. It may commit units of work of its own.
        every: how often it is put again by itself, for every region that is served; None where others put it.
    """

    run: Callable[[UnitOfWork, Job, datetime], None]
    before: Callable[[Database, Job, datetime], None] | None = None
    every: timedelta | None = None


def _tidy(work: UnitOfWork, _job: Job, at: datetime) -> None:
    """Forget what nobody asks for any more: old keys of requests, old changes, old jobs."""
    work.keys.forget(at - KEYS_LAST)
    work.changes.forget(at - CHANGES_LAST)
    work.jobs.forget(at - JOBS_LAST)


def _points(work: UnitOfWork, job: Job, at: datetime) -> None:
    """Give points for hours that began to count, free what was not fetched, and let old points lapse."""
    points.catch_up(work, job.region, at=at)
    shop.lapse(work, job.region, at=at)
    points.expire(work, job.region, at=at)


KINDS: Mapping[str, JobKind] = {
    "tidy": JobKind(_tidy, every=timedelta(hours=6)),
    "hours_anchor": JobKind(anchors.send_out, every=timedelta(days=1)),
    "retention": JobKind(privacy.run_out, every=timedelta(days=1)),
    "points": JobKind(_points, every=timedelta(minutes=10)),
    order_moves.DEADLINE: JobKind(order_deadlines.run),
}
"""Every kind by its name."""
