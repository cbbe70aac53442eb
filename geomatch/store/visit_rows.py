"""Visits to sites by their codes, the secrets of the codes, and wrong codes that were given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.sql import ColumnElement, false

from geomatch.store import faults, ids, new_rows
from geomatch.store.people_rows import seen_by
from geomatch.store.tables.accounts import accounts
from geomatch.store.tables.hours import code_failures, hour_visits, site_secrets
from geomatch.store.tables.people import volunteers
from geomatch.volunteering.service_time import Visit, VisitState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from geomatch.volunteering.roles import Scope


class VisitRows:
    """The visits of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def secret(self, region: str, site: str) -> bytes | None:
        """Give what the codes of a site are made of; None where it never showed one."""
        mine = (site_secrets.c.region == region) & (site_secrets.c.site == site)
        with faults.told():
            return self._connection.execute(select(site_secrets.c.secret).where(mine)).scalar_one_or_none()

    def add_secret(self, region: str, site: str, secret: bytes, at: datetime) -> bytes:
        """Give a site its secret; where it has one by now, that stays. Gives the one that holds."""
        row = insert(site_secrets).values(region=region, site=site, secret=secret, made_at=at)
        new_rows.written(self._connection, row)
        return self.secret(region, site) or secret

    def note_failure(self, account: str, at: datetime, *, forget_before: datetime) -> None:
        """Write that an account gave a wrong code, and forget old failures of all."""
        with faults.told():
            self._connection.execute(delete(code_failures).where(code_failures.c.at < forget_before))
            self._connection.execute(insert(code_failures).values(id=ids.fresh(), account=account, at=at))

    def failures(self, account: str, since: datetime) -> tuple[datetime, ...]:
        """List when an account gave wrong codes, the earliest first, and let it try one code at a time."""
        with faults.told():
            self._connection.execute(select(accounts.c.id).where(accounts.c.id == account).with_for_update())
        mine = select(code_failures.c.at).where(code_failures.c.account == account, code_failures.c.at >= since)
        with faults.told():
            return tuple(self._connection.execute(mine.order_by(code_failures.c.at)).scalars())

    def add(self, visit: Visit) -> bool:
        """Write a visit that begins; False where the volunteer has an open one."""
        row = insert(hour_visits).values(
            id=visit.id, region=visit.region, site=visit.site, volunteer=visit.volunteer, account=visit.account,
            came_at=visit.came_at, left_at=visit.left_at, state=visit.state.value, minutes=visit.minutes,
            number=visit.number, open_for=visit.volunteer,
        )  # fmt: skip
        return new_rows.written(self._connection, row)

    def open_of(self, region: str, volunteer: str) -> Visit | None:
        """Find the open visit of a volunteer, and keep others from ending it; None where there is none."""
        query = select(hour_visits).where(hour_visits.c.region == region, hour_visits.c.open_for == volunteer)
        with faults.told():
            row = self._connection.execute(query.with_for_update()).one_or_none()
        return None if row is None else _visit(row)

    def end(self, visit: Visit) -> None:
        """Write how an open visit ended."""
        row = update(hour_visits).where(hour_visits.c.id == visit.id)
        with faults.told():
            self._connection.execute(
                row.values(
                    left_at=visit.left_at, state=visit.state.value, minutes=visit.minutes, number=visit.number,
                    open_for=None,
                )
            )  # fmt: skip

    def page(self, scope: Scope, *, limit: int, offset: int) -> tuple[int, tuple[tuple[Visit, str], ...]]:
        """Count the visits that may be seen and list some, the newest first, each with the volunteer's name."""
        known = hour_visits.outerjoin(volunteers, volunteers.c.id == hour_visits.c.volunteer)
        mine = and_(hour_visits.c.region == scope.region, _in(scope))
        query = select(hour_visits, volunteers.c.name).select_from(known).where(mine)
        query = query.order_by(hour_visits.c.came_at.desc(), hour_visits.c.id).limit(limit).offset(offset)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(known).where(mine)).scalar_one()
            return int(count), tuple((_visit(row), row.name or "") for row in self._connection.execute(query))


def _in(scope: Scope) -> ColumnElement[bool]:
    """A station sees who came to it; everybody else the visits of the volunteers that they see."""
    if scope.nothing:
        return false()
    return seen_by(scope, missing=True) if scope.site is None else hour_visits.c.site == scope.site


def _visit(row: Row[Any]) -> Visit:
    return Visit(
        row.id, row.region, row.site, row.volunteer, row.account, row.came_at, row.left_at, VisitState(row.state),
        row.minutes, row.number,
    )  # fmt: skip
