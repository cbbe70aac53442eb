"""Teams and volunteers in the database."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from sqlalchemy import Text, bindparam, cast, delete, func, insert, select, update
from sqlalchemy.sql import ColumnElement, and_, or_, true

from geomatch.errors import NotFoundError
from geomatch.store import faults, json_text
from geomatch.store.among import gathered
from geomatch.store.change_rows import EVERYTHING
from geomatch.store.tables.people import teams, volunteers
from geomatch.volunteering import identity
from geomatch.volunteering.duplicates import Entry
from geomatch.volunteering.people import Certificate, PlaceKind, UsualPlace, Volunteer
from geomatch.volunteering.roster_columns import Coded, Columns, coded
from geomatch.volunteering.teams import Team, TeamLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from geomatch.store.change_rows import ChangeRows
    from geomatch.volunteering.roles import Scope

T = TypeVar("T")

_AT_A_TIME = 2000
_TOLD = ("hours", "born", "insured_until", "skills", "languages", "certificates", "places")
_BY_ID = (
    select(
        *(volunteers.c[name] for name in ("id", "on_duty", "guardian_agreed", "trained")),
        *(cast(volunteers.c[name], Text).label(name) for name in _TOLD),
    )
    .where(volunteers.c.region == bindparam("of"))
    .order_by(volunteers.c.id)
    .subquery()
)
_COLUMNS = select(*map(gathered, _BY_ID.c))
FOLLOWED = "volunteers"
"""What those who keep volunteers in memory follow in the list of changes, row by row."""
_FOLLOWED_SINGLY = 100
"""Where more change at once, all are said to have changed."""


class PeopleRows:
    """Teams and volunteers of all regions, inside one unit of work."""

    def __init__(self, connection: Connection, changes: ChangeRows) -> None:
        """Work on a connection whose transaction has begun; whoever follows the volunteers is told by `changes`."""
        self._connection = connection
        self._changes = changes

    def put_teams(self, region: str, given: Sequence[Team]) -> None:
        """Write all teams of a region over."""
        self._run(delete(teams).where(teams.c.region == region))
        if given:
            rows = [
                {
                    "region": region, "id": team.id, "name": team.name, "level": team.level.value,
                    "category": team.category, "parent": team.parent, "organisation": team.organisation,
                    "unit": team.unit,
                }
                for team in given
            ]  # fmt: skip
            self._run(insert(teams), rows)

    def teams(self, region: str) -> tuple[Team, ...]:
        """List the teams of a region by id."""
        rows = select(teams).where(teams.c.region == region).order_by(teams.c.id)
        with faults.told():
            return tuple(
                Team(row.id, row.name, TeamLevel(row.level), row.category, row.parent, row.organisation, row.unit)
                for row in self._connection.execute(rows)
            )

    def known(self, region: str) -> tuple[dict[str, str], dict[str, str]]:
        """Give the ids of a region's volunteers by number, and by name and phone as identity.person writes them."""
        query = select(volunteers.c.id, volunteers.c.number, volunteers.c.name, volunteers.c.phone)
        with faults.told():
            rows = self._connection.execute(query.where(volunteers.c.region == region)).all()
        by_number = {row.number: row.id for row in rows if row.number}
        return by_number, {identity.person(row.name, row.phone): row.id for row in rows if row.phone}

    def entries(self, scope: Scope) -> tuple[Entry, ...]:
        """Give what tells the volunteers that may be seen from one another."""
        c = volunteers.c
        query = select(c.id, c.number, c.name, c.phone, c.born, c.team, c.unit).where(seen_by(scope))
        with faults.told():
            return tuple(Entry(*row) for row in self._connection.execute(query))

    def add(self, region: str, given: Sequence[Volunteer], at: datetime) -> None:
        """Add volunteers, whose ids are new."""
        for start in range(0, len(given), _AT_A_TIME):
            self._run(insert(volunteers), [_values(region, each, at) for each in given[start : start + _AT_A_TIME]])
        for row in [each.id for each in given] if len(given) <= _FOLLOWED_SINGLY else [EVERYTHING]:
            self._changes.put(region, FOLLOWED, row, at)

    def put(self, region: str, given: Sequence[Volunteer], at: datetime) -> None:
        """Write volunteers over that are there."""
        for start in range(0, len(given), _AT_A_TIME):
            part = given[start : start + _AT_A_TIME]
            self._run(delete(volunteers).where(volunteers.c.id.in_([each.id for each in part])))
            self.add(region, part, at)

    def get(self, volunteer_id: str, scope: Scope) -> Volunteer:
        """Find a volunteer that may be seen; NotFoundError where there is none."""
        with faults.told():
            query = select(volunteers).where(volunteers.c.id == volunteer_id, seen_by(scope))
            row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no volunteer {volunteer_id!r} that this account may see")
        return _volunteer(row)

    def of_person(self, region: str, name: str, phone: str) -> tuple[Volunteer, ...]:
        """Find the volunteers of a name and a telephone number, as identity.person compares them."""
        plain = identity.plain_phone(phone)
        mine = and_(volunteers.c.region == region, volunteers.c.phone.in_({plain, phone}))
        with faults.told():
            found = tuple(map(_volunteer, self._connection.execute(select(volunteers).where(mine))))
        return tuple(each for each in found if identity.plain_name(each.name) == identity.plain_name(name))

    def tell(self, region: str, changed: Sequence[str], at: datetime) -> None:
        """Tell whoever follows the volunteers that some changed whose rows others wrote."""
        for volunteer_id in changed:
            self._changes.put(region, FOLLOWED, volunteer_id, at)

    def some(self, given: Sequence[str], region: str) -> tuple[Volunteer, ...]:
        """Find volunteers of a region by id; those that are not there are left out."""
        with faults.told():
            query = select(volunteers).where(volunteers.c.id.in_(given), volunteers.c.region == region)
            return tuple(map(_volunteer, self._connection.execute(query.order_by(volunteers.c.id))))

    def page(
        self, scope: Scope, *, limit: int, offset: int, professional: bool | None = None
    ) -> tuple[int, tuple[Volunteer, ...]]:
        """Count the volunteers that may be seen, and list some by id; only professionals, or only others, if asked."""
        mine = seen_by(scope)
        if professional is not None:
            mine = and_(mine, volunteers.c.is_professional == professional)
        rows = select(volunteers).where(mine).order_by(volunteers.c.id).limit(limit).offset(offset)
        with faults.told():
            matched = int(
                self._connection.execute(select(func.count()).select_from(volunteers).where(mine)).scalar_one()
            )
            return matched, tuple(_volunteer(row) for row in self._connection.execute(rows))

    def all(self, region: str) -> Iterator[Volunteer]:
        """Go through all volunteers of a region by id."""
        last = ""
        while True:
            mine = and_(volunteers.c.region == region, volunteers.c.id > last)
            query = select(volunteers).where(mine).order_by(volunteers.c.id).limit(_AT_A_TIME)
            with faults.told():
                rows = self._connection.execute(query).all()
            if not rows:
                return
            yield from map(_volunteer, rows)
            last = rows[-1].id

    def is_any(self, region: str) -> bool:
        """Tell whether a region has volunteers."""
        query = select(volunteers.c.id).where(volunteers.c.region == region).limit(1)
        with faults.told():
            return self._connection.execute(query).first() is not None

    def columns(self, region: str) -> Columns:
        """Give all volunteers of a region by id, as a roster asks for them; each text of a column is read once."""
        with faults.told():
            row = self._connection.execute(_COLUMNS, {"of": region}).one()
        ids, on_duty, guardian_agreed, trained, *texts = row
        hours, born, insured_until, skills, languages, certificates, places = map(coded, texts)
        return Columns(
            tuple(ids),
            np.array(on_duty, bool),
            np.array(guardian_agreed, bool),
            np.array(trained, np.int64),
            hours=_read(hours, tuple),
            born=_dates(born),
            insured_until=_dates(insured_until),
            skills=_read(skills, tuple),
            languages=_read(languages, tuple),
            certificates=_read(certificates, _certificates),
            places=_read(places, _places),
        )

    def set_duty(self, volunteer_id: str, at: datetime, *, on_duty: bool) -> None:
        """Turn the switch of a volunteer that is there."""
        row = update(volunteers).where(volunteers.c.id == volunteer_id).values(on_duty=on_duty, changed_at=at)
        with faults.told():
            regions = self._connection.execute(row.returning(volunteers.c.region)).scalars().all()
        for region in regions:
            self._changes.put(region, FOLLOWED, volunteer_id, at)

    def _run(self, statement: Any, rows: list[dict[str, Any]] | None = None) -> None:
        with faults.told():
            self._connection.execute(statement, rows)


