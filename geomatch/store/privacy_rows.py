"""Consents, retention rules, and everything that is held of a person, in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, false, insert, or_, select, update

from geomatch.errors import NotFoundError
from geomatch.store import faults
from geomatch.store.personal import CLOCKS, CONTACTS, GONE, OF_ORDERS, TREATMENTS
from geomatch.store.schema import metadata
from geomatch.store.tables.accounts import accounts
from geomatch.store.tables.privacy import consents, data_requests, retention_rules
from geomatch.volunteering.consent import Consent, Purpose
from geomatch.volunteering.retention import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Table

    from geomatch.store.personal import Clock, Treatment


class PrivacyRows:
    """What is held of whom, and why, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def agree(self, region: str, given: Consent) -> None:
        """Write that somebody agreed."""
        self._run(
            insert(consents).values(
                id=given.id, region=region, subject=given.subject, purpose=given.purpose.value, version=given.version,
                by_guardian=given.by_guardian, account=given.account, at=given.at, withdrawn_at=None,
            )
        )  # fmt: skip

    def consent(self, region: str, consent_id: str) -> Consent:
        """Find one; NotFoundError where there is none."""
        found = self._rows(consents, and_(consents.c.region == region, consents.c.id == consent_id))
        if not found:
            raise NotFoundError(f"there is no consent {consent_id!r} that this account may see")
        return _consent(found[0])

    def consents_of(self, region: str, subjects: Collection[str]) -> tuple[Consent, ...]:
        """List what volunteers and accounts agreed to, the earliest first."""
        mine = and_(consents.c.region == region, consents.c.subject.in_(subjects))
        found = (_consent(row) for row in self._rows(consents, mine))
        return tuple(sorted(found, key=lambda each: (each.at, each.id)))

    def withdraw(self, subjects: Collection[str], at: datetime, *, purpose: Purpose | None = None) -> None:
        """Write that agreements were taken back: for one purpose, or all of them."""
        mine = and_(consents.c.subject.in_(subjects), consents.c.withdrawn_at.is_(None))
        if purpose is not None:
            mine = and_(mine, consents.c.purpose == purpose.value)
        self._run(update(consents).where(mine).values(withdrawn_at=at))

    def rules(self, region: str) -> dict[Kind, int]:
        """Give the days that a region sets itself."""
        found = self._rows(retention_rules, retention_rules.c.region == region)
        return {Kind(row.kind): row.days for row in found}

    def put_rules(self, region: str, days: Mapping[Kind, int]) -> None:
        """Write a region's own days over."""
        self._run(delete(retention_rules).where(retention_rules.c.region == region))
        if days:
            rows = [{"region": region, "kind": kind.value, "days": count} for kind, count in days.items()]
            self._run(insert(retention_rules), rows)

    def note_request(self, row: Mapping[str, Any]) -> None:
        """Write that somebody's data was given out or deleted."""
        self._run(insert(data_requests).values(**row))

    def held(self, ids: Collection[str], contact: tuple[str, str] | None) -> dict[str, list[dict[str, Any]]]:
        """Give every row of every table that is about a person, without secrets, by the table's name.

        Args:
            ids: of the person's volunteers and accounts.
            contact: name and phone by which orders name somebody who has no account.
        """
        found = {}
        for name, treatment in TREATMENTS.items():
            which = _about(name, ids, contact)
            if which is None:
                continue
            shown = [column for column in metadata.tables[name].c if column.name not in treatment.hidden.split()]
            with faults.told():
                rows = self._connection.execute(select(*shown).where(which)).mappings().all()
            if rows:
                found[name] = [_blurred(dict(row), treatment) for row in rows]
        return found

    def forget(self, ids: Collection[str], contact: tuple[str, str] | None) -> dict[str, int]:
        """Blank everything about a person, or let it go, and leave ids; gives how many rows of which table."""
        counts = {}
        for name, treatment in TREATMENTS.items():
            which = _about(name, ids, contact)
            if which is None or not (treatment.goes or treatment.blank):
                continue
            table = metadata.tables[name]
            count = self._deleted(table, which) if treatment.goes else self._blanked(table, which, treatment.blank)
            if count:
                counts[name] = count
        return counts

    def forget_names(self, account_ids: Sequence[str]) -> None:
        """Let accounts' names go, each in favour of one that says nothing and is no other's."""
        for identity in account_ids:
            row = update(accounts).where(accounts.c.id == identity)
            self._run(row.values(name=GONE, name_key=f"{GONE}{identity}", secret=None, is_open=False))

    def closed_before(self, region: str, before: datetime) -> tuple[str, ...]:
        """List accounts that are closed, were opened before a time, and still have their name."""
        c = accounts.c
        mine = and_(c.region == region, ~c.is_open, c.created_at < before, c.name != GONE)
        with faults.told():
            return tuple(self._connection.execute(select(c.id).where(mine).order_by(c.id)).scalars())

    def run_out(self, region: str, kind: Kind, before: datetime) -> int:
        """Blank what is older than a time, or let it go; gives how many rows."""
        return sum(self._clock(region, clock, before) for clock in CLOCKS.get(kind, ()))

    def _clock(self, region: str, clock: Clock, before: datetime) -> int:
        table = metadata.tables[clock.table]
        which = [table.c[clock.since] < before]
        which += [table.c[column].in_(values) for column, values in clock.where.items()]
        if "region" in table.c:
            which.append(table.c.region == region)
        else:  # moves are of the orders of the region
            orders = metadata.tables["orders"]
            which.append(table.c.order.in_(select(orders.c.id).where(orders.c.region == region)))
        if not clock.columns:
            return self._deleted(table, and_(*which))
        blank = {column: TREATMENTS[clock.table].blank[column] for column in clock.columns}
        plain = [table.c[column] != value for column, value in blank.items() if not callable(value)]
        if plain:
            which.append(or_(*plain))  # those that are blank already are left in peace
        return self._blanked(table, and_(*which), blank)

    def _deleted(self, table: Table, which: ColumnElement[bool]) -> int:
        with faults.told():
            return int(self._connection.execute(delete(table).where(which)).rowcount)

    def _blanked(self, table: Table, which: ColumnElement[bool], blank: Mapping[str, Any]) -> int:
        made = {column: value for column, value in blank.items() if callable(value)}
        keys = list(table.primary_key.columns)
        with faults.told():
            if made:
                rows = self._connection.execute(select(*keys, *(table.c[name] for name in made)).where(which)).all()
                for row in rows:
                    values = {name: value(getattr(row, name)) for name, value in made.items()}
                    if values != {name: getattr(row, name) for name in made}:
                        mine = and_(*(key == getattr(row, key.name) for key in keys))
                        self._connection.execute(update(table).where(mine).values(**values))
            plain = {column: value for column, value in blank.items() if column not in made}
            if not plain:
                return len(rows)
            return int(self._connection.execute(update(table).where(which).values(**plain)).rowcount)

    def _rows(self, table: Table, which: ColumnElement[bool]) -> Sequence[Row[Any]]:
        with faults.told():
            return self._connection.execute(select(table).where(which)).all()

    def _run(self, statement: Any, rows: list[dict[str, Any]] | None = None) -> None:
        with faults.told():
            self._connection.execute(statement, rows)


def _about(name: str, ids: Collection[str], contact: tuple[str, str] | None) -> ColumnElement[bool] | None:
    """Say which rows of a table are about a person; None where none can be."""
    table = metadata.tables[name]
    marks: list[ColumnElement[bool]] = [table.c[column].in_(ids) for column in TREATMENTS[name].subjects.split()]
    if contact is not None and name in CONTACTS:
        columns = zip(CONTACTS[name], contact, strict=True)
        marks.append(and_(*(table.c[column] == text for column, text in columns)))
    if name in OF_ORDERS:
        orders, theirs = metadata.tables["orders"], _about("orders", ids, contact)
        marks.append(table.c.order.in_(select(orders.c.id).where(false() if theirs is None else theirs)))
    return or_(*marks) if marks else None


def _blurred(row: dict[str, Any], treatment: Treatment) -> dict[str, Any]:
    shown = {str(column): value for column, value in row.items()}
    return shown | {column: treatment.blank[column](row[column]) for column in treatment.blurred.split()}


def _consent(row: Row[Any]) -> Consent:
    return Consent(
        row.id, row.subject, Purpose(row.purpose), row.version, row.by_guardian, row.account, row.at, row.withdrawn_at
    )
