"""Use case: the worker goes on with orders that wait for an answer, or were declined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomatch.errors import ConflictError, NotFoundError
from geomatch.services import matching
from geomatch.services.job_kinds import JobKind
from geomatch.volunteering.roles import Scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from geomatch.services.region import Region
    from geomatch.services.rosters import Rosters
    from geomatch.store.database import Database
    from geomatch.store.job_rows import Job
    from geomatch.store.unit_of_work import UnitOfWork


def job_kind(opened: Callable[[str], Region], rosters: Rosters) -> JobKind:
    """Give what is done for jobs of the kind "dispatch"; `opened` gives the region of an id as it is now.

    Going on with an order twice is going on with it once: what it does follows from where the order stands.
    """

    def advance(database: Database, job: Job, at: datetime) -> None:
        order, region = job.payload["order"], opened(job.region)
        try:
            matching.advance(database, rosters, region, order, Scope(job.region), by=matching.MATCHER, at=at)
        except (NotFoundError, ConflictError):
            return  # it is gone, or somebody accepted or cancelled it: nobody is to be asked any more

    def nothing_further(_work: UnitOfWork, _job: Job, _at: datetime) -> None:
        return

    return JobKind(nothing_further, before=advance)
