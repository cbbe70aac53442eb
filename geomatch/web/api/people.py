"""Teams and volunteers over HTTP, each account its own area's."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from geomatch.services import people as people_service
from geomatch.volunteering import masking
from geomatch.volunteering.roles import Role, scope_of
from geomatch.web.api import account_shapes
from geomatch.web.api import people_shapes as shapes
from geomatch.web.api.operation import Operation
from geomatch.web.guard import SIGNED_IN

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.volunteering.duplicates import Entry
    from geomatch.volunteering.people import Volunteer
    from geomatch.volunteering.roles import Principal
    from geomatch.web.served import Served

    Json = dict[str, Any]

_LOOK: frozenset[Role | None] = SIGNED_IN - {Role.RESIDENT, Role.STATION}
_KEEPERS: frozenset[Role | None] = frozenset({Role.CENTRE, Role.OFFICE})
_SELF: frozenset[Role | None] = frozenset({Role.VOLUNTEER, Role.LEADER})


def volunteers(served: Served, _region: Region, asked: shapes.PeopleQuestion, *, who: Principal) -> Json:
    """List the volunteers of this account's area, masked."""
    matched, page = people_service.page(
        served.database.reading(), scope_of(who), limit=asked.limit, offset=asked.offset,
        professional=asked.professional,
    )  # fmt: skip
    return {"numberMatched": matched, "numberReturned": len(page), "volunteers": [_masked(each) for each in page]}


def duplicates(served: Served, _region: Region, asked: shapes.DoublesQuestion, *, who: Principal) -> Json:
    """List who may be one person, masked, among the volunteers of this account's area."""
    found = people_service.duplicates(served.database.reading(), scope_of(who))
    page = found[asked.offset : asked.offset + asked.limit]
    told = [{"reason": group.reason, "volunteers": [_double(each) for each in group.entries]} for group in page]
    return {"numberMatched": len(found), "numberReturned": len(page), "groups": told}


def _double(each: Entry) -> Json:
    return {
        "id": each.id, "number": each.number, "name": masking.name(each.name), "phone": masking.phone(each.phone),
        "team": each.team, "unit": each.unit,
    }  # fmt: skip


def teams(served: Served, region: Region, _asked: account_shapes.Nothing, *, who: Principal) -> Json:  # noqa: ARG001
    """List the teams of the region."""
    found = people_service.teams(served.database.reading(), region.spec.id)
    return {"teams": [asdict(team) for team in found]}


def duty(served: Served, _region: Region, asked: shapes.DutySwitch, *, who: Principal) -> Json:
    """Turn one's own switch: whether one can be asked now."""
    changed = people_service.set_duty(served.database.writing(), who, on_duty=asked.on_duty, at=datetime.now(UTC))
    return _masked(changed)


def _masked(each: Volunteer) -> Json:
    return {
        "id": each.id, "name": masking.name(each.name), "phone": masking.phone(each.phone), "team": each.team,
        "unit": each.unit, "skills": each.skills, "on_duty": each.on_duty, "trained": each.trained,
        "is_professional": each.is_professional,
    }  # fmt: skip


OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "volunteers", "/regions/<region_id>/volunteers", volunteers, shapes.PeopleQuestion, shapes.Volunteers,
            "The volunteers of one's own area, masked", allowed=_LOOK, scope="volunteers:read",
        ),
        Operation(
            "duplicates", "/regions/<region_id>/duplicates", duplicates, shapes.DoublesQuestion, shapes.Doubles,
            "Who may be one person", allowed=_KEEPERS,
        ),
        Operation(
            "teams", "/regions/<region_id>/teams", teams, account_shapes.Nothing, shapes.Teams,
            "The teams of a region", allowed=SIGNED_IN, scope="volunteers:read",
        ),
        Operation(
            "duty", "/regions/<region_id>/duty", duty, shapes.DutySwitch, shapes.Volunteer,
            "Turn one's own on-duty switch", method="PUT", allowed=_SELF,
        ),
    )
)  # fmt: skip
