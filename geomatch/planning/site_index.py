"""Sites on the plane that come and go: the one room of rtree."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

from rtree import index

from geomatch.geo.coordinates import XY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIRST_ASKED = 8
_SURE = 1.0 - 1e-9
"""What the tree leaves out is no nearer than the last it gave; this much of that distance is beyond rounding."""


class SiteIndex:
    """Points by id, live: added, moved and closed while others ask. Safe to share between threads."""

    def __init__(self, places: Iterable[tuple[str, float, float]] = ()) -> None:
        """Hold (id, x, y) in metres.

        Raises:
            ValueError: an id comes twice, or a coordinate is not finite.
        """
        self._lock = threading.RLock()
        self._places: dict[str, XY] = {}
        self._ids: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._next = 0
        self._tree = index.Index()
        for site_id, x, y in places:
            self.add(site_id, x, y)

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, site_id: str) -> bool:
        return site_id in self._places

    def add(self, site_id: str, x: float, y: float) -> None:
        """Add a site.

        Raises:
            ValueError: the id is taken, or a coordinate is not finite.
        """
        _check_finite(x, y)
        with self._lock:
            if site_id in self._places:
                raise ValueError(f"site {site_id!r} is in the index already")
            number, self._next = self._next, self._next + 1
            self._tree.insert(number, (x, y, x, y))
            self._places[site_id], self._ids[number], self._numbers[site_id] = XY(x, y), site_id, number

    def move(self, site_id: str, x: float, y: float) -> None:
        """Put a site somewhere else.

        Raises:
            KeyError: no such site.
            ValueError: a coordinate is not finite.
        """
        _check_finite(x, y)
        with self._lock:
            self.close(site_id)
            self.add(site_id, x, y)

    def close(self, site_id: str) -> None:
        """Take a site out.

        Raises:
            KeyError: no such site.
        """
        with self._lock:
            x, y = self._places.pop(site_id)
            number = self._numbers.pop(site_id)
            del self._ids[number]
            self._tree.delete(number, (x, y, x, y))

    def in_box(self, west: float, south: float, east: float, north: float) -> list[str]:
        """Give the ids in a box, its border included, in order of id."""
        with self._lock:
            return sorted(self._ids[number] for number in self._tree.intersection((west, south, east, north)))

    def nearest_order(self, x: float, y: float) -> Iterator[tuple[str, float]]:
        """Walk outward: every site and its straight-line distance in metres, nearest first, ties in order of id.

        Only as many sites are looked up as are taken. Where the index changes during the walk, the walk goes on over
        the sites as they then are and gives none of them twice.
        """
        given: set[str] = set()
        asked = _FIRST_ASKED
        while True:
            with self._lock:
                count = len(self._places)
                found = self._nearest(x, y, asked)
            complete = asked >= count
            sure_m = math.inf if complete or not found else found[-1][0] * _SURE
            for straight_m, site_id in found:
                if straight_m < sure_m and site_id not in given:
                    given.add(site_id)
                    yield site_id, straight_m
            if complete:
                return
            asked *= 2

    def _nearest(self, x: float, y: float, count: int) -> list[tuple[float, str]]:
        numbers = self._tree.nearest((x, y, x, y), count) if self._places else ()
        places = ((self._ids[number], self._places[self._ids[number]]) for number in numbers)
        return sorted((math.hypot(place.x - x, place.y - y), site_id) for site_id, place in places)


def _check_finite(x: float, y: float) -> None:
    if not (math.isfinite(x) and math.isfinite(y)):
        raise ValueError(f"a site's place must be finite metres, not {x}, {y}")
