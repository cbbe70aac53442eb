"""Organisations, own categories and skills in the database."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from geomatch.store import faults, new_rows
from geomatch.store.tables.organisations import organisations, own_categories, skills
from geomatch.volunteering.categories import OwnCategory, Skill
from geomatch.volunteering.taxonomy import Taxonomy
from geomatch.volunteering.teams import Organisation, OrganisationKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table


class OrganisationRows:
    """Who hosts teams and sites, and what volunteers may do, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def put_all(self, region: str, given: Sequence[Organisation]) -> None:
        """Write all organisations of a region over."""
        self._write_over(organisations, region, [_values(each) for each in given])

    def put(self, region: str, each: Organisation) -> None:
        """Write one over, or add it."""
        values = {"region": region, **_values(each)}
        if not new_rows.written(self._connection, insert(organisations).values(**values)):
            mine = (organisations.c.region == region) & (organisations.c.id == each.id)
            self._run(update(organisations).where(mine).values(**values))

    def all(self, region: str) -> tuple[Organisation, ...]:
        """List the organisations of a region by id."""
        rows = select(organisations).where(organisations.c.region == region).order_by(organisations.c.id)
        with faults.told():
            return tuple(
                Organisation(row.id, row.name, OrganisationKind(row.kind), row.unit, tuple(row.sites))
                for row in self._connection.execute(rows)
            )

    def put_own_categories(self, region: str, given: Sequence[OwnCategory]) -> None:
        """Write a district's own categories over."""
        self._write_over(own_categories, region, [asdict(each) for each in given])

    def put_skills(self, region: str, given: Sequence[Skill]) -> None:
        """Write all skills of a region over; without any it has the common ones."""
        self._write_over(skills, region, [asdict(each) for each in given])

    def taxonomy(self, region: str) -> Taxonomy:
        """Give the categories and skills of a region, by code."""
        with faults.told():
            own = self._connection.execute(
                select(own_categories).where(own_categories.c.region == region).order_by(own_categories.c.code)
            ).all()
            known = self._connection.execute(
                select(skills).where(skills.c.region == region).order_by(skills.c.code)
            ).all()
        categories = tuple(OwnCategory(row.code, row.name, row.name_en) for row in own)
        if not known:
            return Taxonomy(categories)
        given = tuple(Skill(row.code, row.name, row.category, row.needs_certificate) for row in known)
        return Taxonomy(categories, given, is_own=True)

    def _write_over(self, table: Table, region: str, rows: list[dict[str, Any]]) -> None:
        self._run(delete(table).where(table.c.region == region))
        if rows:
            self._run(insert(table), [{"region": region, **row} for row in rows])

    def _run(self, statement: Any, rows: list[dict[str, Any]] | None = None) -> None:
        with faults.told():
            self._connection.execute(statement, rows)


def _values(each: Organisation) -> dict[str, Any]:
    return asdict(each) | {"kind": each.kind.value, "sites": list(each.sites)}
