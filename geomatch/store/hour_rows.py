"""The chain of hours in the database: entries are added at its end, one after the other, and never changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, cast, func, insert, literal, or_, select, update

from geomatch.errors import ConflictError, StoreError
from geomatch.store import faults, new_rows
from geomatch.store.people_rows import seen_by
from geomatch.store.tables.hours import hour_entries as entries
from geomatch.store.tables.hours import hour_heads as heads
from geomatch.store.tables.hours import hour_rules
from geomatch.store.tables.people import volunteers
from geomatch.volunteering import hours
from geomatch.volunteering.hours import Entry, EntryKind, Evidence
from geomatch.volunteering.service_time import HourRules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from geomatch.volunteering.roles import Scope

_AT_A_TIME = 2000


class HourRows:
    """The hours of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def append(self, entry: Entry) -> Entry:
        """Add an entry as the next of its region, whatever its number and hashes say, and give it as it stands.

        Whoever adds one at the same time waits until this unit of work has ended.

        Raises:
            ConflictError: what it was for is entered already for this volunteer.
        """
        number, before = self.hold(entry.region)
        linked = hours.link(replace(entry, number=number + 1), before)
        if not new_rows.written(self._connection, insert(entries).values(_values(linked))):
            raise ConflictError(f"{entry.cause} is entered already for this volunteer")
        head = update(heads).where(heads.c.region == entry.region)
        with faults.told():
            self._connection.execute(head.values(number=linked.number, hash=linked.hash))
        return linked

    def hold(self, region: str) -> tuple[int, str]:
        """Keep others from adding an entry until this unit of work has ended; gives number and hash of the newest."""
        query = select(heads).where(heads.c.region == region).with_for_update()
        with faults.told():
            row = self._connection.execute(query).one_or_none()
        if row is None:
            new_rows.written(self._connection, insert(heads).values(region=region, number=0, hash=hours.GENESIS))
            with faults.told():
                row = self._connection.execute(query).one()
        return row.number, row.hash

    def head(self, region: str) -> tuple[int, str]:
        """Give number and hash of the newest entry as they are kept beside the chain."""
        with faults.told():
            row = self._connection.execute(select(heads).where(heads.c.region == region)).one_or_none()
        return (0, hours.GENESIS) if row is None else (row.number, row.hash)

    def chain(self, region: str) -> Iterator[Entry]:
        """Go through all entries of a region by number.

        Raises:
            StoreError: an entry was changed into what is none.
        """
        last: int | None = None
        while True:
            mine = entries.c.region == region
            if last is not None:
                mine = and_(mine, entries.c.number > last)
            query = select(entries).where(mine).order_by(entries.c.number).limit(_AT_A_TIME)
            try:
                with faults.told():
                    read = [_entry(row) for row in self._connection.execute(query)]
            except ValueError as error:  # no kind, evidence or time that geomatch ever wrote
                raise StoreError(f"an entry of the hours of {region} was changed: {error}") from error
            if not read:
                return
            yield from read
            last = read[-1].number

    def meeting(self, region: str, volunteer: str, start: datetime, end: datetime) -> tuple[Entry, ...]:
        """List entries of a volunteer whose time touches another, reversals among them; ends that meet do not touch."""
        mine = and_(
            entries.c.region == region, entries.c.volunteer == volunteer,
            entries.c.starts_at < end, entries.c.ends_at > start,
        )  # fmt: skip
        with faults.told():
            rows = self._connection.execute(select(entries).where(mine).order_by(entries.c.number))
            return tuple(_entry(row) for row in rows)

    def of_volunteer(self, region: str, volunteer: str) -> tuple[Entry, ...]:
        """List all entries of a volunteer by number."""
        mine = and_(entries.c.region == region, entries.c.volunteer == volunteer)
        with faults.told():
            rows = self._connection.execute(select(entries).where(mine).order_by(entries.c.number))
            return tuple(_entry(row) for row in rows)

    def about(self, region: str, number: int) -> tuple[Entry, ...]:
        """Give an entry by its number, and the reversal of it, where there are such."""
        undone = and_(entries.c.kind == EntryKind.REVERSAL.value, entries.c.cause == f"hours:{number}")
        mine = and_(entries.c.region == region, or_(entries.c.number == number, undone))
        with faults.told():
            rows = self._connection.execute(select(entries).where(mine).order_by(entries.c.number))
            return tuple(_entry(row) for row in rows)

    def public(
        self, region: str, at: datetime, *, limit: int, offset: int
    ) -> tuple[int, tuple[tuple[Entry, str], ...]]:
        """Count the back-office services that do not count yet and were not taken back, and list some with the name."""
        undone = entries.alias("undone")
        known = entries.outerjoin(volunteers, volunteers.c.id == entries.c.volunteer).outerjoin(
            undone,
            and_(
                undone.c.region == entries.c.region, undone.c.volunteer == entries.c.volunteer,
                undone.c.cause == literal("hours:") + cast(entries.c.number, Text),
            ),
        )  # fmt: skip
        mine = and_(
            entries.c.region == region, entries.c.kind == EntryKind.SERVICE.value,
            entries.c.evidence == Evidence.OFFICE.value, entries.c.counts_from > at, undone.c.number.is_(None),
        )  # fmt: skip
        query = select(entries, volunteers.c.name).select_from(known).where(mine)
        query = query.order_by(entries.c.counts_from, entries.c.number).limit(limit).offset(offset)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(known).where(mine)).scalar_one()
            return int(count), tuple((_entry(row), row.name or "") for row in self._connection.execute(query))

    def page(self, scope: Scope, *, limit: int, offset: int) -> tuple[int, tuple[tuple[Entry, str], ...]]:
        """Count the entries of the volunteers that may be seen, and list some, the newest first, each with the name.

        The name is empty of somebody who was deleted, whose entries stay and are seen by whoever sees the region.
        """
        known = entries.outerjoin(volunteers, volunteers.c.id == entries.c.volunteer)
        mine = and_(entries.c.region == scope.region, seen_by(scope, missing=True))
        query = select(entries, volunteers.c.name).select_from(known).where(mine)
        query = query.order_by(entries.c.number.desc()).limit(limit).offset(offset)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(known).where(mine)).scalar_one()
            return int(count), tuple((_entry(row), row.name or "") for row in self._connection.execute(query))

    def rules(self, region: str) -> HourRules:
        """Give what a region set, or the default."""
        with faults.told():
            row = self._connection.execute(select(hour_rules).where(hour_rules.c.region == region)).one_or_none()
        return HourRules() if row is None else HourRules(row.rounding, row.public_days)

    def put_rules(self, region: str, rules: HourRules) -> None:
        """Set a region's rules."""
        values = {"rounding": rules.rounding, "public_days": rules.public_days}
        with faults.told():
            changed = self._connection.execute(update(hour_rules).where(hour_rules.c.region == region).values(values))
            if not changed.rowcount:
                self._connection.execute(insert(hour_rules).values(region=region, **values))


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "region": entry.region, "number": entry.number, "volunteer": entry.volunteer, "kind": entry.kind.value,
        "cause": entry.cause, "starts_at": entry.start, "ends_at": entry.end, "minutes": entry.minutes,
        "evidence": entry.evidence.value, "witness": entry.witness, "entered_by": entry.entered_by,
        "entered_at": entry.entered_at, "counts_from": entry.counts_from, "note": entry.note,
        "before": entry.before, "hash": entry.hash,
    }  # fmt: skip


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        row.region, row.number, row.volunteer, EntryKind(row.kind), row.cause, row.starts_at, row.ends_at,
        row.minutes, Evidence(row.evidence), row.witness, row.entered_by, row.entered_at, row.counts_from,
        row.note, row.before, row.hash,
    )  # fmt: skip
