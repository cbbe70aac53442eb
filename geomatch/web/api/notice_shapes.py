"""Notices, channels and pushes over HTTP: what may be asked and what is answered."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads annotations at run time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from geomatch.volunteering.channels import ChannelKind, DeliveryState  # noqa: TC001 - as above
from geomatch.volunteering.notices import MOST_A_DAY, MOST_BODY, NoticeState, Purpose
from geomatch.web.api.account_shapes import Area, Name  # noqa: TC001 - as above
from geomatch.web.api.answers import Answer
from geomatch.web.api.questions import Given, Lat, Lon, Minutes, ProfileName
from geomatch.web.api.texts import plain

Words = Annotated[str, Field(min_length=1, max_length=MOST_BODY), AfterValidator(plain)]
TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["21:00"])]
Categories = Annotated[
    list[Annotated[str, Field(max_length=60)]],
    Field(max_length=20, description="Statutory categories by value or Chinese name, or a district's own."),
]


class NoticesQuestion(Given):
    """Which notices."""

    of: Literal["mine", "area"] = Field(
        "mine", description="Those to whoever asks; or those to readers of an office's area, without what they say."
    )
    state: list[NoticeState] = Field([], description="Only these; may be repeated.")
    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)


class Cause(Answer):
    """What made a notice."""

    kind: str
    id: str


class Why(Answer):
    """Why its reader gets it."""

    zh: str
    en: str


class NoticeTold(Answer):
    """A notice."""

    id: str
    purpose: Purpose
    body: str = Field(description="… where it is somebody else's.")
    why: Why
    cause: Cause
    volunteer: str | None
    account: str | None
    urgent: bool
    state: NoticeState
    told: str = Field(description="Why it stands there, where that needs words.")
    made_at: datetime
    not_before: datetime
    expires_at: datetime | None
    released_at: datetime | None


class NoticesTold(Answer):
    """One page of notices, the newest first."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    notices: list[NoticeTold]


class Way(Answer):
    """A way that a notice goes."""

    id: str = Field(description="The key by which the other side knows it again.")
    channel: str
    state: DeliveryState
    tries: int
    next_at: datetime | None
    ended_at: datetime | None
    told: str


class NoticeWays(NoticeTold):
    """A notice, with the ways that it went."""

    ways: list[Way]


class WishesDraft(Given):
    """What somebody asks for, in place of what they asked for before."""

    opted_out: list[Purpose] = Field([], max_length=len(Purpose), description="No notices of these, from this moment.")
    interests: Categories = Field([])
    mail: Annotated[str, Field(max_length=320)] | None = Field(None, description="A mailbox, or null for none.")


class WishesTold(Answer):
    """What somebody asks for."""

    opted_out: list[Purpose]
    interests: list[str]
    mail: str | None


class RulesDraft(Given):
    """Quiet hours and the cap of a region."""

    quiet_from: TimeOfDay = Field(description="From then on only what is urgent; the same as quiet_until for never.")
    quiet_until: TimeOfDay
    most_a_day: int = Field(ge=0, le=MOST_A_DAY, description="Notices that ask something, a volunteer and a day.")
    timezone: Annotated[str, Field(min_length=1, max_length=60)] = "Asia/Shanghai"


class RulesTold(Answer):
    """Quiet hours and the cap of a region."""

    quiet_from: str
    quiet_until: str
    most_a_day: int
    timezone: str


class ChannelDraft(Given):
    """A way out to be opened."""

    name: Name
    kind: ChannelKind
    address: Annotated[str, Field(min_length=1, max_length=1000)] = Field(
        description="Of a webhook or a mail server, or of a robot as its app shows it."
    )
    purposes: list[Purpose] = Field(min_length=1, max_length=len(Purpose), description="Robots: staff only.")
    secret: Annotated[str, Field(max_length=200)] = Field("", description="Of a DingTalk robot that signs.")
    unit: Area | None = Field(None, description="Readers of this township only.")
    team: Area | None = Field(None, description="Readers of this team only.")


class ChannelTold(Answer):
    """A way out, without its address and secret."""

    id: str
    name: str
    kind: ChannelKind
    host: str
    purposes: list[Purpose]
    unit: str | None
    team: str | None
    is_open: bool
    made_at: datetime
    deliveries: dict[DeliveryState, int]


class NewChannel(ChannelTold):
    """A way out that was just opened; the secret of a webhook is told this once."""

    secret: str | None


class ChannelsTold(Answer):
    """The ways out of a region, the oldest first."""

    channels: list[ChannelTold]


class CircleDraft(Given):
    """Within so many minutes' walk of a site, or of a point."""

    site: Area | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    minutes: Minutes = 15
    profile: ProfileName = "standard"


class AudienceDraft(Given):
    """Whom a push is for; all that is given must hold, and something must be."""

    unit: Area | None = Field(None, description="A township; an office's own where it asks.")
    skills: list[Area] = Field([], max_length=50, description="At least one of these.")
    interests: Categories = Field([])
    circle: CircleDraft | None = None


class PushDraft(AudienceDraft):
    """A notice to an area."""

    body: Words
    hours: int = Field(24, ge=1, le=168, description="After which it is of no use.")


class ReachTold(Answer):
    """Whom a push reaches."""

    reaches: int = Field(description="Volunteers who are meant and did not opt out.")
    opted_out: int
    full_today: int = Field(description="Those among them who have had their day's notices, and hear of it tomorrow.")
    why: Why


class PushTold(ReachTold):
    """A push that was sent."""

    id: str
    put: int = Field(description="New notices: who had the same text today already gets no other.")


class PushShown(Answer):
    """A push, with what became of its notices."""

    id: str
    account: str
    unit: str | None
    body: str
    why: Why
    put: int
    made_at: datetime
    states: dict[NoticeState, int]


class PushesTold(Answer):
    """One page of pushes, the newest first."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    pushes: list[PushShown]


class PushesQuestion(Given):
    """Which pushes."""

    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=1_000_000)
