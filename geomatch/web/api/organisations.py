"""Organisations, categories and skills over HTTP."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from geomatch.services import organisations as organisation_service
from geomatch.volunteering.categories import NAMES, OwnCategory, Skill
from geomatch.volunteering.roles import Role
from geomatch.volunteering.teams import Organisation
from geomatch.web.api import account_shapes
from geomatch.web.api import organisation_shapes as shapes
from geomatch.web.api.operation import Operation
from geomatch.web.guard import SIGNED_IN

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.volunteering.roles import Principal
    from geomatch.web.served import Served

    Json = dict[str, Any]

_LOOK: frozenset[Role | None] = SIGNED_IN - {Role.RESIDENT}
_CENTRE: frozenset[Role | None] = frozenset({Role.CENTRE})
_KEEPERS: frozenset[Role | None] = frozenset({Role.CENTRE, Role.OFFICE})


def organisations(served: Served, _region: Region, _asked: account_shapes.Nothing, *, who: Principal) -> Json:
    """List the organisations of this account's area: its township's, its site's, or the host of its team."""
    return {"organisations": [asdict(each) for each in organisation_service.seen(served.database.reading(), who)]}


def put(served: Served, region: Region, asked: shapes.OrganisationDraft, *, who: Principal) -> Json:
    """Add an organisation, or write it over; an office does so in its own township only."""
    given = Organisation(asked.id, asked.name, asked.kind, asked.unit, tuple(dict.fromkeys(asked.sites)))
    sites = {site.id for site in region.sites}
    return asdict(organisation_service.put(served.database.writing(), who, given, sites=sites))


def categories(served: Served, region: Region, _asked: account_shapes.Nothing, *, who: Principal) -> Json:  # noqa: ARG001
    """List the eight categories, and the district's own."""
    return _categories(served, region)


def put_categories(served: Served, region: Region, asked: shapes.OwnCategories, *, who: Principal) -> Json:  # noqa: ARG001
    """Take these for all of the district's own categories."""
    given = [OwnCategory(each.code, each.name, each.name_en) for each in asked.categories]
    organisation_service.put_categories(served.database.writing(), region.spec.id, given)
    return _categories(served, region)


def _categories(served: Served, region: Region) -> Json:
    own = organisation_service.taxonomy(served.database.reading(), region.spec.id).own
    eight = [OwnCategory(category.value, *names) for category, names in NAMES.items()]
    told = [asdict(each) | {"is_own": each in own} for each in (*eight, *own)]
    return {"categories": told}


def skills(served: Served, region: Region, _asked: account_shapes.Nothing, *, who: Principal) -> Json:  # noqa: ARG001
    """List what volunteers may be able to do, each skill in its category."""
    return _skills(served, region)


def put_skills(served: Served, region: Region, asked: shapes.SkillDrafts, *, who: Principal) -> Json:  # noqa: ARG001
    """Take these for all skills of the region; volunteers who come in later may name no others."""
    given = [Skill(each.code, each.name, each.category, each.needs_certificate) for each in asked.skills]
    organisation_service.put_skills(served.database.writing(), region.spec.id, given)
    return _skills(served, region)


def _skills(served: Served, region: Region) -> Json:
    known = organisation_service.taxonomy(served.database.reading(), region.spec.id)
    return {"is_own": known.is_own, "skills": [asdict(each) for each in known.skills]}


_HOSTS, _CATEGORIES, _SKILLS = (f"/regions/<region_id>/{name}" for name in ("organisations", "categories", "skills"))

OPERATIONS = tuple(
    replace(operation, stored=True)
    for operation in (
        Operation(
            "organisations", _HOSTS, organisations, account_shapes.Nothing, shapes.Organisations,
            "The organisations of one's own area", allowed=_LOOK, scope="volunteers:read",
        ),
        Operation(
            "organisation_put", _HOSTS, put, shapes.OrganisationDraft, shapes.Organisation,
            "Add or change an organisation", method="PUT", allowed=_KEEPERS,
        ),
        Operation(
            "categories", _CATEGORIES, categories, account_shapes.Nothing, shapes.Categories,
            "The categories of service", allowed=SIGNED_IN, scope="volunteers:read",
        ),
        Operation(
            "categories_put", _CATEGORIES, put_categories, shapes.OwnCategories, shapes.Categories,
            "Give a district's own categories", method="PUT", allowed=_CENTRE,
        ),
        Operation(
            "skills", _SKILLS, skills, account_shapes.Nothing, shapes.Skills, "What volunteers may be able to do",
            allowed=SIGNED_IN, scope="volunteers:read",
        ),
        Operation(
            "skills_put", _SKILLS, put_skills, shapes.SkillDrafts, shapes.Skills, "Give a region's own skills",
            method="PUT", allowed=_CENTRE,
        ),
    )
)  # fmt: skip
