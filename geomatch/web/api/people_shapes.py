"""Teams and volunteers over HTTP: what may be asked and what is answered. Names and phones are masked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Base64Bytes, Field

from geomatch.geo.coordinates import CoordSys
from geomatch.volunteering.teams import TeamLevel  # noqa: TC001 - pydantic reads annotations at run time
from geomatch.web.api.answers import Answer
from geomatch.web.api.questions import Flag, Given
from geomatch.web.api.texts import one_line


class PeopleQuestion(Given):
    """Which volunteers this account may see."""

    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)
    professional: Flag | None = Field(None, description="Only professionals, or only others.")


class DoublesQuestion(Given):
    """Which groups to tell."""

    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)


class DutySwitch(Given):
    """Whether somebody can be asked now."""

    on_duty: bool


class TableFile(Given):
    """A table as an office keeps it."""

    name: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)] = Field(
        description="Of the file: its ending tells CSV from GeoJSON; a workbook is known by its bytes."
    )
    content: Base64Bytes = Field(description="The file: CSV, TSV or XLSX, in base64.")


class VolunteerFile(TableFile):
    """A table of volunteers."""

    coordsys: CoordSys = Field(CoordSys.WGS84, description="The coordinate system of their places.")


class Taken(Answer):
    """How many rows were taken in."""

    rows: int


class TakenVolunteers(Answer):
    """How many volunteers are new, and how many were known and are written over."""

    added: int
    changed: int


class Volunteer(Answer):
    """Somebody who helps, masked."""

    id: str
    name: str = Field(description="Masked: 王*.")
    phone: str = Field(description="Masked: 138****5678.")
    team: str | None
    unit: str | None
    skills: list[str]
    on_duty: bool
    trained: int
    is_professional: bool


class Volunteers(Answer):
    """One page of the volunteers that this account may see."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    volunteers: list[Volunteer]


class Double(Answer):
    """One of those who may be one person, masked."""

    id: str
    number: str | None
    name: str
    phone: str
    team: str | None
    unit: str | None


class DoubleGroup(Answer):
    """Two or more who may be one person."""

    reason: Literal["person", "birth", "phone"] = Field(
        description="Same name and phone; same name and day of birth; same phone and another name."
    )
    volunteers: list[Double]


class Doubles(Answer):
    """Who may be one person in this account's area, the surest first."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    groups: list[DoubleGroup]


class Team(Answer):
    """A team."""

    id: str
    name: str
    level: TeamLevel
    category: str
    parent: str | None
    organisation: str | None
    unit: str | None


class Teams(Answer):
    """The teams of a region by id."""

    teams: list[Team]
