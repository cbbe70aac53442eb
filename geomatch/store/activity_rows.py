"""Activities and sign-ups in the database; whoever changes who is seated locks the activity first."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, insert, select, update

from geomatch.errors import NotFoundError
from geomatch.store import faults
from geomatch.store.tables.activities import activities, sign_ups
from geomatch.volunteering.activities import Activity, Counts, SignUp, SignUpState

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection, Row

_SEATED, _WAITING = SignUpState.SEATED.value, SignUpState.WAITING.value


class ActivityRows:
    """The activities of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, activity: Activity) -> None:
        """Write one down."""
        with faults.told():
            self._connection.execute(insert(activities).values(asdict(activity)))

    def get(self, activity_id: str, region: str, *, lock: bool = False) -> Activity:
        """Find one, and with lock keep others from who is seated until the end; NotFoundError where there is none."""
        query = select(activities).where(activities.c.id == activity_id, activities.c.region == region)
        with faults.told():
            row = self._connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no activity {activity_id!r} in this region")
        return _activity(row)

    def put(self, activity: Activity) -> None:
        """Write one over that was locked."""
        with faults.told():
            self._connection.execute(update(activities).where(activities.c.id == activity.id).values(asdict(activity)))

    def page(
        self, region: str, *, since: datetime, categories: Collection[str], unit: str | None, limit: int, offset: int
    ) -> tuple[int, tuple[Activity, ...]]:
        """Count and list the activities of a region that end after a moment, the earliest first."""
        mine = [activities.c.region == region, activities.c.ends_at >= since]
        if categories:
            mine.append(activities.c.category.in_(categories))
        if unit is not None:
            mine.append(activities.c.unit == unit)
        query = select(activities).where(and_(*mine)).order_by(activities.c.starts_at, activities.c.id)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(activities).where(and_(*mine)))
            rows = self._connection.execute(query.limit(limit).offset(offset))
            return int(count.scalar_one()), tuple(map(_activity, rows))

    def counts(self, ids: Collection[str]) -> dict[str, Counts]:
        """Say how full activities are."""
        came = case((sign_ups.c.checked_in_at.is_not(None), 1))
        query = select(sign_ups.c.activity, sign_ups.c.state, func.count(), func.count(came)).where(
            sign_ups.c.activity.in_(list(ids))
        )
        with faults.told():
            rows = self._connection.execute(query.group_by(sign_ups.c.activity, sign_ups.c.state)).all()
        figures = {(activity, state): (int(count), int(in_)) for activity, state, count, in_ in rows}
        return {
            each: Counts(
                figures.get((each, _SEATED), (0, 0))[0], figures.get((each, _WAITING), (0, 0))[0],
                figures.get((each, _SEATED), (0, 0))[1],
            )
            for each in ids
        }  # fmt: skip

    def sign_up_of(self, activity_id: str, account: str) -> SignUp | None:
        """Find somebody's place."""
        mine = and_(sign_ups.c.activity == activity_id, sign_ups.c.account == account)
        with faults.told():
            row = self._connection.execute(select(sign_ups).where(mine)).one_or_none()
        return None if row is None else _sign_up(row)

    def sign_up(self, sign_up_id: str, activity_id: str) -> SignUp:
        """Find a place by its id; NotFoundError where there is none."""
        mine = and_(sign_ups.c.id == sign_up_id, sign_ups.c.activity == activity_id)
        with faults.told():
            row = self._connection.execute(select(sign_ups).where(mine)).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no sign-up {sign_up_id!r} for this activity")
        return _sign_up(row)

    def next_number(self, activity_id: str) -> int:
        """Give the number of who comes next; the activity is locked."""
        query = select(func.max(sign_ups.c.number)).where(sign_ups.c.activity == activity_id)
        with faults.told():
            return int(self._connection.execute(query).scalar_one() or 0) + 1

    def write(self, sign_up: SignUp) -> None:
        """Write a place down, or over."""
        values = asdict(sign_up)
        with faults.told():
            changed = self._connection.execute(update(sign_ups).where(sign_ups.c.id == sign_up.id).values(values))
            if not changed.rowcount:
                self._connection.execute(insert(sign_ups).values(values))

    def sign_ups(
        self, activity_id: str, states: Collection[SignUpState], *, limit: int | None = None, offset: int = 0
    ) -> tuple[SignUp, ...]:
        """List places by the order in which people came."""
        mine = and_(sign_ups.c.activity == activity_id, sign_ups.c.state.in_([state.value for state in states]))
        query = select(sign_ups).where(mine).order_by(sign_ups.c.number).limit(limit).offset(offset)
        with faults.told():
            return tuple(_sign_up(row) for row in self._connection.execute(query))

    def ahead_of(self, sign_up: SignUp) -> int:
        """Count who waits before somebody who waits."""
        mine = and_(
            sign_ups.c.activity == sign_up.activity, sign_ups.c.state == _WAITING,
            sign_ups.c.number < sign_up.number,
        )  # fmt: skip
        with faults.told():
            return int(self._connection.execute(select(func.count()).where(mine)).scalar_one())


def _activity(row: Row[Any]) -> Activity:
    return Activity(**row._mapping)  # noqa: SLF001 - SQLAlchemy's way to give a row by name


def _sign_up(row: Row[Any]) -> SignUp:
    told = dict(row._mapping)  # noqa: SLF001 - as above
    return SignUp(**told | {"state": SignUpState(told["state"])})
