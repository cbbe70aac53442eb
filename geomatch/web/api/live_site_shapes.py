"""Sites that are edited: what may be asked and what is answered."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from geomatch.errors import InputError
from geomatch.geo.coordinates import looks_swapped
from geomatch.planning.sites import SiteKind  # noqa: TC001 - pydantic reads annotations at run time
from geomatch.web.api import questions
from geomatch.web.api.texts import one_line
from geomatch.web.served import SWAPPED

SITE_ID_PATTERN = r"[^/\s\x00-\x1f\x7f]([^/\x00-\x1f\x7f]{0,198}[^/\s\x00-\x1f\x7f])?"
_MOST_SERVICES, _MOST_CAPACITY = 100, 2_000_000_000

Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]


class SiteDraft(questions.Question):
    """A site as it is to be; what is left out is unknown or nothing."""

    name: Line
    kind: SiteKind
    lon: questions.Lon
    lat: questions.Lat
    parent: Line | None = Field(None, description="Id of the site above it: the centre, its office, its station.")
    unit: Line | None = Field(None, description="Name or id of the township that it belongs to.")
    hours: Line | None = Field(None, description='OpenStreetMap opening hours, such as "Mo-Fr 09:00-17:30".')
    services: list[Line] = Field(default_factory=list, max_length=_MOST_SERVICES)
    capacity: Annotated[int, BeforeValidator(questions.whole)] | None = Field(None, ge=0, le=_MOST_CAPACITY)

    @model_validator(mode="before")
    @classmethod
    def _in_order(cls, given: Any) -> Any:
        """Say that a pair looks changed over, not that a latitude is out of range."""
        if isinstance(given, dict):
            lon, lat = given.get("lon"), given.get("lat")
            if isinstance(lon, float) and isinstance(lat, float) and looks_swapped(lon, lat):
                raise InputError.of("lon, lat", SWAPPED)
        return given


class NewSite(SiteDraft):
    """A site that is to be opened."""

    id: str | None = Field(
        None, pattern=f"^{SITE_ID_PATTERN}$", description="As the office counts its sites; made up where absent."
    )


class WhichSite(questions.Question):
    """Nothing but which one."""
