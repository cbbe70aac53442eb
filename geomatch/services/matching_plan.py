"""Use case, a part of matching: what is to be done for an order, found while nobody has to wait."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geomatch.errors import ConflictError
from geomatch.services import candidates
from geomatch.store import matching_rows
from geomatch.volunteering import dispatch, matching_record, matching_settings
from geomatch.volunteering.dispatch import Ask, KeptOffer, Offer, OfferState, Step
from geomatch.volunteering.matching_record import Record
from geomatch.volunteering.orders import OrderState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from geomatch.services.region import Region
    from geomatch.services.rosters import Rosters
    from geomatch.services.volunteers_near import PlacedRoster
    from geomatch.store.matching_rows import KeptMatching
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.matching_settings import MatchingSettings
    from geomatch.volunteering.order_sheet import Order

DISPATCHED = frozenset({OrderState.CHECKED, OrderState.OFFERED})


@dataclass
class Plan:
    """What is to be written for an order; whoever makes it answers each Ask by `found` until the step is another.

    Attributes:
        order, kept: the order and its offers, as they were read.
        late: who was silent.
        offers: all offers as they will be.
        step: what comes next.
        settings: of the region.
        zone: the region's time.
        at: now.
        made: the choices, one a phase that was tried.
        records: what they were made of.
        walk_s: how far each of the chosen walks.
    """

    order: Order
    kept: tuple[KeptOffer, ...]
    late: tuple[Offer, ...]
    offers: list[Offer]
    step: Step
    settings: MatchingSettings
    zone: ZoneInfo
    at: datetime
    made: list[KeptMatching] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    walk_s: dict[str, float] = field(default_factory=dict)

    def found(self, record: Record, chosen: Sequence[str], *, by: str, batch: str | None = None) -> None:
        """Note whom a choice found for the Ask that comes next, and what comes after it."""
        ask, order = self.step, self.order
        if not isinstance(ask, Ask):
            raise TypeError(ask)
        walks = dict(zip(record.among.volunteer, record.among.walk_s.tolist(), strict=True))
        self.walk_s |= {volunteer: walks[volunteer] for volunteer in chosen}
        self.records.append(record)
        packed = matching_record.packed(record)
        self.made.append(
            matching_rows.fresh(
                order.id, self.at, phase=ask.phase, wanted=ask.count, chosen=chosen, record=packed, by=by, batch=batch
            )
        )
        self.offers += [Offer(volunteer, OfferState.OFFERED, self.at, ask.phase) for volunteer in chosen]
        self.step = _next(
            order, self.offers, self.settings, self.at, phase=ask.phase, exhausted=len(chosen) < ask.count
        )

    def widen(self) -> bool:
        """Have what is asked next reach as far as the phase after it; False where it is the last."""
        ask = self.step
        if not isinstance(ask, Ask) or ask.phase + 1 >= len(self.settings.policy.limits_m):
            return False
        self.step = Ask(ask.count, ask.phase + 1)
        return True

    @property
    def asked(self) -> tuple[tuple[str, int], ...]:
        """Who is to be asked now, and in which phase."""
        return tuple((volunteer, made.phase) for made in self.made for volunteer in made.chosen)


def settings_of(work: UnitOfWork, region: str) -> MatchingSettings:
    """Give what a region set for its matcher, or the default; inside the unit of work."""
    return matching_settings.from_plain(work.matching.settings(region) or {})


def begin(work: UnitOfWork, region: Region, order: Order, settings: MatchingSettings, at: datetime) -> Plan:
    """Look at an order and its offers: who was silent, and what comes next.

    Raises:
        ConflictError: it is not waiting for helpers.
    """
    if order.state not in DISPATCHED:
        told = f"only an order that is checked or offered is put to volunteers; this one is {order.state.value}"
        raise ConflictError(told)
    kept = work.offers.of_order(order.id)
    late = dispatch.silent([each.offer for each in kept], settings.policy, at)
    offers = [replace(each.offer, state=OfferState.SILENT) if each.offer in late else each.offer for each in kept]
    before = work.matching.of_order(order.id)
    phase, exhausted = (before[-1].phase, len(before[-1].chosen) < before[-1].wanted) if before else (0, False)
    step = _next(order, offers, settings, at, phase=phase, exhausted=exhausted)
    return Plan(order, kept, late, offers, step, settings, ZoneInfo(region.spec.timezone), at)


def look(work: UnitOfWork, rosters: Rosters, placed: PlacedRoster, plan: Plan) -> Record:
    """Look at everybody near the order of a plan that asks, and give what the choice is made of."""
    ask, order, settings = plan.step, plan.order, plan.settings
    if not isinstance(ask, Ask):
        raise TypeError(ask)
    limit_m = settings.policy.limits_m[ask.phase]
    nearby = candidates.near(placed, order, limit_m)
    since = work.outbox.rules(order.region).day_of(plan.at)[0]
    among = candidates.gather(work, nearby, order, offers=plan.offers, since=since, now=plan.at)
    prior = rosters.prior(work, order.region, plan.at)
    return Record(among, ask.count, limit_m / placed.ways.profile.speed_mps, settings.weights, prior)


def _next(
    order: Order, offers: Sequence[Offer], settings: MatchingSettings, at: datetime, *, phase: int, exhausted: bool
) -> Step:
    return dispatch.next_step(
        offers, settings.policy, needed=order.sheet.people_needed, phase=phase, exhausted=exhausted,
        starts_at=order.sheet.starts_at, now=at,
    )  # fmt: skip
