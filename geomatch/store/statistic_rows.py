"""What is counted, and what was published, in the database."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, false, func, insert, or_, select

from geomatch.store import faults
from geomatch.store.tables.activities import activities, sign_ups
from geomatch.store.tables.statistics import published_figures
from geomatch.volunteering.statistics import Bound, Event, Measure, Published

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from geomatch.volunteering.roles import Scope


class StatisticRows:
    """What is counted in all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def events(
        self, scope: Scope, teams: Collection[str] | None, since: datetime, before: datetime, at: datetime
    ) -> tuple[Event, ...]:
        """List the activities of an area that began in a period, took place, and are over; by their start.

        Args:
            scope: the area.
            teams: ids of the teams that count, or None for all.
            since: the start of the period.
            before: its end, which is not in it.
            at: now.
        """
        mine = and_(
            activities.c.region == scope.region, activities.c.starts_at >= since, activities.c.starts_at < before,
            activities.c.ends_at <= at, ~activities.c.is_cancelled, _in_area(scope, teams),
        )  # fmt: skip
        person = func.coalesce(sign_ups.c.volunteer, sign_ups.c.account)
        came = (
            select(sign_ups.c.activity, person.label("person"))
            .join(activities, activities.c.id == sign_ups.c.activity)
            .where(mine, sign_ups.c.checked_in_at.is_not(None))
            .order_by(sign_ups.c.number)
        )
        with faults.told():
            rows = self._connection.execute(
                select(activities).where(mine).order_by(activities.c.starts_at, activities.c.id)
            ).all()
            people: dict[str, list[str]] = {row.id: [] for row in rows}
            for activity, each in self._connection.execute(came):
                people[activity].append(each)
        return tuple(
            Event(row.id, row.title, row.unit or "", row.team or "", row.category, row.audience, tuple(people[row.id]))
            for row in rows
        )

    def publish(self, figure: Published, at: datetime) -> Published:
        """Write a published figure down; gives the one that stands, which is another where its key is taken."""
        key = _key(figure)
        mine = and_(published_figures.c.region == figure.region, published_figures.c.key == key)
        with faults.told():
            row = self._connection.execute(select(published_figures).where(mine)).one_or_none()
            if row is not None:
                return _published(row)
            values = asdict(figure) | {"key": key, "at": at}
            self._connection.execute(insert(published_figures).values(values))
        return figure

    def published(self, scope: Scope, *, limit: int, offset: int) -> tuple[int, tuple[Published, ...]]:
        """Count and list the published figures of an area, the latest first."""
        mine = published_figures.c.region == scope.region
        for column, bound in ((published_figures.c.unit, scope.unit), (published_figures.c.team, scope.team)):
            if bound is not None:
                mine = and_(mine, column == bound)
        if scope.nothing or scope.site is not None:
            mine = false()
        query = select(published_figures).where(mine)
        order = (published_figures.c.published_on.desc(), published_figures.c.measure, published_figures.c.id)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(published_figures).where(mine))
            rows = self._connection.execute(query.order_by(*order).limit(limit).offset(offset))
            return int(count.scalar_one()), tuple(map(_published, rows))


def _in_area(scope: Scope, teams: Collection[str] | None) -> ColumnElement[bool]:
    if scope.nothing:
        return false()
    bounds: list[ColumnElement[bool]] = [activities.c.region == scope.region]
    if scope.unit is not None:
        bounds.append(activities.c.unit == scope.unit)
    if scope.site is not None:
        bounds.append(activities.c.site == scope.site)
    if teams is not None:
        bounds.append(or_(*[activities.c.team == team for team in sorted(teams)]))
    return and_(*bounds)


def _key(figure: Published) -> str:
    """Name a figure by all but its value: what it is of, of when, from when and where."""
    named = [
        figure.measure.value, figure.unit, figure.team, figure.category, str(figure.first), str(figure.last),
        str(figure.published_on), figure.source,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(named, ensure_ascii=False).encode()).hexdigest()


def _published(row: Row[Any]) -> Published:
    return Published(
        row.id, row.region, Measure(row.measure), int(row.value), Bound(row.bound), row.as_written, row.unit, row.team,
        row.category, row.first, row.last, row.published_on, row.source, row.account,
    )  # fmt: skip
