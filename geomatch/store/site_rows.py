"""Sites in the database."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import delete, insert, select, update

from geomatch.planning.live_sites import LiveSite
from geomatch.planning.sites import Site, SiteKind
from geomatch.store import faults, new_rows
from geomatch.store.tables.sites import site_imports, sites

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    Values = dict[str, Any]


class SiteRows:
    """The sites of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def lock(self, region: str, at: datetime) -> str:
        """Keep others from changing a region's sites until the end; gives the edition of files last taken in, or ""."""
        row = insert(site_imports).values(region=region, edition="", at=at, kept=[])
        mine = select(site_imports.c.edition).where(site_imports.c.region == region).with_for_update()
        with faults.told():
            edition = self._connection.execute(mine).scalar_one_or_none()
        if edition is not None:
            return str(edition)
        new_rows.written(self._connection, row)
        with faults.told():
            return str(self._connection.execute(mine).scalar_one())

    def imported(self, region: str, edition: str, kept: Sequence[str], at: datetime) -> None:
        """Note which edition was taken in, and the sites whose live edits stand against it."""
        mine = update(site_imports).where(site_imports.c.region == region)
        with faults.told():
            self._connection.execute(mine.values(edition=edition, kept=list(kept), at=at))

    def edited(self, region: str) -> dict[str, LiveSite]:
        """Give those that are otherwise than the files said, by id."""
        return self._found(select(sites).where(sites.c.region == region, sites.c.edited))

    def all(self, region: str) -> dict[str, LiveSite]:
        """Give all of a region, those that were closed too, by id."""
        return self._found(select(sites).where(sites.c.region == region))

    def get(self, region: str, site_id: str) -> LiveSite | None:
        """Find one, closed or not; None where it was never taken in."""
        return self._found(select(sites).where(sites.c.region == region, sites.c.id == site_id)).get(site_id)

    def put(self, region: str, given: Sequence[LiveSite], at: datetime, *, by: str | None) -> None:
        """Write sites, new or over those that are there; `by` is the account that changed them, None for the files.

        One that is closed, and was never open here, is not written.
        """
        opened = [row for row in given if row.now is not None]
        self.drop(region, [row.id for row in opened])
        if opened:
            self._run(insert(sites), [_values(region, row, at, by) for row in opened])
        for row in given:
            if row.now is None:
                mine = update(sites).where(sites.c.region == region, sites.c.id == row.id)
                self._run(mine.values(closed_at=at, **_standing(row, at, by)))

    def drop(self, region: str, ids: Iterable[str]) -> None:
        """Remove sites as if they had never been."""
        self._run(delete(sites).where(sites.c.region == region, sites.c.id.in_(list(ids))))

    def _found(self, query: Any) -> dict[str, LiveSite]:
        with faults.told():
            return {row.id: _live(row) for row in self._connection.execute(query)}

    def _run(self, statement: Any, rows: list[Values] | None = None) -> None:
        with faults.told():
            self._connection.execute(statement, rows)


def _standing(row: LiveSite, at: datetime, by: str | None) -> Values:
    filed = None if row.filed is None else asdict(row.filed)
    return {"filed": filed, "edited": row.is_edited, "version": row.version, "changed_at": at, "changed_by": by}


def _values(region: str, row: LiveSite, at: datetime, by: str | None) -> Values:
    told = asdict(row.now)  # type: ignore[arg-type] # only open ones come here
    place = shapely.Point(told.pop("lon"), told.pop("lat"))
    return {**told, "region": region, "place": place, "closed_at": None, **_standing(row, at, by)}


def _live(row: Row[Any]) -> LiveSite:
    filed = None if row.filed is None else _filed(row.filed)
    if row.closed_at is not None:
        return LiveSite(row.id, None, filed, row.version)
    now = Site(
        row.id, row.name, SiteKind(row.kind), row.place.x, row.place.y, row.parent, row.unit, row.hours,
        tuple(row.services), row.capacity,
    )  # fmt: skip
    return LiveSite(row.id, now, filed, row.version)


def _filed(told: Values) -> Site:
    return Site(**{**told, "kind": SiteKind(told["kind"]), "services": tuple(told["services"])})
