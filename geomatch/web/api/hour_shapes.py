"""Hours of service over HTTP: what may be asked and what is answered."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads annotations at run time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from geomatch.volunteering.hours import EntryKind, Evidence  # noqa: TC001 - as above
from geomatch.volunteering.service_time import VisitState  # noqa: TC001 - as above
from geomatch.volunteering.site_codes import FIGURES
from geomatch.web.api.answers import Answer
from geomatch.web.api.questions import Given
from geomatch.web.api.texts import one_line

Code = Annotated[str, Field(pattern=rf"^[0-9]{{{FIGURES}}}$", description="As the site shows it now.")]


class HoursQuestion(Given):
    """Which entries or visits this account may see."""

    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)


class CheckIn(Given):
    """Where somebody is, with what proves it."""

    site: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]
    code: Code


class CheckOut(Given):
    """What proves that somebody is still there."""

    code: Code


class ShowCode(Given):
    """Nothing: the site is the account's own."""


class HourRules(Given):
    """What a district sets for its hours."""

    rounding: Literal["usual", "exact"] = Field(
        description="usual: beyond whole hours up to 15 minutes count 0, up to 45 count 30, then 60."
    )
    public_days: int = Field(ge=1, le=90, description="How long a back-office entry is public before it counts.")


class RulesOfHours(Answer):
    """What a district set for its hours."""

    rounding: str
    public_days: int


class ShownCode(Answer):
    """The code of a site."""

    site: str
    code: str
    seconds_left: int


class Visit(Answer):
    """Somebody who came to a site to serve."""

    id: str
    site: str
    volunteer: str
    name: str = Field(description="Masked: 王*; empty where the volunteer was deleted.")
    came_at: datetime
    left_at: datetime | None
    state: VisitState
    minutes: int = Field(description="What counts, after rounding.")
    number: int | None = Field(description="Of the entry, or null where nothing counts.")


class Visits(Answer):
    """One page of the visits that this account may see, the newest first."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    visits: list[Visit]


class HourEntry(Answer):
    """One link of the region's chain."""

    number: int
    volunteer: str
    name: str = Field(description="Masked: 王*; empty where the volunteer was deleted.")
    kind: EntryKind
    cause: str
    start: datetime
    end: datetime
    minutes: int
    evidence: Evidence
    grade: str = Field(description="A by the site's code, B by both sides, C by the back office.")
    entered_at: datetime
    counts_from: datetime
    note: str
    before: str = Field(description="Hash of the entry before it.")
    hash: str


class HourEntries(Answer):
    """One page of the entries that this account may see, the newest first."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    entries: list[HourEntry]


class HourTotal(Answer):
    """What one's own entries come to."""

    volunteer: str
    minutes: int = Field(description="That count.")
    waiting: int = Field(description="Minutes that do not count yet.")
    stars: int = Field(ge=0, le=5, description="At 100, 300, 600, 1000 and 1500 hours.")
    next_star_hours: int | None


class Anchor(Answer):
    """The head of the chain at some moment."""

    region: str
    number: int
    hash: str
    at: datetime


class Anchors(Answer):
    """One page of the anchors."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    anchors: list[Anchor]


class HourKey(Answer):
    """The public key of a district."""

    key: str = Field(description="64 hexadecimal figures, for `geomatch hours check --key`.")
    fingerprint: str = Field(description="As certificates print it.")