def seen_by(scope: Scope, *, missing: bool = False) -> ColumnElement[bool]:
    """Say of a volunteer's row whether it may be seen: a volunteer sees only itself, a resident nobody.

    With `missing`, in an outer join, rows of volunteers who are no longer there are seen by whoever sees the region.
    """
    if scope.nothing or scope.site is not None or (scope.account is not None and scope.volunteer is None):
        return ~true()
    area = [
        column == bound
        for column, bound in (
            (volunteers.c.unit, scope.unit),
            (volunteers.c.team, scope.team),
            (volunteers.c.id, scope.volunteer),
        )
        if bound is not None
    ]
    there = and_(volunteers.c.region == scope.region, *area)
    return or_(there, volunteers.c.id.is_(None)) if missing and not area else there


def _values(region: str, each: Volunteer, at: datetime) -> dict[str, Any]:
    return {
        "id": each.id, "region": region, "number": each.number, "name": each.name, "phone": each.phone,
        "team": each.team, "unit": each.unit, "skills": list(each.skills),
        "certificates": [
            [held.skill, held.number, held.expires and held.expires.isoformat()] for held in each.certificates
        ],
        "hours": list(each.hours), "on_duty": each.on_duty,
        "places": [[place.kind.value, place.lon, place.lat] for place in each.places],
        "languages": list(each.languages), "born": each.born, "insured_until": each.insured_until,
        "trained": each.trained, "guardian_agreed": each.guardian_agreed, "is_professional": each.is_professional,
        "changed_at": at,
    }  # fmt: skip


