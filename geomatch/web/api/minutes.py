"""Minutes over HTTP: how long people walk to their nearest site, as a distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from geomatch.drawing import answers as drawn
from geomatch.planning.sites import SiteKind  # noqa: TC001 - pydantic reads annotations at run time
from geomatch.services import minutes as minutes_service
from geomatch.services import setting as setting_service
from geomatch.web.api import stating
from geomatch.web.api.answers import Answer, Limited

if TYPE_CHECKING:
    from geomatch.services.region import Region
    from geomatch.web.api.questions import CoverageQuestion
    from geomatch.web.served import Served

    Json = dict[str, Any]


class MinutesFigures(Answer):
    """How the walking minutes of some people are spread."""

    population: int
    minutes: dict[str, int] = Field(
        description="People by walking minutes to the nearest site; each band holds its end."
    )
    quarter_minutes: float | None = Field(description="A quarter of those who can reach a site walk no longer.")
    median_minutes: float | None
    three_quarter_minutes: float | None


class MinutesUnit(MinutesFigures):
    """One township."""

    id: str
    name: str


class MinutesToNearest(Limited):
    """Minutes to the nearest site, whatever the limit; the bands add up to the people."""

    region: str
    synthetic: bool
    kind: list[SiteKind]
    rural: bool = Field(
        description="Whether the region as a whole is rural, so that 1000 m on foot makes little sense."
    )
    caveat: str | None
    total: MinutesFigures
    units: list[MinutesUnit]


def minutes(_served: Served, region: Region, asked: CoverageQuestion) -> Json:
    """Tell how long people walk to their nearest site."""
    found, ground = minutes_service.minutes(region, asked.limit.profile, asked.kind), setting_service.ground(region)
    units = zip(region.units, found.units, strict=True)
    return {
        **stating.stated(region, asked.limit, asked.kind),
        "rural": ground.rural,
        "caveat": ground.caveat,
        "total": drawn.minutes(found.total),
        "units": [{"id": unit.id, "name": unit.name, **drawn.minutes(row)} for unit, row in units],
    }
