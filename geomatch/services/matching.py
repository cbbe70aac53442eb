"""Use case: an order is put to those who are chosen for it, in phases, and every choice can be told and made again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from geomatch.errors import BusyError
from geomatch.services import matching_plan, order_moves, order_notices
from geomatch.volunteering import matching_record, matching_settings
from geomatch.volunteering.categories import NAMES, Category
from geomatch.volunteering.dispatch import Ask, Full, HandOver, Offer, OfferState, Wait
from geomatch.volunteering.notices import Notice, Purpose
from geomatch.volunteering.order_sheet import Way
from geomatch.volunteering.orders import Actor, OrderState
from geomatch.volunteering.window_words import window

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from geomatch.services.matching_plan import Plan
    from geomatch.services.region import Region
    from geomatch.services.rosters import Rosters
    from geomatch.store.database import Database
    from geomatch.store.matching_rows import KeptMatching
    from geomatch.store.unit_of_work import UnitOfWork
    from geomatch.volunteering.dispatch import Step
    from geomatch.volunteering.matching import Choice
    from geomatch.volunteering.matching_record import Record
    from geomatch.volunteering.matching_settings import MatchingSettings
    from geomatch.volunteering.order_sheet import Order
    from geomatch.volunteering.roles import Scope

JUST_AFTER = timedelta(seconds=1)
"""The last moment to answer is still in time."""
MATCHER = "matcher"
"""Who goes on with an order by itself, in the record of its moves."""


@dataclass(frozen=True)
class Told:
    """A choice that was made for an order, made again from its record.

    Attributes:
        kept: as it is stored.
        record: what it was made of.
        choice: made again.
    """

    kept: KeptMatching
    record: Record
    choice: Choice

    @property
    def is_as_then(self) -> bool:
        """Tell whether the same are chosen as then; of a batch, whether all whom it gave the order to may have it."""
        chosen = [each.volunteer for each in self.choice.chosen]
        return chosen == list(self.kept.chosen) if self.kept.batch is None else {*chosen} == {*self.kept.chosen}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done with an order.

    Attributes:
        order: id.
        state: where it stands now.
        asked: whom it was put to now.
        step: what comes next.
    """

    order: str
    state: OrderState
    asked: tuple[str, ...]
    step: Step


def advance(
    database: Database, rosters: Rosters, region: Region, order_id: str, scope: Scope, *, by: str, at: datetime
) -> Outcome:
    """Go on with an order: note who was silent, ask so many more, widen, or leave it to a person.

    Whom to ask is found without keeping anybody waiting; then the order is locked and looked at again.

    Raises:
        NotFoundError: there is no order that may be seen.
        ConflictError: it is not waiting for helpers.
        BusyError: others changed it, again and again.
    """

    def go() -> Outcome:
        with database.reading() as work:
            plan = _planned(work, rosters, region, work.orders.get(order_id, scope), by=by, at=at)
        with database.writing() as work:
            done = written(work, plan, scope, by=by, at=at)
            work.commit()
        return done

    return database.retrying(go)


def _planned(work: UnitOfWork, rosters: Rosters, region: Region, order: Order, *, by: str, at: datetime) -> Plan:
    plan = matching_plan.begin(work, region, order, matching_plan.settings_of(work, order.region), at)
    while isinstance(plan.step, Ask):
        record = matching_plan.look(work, rosters, rosters.placed(work, region, at), plan)
        plan.found(record, [each.volunteer for each in record.choice().chosen], by=by)
    return plan


def written(work: UnitOfWork, plan: Plan, scope: Scope, *, by: str, at: datetime) -> Outcome:
    """Write what was planned, where all is still as it was then.

    Raises:
        BusyError: something changed meanwhile; it is to be planned anew.
    """
    order = work.orders.lock(plan.order.id, scope)
    if order.version != plan.order.version or work.offers.of_order(order.id) != plan.kept:
        raise BusyError("the order was changed meanwhile")
    for each in plan.late:
        work.offers.answer(order.id, each.volunteer, OfferState.SILENT, at, why="没有回复")
    work.matching.keep(order.region, plan.made)
    asked = plan.asked
    if asked:
        _put_to(work, plan, asked, by=by, at=at)
    order = _moved(work, order, plan.step, is_asked=bool(asked), by=by, at=at)
    if isinstance(plan.step, Wait):
        due_at = plan.step.at + JUST_AFTER
        key, payload = f"{order.id}:{due_at.isoformat()}", {"order": order.id}
        work.jobs.put(kind=order_moves.DISPATCH, region=order.region, key=key, due_at=due_at, payload=payload)
    return Outcome(order.id, order.state, tuple(volunteer for volunteer, _ in asked), plan.step)


