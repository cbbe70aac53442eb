"""Causes over HTTP: why each gap is there, and what-ifs that would win its people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from geomatch.geo.coordinates import CoordSys  # noqa: TC001 - pydantic reads annotations at run time
from geomatch.planning.causes.found import CauseKind, RemedyKind  # noqa: TC001 - as above
from geomatch.planning.sites import SiteKind  # noqa: TC001 - as above
from geomatch.services import cause_answer
from geomatch.services import causes as causes_service
from geomatch.web.api import stating
from geomatch.web.api.answers import Answer, GapProperties, Limited, Position
from geomatch.web.api.questions import GapsQuestion, IsoTime

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.web.served import Served

    Json = dict[str, Any]


class CausesQuestion(GapsQuestion):
    """Why people live with no site within the limit."""

    most: int = Field(50, ge=1, le=10_000, alias="limit", description="How many gaps, those with most people.")
    open_at: IsoTime | None = Field(
        None,
        description="Only sites that are open then count (ISO 8601, the region's own time where no zone is named).",
    )


class ObstacleFigures(Answer):
    """What stands between homes and a site."""

    kind: Literal["water", "railway", "road", "compound", "wall", "steps"]
    name: str = Field(description="As the extract has it; empty where it has none.")


class CauseFigures(Answer):
    """One reason why people of a gap have no site within the limit; the people of all reasons sum to the gap's."""

    kind: CauseKind
    people: int
    homes: int
    site: str | None = Field(description="The site that this is about.")
    site_name: str | None
    straight_m: float | None = Field(
        description="As the crow flies, from the home with most people to the nearest site."
    )
    walk_m: float | None = Field(description="That home's walk; to the closed site where that is the reason.")
    obstacle: ObstacleFigures | None
    streets: list[str] = Field(description="On both sides of the obstacle, where a way through would win most.")


class RemedySite(Answer):
    """The site that a remedy opens, keeps open longer or sets right."""

    id: str
    name: str
    kind: SiteKind
    hours: str | None


class RemedyFigures(Answer):
    """Something that could be done."""

    kind: RemedyKind
    people_won: int = Field(description="People of the whole region: `delta.covered` of the what-if with this body.")
    people_here: int = Field(description="Those of them who live in the gap.")
    site: RemedySite | None = Field(description="Null for a way.")
    spots: list[Position] = Field(description="One place for a site, the two ends of a way.")
    streets: list[str] = Field(description="By the spots; for a way one an end, empty where none is near.")
    crosses: list[ObstacleFigures]
    length_m: float | None = Field(description="From end to end of a way.")
    body: dict[str, Any] = Field(description="What to POST to whatif; its places are WGS-84.")


class GapWithCauses(GapProperties):
    """A gap, why it is there, and what would win its people."""

    causes: list[CauseFigures] = Field(description="Most people first.")
    remedies: list[RemedyFigures] = Field(description="Most people won first.")


class Causes(Limited):
    """Gaps by rank, most people first; their shapes are in the answer of gaps to the same question."""

    region: str
    synthetic: bool
    kind: list[SiteKind] = Field(description="The kinds that count; all where empty.")
    coordsys: CoordSys
    min_people: int
    open_at: str | None
    numberMatched: int  # noqa: N815 - the name of OGC API Features
    numberReturned: int  # noqa: N815 - as above
    gaps: list[GapWithCauses]


def causes(_served: Served, region: Region, asked: CausesQuestion) -> Json:
    """Say of each gap why it is there, and what would win its people; every remedy is a what-if.

    With open_at gaps are those of the sites open then, and so other ones than `gaps` lists.
    """
    found = causes_service.causes(
        region, asked.limit, kinds=asked.kind, min_people=asked.min_people, open_at=asked.open_at
    )
    page = found[: asked.most]
    return {
        **stating.stated(region, asked.limit, asked.kind),
        "coordsys": asked.coordsys,
        "min_people": asked.min_people,
        "open_at": None if asked.open_at is None else asked.open_at.isoformat(),
        "numberMatched": len(found),
        "numberReturned": len(page),
        "gaps": cause_answer.members(region, page, asked.limit, asked.kind, asked.open_at, system=asked.coordsys),
    }
