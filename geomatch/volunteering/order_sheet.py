"""What an order asks for: the sheet that is filled in, and the order as it stands."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from geomatch.errors import Fault, InputError
from geomatch.volunteering import masking
from geomatch.volunteering.categories import check_category

if TYPE_CHECKING:
    from datetime import datetime

    from geomatch.volunteering.orders import OrderState

MOST_PEOPLE, MOST_WORDS, MOST_NEEDS = 50, 1000, 20
LONGEST = timedelta(days=3)
"""The longest window of one order."""
FURTHEST = timedelta(days=180)
"""How far ahead a window may start."""


class Way(StrEnum):
    """How an order finds its helpers; the value is what files and URLs say."""

    PERSON = "person"
    MATCHER = "matcher"
    GRAB = "grab"


WAY_NAMES: dict[Way, tuple[str, str]] = {
    Way.PERSON: ("人工派单", "Dispatched by a person"),
    Way.MATCHER: ("智能派单", "Dispatched by the matcher"),
    Way.GRAB: ("抢单", "Open to be grabbed"),
}
"""Chinese and English name of each way."""


@dataclass(frozen=True, slots=True)
class Need:
    """What whoever helps must bring.

    Attributes:
        skills: codes; all of them.
        certified: those of them that a certificate valid on the day must prove.
        languages: such as zh, yue, one of which is enough; none where it does not matter.
        adults_only: True where nobody under age is asked.
    """

    skills: tuple[str, ...] = ()
    certified: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    adults_only: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """Where the door is, and who opens it: told to helpers after they accepted, and masked to everybody else.

    Attributes:
        address: in full.
        name, phone: of the person who is to be helped.
    """

    address: str
    name: str
    phone: str

    @property
    def masked(self) -> Contact:
        """Give it as everybody else sees it."""
        return Contact(masking.address(self.address), masking.name(self.name), masking.phone(self.phone))


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is asked for.

    Attributes:
        category: a statutory category's value, or a district's own.
        service: code of the menu, or None where it is nothing on it.
        words: what is to be done, in the resident's words; phone numbers in them are masked.
        lon, lat: where, WGS-84 degrees, exact; never listed.
        contact: the door.
        starts_at, ends_at: the window.
        need: what helpers must bring.
        people_needed: how many.
        for_other: True where it is for somebody else than who asks.
        consent: how that person agreed; needed then.
        way: how it finds helpers.
    """

    category: str
    service: str | None
    words: str
    lon: float
    lat: float
    contact: Contact
    starts_at: datetime
    ends_at: datetime
    need: Need = field(default_factory=Need)
    people_needed: int = 1
    for_other: bool = False
    consent: str = ""
    way: Way = Way.MATCHER


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it stands.

    Attributes:
        id: ours.
        region: of which region.
        sheet: what is asked for.
        requester: account of the resident, or None where it was taken by phone.
        taken_by: account that wrote it down; the requester's own, or staff's.
        unit: township that it lies in, or None.
        site: the station nearest to it, or None.
        team: team that is asked first, or None.
        state: where it stands.
        placed_at: when it was submitted.
        taken: how many places are taken.
        moves: how many moves it made; the first is that it was submitted.
        version: goes up with every change.
        deadline: when somebody must have moved it, or None.
        step: how far up it was escalated, 0 for not yet.
    """

    id: str
    region: str
    sheet: Sheet
    requester: str | None
    taken_by: str
    unit: str | None
    site: str | None
    team: str | None
    state: OrderState
    placed_at: datetime
    taken: int = 0
    moves: int = 1
    version: int = 1
    deadline: datetime | None = None
    step: int = 0


def checked(sheet: Sheet, now: datetime) -> Sheet:
    """Give a sheet as it is stored: category by its value, texts without blanks around, phone numbers masked.

    Raises:
        InputError: with every fault.
    """
    faults = [*_text_faults(sheet), *_place_faults(sheet), *_window_faults(sheet, now), *_need_faults(sheet)]
    category = sheet.category
    try:
        category = check_category(sheet.category, "category")
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    contact = Contact(*(part.strip() for part in (sheet.contact.address, sheet.contact.name, sheet.contact.phone)))
    words, consent = masking.words(sheet.words.strip()), masking.words(sheet.consent.strip())
    return replace(sheet, category=category, contact=contact, words=words, consent=consent)


def _text_faults(sheet: Sheet) -> list[Fault]:
    faults = []
    if not 1 <= len(sheet.words.strip()) <= MOST_WORDS:
        faults.append(Fault("words", f"say in 1 to {MOST_WORDS} characters what is to be done"))
    faults += [
        Fault(name, "must not be empty")
        for name in ("address", "name", "phone")
        if not getattr(sheet.contact, name).strip()
    ]
    if sheet.for_other and not sheet.consent.strip():
        faults.append(Fault("consent", "say how the person agreed for whom this is"))
    return faults


def _place_faults(sheet: Sheet) -> list[Fault]:
    if math.isfinite(sheet.lon) and math.isfinite(sheet.lat) and abs(sheet.lon) <= 180 and abs(sheet.lat) <= 90:  # noqa: PLR2004 - the globe
        return []
    return [Fault("lon, lat", "must be degrees on the globe", value=f"{sheet.lon}, {sheet.lat}")]


def _window_faults(sheet: Sheet, now: datetime) -> list[Fault]:
    told = f"{sheet.starts_at.isoformat()} to {sheet.ends_at.isoformat()}"
    if sheet.ends_at <= sheet.starts_at:
        return [Fault("ends_at", "must be after starts_at", value=told)]
    if sheet.ends_at - sheet.starts_at > LONGEST:
        return [Fault("ends_at", f"must be within {LONGEST.days} days of starts_at", value=told)]
    if not now < sheet.starts_at <= now + FURTHEST:
        return [Fault("starts_at", f"must lie ahead, and within {FURTHEST.days} days", value=told)]
    return []


def _need_faults(sheet: Sheet) -> list[Fault]:
    faults = []
    if not 1 <= sheet.people_needed <= MOST_PEOPLE:
        faults.append(Fault("people_needed", f"must be from 1 to {MOST_PEOPLE}", value=str(sheet.people_needed)))
    if max(len(sheet.need.skills), len(sheet.need.languages)) > MOST_NEEDS:
        faults.append(Fault("need", f"may name {MOST_NEEDS} skills and {MOST_NEEDS} languages at most"))
    loose = sorted(set(sheet.need.certified) - set(sheet.need.skills))
    if loose:
        faults.append(Fault("certified", "must be among the skills that are needed", value=", ".join(loose)))
    return faults