def _put_to(work: UnitOfWork, plan: Plan, asked: Sequence[tuple[str, int]], *, by: str, at: datetime) -> None:
    """Offer the order to volunteers, each of whom is looked at once more, and held."""
    order = plan.order
    named = [volunteer for volunteer, _ in asked]
    work.matching.hold(named)
    rules = work.outbox.rules(order.region)
    notified = work.matching.notified(order.region, named, rules.day_of(at)[0])
    there = {each.id: each for each in work.people.some(named, order.region) if each.on_duty}
    engaged = work.duties.around(named, order.sheet.starts_at, order.sheet.ends_at)
    if engaged or len(there) < len(named) or any(count >= rules.most_a_day for count in notified.values()):
        raise BusyError("one of those who were chosen can't come any more")
    for volunteer, phase in asked:
        offer = Offer(volunteer, OfferState.OFFERED, at, phase)
        if not work.offers.add(order.region, order.id, offer, by=by, team=there[volunteer].team):
            raise BusyError("one of those who were chosen was asked meanwhile")
    work.outbox.put(*[_notice(plan, volunteer, at) for volunteer in named])


def _notice(plan: Plan, volunteer: str, at: datetime) -> Notice:
    """Tell a volunteer of an offer: what, when and how far; not where, before it is accepted."""
    order, minutes = plan.order, max(1, round(plan.walk_s[volunteer] / 60))
    when = window(order.sheet.starts_at, order.sheet.ends_at, plan.zone)
    category = order.sheet.category
    name = NAMES[Category(category)][0] if category in list(Category) else category
    return Notice(
        region=order.region,
        key=f"offer:{order.id}:{volunteer}",
        purpose=Purpose.OFFER,
        cause_kind=order_notices.OFFER,
        cause_id=order.id,
        why_zh=f"您在岗，离这一单步行约 {minutes} 分钟，时间和技能合适",
        why_en=f"You are on duty, about {minutes} min on foot from this order, and it fits your time and skills",
        body=f"有一单{name}需要志愿者：{when}，步行约 {minutes} 分钟。请尽快答复。",
        made_at=at,
        volunteer=volunteer,
        expires_at=at + plan.settings.policy.reply_within,
    )


def _moved(work: UnitOfWork, order: Order, step: Step, *, is_asked: bool, by: str, at: datetime) -> Order:
    """Make the moves that follow: offered where somebody was asked, back to a person where nobody is left."""
    if is_asked and order.state is OrderState.CHECKED:
        order = order_moves.make(work, order, OrderState.OFFERED, who=by, actor=Actor.MATCHER, at=at)
    if isinstance(step, HandOver | Full):
        work.offers.withdraw_open(order.id, at, why="人已到齐" if isinstance(step, Full) else "转人工派单")
        order_notices.not_asked_any_more(work, order, "the order is no longer offered")
    if isinstance(step, HandOver) and order.state is OrderState.OFFERED:
        order = order_moves.make(
            work, order, OrderState.CHECKED, who=by, actor=Actor.CLOCK, at=at, why=step.why, way=Way.PERSON.value
        )
    return order


def told(work: UnitOfWork, order_id: str, scope: Scope) -> tuple[Told, ...]:
    """Tell every choice that was made for an order, the earliest first; each is made again from its record.

    Raises:
        NotFoundError: there is no order that may be seen.
    """
    with work:
        order = work.orders.get(order_id, scope)
        kept = work.matching.of_order(order.id)
    found = []
    for each in kept:
        record = matching_record.unpacked(each.record)
        found.append(Told(each, record, record.choice(None if each.batch is None else each.chosen)))
    return tuple(found)


def settings(work: UnitOfWork, region: str) -> MatchingSettings:
    """Give what a region set for its matcher, or the default."""
    with work:
        return matching_plan.settings_of(work, region)


def put_settings(work: UnitOfWork, region: str, given: MatchingSettings, *, by: str, at: datetime) -> None:
    """Set weights and policy of a region; they count from the next choice on."""
    with work:
        work.matching.put_settings(region, matching_settings.plain(given), by=by, at=at)
        work.commit()
