"""Organisations, teams and volunteers over HTTP out of an office's tables, each whole or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geomatch.errors import InputError
from geomatch.files import organisation_table, people_table
from geomatch.services import organisations as organisation_service
from geomatch.services import people as people_service
from geomatch.volunteering.roles import Role
from geomatch.web.api import people_shapes as shapes
from geomatch.web.api.operation import Operation
from geomatch.web.problems import invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geomatch.services.region import Region
    from geomatch.volunteering.roles import Principal
    from geomatch.web.served import Served

    Json = dict[str, Any]

MOST_AT_ONCE = 10_000
"""Volunteers in one call: more would keep others of an embedded database waiting; the command line takes any number."""

_CENTRE: frozenset[Role | None] = frozenset({Role.CENTRE})


def organisations(served: Served, region: Region, asked: shapes.TableFile, *, who: Principal) -> Json:  # noqa: ARG001
    """Take the organisations of a table for all of the region, as `geomatch people import` does."""
    sites = {site.id for site in region.sites}
    with _told():
        given = organisation_table.parse_organisations(asked.content, asked.name, sites)
        return {"rows": organisation_service.import_organisations(served.database.writing(), region.spec.id, given)}


def teams(served: Served, region: Region, asked: shapes.TableFile, *, who: Principal) -> Json:  # noqa: ARG001
    """Take the teams of a table for all of the region, as `geomatch people import` does."""
    known = organisation_service.taxonomy(served.database.reading(), region.spec.id)
    with _told():
        given = people_table.parse_teams(asked.content, asked.name, known)
        return {"rows": people_service.import_teams(served.database.writing(), region.spec.id, given)}


def volunteers(served: Served, region: Region, asked: shapes.VolunteerFile, *, who: Principal) -> Json:  # noqa: ARG001
    """Add the volunteers of a table, and write those over who are known; every row at fault is told."""
    with _told():
        listed = people_table.parse_volunteers(asked.content, asked.name, asked.coordsys)
        if len(listed.volunteers) > MOST_AT_ONCE:
            told = f"has {len(listed.volunteers):,} rows; one call takes {MOST_AT_ONCE:,}, the command line any number"
            raise InputError.of(asked.name, told)
        done = people_service.import_volunteers(
            served.database.writing(), region.spec.id, listed, at=datetime.now(UTC), keys=served.keys
        )
    return asdict(done)


@contextmanager
def _told() -> Iterator[None]:
    """Tell every fault of a table as the command line does: file, row, column, reason and what was given."""
    try:
        yield
    except InputError as error:
        raise invalid([(("body", "content"), str(fault)) for fault in error.faults]) from error


OPERATIONS = tuple(
    replace(operation, stored=True, method="POST", allowed=_CENTRE)
    for operation in (
        Operation(
            "organisations_import", "/regions/<region_id>/organisations/import", organisations, shapes.TableFile,
            shapes.Taken, "Take the organisations of a table for all of the region",
        ),
        Operation(
            "teams_import", "/regions/<region_id>/teams/import", teams, shapes.TableFile, shapes.Taken,
            "Take the teams of a table for all of the region",
        ),
        Operation(
            "volunteers_import", "/regions/<region_id>/volunteers/import", volunteers, shapes.VolunteerFile,
            shapes.TakenVolunteers, "Add the volunteers of a table, or write them over",
        ),
    )
)  # fmt: skip
