"""Great call-ups over HTTP: what may be asked and what is answered."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads annotations at run time
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from geomatch.volunteering.callups import MOST_HOURS, MOST_PEOPLE, AskState
from geomatch.volunteering.mobilisation import MOST_NEEDS
from geomatch.web.api.account_shapes import Area, Name  # noqa: TC001 - as above
from geomatch.web.api.answers import Answer
from geomatch.web.api.questions import Given
from geomatch.web.api.texts import one_line

Words = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(one_line)]
Skill = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(one_line)]


class NeedDraft(Given):
    """So many people in every shift of every station, or of some."""

    people: int = Field(ge=1, le=MOST_PEOPLE)
    skill: Skill | None = Field(None, description="What they must be able to do; absent: nothing.")
    certified: bool = Field(
        default=False, description="Whether only a certificate that is valid on the day proves the skill."
    )
    sites: list[Area] = Field(default=[], max_length=2000, description="Ids of the sites that need it; absent: all.")


class CallupDraft(Given):
    """A call to be opened."""

    name: Name
    words: Words = Field(description="What it is about; every notice says it.")
    starts_at: AwareDatetime
    hours: int = Field(24, ge=1, le=MOST_HOURS)
    shift_hours: int = Field(4, ge=1, le=MOST_HOURS)
    needs: list[NeedDraft] = Field(min_length=1, max_length=MOST_NEEDS)
    sites: list[Area] = Field(default=[], max_length=2000, description="Ids of sites; absent: all stations.")
    urgent: bool = Field(default=False, description="Whether its notices go out in quiet hours too.")
    reply_minutes: int = Field(30, ge=1, le=1440, description="After so long without an answer somebody is silent.")
    most_shifts: int = Field(2, ge=1, le=6, description="How many shifts one person may hold.")
    rest_hours: int = Field(8, ge=0, le=48, description="How long one rests between two shifts.")
    asks_a_day: int = Field(
        3, ge=1, le=10, description="Notices that ask something, per volunteer and day, all causes."
    )


class AskAnswer(Given):
    """What a volunteer says."""

    answer: Literal["accept", "decline", "withdraw"]


class SwapWish(Given):
    """Whose place one would like to have for one's own."""

    with_ask: Annotated[str, Field(pattern="^[0-9a-f]{24}$")] = Field(description="Id of the other's ask.")


class PlacesQuestion(Given):
    """Which places are listed."""

    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=1_000_000)


class Callup(Answer):
    """A call."""

    id: str
    name: str
    words: str
    urgent: bool
    opened_at: datetime
    closed_at: datetime | None
    waves: int = Field(description="How many waves of notices were sent.")


class Callups(Answer):
    """The calls of a region, the newest first."""

    callups: list[Callup]


class Count(Answer):
    """Places, and who they wait for."""

    places: int
    held: int
    standby: int
    asked: int = Field(description="Asks that nobody has answered yet.")


class StationCount(Count):
    """The places of one site."""

    site: str
    name: str
    unit: str | None
    lon: float
    lat: float


class ShiftCount(Count):
    """The places of one shift."""

    starts_at: datetime
    ends_at: datetime


class SkillCount(Count):
    """The places for one skill; null for those that need none."""

    skill: str | None


class Board(Answer):
    """A call as it stands, as far as this account may see it."""

    callup: Callup
    total: Count
    stations: list[StationCount]
    shifts: list[ShiftCount]
    skills: list[SkillCount]


class Ask(Answer):
    """What a volunteer was asked for."""

    id: str
    callup: str
    call: str
    state: AskState
    place: int | None = Field(description="As which one stands by, 1 for the next to move up.")
    site: str
    site_name: str
    starts_at: datetime
    ends_at: datetime
    skill: str | None
    walk_m: float


class Asks(Answer):
    """One's own asks, the newest first."""

    asks: list[Ask]


class Place(Ask):
    """Who holds a place, or stands by for one, masked."""

    name: str = Field(description="Masked: 王*.")
    phone: str = Field(description="Masked: 138****5678.")


class Places(Answer):
    """One page of the places of this account's area."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    places: list[Place]


class Outcome(Answer):
    """What an answer came to."""

    ask: str
    state: AskState
    place: int | None = Field(description="As which one stands by, 1 for the next to move up.")


class Swapped(Answer):
    """Whether the two have changed places, or the other's wish is still missing."""

    swapped: bool
