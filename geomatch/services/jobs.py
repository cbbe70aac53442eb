"""Use case: a worker does what is due, each job once, whoever is killed meanwhile."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from geomatch.errors import GeomatchError, StoreError
from geomatch.store import ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from geomatch.services.job_kinds import JobKind
    from geomatch.store.database import Database
    from geomatch.store.job_rows import Job
    from geomatch.store.unit_of_work import UnitOfWork

LEASE = timedelta(seconds=30)
"""A job whose worker was not heard of for so long is taken over; it is heard of three times as often."""

MOST_ATTEMPTS = 8
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
_LONGEST_TOLD = 500
_log = logging.getLogger(__name__)


class _LostError(RuntimeError):
    """The job is somebody else's by now: what was done for it here must not count."""


@dataclass
class Worker:
    """Does the jobs of some regions, one after the other.

    Attributes:
        database: where the jobs are.
        kinds: what is done for each; jobs of other kinds are left for those who know them.
        regions: ids of the regions whose jobs it takes.
        lease: how long a job is its own without a word from it.
        holder: its name; each worker's is its own.
    """

    database: Database
    kinds: Mapping[str, JobKind]
    regions: Sequence[str]
    lease: timedelta = LEASE
    holder: str = field(default_factory=ids.fresh)

    def begin(self, at: datetime) -> None:
        """Put the jobs that come again and again, where they are not waiting already; StoreError as in `step`."""
        self.database.retrying(partial(self._begin, at))

    def _begin(self, at: datetime) -> None:
        with self.database.writing() as work:
            for name, kind in self.kinds.items():
                if kind.every is not None:
                    for region in self.regions:
                        _put_next(work, name, region, kind.every, at - kind.every)
            work.commit()

    def step(self, at: datetime) -> bool:
        """Do one job that is due; gives whether there was one.

        An error of the job is noted with it, and it is tried again later; after MOST_ATTEMPTS it has failed.

        Raises:
            StoreError: the database cannot be used.
        """
        with self.database.reading() as work:
            if not work.jobs.is_due(at, kinds=self.kinds.keys(), regions=self.regions):
                return False
        job = self.database.retrying(partial(self._take, at))
        if job is None:
            return False
        if job.attempts > MOST_ATTEMPTS:  # each time whoever did it was killed: it may be what kills
            self._conclude(job, f"was begun {MOST_ATTEMPTS} times, and no worker came to its end", at)
            return True
        try:
            self._do(job)
        except _LostError:
            _log.warning("job %s (%s) took too long and was taken over", job.id, job.kind)
        except StoreError:
            raise  # the lease ends by itself, and the job is tried again
        except Exception as error:  # noqa: BLE001 - whatever a job does wrong is its own, and told with it
            _log.warning("job %s (%s) failed", job.id, job.kind, exc_info=not isinstance(error, GeomatchError))
            self._conclude(job, f"{type(error).__name__}: {error}"[:_LONGEST_TOLD], at)
        return True

    def _take(self, at: datetime) -> Job | None:
        with self.database.writing() as work:
            job = work.jobs.take(
                at, kinds=self.kinds.keys(), regions=self.regions, holder=self.holder, lease_until=at + self.lease
            )
            work.commit()
        return job

    def _do(self, job: Job) -> None:
        kind = self.kinds[job.kind]
        if kind.before is not None:
            with self._kept(job):
                kind.before(self.database, job, datetime.now(UTC))
        self.database.retrying(partial(self._run, job, kind))

    def _run(self, job: Job, kind: JobKind) -> None:
        at = datetime.now(UTC)
        with self.database.writing() as work:
            if not work.jobs.hold(job):
                raise _LostError
            kind.run(work, job, at)
            if kind.every is not None:
                _put_next(work, job.kind, job.region, kind.every, at)
            if not work.jobs.end(job, at):
                raise _LostError
            work.commit()

    @contextmanager
    def _kept(self, job: Job) -> Iterator[None]:
        """Keep a job for as long as the block takes, by a word from a thread of its own every third of a lease."""
        over = threading.Event()

        def tell() -> None:
            while not over.wait(self.lease.total_seconds() / 3):
                try:
                    with self.database.writing() as work:
                        work.jobs.extend(job, datetime.now(UTC) + self.lease)
                        work.commit()
                except StoreError as error:
                    _log.warning("job %s (%s) could not be kept: %s", job.id, job.kind, error)

        telling = threading.Thread(target=tell, daemon=True)
        telling.start()
        try:
            yield
        finally:
            over.set()
            telling.join()

    def _conclude(self, job: Job, told: str, at: datetime) -> None:
        """Note what went wrong, and when it is tried again, if it is."""

        def note() -> None:
            with self.database.writing() as work:
                if job.attempts < MOST_ATTEMPTS:
                    pause = min(_FIRST_PAUSE * 2 ** (job.attempts - 1), _LONGEST_PAUSE)
                    work.jobs.put_back(job, told=told, due_at=at + pause)
                else:
                    work.jobs.give_up(job, told=told, at=at)
                    kind = self.kinds[job.kind]
                    if kind.every is not None:
                        _put_next(work, job.kind, job.region, kind.every, at)
                work.commit()

        self.database.retrying(note)


def _put_next(work: UnitOfWork, kind: str, region: str, every: timedelta, at: datetime) -> None:
    """Put the next of a kind that comes again and again: at the next full step since 1970, whoever puts it."""
    step_s = every.total_seconds()
    due_at = datetime.fromtimestamp((at.timestamp() // step_s + 1) * step_s, UTC)
    work.jobs.put(kind=kind, region=region, key=f"{region}/{due_at.isoformat()}", due_at=due_at)
