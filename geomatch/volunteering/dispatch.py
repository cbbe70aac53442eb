"""Asking in phases: so many at once, another for each who declines or is silent, then further afield, then a person.

Pure: the offers made so far and the time in, the next thing to do out. Whoever keeps the time asks again at `at`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from geomatch.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class OfferState(StrEnum):
    """Where an offer stands; the value is what files and URLs say."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SILENT = "silent"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Offer:
    """An order, put to one volunteer.

    Attributes:
        volunteer: id.
        state: where it stands.
        offered_at: when it was made.
        phase: in which phase, 0 for the first.
    """

    volunteer: str
    state: OfferState
    offered_at: datetime
    phase: int


@dataclass(frozen=True, slots=True)
class KeptOffer:
    """An offer with all that is kept of it.

    Attributes:
        id: ours.
        order: the order's id.
        offer: to whom, when, and where it stands.
        by: account or job that made it; the volunteer's own where the order was grabbed.
        team: the volunteer's team at the time, or None.
        answered_at: when it was answered or ended, or None.
        why: what was said with the answer, phone numbers masked.
    """

    id: str
    order: str
    offer: Offer
    by: str
    team: str | None = None
    answered_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """How an order is offered.

    Attributes:
        at_once: how many offers are open at a time for each helper that is still missing.
        reply_within: after so long an offer counts as silent.
        limits_m: how far each phase reaches on foot, rising.
        most_offers: in all phases together; then a person decides.
        give_up_before: so long before the window starts a person decides in any case.
    """

    at_once: int = 3
    reply_within: timedelta = timedelta(minutes=10)
    limits_m: tuple[float, ...] = (1000.0, 2000.0, 4000.0)
    most_offers: int = 24
    give_up_before: timedelta = timedelta(minutes=30)

    def __post_init__(self) -> None:
        if self.at_once < 1 or self.most_offers < self.at_once:
            raise InputError.of("at_once", "must be at least 1, and at most most_offers", value=self.at_once)
        if not self.limits_m or list(self.limits_m) != sorted(set(self.limits_m)) or self.limits_m[0] <= 0:
            raise InputError.of("limits_m", "must rise from above 0", value=self.limits_m)
        if self.reply_within <= timedelta(0):
            raise InputError.of("reply_within", "must be longer than nothing", value=self.reply_within)


@dataclass(frozen=True, slots=True)
class Ask:
    """Make so many more offers, in this phase."""

    count: int
    phase: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do until `at`, unless somebody answers."""

    at: datetime


@dataclass(frozen=True, slots=True)
class HandOver:
    """A person decides; `why` says what was tried."""

    why: str


@dataclass(frozen=True, slots=True)
class Full:
    """Everybody that is needed has accepted; offers that are still open are withdrawn."""


Step = Ask | Wait | HandOver | Full


def silent(offers: Sequence[Offer], policy: Policy, now: datetime) -> tuple[Offer, ...]:
    """Give the open offers whose time to answer is over; the last moment still counts as in time."""
    return tuple(
        offer for offer in offers if offer.state is OfferState.OFFERED and now > offer.offered_at + policy.reply_within
    )


def next_step(
    offers: Sequence[Offer],
    policy: Policy,
    *,
    needed: int,
    phase: int,
    exhausted: bool,
    starts_at: datetime,
    now: datetime,
) -> Step:
    """Say what to do with an order next.

    Args:
        offers: all that were made, those whose time is over marked silent already.
        policy: how it is offered.
        needed: how many helpers the order needs.
        phase: the phase it is in.
        exhausted: True where the last Ask of this phase found fewer than it asked for.
        starts_at: when the order's window starts.
        now: the time.
    """
    missing = needed - sum(offer.state is OfferState.ACCEPTED for offer in offers)
    if missing <= 0:
        return Full()
    open_offers = [offer for offer in offers if offer.state is OfferState.OFFERED]
    if now >= starts_at - policy.give_up_before:
        return HandOver(f"the window starts soon; {len(offers)} were asked, {missing} are still missing")
    wanted = missing * policy.at_once - len(open_offers)
    left = policy.most_offers - len(offers)
    if exhausted and phase + 1 < len(policy.limits_m) and wanted > 0 and left > 0:
        return Ask(min(wanted, left), phase + 1)
    if not exhausted and wanted > 0 and left > 0:
        return Ask(min(wanted, left), phase)
    if open_offers:
        first = min(offer.offered_at for offer in open_offers) + policy.reply_within
        return Wait(min(first, starts_at - policy.give_up_before))
    tried = "nobody is left to ask" if left > 0 else f"{len(offers)} were asked, as many as may be"
    return HandOver(f"{tried}; {missing} are still missing")
