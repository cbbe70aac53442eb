"""Use case: find a place of a region by name, pinyin, initials, an address holding its name, or a slip of the pen."""

from __future__ import annotations

import unicodedata
import weakref
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geomatch.services.region import Region

_SHORTEST_IN_ADDRESS = 3
"""A name inside a longer text must have as many characters to count, or "东" would be found in every address."""
_LEAST_LIKENESS = 60.0
_BEST, _STARTS, _HOLDS, _IN_ADDRESS, _INITIALS, _PINYIN, _ALIKE = range(7)


@dataclass(frozen=True, slots=True)
class Place:
    """A named place.

    Attributes:
        name: as people call it.
        kind: "site", "unit", "home" or "street".
        unit: the township it lies in, or None.
        lon, lat: WGS-84 degrees.
        exact: its name is the very text that was asked for.
    """

    name: str
    kind: str
    unit: str | None
    lon: float
    lat: float
    exact: bool = False


def search(region: Region, text: str, *, limit: int = 8) -> tuple[Place, ...]:
    """Find the places that a text may mean, the likeliest first.

    Args:
        region: an open region.
        text: Chinese, pinyin ("haidian"), initials ("hd") or an address that holds a name.
        limit: how many at most.
    """
    wanted = plain(text)
    return _index_of(region).find(wanted, limit) if wanted else ()


def plain(text: str) -> str:
    """Fold widths and letters' case, and drop spaces, so that ＨＤ and "h d" mean hd."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


class _Index:
    """The names of a region, made ready once."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.places = places
        self.names = [plain(place.name) for place in places]

    @cached_property
    def pinyin(self) -> list[tuple[str, str]]:
        """Every name's pinyin and its initials; made when somebody first types letters."""
        return [_sound_of(name) for name in self.names]

    def find(self, wanted: str, limit: int) -> tuple[Place, ...]:
        ranked = sorted(self._matches(wanted))
        if not ranked:
            ranked = self._alike(wanted, limit)
        return tuple(
            Place(place.name, place.kind, place.unit, place.lon, place.lat, exact=rank == _BEST)
            for rank, _, at in ranked[:limit]
            for place in (self.places[at],)
        )

    def _matches(self, wanted: str) -> Iterator[tuple[int, int, int]]:
        """Give rank, surplus length and row of every name that fits."""
        in_letters = wanted.isascii() and wanted.isalnum()
        for at, name in enumerate(self.names):
            rank = _rank(name, wanted)
            if rank is None and in_letters:
                rank = _rank_by_sound(*self.pinyin[at], wanted)
            if rank is not None:
                # of the names inside an address the longest tells most; of the names around a text the shortest
                yield rank, -len(name) if rank == _IN_ADDRESS else len(name), at

    def _alike(self, wanted: str, limit: int) -> list[tuple[int, int, int]]:
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - only where nothing fits

        found = process.extract(wanted, self.names, scorer=fuzz.ratio, score_cutoff=_LEAST_LIKENESS, limit=limit)
        return [(_ALIKE, 0, at) for _, _, at in found]


@lru_cache(maxsize=200_000)
def _sound_of(name: str) -> tuple[str, str]:
    """Give a name's pinyin and initials; kept, since a live edit of one site makes a region's index anew."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary takes 0.1 s to open

    parts = lazy_pinyin(name)
    return "".join(parts), "".join(part[0] for part in parts)


def _rank(name: str, wanted: str) -> int | None:
    if name == wanted:
        return _BEST
    if name.startswith(wanted):
        return _STARTS
    if wanted in name:
        return _HOLDS
    return _IN_ADDRESS if len(name) >= _SHORTEST_IN_ADDRESS and name in wanted else None


def _rank_by_sound(pinyin: str, initials: str, wanted: str) -> int | None:
    if initials.startswith(wanted) or pinyin.startswith(wanted):
        return _INITIALS
    return _PINYIN if wanted in pinyin else None


_INDEXES: weakref.WeakKeyDictionary[Region, _Index] = weakref.WeakKeyDictionary()


def _index_of(region: Region) -> _Index:
    """Give a region's index, made at the first question and dropped with the region."""
    index = _INDEXES.get(region)
    if index is None:
        index = _INDEXES[region] = _Index([*_sites(region), *_units(region), *_homes(region), *_streets(region)])
    return index


def _sites(region: Region) -> Iterator[Place]:
    for site in region.sites:
        yield Place(site.name, "site", site.unit, site.lon, site.lat)


def _units(region: Region) -> Iterator[Place]:
    for unit in region.units if region.townships.stated else ():
        inner = unit.geometry.representative_point()
        yield Place(unit.name, "unit", None, inner.x, inner.y)


def _homes(region: Region) -> Iterator[Place]:
    homes, names = region.homes, region.unit_names
    for at in np.flatnonzero(np.array([bool(name) for name in homes.name], bool)):
        unit = names[homes.unit[at]] if homes.unit[at] >= 0 else None
        yield Place(homes.name[at], "home", unit, float(homes.lon[at]), float(homes.lat[at]))


def _streets(region: Region) -> Iterator[Place]:
    """Give one place a named street: the first end of its middle segment from west to east."""
    graph = region.graph
    named = np.flatnonzero(graph.edge_name >= 0)
    if not named.size:
        return
    xy = graph.geom_xy[graph.geom_start[named]]
    order = np.lexsort((xy[:, 0], graph.edge_name[named]))
    codes, first, count = np.unique(graph.edge_name[named][order], return_index=True, return_counts=True)
    middle = xy[order[first + count // 2]]
    lon, lat = graph.plane.to_lonlat(middle[:, 0], middle[:, 1])
    units = region.townships.locate(lon, lat)
    for code, unit, east, north in zip(codes, units, lon, lat, strict=True):
        township = region.unit_names[unit] if unit >= 0 else None
        yield Place(graph.names[code], "street", township, float(east), float(north))
