"""Claims of hours and objections over HTTP: what may be asked and what is answered."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads annotations at run time
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from geomatch.volunteering.hours import Evidence  # noqa: TC001 - as above
from geomatch.volunteering.service_time import ClaimState, ObjectionState  # noqa: TC001 - as above
from geomatch.web.api.answers import Answer
from geomatch.web.api.questions import Given
from geomatch.web.api.texts import one_line

Words = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(one_line)]
Id = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]
Number = Annotated[int, Field(ge=1, le=2_000_000_000, description="Of the entry.")]


class HourClaim(Given):
    """A service of one's own at a site."""

    site: Id
    start: AwareDatetime
    end: AwareDatetime = Field(description="At most 12 hours later, and not in the future.")
    note: Words = Field(description="What was done; numbers of phones are masked.")


class HourDraft(Given):
    """A service of somebody else, entered in the back office."""

    volunteer: Id
    start: AwareDatetime
    end: AwareDatetime = Field(description="At most 12 hours later, and not in the future.")
    note: Words = Field(description="What was done, which will be public; numbers of phones are masked.")


class ClaimsQuestion(Given):
    """Which claims this account may see."""

    state: ClaimState | None = None
    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)


class ClaimAnswer(Given):
    """What the other side says."""

    agrees: bool
    why: Words


class HourObjection(Given):
    """What somebody says against an entry."""

    number: Number
    words: Words


class ObjectionsQuestion(Given):
    """Which objections this account may see."""

    state: ObjectionState | None = None
    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)


class ObjectionAnswer(Given):
    """What becomes of an objection."""

    upholds: bool
    why: Words


class HourReversal(Given):
    """A service that is to be taken back."""

    number: Number
    why: Words


class Claim(Answer):
    """A service that one side says took place."""

    id: str
    volunteer: str
    name: str = Field(description="Masked: 王*; empty where it is not listed.")
    evidence: Evidence
    site: str | None
    start: datetime
    end: datetime
    note: str
    made_at: datetime
    state: ClaimState
    decided_at: datetime | None
    why: str
    number: int | None = Field(description="Of the entry that came of it; null where it was too short to count.")


class Claims(Answer):
    """One page of the claims that this account may see."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    claims: list[Claim]


class PublicEntry(Answer):
    """A back-office entry that does not count yet."""

    number: int
    name: str = Field(description="Masked: 王*.")
    start: datetime
    end: datetime
    minutes: int
    note: str
    entered_at: datetime
    counts_from: datetime


class PublicHours(Answer):
    """One page of what is public."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    entries: list[PublicEntry]


class Objection(Answer):
    """What somebody said against an entry; who it was is not told."""

    id: str
    number: int
    words: str
    made_at: datetime
    state: ObjectionState
    decided_at: datetime | None
    why: str


class Objections(Answer):
    """One page of the objections that this account may see."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    objections: list[Objection]
