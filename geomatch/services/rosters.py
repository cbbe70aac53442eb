"""Use case: the volunteers of the served regions, kept in this process's memory and followed as they change."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from geomatch.errors import StoreError
from geomatch.services import volunteers_near
from geomatch.store.change_rows import EVERYTHING
from geomatch.store.people_rows import FOLLOWED
from geomatch.volunteering import acceptance, roster

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from geomatch.services.region import Region
    from geomatch.services.volunteers_near import PlacedRoster
    from geomatch.store.database import Database
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.acceptance import Prior

LOOKED_AT_FOR = timedelta(days=1)
"""Changes are forgotten after days; whoever did not look for so long reads everybody anew."""
LEARNED_FOR = timedelta(minutes=10)
_MANY = 2000
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Followed:
    """A roster as it was at a change.

    Attributes:
        placed: the volunteers on the streets.
        seq: the newest change that is in it.
        looked_at: when that was looked up.
    """

    placed: PlacedRoster
    seq: int
    looked_at: datetime


class Rosters:
    """One roster and one prior for each region; thread-safe."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}
        self._followed: dict[str, _Followed] = {}
        self._priors: dict[str, tuple[Prior, datetime]] = {}

    def warm(self, database: Database, opened: Mapping[str, Callable[[], Region]], at: datetime) -> None:
        """Read the volunteers of regions, so that no order pays for it; a region that has none is not even opened.

        A database that gives no answer is left to whoever asks next.
        """
        try:
            if not database.exists():
                return
            for region_id, region in opened.items():
                with database.reading() as work:
                    if work.people.is_any(region_id):
                        self.placed(work, region(), at)
                        self.prior(work, region_id, at)
        except StoreError as error:
            _log.warning("volunteers are read when somebody first asks: %s", error)

    def placed(self, work: UnitOfWork, region: Region, at: datetime) -> PlacedRoster:
        """Give the volunteers as this unit of work sees them; the first to ask reads them all."""
        with self._lock(region.spec.id):
            held = self._followed.get(region.spec.id)
            is_fit = (
                held is not None
                and held.placed.region.build_folder == region.build_folder
                and at - held.looked_at <= LOOKED_AT_FOR
            )
            now = self._follow(work, region, held, at) if held is not None and is_fit else _read(work, region, at)
            self._followed[region.spec.id] = now
            return now.placed

    def _follow(self, work: UnitOfWork, region: Region, held: _Followed, at: datetime) -> _Followed:
        seq, rows = work.changes.after(region.spec.id, FOLLOWED, held.seq)
        if not rows:
            return _Followed(held.placed, held.seq, at)
        if EVERYTHING in rows or len(rows) > _MANY:
            return _read(work, region, at)
        there = work.people.some(rows, region.spec.id)
        changed = roster.put(held.placed.roster, there, gone=set(rows) - {each.id for each in there})
        return _Followed(volunteers_near.place(region, changed), seq, at)

    def prior(self, work: UnitOfWork, region_id: str, at: datetime) -> Prior:
        """Give the region's rate of acceptance, learned from its own offers every LEARNED_FOR."""
        with self._lock(region_id):
            held = self._priors.get(region_id)
            if held is None or at - held[1] > LEARNED_FOR:
                held = (acceptance.learn(*work.matching.answers(region_id)), at)
                self._priors[region_id] = held
            return held[0]

    def _lock(self, region_id: str) -> threading.Lock:
        with self._guard:
            return self._locks.setdefault(region_id, threading.Lock())


def _read(work: UnitOfWork, region: Region, at: datetime) -> _Followed:
    """Read everybody; the change is looked up first, so that what comes between is read twice and not passed over."""
    seq = work.changes.newest(region.spec.id, FOLLOWED)
    everyone = roster.of_columns(work.people.columns(region.spec.id))
    return _Followed(volunteers_near.place(region, everyone), seq, at)
