"""Sites that the files of a region say and offices edit live: which of the two counts, field by field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geomatch.planning.sites import Site

_FIELDS = (("name",), ("kind",), ("lon", "lat"), ("parent",), ("unit",), ("hours",), ("services",), ("capacity",))
"""What is taken from the files or left as it was edited; a place is one thing."""


@dataclass(frozen=True, slots=True)
class LiveSite:
    """A site as it is kept.

    Attributes:
        id: unique in its region.
        now: as it is; None where it was closed.
        filed: as the files said it last; None where they do not name it.
        version: 1, and one more with every change.
    """

    id: str
    now: Site | None
    filed: Site | None
    version: int = 1

    @property
    def is_edited(self) -> bool:
        """Tell whether it is otherwise than the files say."""
        return self.now != self.filed

    def edited(self, now: Site | None) -> LiveSite:
        """Give it changed, or closed."""
        return replace(self, now=now, version=self.version + 1)


def merged(kept: Mapping[str, LiveSite], filed: Sequence[Site]) -> tuple[LiveSite, ...]:
    """Join what is kept with what the files say now: a live edit stands until it is undone, all else is as filed.

    A field that nobody edited follows the files. A site that was closed live stays closed, one that was added live
    stays, and one that the files name no more goes unless it was edited.

    Args:
        kept: by id; those that nobody edited may be left out.
        filed: in the order of the files.

    Returns:
        Those that the files name in their order, then the others by id; all that are closed too.
    """
    named = {site.id for site in filed}
    joined = [_joined(kept.get(site.id), site) for site in filed]
    others = (kept[site_id] for site_id in sorted(kept.keys() - named))
    return (*joined, *(replace(row, filed=None) for row in others if row.is_edited or row.filed is None))


def _joined(row: LiveSite | None, said: Site) -> LiveSite:
    if row is None:
        return LiveSite(said.id, said, said)
    if row.filed is None:  # new to the files: one that was added live stands, one that was closed is opened anew
        return replace(row, filed=said) if row.now is not None else replace(row.edited(said), filed=said)
    if row.now is None:
        return replace(row, filed=said)
    followed = [part for part in _FIELDS if _same(part, row.now, row.filed)]
    now = replace(row.now, **{name: getattr(said, name) for part in followed for name in part})
    return LiveSite(row.id, now, said, row.version + (now != row.now))


def _same(names: tuple[str, ...], one: Site, other: Site) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in names)


def sites_of(rows: Iterable[LiveSite]) -> tuple[Site, ...]:
    """Give those that are open to be found, in their order."""
    return tuple(row.now for row in rows if row.now is not None)


def standing(before: Mapping[str, LiveSite], after: Iterable[LiveSite]) -> tuple[str, ...]:
    """Name the sites of which the files say something else than before, while a live edit stands against it."""
    return tuple(
        row.id for row in after if row.is_edited and row.id in before and before[row.id].filed not in {row.filed, None}
    )
