"""Pushes in the database, and whom each could reach."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, NamedTuple

import orjson
from sqlalchemy import Text, and_, cast, exists, func, insert, null, select

from geomatch.store import faults
from geomatch.store.tables.notices import outbox
from geomatch.store.tables.people import volunteers
from geomatch.store.tables.pushes import interests, pushes
from geomatch.volunteering.pushing import Push

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from geomatch.volunteering.pushing import Audience


class Near(NamedTuple):
    """A volunteer who may be meant: the id, and the usual places in WGS-84 degrees."""

    volunteer: str
    places: tuple[tuple[float, float], ...]


class PushRows:
    """The pushes of all regions, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def add(self, push: Push) -> None:
        """Write one down."""
        with faults.told():
            self._connection.execute(insert(pushes).values(asdict(push)))

    def page(
        self, region: str, unit: str | None, *, limit: int, offset: int
    ) -> tuple[int, tuple[tuple[Push, dict[str, int]], ...]]:
        """Count the pushes of a region, or of one office's, and list the newest with their notices by state."""
        mine = pushes.c.region == region if unit is None else and_(pushes.c.region == region, pushes.c.unit == unit)
        query = select(pushes).where(mine).order_by(pushes.c.made_at.desc(), pushes.c.id).limit(limit).offset(offset)
        with faults.told():
            count = self._connection.execute(select(func.count()).select_from(pushes).where(mine)).scalar_one()
            found = [Push(**row._mapping) for row in self._connection.execute(query)]  # noqa: SLF001 - SQLAlchemy's way
        return int(count), tuple((push, self._states(push)) for push in found)

    def _states(self, push: Push) -> dict[str, int]:
        mine = and_(outbox.c.region == push.region, outbox.c.cause_kind == "push", outbox.c.cause_id == push.id)
        with faults.told():
            rows = self._connection.execute(
                select(outbox.c.state, func.count()).where(mine).group_by(outbox.c.state)
            ).all()
        return {state: int(count) for state, count in rows}

    def meant(self, region: str, audience: Audience) -> list[Near]:
        """List the volunteers that are meant, but for the circle, by id; their places only where there is one."""
        mine = [volunteers.c.region == region]
        if audience.unit is not None:
            mine.append(volunteers.c.unit == audience.unit)
        if audience.interests:
            asked = exists().where(
                interests.c.region == region, interests.c.reader == volunteers.c.id,
                interests.c.category.in_(audience.interests),
            )  # fmt: skip
            mine.append(asked)
        wanted, has_circle = set(audience.skills), audience.circle is not None
        query = select(  # what is not asked for is neither read nor taken apart
            volunteers.c.id, cast(volunteers.c.skills, Text) if wanted else null(),
            cast(volunteers.c.places, Text) if has_circle else null(),
        ).where(and_(*mine)).order_by(volunteers.c.id)  # fmt: skip
        with faults.told():
            rows = self._connection.execute(query).all()
        return [
            Near(identity, _places(places) if has_circle else ())
            for identity, skills, places in rows
            if not wanted or wanted.intersection(orjson.loads(skills))
        ]


def _places(text: str) -> tuple[tuple[float, float], ...]:
    return tuple((lon, lat) for _, lon, lat in orjson.loads(text))
