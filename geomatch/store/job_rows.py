"""Jobs in the database: taken by one worker at a time, done once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, or_, select, update

from geomatch.store import faults, ids, new_rows
from geomatch.store.tables.core import jobs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

WAITING, DONE, FAILED = "waiting", "done", "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work.

    Attributes:
        id: its own.
        region: of which region.
        kind: what is to be done, as services/job_kinds.py names it.
        key: tells it from others of its kind.
        payload: what its kind needs to know.
        due_at: not before.
        attempts: how often it was begun, this time included.
        holder: who has it now; None before it is taken.
    """

    id: str
    region: str
    kind: str
    key: str
    payload: Mapping[str, Any]
    due_at: datetime
    attempts: int
    holder: str | None


class JobRows:
    """The jobs of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def put(
        self, *, kind: str, region: str, key: str, due_at: datetime, payload: Mapping[str, Any] | None = None
    ) -> bool:
        """Put a job, together with what else this unit of work does; put again by the same kind and key it is one.

        Gives whether it is new. A job that is done stays known by its key, so that it is not done again.
        """
        row = {
            "id": ids.fresh(),
            "region": region,
            "kind": kind,
            "key": key,
            "payload": dict(payload or {}),
            "state": WAITING,
            "due_at": due_at,
            "attempts": 0,
        }
        return new_rows.written(self._connection, insert(jobs).values(**row))

    def hasten(self, *, kind: str, key: str, due_at: datetime) -> None:
        """Let a job that waits be due at a time, if it is due later."""
        mine = (jobs.c.kind == kind) & (jobs.c.key == key) & (jobs.c.state == WAITING) & (jobs.c.due_at > due_at)
        with faults.told():
            self._connection.execute(update(jobs).where(mine).values(due_at=due_at))

    def drop(self, *, kind: str, key: str) -> bool:
        """Take a job back that nobody has done yet; gives whether there was one."""
        mine = (jobs.c.kind == kind) & (jobs.c.key == key) & (jobs.c.state == WAITING)
        with faults.told():
            return self._connection.execute(delete(jobs).where(mine)).rowcount == 1

    def is_due(self, at: datetime, *, kinds: Collection[str], regions: Collection[str]) -> bool:
        """Tell whether `take` would find one."""
        with faults.told():
            found = self._connection.execute(select(jobs.c.id).where(_free(at, kinds, regions)).limit(1))
            return found.one_or_none() is not None

    def take(
        self, at: datetime, *, kinds: Collection[str], regions: Collection[str], holder: str, lease_until: datetime
    ) -> Job | None:
        """Take the job that is due for the longest, for as long as its lease; None where there is none."""
        query = select(jobs).where(_free(at, kinds, regions)).order_by(jobs.c.due_at, jobs.c.id).limit(1)
        with faults.told():
            row = self._connection.execute(query.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return None
            attempts = row.attempts + 1
            taken = update(jobs).where(jobs.c.id == row.id)
            self._connection.execute(taken.values(holder=holder, lease_until=lease_until, attempts=attempts))
        return Job(row.id, row.region, row.kind, row.key, row.payload, row.due_at, attempts, holder)

    def hold(self, job: Job) -> bool:
        """Keep others from a job until the end of this unit of work; False where it is somebody else's by now."""
        query = select(jobs.c.id).where(_mine(job)).with_for_update()
        with faults.told():
            return self._connection.execute(query).one_or_none() is not None

    def extend(self, job: Job, lease_until: datetime) -> bool:
        """Keep a job for longer; False where it is somebody else's by now."""
        return self._change(job, lease_until=lease_until)

    def end(self, job: Job, at: datetime) -> bool:
        """Say that a job is done; False where it is somebody else's by now."""
        return self._change(job, state=DONE, ended_at=at, holder=None, lease_until=None, last_error=None)

    def put_back(self, job: Job, *, told: str, due_at: datetime) -> bool:
        """Let a job be tried again later; False where it is somebody else's by now."""
        return self._change(job, last_error=told, due_at=due_at, holder=None, lease_until=None)

    def give_up(self, job: Job, *, told: str, at: datetime) -> bool:
        """Say that a job failed for good; False where it is somebody else's by now."""
        return self._change(job, state=FAILED, last_error=told, ended_at=at, holder=None, lease_until=None)

    def forget(self, before: datetime, *, kind: str | None = None) -> int:
        """Forget jobs (of one kind, where it is named) that were done before a time, and their keys; gives how many."""
        old = (jobs.c.state == DONE) & (jobs.c.ended_at < before)
        if kind is not None:
            old &= jobs.c.kind == kind
        with faults.told():
            return int(self._connection.execute(delete(jobs).where(old)).rowcount)

    def counts(self) -> dict[tuple[str, str], int]:
        """Count jobs by kind and state."""
        query = select(jobs.c.kind, jobs.c.state, func.count()).group_by(jobs.c.kind, jobs.c.state)
        with faults.told():
            return {(kind, state): int(count) for kind, state, count in self._connection.execute(query)}

    def _change(self, job: Job, **values: Any) -> bool:
        with faults.told():
            return self._connection.execute(update(jobs).where(_mine(job)).values(**values)).rowcount == 1


def _free(at: datetime, kinds: Collection[str], regions: Collection[str]) -> ColumnElement[bool]:
    return and_(
        jobs.c.state == WAITING,
        jobs.c.due_at <= at,
        or_(jobs.c.lease_until.is_(None), jobs.c.lease_until <= at),
        jobs.c.kind.in_(kinds),
        jobs.c.region.in_(regions),
    )


def _mine(job: Job) -> ColumnElement[bool]:
    return and_(jobs.c.id == job.id, jobs.c.holder == job.holder, jobs.c.state == WAITING)
