"""Regions whose sites follow the store: what one process edits, every other one sees in its next answer."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from geomatch.errors import StoreError
from geomatch.services.live_sites import WHAT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geomatch.planning.live_sites import LiveSite
    from geomatch.services.region import Region
    from geomatch.store.database import Database

_REST_S = 2.0
"""How long a database that gave no answer is left alone: streets answer without it, by the sites known last."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Seen:
    """The regions as they were at one reading of the counter, and the newest change of each."""

    reading: int | None
    regions: tuple[Region, ...]
    newest: Mapping[str, int] = field(default_factory=dict)


class Followed:
    """Open regions in their order, each with its sites as they are now; thread-safe."""

    def __init__(self, regions: Sequence[Region], database: Database) -> None:
        """Take regions as they were built; nothing is asked yet."""
        self._database = database
        self._counter = database.counter
        self._looking = threading.Lock()
        self._rests_until = 0.0
        self._seen = _Seen(None, tuple(regions))

    def regions(self) -> tuple[Region, ...]:
        """Give the regions with every edit that was acknowledged before; nothing but a figure is read if none was."""
        seen = self._seen
        if seen.reading != self._counter.value():
            seen = self._looked()
        return seen.regions

    def _looked(self) -> _Seen:
        with self._looking:
            reading = self._counter.value()
            if reading != self._seen.reading and time.monotonic() >= self._rests_until:
                try:
                    self._seen = self._look(reading)
                except StoreError as error:
                    self._rests_until = time.monotonic() + _REST_S
                    _log.warning("sites are answered as they were known last: %s", error)
            return self._seen

    def _look(self, reading: int) -> _Seen:
        """Read what changed; the counter was read first, so that a change meanwhile is looked at next time."""
        before = self._seen
        if not self._database.exists():
            return replace(before, reading=reading)
        edits: dict[str, dict[str, LiveSite]] = {}
        newest: dict[str, int] = {}
        with self._database.reading() as work:
            for name in (region.spec.id for region in before.regions):
                newest[name] = work.changes.newest(name, WHAT)
                if newest[name] != before.newest.get(name):
                    edits[name] = work.sites.edited(name)
        told = (
            region.edited(edits[region.spec.id]) if region.spec.id in edits else region for region in before.regions
        )
        return _Seen(reading, tuple(told), newest)


def by_id(opened: Callable[[str], Region], database: Database) -> Callable[[str], Region]:
    """Give how a region is found by its id: `opened` once, when it is first needed, and followed from then on."""
    first = cache(lambda region_id: Followed([opened(region_id)], database))
    return lambda region_id: first(region_id).regions()[0]


def as_edited(region: Region, database: Database) -> Region:
    """Give a region with its sites as the store has them now."""
    with database.reading() as work:
        return region.edited(work.sites.edited(region.spec.id))
