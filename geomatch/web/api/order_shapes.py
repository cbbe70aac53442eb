"""Orders over HTTP: what may be asked and what is answered; masked everywhere but in Contact."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from geomatch.services.orders import MOST_OFFERS
from geomatch.volunteering import order_sheet, reviews
from geomatch.volunteering.dispatch import OfferState  # noqa: TC001 - pydantic reads annotations at run time
from geomatch.volunteering.order_sheet import Way
from geomatch.volunteering.orders import Actor, OrderState
from geomatch.volunteering.roles import Role  # noqa: TC001 - as above
from geomatch.web.api.answers import Answer
from geomatch.web.api.questions import Given
from geomatch.web.api.scenario_shapes import ID_PATTERN
from geomatch.web.api.texts import one_line, printable

Code = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(one_line)]
Codes = Annotated[list[Code], Field(max_length=order_sheet.MOST_NEEDS)]
Words = Annotated[str, Field(max_length=order_sheet.MOST_WORDS), AfterValidator(printable)]
Line = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(one_line)]
Id = Annotated[str, Field(pattern=f"^{ID_PATTERN}$")]
States = Annotated[list[OrderState], Field(max_length=20)]


class NeedDraft(Given):
    """What whoever helps must bring."""

    skills: Codes = Field([], description="All of them.")
    certified: Codes = Field([], description="Those of the skills that a certificate valid on the day must prove.")
    languages: Codes = Field([], description="One of which is enough.")
    adults_only: bool = False


class OrderDraft(Given):
    """An order to be placed."""

    category: Code = Field(description="A statutory category, or a district's own.")
    service: Code | None = Field(None, description="Code of the menu.")
    words: Words = Field(description="What is to be done; phone numbers in it are masked.")
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    address: Line = Field(description="Told to helpers after they accepted.")
    name: Line = Field(description="Of the person who is to be helped; masked.")
    phone: Line = Field(description="As the address.")
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    people_needed: int = Field(1, ge=1, le=order_sheet.MOST_PEOPLE)
    need: NeedDraft = Field(default_factory=lambda: NeedDraft.model_validate({}))
    for_other: bool = Field(default=False, description="For somebody else than who asks; then consent is needed.")
    consent: Words = Field("", description="How that person agreed.")
    way: Way = Field(Way.MATCHER, description="How it finds helpers, once it is checked.")


class OrdersQuestion(Given):
    """Which orders this account may see."""

    state: States = Field([], description="In these states only; all where none is given.")
    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)


class PageQuestion(Given):
    """Which page of a list."""

    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=10_000_000)


class GrabQuestion(Given):
    """How far from where one usually is."""

    metres: float = Field(2000, ge=100, le=20_000, description="On foot.")
    limit: int = Field(50, ge=1, le=200)


class MoveDraft(Given):
    """Where an order is to go."""

    to: OrderState
    why: Words = Field("", description="Needed where the move says so; phone numbers in it are masked.")
    way: Way | None = Field(None, description="With to=checked: how it finds helpers.")
    team: Code | None = Field(None, description="With to=checked: the team that is asked first.")


class OffersDraft(Given):
    """Whom to ask."""

    volunteers: list[Id] = Field(min_length=1, max_length=MOST_OFFERS)


class Acceptance(Given):
    """Nothing but that one accepts."""


class Reason(Given):
    """Why."""

    why: Words = ""


class ReleaseDraft(Given):
    """Who does not come, and why."""

    volunteer: Id
    why: Words


class ReviewDraft(Given):
    """What a resident says; every point is answered, and none has a default."""

    came_on_time: bool
    did_what_was_asked: bool
    would_ask_again: bool
    asked_for_money: bool
    words: Annotated[str, Field(max_length=reviews.MOST_WORDS), AfterValidator(printable)] = ""


class TimeQuestion(Given):
    """Of which time."""

    since: AwareDatetime
    before: AwareDatetime = Field(description="Not in it.")


class LooksQuestion(PageQuestion):
    """Whose looks, at what."""

    order: Id | None = Field(None, description="At this order only.")


class Need(Answer):
    """What whoever helps must bring."""

    skills: list[str]
    certified: list[str]
    languages: list[str]
    adults_only: bool


class OrderRow(Answer):
    """An order, with nothing in it by which a door could be found."""

    id: str
    unit: str | None
    site: str | None
    team: str | None
    category: str
    service: str | None
    words: str
    need: Need
    lon: float = Field(description="Of the middle of a cell of about 200 m.")
    lat: float
    address: str = Field(description="Masked: the street without its number.")
    name: str = Field(description="Masked: 王*.")
    phone: str = Field(description="Masked: 138****5678.")
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    people_needed: int
    taken: int
    for_other: bool
    way: Way
    state: OrderState
    placed_at: AwareDatetime
    deadline: AwareDatetime | None = Field(description="Until when somebody must move it.")
    step: int = Field(description="How far it was escalated: 1 team, 2 office, 3 centre.")
    version: int


class Orders(Answer):
    """One page of the orders that this account may see."""

    numberMatched: int  # noqa: N815 - as OGC API Features spells it
    numberReturned: int  # noqa: N815 - as above
    orders: list[OrderRow]


class OpenOrder(OrderRow):
    """An order that can be grabbed."""

    walk_m: float = Field(description="On foot from where one usually is, to 100 m.")


class OpenOrders(Answer):
    """The open orders that are near and fit, the nearest first."""

    orders: list[OpenOrder]


class MoveMade(Answer):
    """One step of an order."""

    before: OrderState | None
    after: OrderState
    actor: Actor
    who: str
    at: AwareDatetime
    why: str


class OfferMade(Answer):
    """One offer of an order."""

    volunteer: str
    name: str = Field(description="Masked: 王*.")
    team: str | None
    state: OfferState
    phase: int
    offered_at: AwareDatetime
    answered_at: AwareDatetime | None
    why: str


class Review(Answer):
    """What the resident said."""

    at: AwareDatetime
    came_on_time: bool
    did_what_was_asked: bool
    would_ask_again: bool
    asked_for_money: bool
    words: str


class OrderStory(OrderRow):
    """An order with all that happened to it; of offers, those that this account may see."""

    moves: list[MoveMade]
    offers: list[OfferMade]
    review: Review | None


class Contact(Answer):
    """The door, in full; that it was shown is kept."""

    order: str
    address: str
    name: str
    phone: str
    lon: float
    lat: float


class Look(Answer):
    """One time that a contact was shown in full."""

    order: str
    account: str
    role: Role
    at: AwareDatetime
    why: str


class Looks(Answer):
    """One page of looks, the newest first."""

    numberMatched: int  # noqa: N815 - as above
    numberReturned: int  # noqa: N815 - as above
    looks: list[Look]


class ReviewFigures(Answer):
    """What reviews say; shares are of those who reviewed, null where nobody did, and silence is not counted as good."""

    since: AwareDatetime
    before: AwareDatetime
    confirmed: int = Field(description="Orders that both sides called done in this time.")
    reviewed: int
    by_phone: int = Field(description="Those of these that staff wrote down for a resident without an account.")
    silent: int = Field(description="Confirmed and not reviewed: nothing is known of them.")
    came_on_time: int
    did_what_was_asked: int
    would_ask_again: int
    asked_for_money: int
    came_on_time_share: float | None
    did_what_was_asked_share: float | None
    would_ask_again_share: float | None
    asked_for_money_share: float | None
