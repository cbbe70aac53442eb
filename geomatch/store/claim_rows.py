"""Claims of hours that wait for the other side, and objections to entries, in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, select, update
from sqlalchemy.sql import ColumnElement, false

from geomatch.errors import ConflictError, NotFoundError
from geomatch.store import faults, new_rows
from geomatch.store.people_rows import seen_by
from geomatch.store.tables.hours import hour_claims as claims
from geomatch.store.tables.hours import hour_entries as entries
from geomatch.store.tables.hours import hour_objections as objections
from geomatch.store.tables.people import volunteers
from geomatch.volunteering.hours import Evidence
from geomatch.volunteering.service_time import Claim, ClaimState, Objection, ObjectionState

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from geomatch.volunteering.roles import Scope


class ClaimRows:
    """The claims and objections of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, claim: Claim) -> None:
        """Write one, whose id is new."""
        with faults.told():
            self._connection.execute(
                insert(claims).values(
                    id=claim.id, region=claim.region, volunteer=claim.volunteer, evidence=claim.evidence.value,
                    site=claim.site, starts_at=claim.start, ends_at=claim.end, note=claim.note,
                    made_by=claim.made_by, made_at=claim.made_at, state=claim.state.value, why=claim.why,
                )
            )  # fmt: skip

    def get(self, claim_id: str, region: str) -> Claim:
        """Find one and keep others from deciding it meanwhile; NotFoundError where the region has none of that id."""
        query = select(claims).where(claims.c.id == claim_id, claims.c.region == region).with_for_update()
        with faults.told():
            row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no claim {claim_id!r} that this account may see")
        return _claim(row)

    def decide(self, claim: Claim) -> None:
        """Write how a claim was decided."""
        row = update(claims).where(claims.c.id == claim.id)
        with faults.told():
            self._connection.execute(
                row.values(
                    state=claim.state.value, decided_by=claim.decided_by, decided_at=claim.decided_at, why=claim.why,
                    number=claim.number,
                )
            )  # fmt: skip

    def page(
        self, scope: Scope, state: ClaimState | None, *, limit: int, offset: int
    ) -> tuple[int, tuple[tuple[Claim, str], ...]]:
        """Count the claims that may be seen and list some, the oldest first, each with the volunteer's name."""
        known = claims.outerjoin(volunteers, volunteers.c.id == claims.c.volunteer)
        mine = and_(claims.c.region == scope.region, _in(scope))
        if state is not None:
            mine = and_(mine, claims.c.state == state.value)
        query = select(claims, volunteers.c.name).select_from(known).where(mine)
        query = query.order_by(claims.c.made_at, claims.c.id).limit(limit).offset(offset)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(known).where(mine)).scalar_one()
            return int(count), tuple((_claim(row), row.name or "") for row in self._connection.execute(query))

    def object(self, objection: Objection) -> None:
        """Write an objection; ConflictError where this account has objected to the entry before."""
        row = insert(objections).values(
            id=objection.id, region=objection.region, number=objection.number, account=objection.account,
            words=objection.words, made_at=objection.made_at, state=objection.state.value, why=objection.why,
        )  # fmt: skip
        if not new_rows.written(self._connection, row):
            raise ConflictError("this account has objected to that entry already")

    def objection(self, objection_id: str, region: str) -> Objection:
        """Find one and keep others from deciding it meanwhile; NotFoundError where the region has none of that id."""
        query = select(objections).where(objections.c.id == objection_id, objections.c.region == region)
        with faults.told():
            row = self._connection.execute(query.with_for_update()).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no objection {objection_id!r} that this account may see")
        return _objection(row)

    def decide_objection(self, objection: Objection) -> None:
        """Write how an objection was decided."""
        row = update(objections).where(objections.c.id == objection.id)
        values = {
            "state": objection.state.value, "decided_by": objection.decided_by, "decided_at": objection.decided_at,
            "why": objection.why,
        }  # fmt: skip
        with faults.told():
            self._connection.execute(row.values(values))

    def objected(self, region: str) -> frozenset[int]:
        """Give the numbers of a region's entries to which an objection is open; there are never many."""
        mine = and_(objections.c.region == region, objections.c.state == ObjectionState.OPEN.value)
        with faults.told():
            return frozenset(self._connection.execute(select(objections.c.number).where(mine)).scalars())

    def open_against(self, region: str, number: int) -> tuple[Objection, ...]:
        """List the open objections to an entry, and keep others from deciding them meanwhile."""
        mine = and_(
            objections.c.region == region, objections.c.number == number,
            objections.c.state == ObjectionState.OPEN.value,
        )  # fmt: skip
        query = select(objections).where(mine).order_by(objections.c.id).with_for_update()
        with faults.told():
            return tuple(_objection(row) for row in self._connection.execute(query))

    def objections(
        self, scope: Scope, state: ObjectionState | None, *, limit: int, offset: int
    ) -> tuple[int, tuple[Objection, ...]]:
        """Count the objections to entries of volunteers that may be seen, and list some, the oldest first."""
        known = objections.join(
            entries, and_(entries.c.region == objections.c.region, entries.c.number == objections.c.number)
        ).outerjoin(volunteers, volunteers.c.id == entries.c.volunteer)
        mine = and_(objections.c.region == scope.region, seen_by(scope, missing=True))
        if state is not None:
            mine = and_(mine, objections.c.state == state.value)
        query = select(objections).select_from(known).where(mine).order_by(objections.c.made_at, objections.c.id)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(known).where(mine)).scalar_one()
            rows = self._connection.execute(query.limit(limit).offset(offset))
            return int(count), tuple(_objection(row) for row in rows)


def _in(scope: Scope) -> ColumnElement[bool]:
    """A station sees what was claimed at its site; everybody else what concerns the volunteers that they see."""
    if scope.nothing:
        return false()
    return seen_by(scope, missing=True) if scope.site is None else claims.c.site == scope.site


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        row.id, row.region, row.volunteer, Evidence(row.evidence), row.site, row.starts_at, row.ends_at, row.note,
        row.made_by, row.made_at, ClaimState(row.state), row.decided_by, row.decided_at, row.why, row.number,
    )  # fmt: skip


def _objection(row: Row[Any]) -> Objection:
    return Objection(
        row.id, row.region, row.number, row.account, row.words, row.made_at, ObjectionState(row.state),
        row.decided_by, row.decided_at, row.why,
    )  # fmt: skip
