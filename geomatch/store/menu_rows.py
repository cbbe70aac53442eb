"""A district's own services in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from geomatch.errors import NotFoundError
from geomatch.store import faults
from geomatch.store.tables.menu import menu_services as services
from geomatch.volunteering.menu import Service

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


class MenuRows:
    """The services that districts added, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        """Work on a connection whose transaction has begun."""
        self._connection = connection

    def all(self, region: str) -> tuple[Service, ...]:
        """List a region's own services by code."""
        query = select(services).where(services.c.region == region).order_by(services.c.code)
        with faults.told():
            return tuple(
                Service(
                    row.code, row.category, row.name, row.name_en, tuple(row.words), tuple(row.skills),
                    tuple(row.certified),
                )
                for row in self._connection.execute(query)
            )  # fmt: skip

    def put(self, region: str, service: Service, at: datetime) -> None:
        """Write a service, over the one of its code where there is one."""
        values: dict[str, Any] = {
            "category": service.category, "name": service.name, "name_en": service.name_en,
            "words": list(service.words), "skills": list(service.skills), "certified": list(service.certified),
            "changed_at": at,
        }  # fmt: skip
        mine = (services.c.region == region) & (services.c.code == service.code)
        with faults.told():
            if not self._connection.execute(update(services).where(mine).values(values)).rowcount:
                self._connection.execute(insert(services).values(region=region, code=service.code, **values))

    def drop(self, region: str, code: str) -> None:
        """Take a service off; NotFoundError where the region has none of that code."""
        mine = (services.c.region == region) & (services.c.code == code)
        with faults.told():
            if not self._connection.execute(delete(services).where(mine)).rowcount:
                raise NotFoundError(f"region {region!r} has no service {code!r} of its own")