def _volunteer(row: Row[Any]) -> Volunteer:
    return Volunteer(
        id=row.id, number=row.number, name=row.name, phone=row.phone, team=row.team, unit=row.unit,
        skills=tuple(row.skills), certificates=_certificates(row.certificates),
        hours=tuple(row.hours), on_duty=row.on_duty, places=_places(row.places),
        languages=tuple(row.languages), born=row.born, insured_until=row.insured_until, trained=row.trained,
        guardian_agreed=row.guardian_agreed, is_professional=row.is_professional,
    )  # fmt: skip


def _certificates(kept: Sequence[tuple[str, str, str | None]]) -> tuple[Certificate, ...]:
    return tuple(
        Certificate(skill, number, None if expires is None else date.fromisoformat(expires))
        for skill, number, expires in kept
    )


def _places(kept: Sequence[tuple[str, float, float]]) -> tuple[UsualPlace, ...]:
    return tuple(UsualPlace(PlaceKind(kind), lon, lat) for kind, lon, lat in kept)


def _read(column: Coded[str], of: Callable[[Any], T]) -> Coded[T]:
    """Read the values of a column of JSON, all of them as one."""
    return Coded(tuple(map(of, json_text.read(f"[{','.join(column.values)}]"))), column.code)


def _dates(column: Coded[str | None]) -> Coded[date | None]:
    return Coded(tuple(None if day is None else date.fromisoformat(day) for day in column.values), column.code)
