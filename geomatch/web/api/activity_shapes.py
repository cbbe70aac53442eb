"""Activities over HTTP: what may be asked and what is answered. Names are masked."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads annotations at run time
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from geomatch.volunteering.activities import FIRST_YEAR, LAST_YEAR, MOST_AUDIENCE, MOST_SEATS, SignUpState
from geomatch.web.api.account_shapes import Area, Name  # noqa: TC001 - as above
from geomatch.web.api.answers import Answer
from geomatch.web.api.questions import Given, Lat, Lon
from geomatch.web.api.texts import no_nul, plain


def _in_our_days(given: datetime) -> datetime:
    if not FIRST_YEAR < given.year < LAST_YEAR:
        raise ValueError(f"must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return given


Moment = Annotated[AwareDatetime, AfterValidator(_in_our_days)]
Words = Annotated[str, Field(max_length=2000), AfterValidator(no_nul)]


class ActivityDraft(Given):
    """What is said of an activity."""

    title: Name
    category: Annotated[str, Field(max_length=60)] = Field(description="By value or Chinese name, or a district's own.")
    starts_at: Moment
    ends_at: Moment
    signup_until: Moment | None = Field(None, description="Until when one signs up and leaves; the start if absent.")
    seats: int = Field(ge=1, le=MOST_SEATS)
    site: Area | None = Field(None, description="At this site; or else at lon and lat, with a place in words.")
    lon: Lon | None = None
    lat: Lat | None = None
    place: Name | None = None
    words: Words = ""
    unit: Area | None = Field(None, description="Whose it is; an office's own township in any case.")
    team: Area | None = Field(None, description="Whose it is; a leader's own team in any case.")


class ActivitiesQuestion(Given):
    """Which activities."""

    since: Moment | None = Field(None, description="Those that end after this; now if absent.")
    category: list[Annotated[str, Field(max_length=60)]] = Field([], description="Only these; may be repeated.")
    unit: Area | None = None
    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=1_000_000)


class MyPlace(Answer):
    """The place of whoever asks."""

    id: str
    state: SignUpState
    ahead: int | None = Field(description="How many wait before one who waits.")
    checked_in_at: datetime | None
    checked_out_at: datetime | None


class ActivityTold(Answer):
    """An activity, and how full it is."""

    id: str
    title: str
    category: str
    place: str
    lon: float
    lat: float
    starts_at: datetime
    ends_at: datetime
    signup_until: datetime
    seats: int
    seated: int
    waiting: int
    came: int
    audience: int | None
    words: str
    unit: str | None
    site: str | None
    team: str | None
    is_cancelled: bool
    version: int
    mine: MyPlace | None = Field(description="Told where one activity is asked for.")


class ActivitiesTold(Answer):
    """One page of activities, the earliest first."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    activities: list[ActivityTold]


class CancelDraft(Given):
    """Why it does not take place."""

    why: Annotated[str, Field(min_length=1, max_length=300), AfterValidator(plain)]


class CodeTold(Answer):
    """The code at the door."""

    code: str = Field(description="Another every minute; the one before still counts.")


class CodeGiven(Given):
    """The code at the door."""

    code: str = Field(min_length=1, max_length=40)


class AudienceGiven(Given):
    """How many were reached."""

    audience: int | None = Field(
        ge=0, le=MOST_AUDIENCE, description="受众人次, as its organiser counted; null for none."
    )


class SignUpsQuestion(Given):
    """Who signed up."""

    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=1_000_000)


class SignUpTold(Answer):
    """Somebody's place."""

    id: str
    name: str = Field(description="Masked: 王*.")
    number: int
    state: SignUpState
    at: datetime
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    checked_by: str | None = Field(description="code, or desk.")


class SignUpsTold(Answer):
    """Who signed up, in the order in which they came."""

    seated: int
    waiting: int
    came: int
    sign_ups: list[SignUpTold]
